"""What `-h` and `--help-all` print: options in groups, the common ones or all of them.

Text alone, for Rich would take as long as all the rest of the start.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperOption

from fitline.config.fields import SHORT
from fitline.errors import UsageError
from fitline.memory import require_address_space

from .options import each_of
from .setting_options import SettingOption

GROUPS = ("Table", "Model", "Training", "Output")
COMMON = {
    *("x", "y", "bad_rows", "cost", "scaling", "learning_rate", "optimizer", "schedule"),
    *("batch_size", "steps", "seed", "starts", "theta0", "theta1"),
}
"""The settings that `-h` shows."""

RARE = {
    *("by", "rejects", "pace", "every", "summary", "test", "force", "chart", "strict"),
    "verbose",
}
"""Other options that it leaves to `--help-all`."""

FILES = ("config", "model", "output", "rejects", "run", "save", "trace")

NARROWEST, NARROW, WIDEST = 40, 60, 100
"""Below NARROW columns a text stands under its option, else beside it."""

LEFT, COMMANDS_LEFT = 29, 13
UNBROKEN = "\u00a0"


class Command(TyperCommand):
    """A command, with the options that are settings of `takes`."""

    def __init__(self, *, params: list[Any], callback: Any, **about: Any) -> None:
        self.own = [param.name for param in params]
        groups = [options() for options in vars(callback).get("groups", ())]
        settings = {name: option for group in groups for name, option in group.items()}
        params = [*settings.values(), *params, _help_all()]
        super().__init__(params=params, callback=callback, **about)

    def invoke(self, ctx: Any) -> Any:
        """Call the command with its own options; its settings stay in the context.

        Raises UsageError where a file is named by nothing, as by a variable that is not set.
        """
        require_address_space()
        for name in FILES:
            if "" in each_of(ctx.params.get(name)):
                raise UsageError(
                    f"--{name} names nothing", hint=f"write a name after it, or leave --{name} out"
                )
        return ctx.invoke(self.callback, **{name: ctx.params[name] for name in self.own})

    def get_help(self, ctx: Any) -> str:
        """Give what `-h` prints."""
        return command_help(self, ctx, is_whole=False)


def _help_all() -> TyperOption:
    def show(context: Any, _: Any, wanted: bool) -> None:
        if wanted:
            print(command_help(context.command, context, is_whole=True), flush=True)
            context.exit()

    return TyperOption(
        param_decls=["--help-all"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=show,
        help="Show all options, the rare ones too.",
    )


def command_help(command: TyperCommand, context: Any, *, is_whole: bool) -> str:
    """Say what a command does, and which options it has."""
    width = _width()
    paragraphs = (command.help or "").split("\n\n")
    examples = [part for part in paragraphs if part.startswith("fitline ")]
    lines = [*_usage(command, context, width)]
    for part in paragraphs:
        if part not in examples:
            lines += ["", *_indented(part, width, 2)]
    for group, entries in parameter_groups(command, context, is_whole=is_whole):
        lines += _section(group, entries, width)
    for part in examples:
        lines += ["", "Examples:"]
        for line in part.splitlines():
            lines += " \\\n".join(_indented(line, width - 2, 2, 6)).splitlines()
    return "\n".join(lines)


def parameter_groups(
    command: TyperCommand, context: Any, *, is_whole: bool
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Give the arguments, then the options of each group, with what each is about."""
    params = command.get_params(context)
    arguments = [param for param in params if isinstance(param, TyperArgument)]
    yield "Arguments", [(_names(argument), _about(argument)) for argument in arguments]
    for group in GROUPS:
        yield (
            group,
            [
                (_names(param), _about(param))
                for param in params
                if isinstance(param, TyperOption)
                and (param.rich_help_panel or "Output") == group
                and (is_whole or not _is_rare(param))
            ],
        )


def group_help(group: Any, context: Any) -> str:
    """Say which commands there are."""
    width = _width()
    options = [(_names(option), _about(option)) for option in group.get_params(context)]
    commands = [(name, group.summary(name)) for name in group.list_commands(context)]
    lines = [*_usage(group, context, width), "", *_indented(group.help, width, 2)]
    lines += _section("Options", options, width)
    lines += _section("Commands", commands, width, left=COMMANDS_LEFT)
    return "\n".join(lines)


def _width() -> int:
    return min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)


def _is_rare(option: TyperOption) -> bool:
    return option.name not in COMMON if isinstance(option, SettingOption) else option.name in RARE


def _usage(command: Any, context: Any, width: int) -> list[str]:
    pieces = command.collect_usage_pieces(context)
    return _indented(f"Usage: {context.command_path} {' '.join(pieces)}", width, 0, 7)


def _section(
    title: str, entries: Iterable[tuple[str, str]], width: int, left: int = LEFT
) -> list[str]:
    lines = [line for names, text in entries for line in _entry(names, text, width, left)]
    return ["", f"{title}:", *lines] if lines else []


def _entry(names: str, text: str, width: int, left: int) -> Iterator[str]:
    """Put a text beside what it is about, or under it where that is too long."""
    if width < NARROW:
        yield from _indented(names, width, 2)
        yield from _indented(text, width, 6)
        return
    lines = _indented(text, width, left) or [""]  # Python leaves texts out with -OO
    if len(names) + 4 <= left:
        lines[0] = f"  {names}".ljust(left) + lines[0].lstrip()
    else:
        yield f"  {names}"
    yield from lines


def _indented(text: str, width: int, indent: int, hanging: int | None = None) -> list[str]:
    """Wrap a text, without breaking a word."""
    lines = wrap(
        text,
        width,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent if hanging is None else hanging),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(UNBROKEN, " ") for line in lines]


def _names(param: Any) -> str:
    """Give the names of an option, short ones first, and what its value is called."""
    if isinstance(param, TyperArgument):
        return str(param.metavar or param.name)
    names = ", ".join(sorted(param.opts, key=lambda name: name.startswith("--")))
    if param.secondary_opts:
        names += f" / {', '.join(param.secondary_opts)}"
    return names if param.is_flag else f"{names} {_metavar(param)}"


KINDS = {"int": "N", "float": "NUMBER"}


def _metavar(option: TyperOption) -> str:
    """Give what a value is called, or where they are few and short, what it may be."""
    choices = "|".join(_choices(option))
    usual = choices if 0 < len(choices) <= SHORT else "NAME" if choices else None
    return option.metavar or usual or KINDS.get(option.type.name.removesuffix(" range"), "TEXT")


def _choices(option: TyperOption) -> Sequence[str]:
    return getattr(option.type, "choices", ())


def _about(param: Any) -> str:
    """Say what an option is, what may stand for it, and what it is when left out."""
    is_setting = isinstance(param, SettingOption)
    text = param.setting.text if is_setting else param.help or ""
    default = param.setting.default if is_setting else _default(param)
    choices = param.setting.choices if is_setting else _choices(param)
    if len(choices) > 1 and "|" not in _metavar(param):
        what, dot, rest = text.partition(".")
        text = f"{what}: {', '.join(choices[:-1])} or {choices[-1]}{dot}{rest}"
    if default in {None, "", "False", "True"} or isinstance(default, bool):
        return text
    return f"{text} [default:{UNBROKEN}{default}]"


def _default(param: Any) -> Any:
    """Give what an option is when left out, in words where it has some."""
    shown = param.show_default
    return shown if isinstance(shown, str) else shown and param.default
