"""A table with what is predicted for its rows: opened, and then shown or written."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from fitline.api.applied import applied_to, require_names
from fitline.errors import DataError, UsageError
from fitline.formatting import count, quoted

from .options import Format
from .saved_models import note_dependent

if TYPE_CHECKING:
    import typer

    from fitline.data import Reading, Table
    from fitline.data.predictions import Predictions
    from fitline.model import AnyModel, LinearModel, Saved
    from fitline.statistics.intervals import Interval

    from .messages import Messages

SHOWN = 20
"""How many rows of a table are shown to people."""


def open_to_predict(
    context: "typer.Context",
    data: Sequence[str],
    saved: "Saved | None",
    reading: "Reading",
    rejects: str | None,
    messages: "Messages",
    *,
    residuals: bool,
) -> "Table":
    """Open a table that has the columns of a saved model, where there is one.

    It is closed when the command has ended. Raises UsageError where --x names other columns, and
    these are not as many.
    """
    from fitline.data import open_table

    x: str | Sequence[str] | None = context.params["x"]
    applied = applied_to(x, [saved]) if saved else None
    y = saved.model.target if saved and residuals else None
    groups = saved.groups if saved else None
    with _said_of_columns(y, groups.by if groups else None):
        table = context.with_resource(
            open_table(
                data,
                applied.levels if applied else x,
                y,
                reading=reading,
                rejects=rejects,
                to_predict=True,
                dates=applied.dates if applied else (),
                by={groups.by: groups.names} if groups else None,
                like=applied.like if applied else None,
            )
        )
    if groups:
        table.leave_out_of_groups(groups.untold)
    if saved:
        if x is None:
            require_names(table, saved.model)
        _compare(table, saved.model, messages)
        note_dependent(saved, messages)
    return table


@contextmanager
def _said_of_columns(y: str | None, by: str | None) -> Iterator[None]:
    """Say what to do where a table has no y or no groups, or several, for no option names them."""
    try:
        yield
    except DataError as error:
        hint = error.hint or ""
        if by is not None and "--by" in hint:
            error.hint = f"call the column that tells groups apart, and no other one, {quoted(by)}"
        elif by is not None and "--x and --y" in hint:
            error.hint = "name another column with --x"
        elif y is not None and "--y" in hint:
            error.hint = f"leave --residuals out, which needs {y}, or rename a column"
        raise


def _compare(table: "Table", line: "LinearModel", messages: "Messages") -> None:
    """Say where a model is applied to other columns.

    Raises UsageError where they are not as many.
    """
    if table.features != len(line.x):
        raise UsageError(
            f"the model has {count(len(line.x), 'feature')}, and --x names"
            f" {count(table.features, 'column')}",
            hint=f"name as many, in the order of {', '.join(line.x)}, or leave --x out",
        )
    columns = table.columns[: table.features]
    if columns != line.x:
        trained, applied = (" and ".join(map(repr, names)) for names in (line.x, columns))
        messages.note(f"the model was trained on {trained}, and is applied to {applied}")


@dataclass(frozen=True, eq=False)
class PredictedTable:
    """A table, and the model that predicts for its rows, or those of their groups."""

    table: "Table"
    model: "AnyModel"
    intervals: "Sequence[Interval]"
    messages: "Messages"

    @property
    def _predictions(self) -> "Predictions":
        from fitline.data.predictions import Predictions

        model = self.model
        return Predictions(self.table, model.theta, model.formulas, self.intervals)

    def write(self, output: str) -> None:
        """Write the table with its predictions, for which no views are imported."""
        with self.messages.patience():
            predictions = self._predictions
            predictions.write(output, self._progress)
            untold = predictions.untold()
        self._tell(untold)

    def show(self, chosen: Format, output: str | None) -> None:
        """Give the predictions, streaming; people see the first of them."""
        from fitline.data.csv_text import csv_lines
        from fitline.results.predict import PredictResult, json_pieces
        from fitline.views.predict import PredictReport

        from .output import emit, write_pieces

        table, model, intervals = self.table, self.model, self.intervals
        residuals = len(table.terms) > table.features
        with self.messages.patience():
            predictions = self._predictions
            match chosen:
                case "csv":
                    rows = predictions.rows(self._progress)
                    pieces = csv_lines(chain([predictions.header], rows))
                case "json":
                    pairs = predictions.pairs(self._progress)
                    pieces = json_pieces(model, intervals, pairs, with_residuals=residuals)
                case _:
                    first = list(islice(predictions.pairs(self._progress), SHOWN))
            untold = predictions.untold()
        self._tell(untold)
        if chosen in {"csv", "json"}:
            write_pieces(pieces, output)
            return
        width = table.features + (table.group is not None)
        x, missed = [row[:width] for row in first], [row[-1] for row in first]
        result = PredictResult.of(model, x, (), intervals, missed if residuals else None)
        emit(PredictReport(result), chosen, output)

    def _tell(self, untold: int) -> None:
        """Say what was read, and for how many rows the column stays empty of which y is made."""
        self.messages.read(self.table)
        if untold:
            self.messages.note(
                f"{count(untold, 'row')} for which the prediction of {self.model.y} tells no"
                f" {self.model.told}, or one beyond the largest float64"
            )

    def _progress(self, part: float) -> None:
        self.messages.waiting(f"reading {self.table.source}: {part:.0%}")
