"""Options made of the fields of `Reading` and `Config`: those of tables, costs and trainings.

A command takes whole groups; what was typed it finds in its context, where `configure` looks.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from typer.core import TyperOption
from typer.main import TyperChoice  # type: ignore[attr-defined] # not exported

from .options import number, numbers

if TYPE_CHECKING:
    import typer

    from fitline.config import Config, Setting


class SettingOption(TyperOption):
    """An option that is a setting; with `several`, of texts with commas between them.

    A setting of several texts is typed as often as there are. The help is read from the source,
    and only where it is shown.
    """

    def __init__(self, setting: "Setting", group: str, *, several: bool = False) -> None:
        self.setting = setting
        flag = f"--{setting.name.replace('_', '-')}"
        if setting.default == "True":
            flag += f"/--no-{flag[2:]}"
        super().__init__(
            param_decls=[setting.name, flag, *ALIASES.get(setting.name, ())],
            type=str if several else _type(setting),
            is_flag=setting.kind is bool,
            multiple=setting.several and setting.kind is str,
            metavar="ONE,ANOTHER" if several else setting.metavar,
            rich_help_panel=group,
        )

    def process_value(self, ctx: Any, value: Any) -> Any:
        """Give None where nothing was typed, and one value as itself."""
        found = super().process_value(ctx, value)
        if not self.multiple:
            return found
        return found[0] if found and len(found) == 1 else found or None


ALIASES = {"steps": ["--epochs"]}
PARTS_OF_THETA = ("theta0", "theta1")


def _type(setting: "Setting") -> Any:
    """Give what reads a value; text where that may be a number or a word."""
    if setting.several:
        return str if setting.kind is str else numbers
    if setting.choices:
        return str if setting.kind else TyperChoice(setting.choices)
    return None if setting.kind is bool else number if setting.kind is float else setting.kind


Group = dict[str, TyperOption]
"""Options by the name of the setting."""


def _group(title: str, names: Container[str]) -> Group:
    from fitline.config import settings

    return {
        name: SettingOption(setting, title)
        for name, setting in settings().items()
        if name in names
    }


def reading_options() -> Group:
    """Give what says how tables are written, and which column is x."""
    from fitline.reading import Reading

    return _group("Table", {"x", *(field.name for field in fields(Reading))})


def table_options() -> Group:
    """Give what says which table is meant."""
    from fitline.reading import WEIGHTS

    config = TyperOption(
        param_decls=["config", "--config", "-c"],
        metavar="FILE.yaml",
        help="Read settings from a file; options win over it.",
        rich_help_panel="Training",
    )
    return _group("Table", {"x", "y", *WEIGHTS}) | reading_options() | {"config": config}


def model_options() -> Group:
    """Give what says which cost is meant, and which parameters there are."""
    return _group("Model", {"cost", "cost_scale", "l2", "l1", "intercept"})


def intercept_option() -> Group:
    """Give whether there is an intercept, for a command that knows squared error alone."""
    return _group("Model", {"intercept"})


def folds_option() -> Group:
    """Give in how many folds to cross-validate, for a command that tells of the exact fit."""
    return _group("Training", {"folds"})


def start_options() -> Group:
    """Give where to start from."""
    return _group("Training", {"theta", "theta0", "theta1"})


def theta_option() -> Group:
    """Give where to start from, for a command that has --theta0 and --theta1 of its own."""
    return _group("Training", {"theta"})


def training_options() -> Group:
    """Give all other settings."""
    from fitline.config import settings

    others = {"data", *table_options(), *model_options(), *start_options(), *folds_option()}
    return _group("Training", settings().keys() - others)


def several_options(*names: str) -> Group:
    """Give options for settings that take several values, with commas between them."""
    from fitline.config import settings

    return {name: SettingOption(settings()[name], "Training", several=True) for name in names}


Command = TypeVar("Command", bound=Callable[..., None])


def takes(*groups: Callable[[], Group]) -> Callable[[Command], Command]:
    """Give a command the options of some groups, which are made when it is run."""

    def give(command: Command) -> Command:
        command.__dict__["groups"] = groups
        return command

    return give


def configure(
    context: "typer.Context", saved: Mapping[str, Any] | None = None, **own: Any
) -> "Config":
    """Put together what the options of a command say, what the file says, and the defaults.

    Options that have the name of a setting are settings; those in `own` are taken as given here.
    `saved` are those of a model, which give way to the others.
    """
    from fitline.config import RECORDS, load, resolve, settings

    typed = {**context.params, **own}
    file = typed.get("config")
    values = {**(saved or {}), **(load(file) if file else {})}
    flags: dict[str, Any] = {}
    for name, setting in settings().items():
        value = typed.get(name)
        if value is None or name == "data":
            continue
        if setting.part is not None:
            flags.setdefault(setting.key, {})[setting.part] = value
        elif name in RECORDS:
            flags.setdefault(name, {})["name"] = value
        else:
            flags[name] = value
    if "theta" in flags:  # the whole start, in place of any other
        values = {name: value for name, value in values.items() if name not in PARTS_OF_THETA}
    config = resolve(values, file=file, flags=flags)
    if "holdout" not in typed:  # who does not train takes all rows
        config = replace(config, holdout=None, patience=None)
    return config if "folds" in typed else replace(config, folds=None)
