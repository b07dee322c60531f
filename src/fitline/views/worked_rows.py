"""How the rows behind an update look, and the sums over all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fitline.formatting import number
from fitline.results.set_up import SetUp
from fitline.results.updates import UpdateFacts, as_list

from .coordinates import Names, loss_of, mark_of
from .report import Sheet
from .terms import digits_for, settled

MOST_ROW_DIGITS = 9
"""Numbers of a row are written with no more digits than these."""

Columns = list[tuple[str, Sequence[float]]]
"""Names, which may be those of the table's columns and so may be alike, and numbers."""


@dataclass(frozen=True, eq=False)
class WorkedRows:
    """The first rows of an update, and what they add to the sums."""

    before: SetUp
    update: UpdateFacts

    @property
    def psi(self) -> str:
        """Name what a row adds to the sums."""
        own = "error" if loss_of(self.before) is None else "slope"
        return f"w × {own}" if self.before.data.weight else own

    @property
    def weight(self) -> float:
        """Give what so many rows weigh, or how many there are."""
        return self.update.weight or self.update.row_count

    @property
    def sums(self) -> list[float]:
        """Give the sums, where they are more than what rounding left of a sum of nothing."""
        ones = [1.0] * len(self.update.rows)
        return [
            settled(total, self.weight * max(map(abs, self._products(x))))
            for total, x in [*zip(self.update.sums, [ones, *self._x], strict=True)][
                self.before.hidden :
            ]
        ]

    def sheets(self) -> Iterator[Sheet]:
        """Tabulate the rows, and below them the sums over all.

        Those of several features take up to three tables, which fit into 80 columns: as they are,
        with their errors, and what they add.
        """
        own, scaled, errors, terms = self._own(), self._scaled(), self._errors(), self._terms()
        if self.before.is_line:
            told = {name for name, _ in terms}
            errors = [(name, column) for name, column in errors if name not in told]
            yield self._sheet([*own, *scaled, *errors, *terms], self.sums)
            return
        places: Columns = [("row", range(1, 1 + len(self.update.rows)))]
        if own and scaled:
            yield self._sheet([*places, *own])
        yield self._sheet([*places, *(scaled or own), *errors])
        yield self._sheet([*places, *terms], self.sums)

    def _own(self) -> Columns:
        """Give the columns in the table's units, where they are at hand."""
        columns = zip(*self.update.own_rows, strict=True)
        return [*zip(self.before.data.labels, columns, strict=False)]

    def _scaled(self) -> Columns:
        """Give the columns in the coordinates that train, where they are others."""
        if self.update.own_rows and not mark_of(self.before):
            return []
        names = Names.of(self.before)
        y = [row.y for row in self.update.rows]
        return [*zip([*names.x, names.y], [*self._x, y], strict=True)]

    def _errors(self) -> Columns:
        rows = self.update.rows
        weights: Columns = [("w", [row.weight for row in rows])]
        return [
            ("prediction", [row.prediction for row in rows]),
            ("error", [row.error for row in rows]),
            *(weights if self.before.data.weight else []),
        ]

    def _terms(self) -> Columns:
        """Give what each row adds to each sum."""
        products = [
            (f"{self.psi} × {name}", self._products(x))
            for name, x in zip(Names.of(self.before).x, self._x, strict=True)
        ]
        own: Columns = [(self.psi, [row.pull for row in self.update.rows])]
        is_shown = self.before.config.intercept or loss_of(self.before)
        return [*(own if is_shown else []), *products]

    @property
    def _x(self) -> list[tuple[float, ...]]:
        """Give each feature of the rows, in the coordinates that train."""
        return [*zip(*(as_list(row.x) for row in self.update.rows), strict=True)]

    def _products(self, x: Sequence[float]) -> list[float]:
        return [row.pull * value for row, value in zip(self.update.rows, x, strict=True)]

    def _sheet(self, columns: Columns, sums: Sequence[float] = ()) -> Sheet:
        """Tabulate columns, with sums below the last ones."""
        digits = dict.fromkeys(("prediction", Names.of(self.before).y), self._digits)
        written = [
            [number(value, digits.get(name, 6)) for value in column] for name, column in columns
        ]
        rows = [list(line) for line in zip(*written, strict=True)]
        if sums:
            empty = [""] * (len(columns) - len(sums) - 1)
            rows.append([f"all {self.update.row_count:,}:", *empty, *map(number, sums)])
        return Sheet([name for name, _ in columns], rows)

    @property
    def _digits(self) -> int:
        """Tell how many digits show where small errors come from."""
        most = max(digits_for(row.error, row.prediction) for row in self.update.rows)
        return min(MOST_ROW_DIGITS, most)
