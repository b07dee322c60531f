"""The command line: parse, call the library, print. Errors are caught here, once."""

import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command_from_info
from typer.models import CommandInfo

from fitline import __version__
from fitline.errors import ConfigError, FileError, FitlineError, UsageError
from fitline.formatting import shortened

from . import exit_codes
from .help import Command, group_help
from .hints import choice_hint, command_hint, of_train, option_hint

ROOM = "a smaller part of the table, fewer starts, steps or cells take less"

NO_FOLDER = "the working folder is not there any more"

COMMANDS = (
    *(
        "train",
        "summary",
        "resume",
        "show",
        "evaluate",
        "predict",
        "grid",
        "landscape",
        "plot",
        "explore",
    ),
    *("rates", "compare", "sample", "lesson"),
)
"""Each is a function of this name, in a module of this name, imported when it is needed."""


class Commands(TyperGroup):
    """The commands, and what becomes of their errors."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - all are always there
        """Give the names of all commands."""
        return [*COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Put a command together, with its options."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            self.commands[cmd_name] = get_command_from_info(
                CommandInfo(callback=_function(cmd_name), cls=Command),
                pretty_exceptions_short=False,
                rich_markup_mode=None,
            )
        return super().get_command(ctx, cmd_name)

    def summary(self, name: str) -> str:
        """Give the first sentence about a command."""
        return (_function(name).__doc__ or "").split("\n\n")[0]

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """Keep the words that were typed, for the runs that are saved."""
        return super().make_context(info_name, args, parent, obj=[*args], **extra)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options before the command; without any word, tell which there are."""
        if not args and not ctx.resilient_parsing:
            print(ctx.get_help(), file=sys.stderr)
            ctx.exit(exit_codes.USAGE)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command, or what may be meant."""
        if args[0] not in COMMANDS:
            hint = command_hint(args, COMMANDS)
            raise UsageError(f"there is no command {shortened(args[0])!r}", hint=hint)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; a user's mistake ends in a few lines, a bug in a traceback."""
        try:
            return super().invoke(ctx)
        except typer.Exit:
            raise
        except BaseException as error:
            code = _told(error, ctx.obj)
            if code is None:
                raise
            raise typer.Exit(code) from error

    def get_help(self, ctx: Any) -> str:
        """Give what `-h` prints."""
        return group_help(self, ctx)


def _function(name: str) -> Callable[..., None]:
    function: Callable[..., None] = getattr(import_module(f".{name}", __name__), name)
    return function


def _told(error: BaseException, words: list[str]) -> int | None:
    """Say what ended a command, and give its exit code; None for a bug, and for a closed pipe."""
    if isinstance(error, KeyboardInterrupt):
        with suppress(OSError):  # the terminal may be gone
            print("interrupted; nothing was written", file=sys.stderr)
        return exit_codes.INTERRUPTED
    match error:
        case ConfigError() | UsageError():
            _report(error, words)
            return exit_codes.USAGE
        case typer.TyperException():
            _report(_wrong_call(error), words)
            return exit_codes.USAGE
        case FitlineError():
            _report(error, words)
        case FileNotFoundError() if not _has_working_folder():
            _report(FileError(NO_FOLDER, hint="cd to a folder that is there"), words)
        case OSError() if error.filename is not None:
            _report(FileError(str(error.strerror), shortened(str(error.filename))), words)
        case MemoryError():
            _report(FitlineError("there is not enough memory", hint=ROOM), words)
        case _:
            return None
    return exit_codes.ERROR


def _has_working_folder() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True


def _wrong_call(error: typer.TyperException) -> UsageError:
    """Say what does not make sense in a command line."""
    context, typed = getattr(error, "ctx", None), getattr(error, "option_name", None)
    message = error.message if typed else error.format_message()
    hint = option_hint(typed, context) if typed and context else choice_hint(error.message)
    if re.search(r"option: -[.\d]", message):
        hint = "values below zero stand after two dashes: -- -5"
    if hint is None:
        hint = f"{context.command_path if context else 'fitline'} -h lists all"
    return UsageError(shortened(message, LONGEST_MESSAGE), hint=hint)


LONGEST_MESSAGE = 400

app = typer.Typer(
    name="fitline",
    cls=Commands,
    help="Watch a model learn, and trust where it ends.",
    rich_markup_mode=None,  # panels cost as much as all the rest of the start
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fitline {__version__}")
        raise typer.Exit


@app.callback()
def _fitline(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Say which version this is."
        ),
    ] = False,
) -> None:
    pass


COMPLETION = "_FITLINE_COMPLETE"
"""The variable by which a shell asks for what may follow."""


@cache
def commands() -> Any:
    """Put all commands together."""
    return typer.main.get_command(app)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line, print what it gives, and return its exit code.

    `argv` are the words after `fitline`; left out, those of this process.
    """
    words = sys.argv[1:] if argv is None else [*argv]
    try:
        return commands().main(words, "fitline", standalone_mode=False) or 0
    except (typer.TyperException, FitlineError) as error:  # there was no command to be invoked
        return _told(error, words) or exit_codes.ERROR
    except (KeyError, ValueError) as error:
        if COMPLETION not in os.environ:
            raise
        told = UsageError(f"{COMPLETION} is what a shell sets, with more: {error}")
        return _told(told, words) or exit_codes.USAGE


def _wants_json(words: list[str]) -> bool:
    """Tell whether the errors go to a program, before anything is parsed."""
    return "--format=json" in words or ("--format", "json") in pairwise(words)


def _report(error: FitlineError, words: list[str]) -> None:
    """Write an error on standard error."""
    from fitline.views.errors import error_json, error_text

    if error.hint and words[:1] == ["resume"]:  # which takes the settings of the run
        error.hint = of_train(error.hint, commands().get_command(None, "resume").params)
    if _wants_json(words):
        print(error_json(error), file=sys.stderr)
        return
    from .streams import console

    terminal = console(stderr=True)
    terminal.print(error_text(error), soft_wrap=not terminal.is_terminal)
