"""The options that are settings of a training, in groups, each written once.

A command takes whole groups; what was typed it finds in its context, where `configure` looks.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from .options import number_option

if TYPE_CHECKING:
    from fitline.config import Config

Group = Mapping[str, Any]
"""Options by the name of the setting."""


def _option(kind: Any, *names: str, **about: Any) -> Any:
    option = number_option if kind is float else typer.Option
    return Annotated[kind | None, option(*names, show_default=False, **about)]


READING: Group = {
    "x": _option(
        str, "--x", metavar="COLUMN", help="The column to predict from: its name, or @3."
    ),
    "header": _option(
        bool, "--header/--no-header", help="Whether a line names the columns; else c1, c2, …."
    ),
    "skip": _option(int, "--skip", help="Lines to pass over before the header."),
    "comment": _option(
        str, "--comment", metavar="CHARS", help="What begins lines that are no rows."
    ),
    "delimiter": _option(
        str, "--delimiter", metavar="CHAR", help="What stands between cells; or tab, or space."
    ),
    "decimal": _option(Literal[".", ","], "--decimal", help="The decimal mark."),
    "thousands": _option(
        str, "--thousands", metavar="CHAR", help="What groups the digits of large numbers."
    ),
    "encoding": _option(
        str, "--encoding", metavar="NAME", help="How text is encoded, such as latin-1."
    ),
    "date_format": _option(
        str, "--date-format", metavar="FORMAT", help="How dates in x are written: %d.%m.%Y."
    ),
    "na": _option(
        str, "--na", metavar="A,B", help="Cells that mean a missing value, besides the usual ones."
    ),
    "missing": _option(
        Literal["fail", "skip"],
        "--missing",
        help="Stop at a row with a missing value (the default), or leave it out.",
    ),
    "bad_rows": _option(
        Literal["fail", "skip"],
        "--bad-rows",
        help="Stop at a row that cannot be used (the default), or leave it out.",
    ),
}
TABLE: Group = {
    "config": _option(
        str, "--config", "-c", metavar="FILE.yaml", help="Read settings; options win over it."
    ),
    "x": READING["x"],
    "y": _option(str, "--y", metavar="COLUMN", help="The column to predict."),
    **READING,
}
COST: Group = {
    "cost": _option(
        Literal["squared", "absolute", "huber", "cauchy"],
        "--cost",
        help="How wrong a line is: by squared errors (the default), or by errors that forgive"
        " outliers; cauchy has several minima.",
    ),
    "cost_scale": _option(
        float,
        "--cost-scale",
        metavar="C",
        help="Which errors count as large, in the units of y. Left out: from the data.",
    ),
}
START: Group = {
    "theta0": _option(float, "--theta0", help="The intercept to start from."),
    "theta1": _option(float, "--theta1", help="The slope to start from."),
}
WALK: Group = {
    "scaling": _option(
        Literal["standard", "minmax", "none"],
        "--scaling",
        help="Coordinates to train in: mean 0 and deviation 1 (the default), from 0 to 1,"
        " or as they are.",
    ),
    "learning_rate": _option(
        str,
        "--learning-rate",
        metavar="NUMBER|auto",
        help="How far to step along the gradient; auto: the best fixed rate, or where none arrives"
        " a first step that shrinks. Default: 0.1, for robust costs auto.",
    ),
    "steps": _option(
        int, "--steps", "--epochs", help="Steps, or epochs, at the most. Default: 1000."
    ),
    "tolerance": _option(
        float,
        "--tolerance",
        help="Stop when the gradient, without units, is no longer. Default: 1e-12.",
    ),
    "optimizer": _option(
        Literal["gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam"],
        "--optimizer",
        help="How a gradient becomes a move. Default: gradient_descent.",
    ),
    "momentum": _option(
        float, "--momentum", help="Of momentum and nesterov: the speed that is kept."
    ),
    "beta1": _option(float, "--beta1", help="Of adam: what is kept of the older gradients."),
    "beta2": _option(float, "--beta2", help="Of adam: what is kept of their older squares."),
    "decay": _option(float, "--decay", help="Of rmsprop: what is kept of the older squares."),
    "epsilon": _option(
        float, "--epsilon", help="Of adagrad, rmsprop and adam: keeps divisions finite."
    ),
    "batch_size": _option(
        int, "--batch-size", help="Update after so many rows, shuffled; 1 is stochastic descent."
    ),
    "schedule": _option(
        Literal["constant", "step", "exponential", "inverse_time", "cosine"],
        "--schedule",
        help="How the learning rate changes. Default: constant.",
    ),
    "schedule_every": _option(int, "--schedule-every", help="Of step: updates between cuts."),
    "schedule_drop": _option(float, "--schedule-drop", help="Of step: what a cut leaves."),
    "schedule_decay": _option(
        float, "--schedule-decay", help="Of exponential and inverse_time: how fast it falls."
    ),
    "schedule_over": _option(int, "--schedule-over", help="Of cosine: updates to its end."),
    "schedule_floor": _option(float, "--schedule-floor", help="Of cosine: what is left then."),
    "warm_up": _option(int, "--warm-up", help="Let the rate grow over so many updates first."),
    "line_search": _option(
        bool, "--line-search", help="Find the length of each step by looking along it."
    ),
    "seed": _option(int, "--seed", help="Where all that is random comes from. Default: 0."),
    "starts": _option(
        int,
        "--starts",
        help="Walk from so many random starts, and keep the walk that ends lowest.",
    ),
}

PARTS = {
    "optimizer": ("momentum", "beta1", "beta2", "decay", "epsilon"),
    "schedule": ("every", "drop", "decay", "over", "floor"),
}
"""The settings of a setting."""

Command = Callable[..., None]


def takes(*groups: Group) -> Callable[[Command], Command]:
    """Give a command the options of some groups, after its tables."""
    types = {name: kind for group in groups for name, kind in group.items()}

    def give(command: Command) -> Command:
        own = inspect.signature(command).parameters

        @wraps(command)
        def called(**typed: Any) -> None:
            command(**{name: value for name, value in typed.items() if name in own})

        parameters = list(own.values())
        shared = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
            for name, kind in types.items()
        ]
        named = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in parameters]
        place = 1 + next((i for i, p in enumerate(named) if p.name == "data"), 0)
        whole = [*named[:place], *shared, *named[place:]]
        called.__annotations__ = {**command.__annotations__, **types}
        called.__dict__["__signature__"] = inspect.Signature(whole)
        return called

    return give


def configure(
    context: typer.Context, saved: Mapping[str, Any] | None = None, **own: Any
) -> "Config":
    """Put together what the options of a command say, what the file says, and the defaults.

    Options that have the name of a setting are settings; those in `own` are taken as given here.
    `saved` are those of a model, which give way to the others.
    """
    from fitline.config import Config, load, resolve

    typed = {**context.params, **own}
    file = typed.get("config")
    values = {**(saved or {}), **(load(file) if file else {})}
    names = [field.name for field in fields(Config) if field.name != "data"]
    flags = {name: typed[name] for name in names if typed.get(name) is not None}
    for name, parts in PARTS.items():
        prefix = "" if name == "optimizer" else f"{name}_"
        chosen = {part: typed.get(prefix + part) for part in parts}
        chosen = {part: value for part, value in chosen.items() if value is not None}
        if chosen:
            flags[name] = {**({"name": flags[name]} if name in flags else {}), **chosen}
    return resolve(values, file=file, flags=flags)
