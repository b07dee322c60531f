"""From the options to a table that has been read."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import typer

    from fitline.api.applied import Applied
    from fitline.config import Config
    from fitline.data import Table
    from fitline.landscapes.landscape import Landscape
    from fitline.optimize.moments import Moments

    from .messages import Messages

Choice = TypeVar("Choice")


def open_configured(
    context: "typer.Context",
    data: Sequence[str] | None,
    config: "Config",
    rejects: str | None,
    applied: "Applied | None" = None,
    y: str | None = None,
    by: str | None = None,
) -> "Table":
    """Open the table that was named, or the configuration's, or the four houses.

    `applied` tells of the columns that models are applied to, and `y` is what these predict. The
    column `by` tells groups apart. The table is closed when the command has ended.
    """
    from fitline.data import open_table
    from fitline.training import weights_of

    table = open_table(
        data or config.data,
        (applied and applied.levels) or config.x,
        y or config.y,
        config,
        rejects=rejects,
        dates=applied.dates if applied else (),
        weights=weights_of(config),
        by=by,
        like=applied.like if applied else None,
    )
    return context.with_resource(table)


def read(table: "Table", config: "Config", messages: "Messages", needed_then: str) -> "Moments":
    """Read a table; the engine's threads do that, so what is needed then is imported meanwhile."""
    from fitline.training import moments_of

    def meanwhile(part: float) -> None:
        import_module(needed_then)
        messages.waiting(f"reading {table.source}: {part:.0%}")

    with messages.patience():
        moments = moments_of(table, config, meanwhile)
    messages.table(table, moments)
    return moments


def look(table: "Table", config: "Config", messages: "Messages", needed_then: str) -> "Landscape":
    """Read a table, and its rows too where the cost needs them."""
    moments = read(table, config, messages, needed_then)
    from fitline.training import landscape_of

    with messages.patience():
        landscape = landscape_of(table, moments, config, reading_again(table, messages))
    messages.lost(lost_in_folds(table, landscape))
    if landscape.is_spread:
        messages.note(
            "the scale and the picture of the cost come from a random sample of 20,000 rows; its"
            " minima and steps from all"
        )
    return landscape


def lost_in_folds(table: "Table", landscape: "Landscape") -> list[str]:
    """Name the slopes that the rows outside of a fold do not tell, with the penalty if any."""
    if not landscape.moments.folds:
        return []
    from fitline.statistics.validation import lost_slopes

    features = table.columns[:-1]
    return lost_slopes(landscape.moments, features, lambda rows: landscape.on(rows).dependent)


def look_and_choose(
    table: "Table",
    config: "Config",
    messages: "Messages",
    needed_then: str,
    choose: "Callable[[], Choice]",
) -> "tuple[Landscape, Choice]":
    """Look at a table, and `choose` among its features as they were typed.

    What is wrong is said before the table is read, unless that may change its features.
    """
    if table.may_change_features:
        return look(table, config, messages, needed_then), choose()
    chosen = choose()
    return look(table, config, messages, needed_then), chosen


def reading_again(table: "Table", messages: "Messages") -> "Callable[[float], None]":
    """Give what says how far a table has been read once more."""
    return lambda part: messages.waiting(f"reading the rows of {table.source}: {part:.0%}")
