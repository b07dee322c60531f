"""All columns of a table and what is predicted for each row, as queries of the engine."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from fitline.errors import DataError
from fitline.statistics.intervals import Interval
from fitline.vector import Vector

from . import engine, sql
from .cells import values_sql
from .one_notation import decimal_mark
from .parquet import Parquet
from .parts import Care, Part
from .prediction_sql import PredictionSql
from .table import Table
from .written_kinds import (
    KINDS,
    Kind,
    has_fractions,
    mixed_sql,
    number_sql,
    odd_sql,
    types_of,
    with_mark,
)

if TYPE_CHECKING:
    from .formulas.tree import Formula


PREDICTION, RESIDUAL = "prediction", "residual"

UNSUITED = "error('a cell that does not suit')"


class PredictionQueries:
    """The rows of a table with their predictions, the columns of all parts by their names.

    `header` names these columns, and then what is predicted.
    """

    def __init__(
        self,
        table: Table,
        theta: Sequence[float] | Vector,
        told: "Mapping[str, Formula] | None" = None,
        intervals: Sequence[Interval] = (),
    ) -> None:
        theta = np.asarray(theta, dtype=np.float64)
        if not np.isfinite(theta).all():
            raise DataError(f"theta is {theta.tolist()}, not finite numbers")
        self._given = theta, told, intervals
        self._names = _all_columns(table)
        named = {f"predicted {column}": formula for column, formula in (told or {}).items()}
        self._sql = PredictionSql(theta, named, intervals, len(table.terms) > table.features)
        ends = (name for one in intervals for name in one.names)
        added_names = [PREDICTION, *named, *ends, *([RESIDUAL] if self._sql.has_y else [])]
        for added in added_names:
            if added in self._names:
                raise DataError(
                    f"the table has a column {added!r} already",
                    file=table.source,
                    column=added,
                    hint="rename that column",
                )
        self.header = [*self._names, *added_names]
        self._table = table
        self._decimal = decimal_mark(table.parts)
        self._places = range(len(self._names))
        self._texts: Sequence[Kind] = ["varchar"] * len(self._names)
        found = zip(*map(self._found, table.parts), strict=True)
        self._are_mixed = [len(types_of(table.parts, places)) > 1 for places in found]

    def _as_text(self, values: Sequence[str]) -> Sequence[str]:
        """Give numbers as the table's own stand beside them, with its decimal mark."""
        if self._decimal == ".":
            return values
        return [with_mark(value, self._decimal) for value in values]

    def _named(self, care: Care, kinds: Sequence[Kind], predicted: Sequence[str]) -> str:
        """Give the query of all columns under their names, and of what is predicted.

        Strictly, it fails at a bad cell.
        """
        named = [f"f{place} as {engine.identifier(self._names[place])}" for place in self._places]
        rows, where = self._rows(care, kinds), f"where {self._sql.is_good}"
        if care == "strict":
            odd = " or ".join(f"odd{place}" for place in self._places)
            is_good = f"not ({odd}) and {self._is_finite(kinds)}"
            x = f"case when {is_good} then x0 else {UNSUITED} end"
            cells = [f"f{place}" for place in self._places]  # `* replace` takes their square
            cells += [f"{x} as x0", *self._sql.needed[1:], *self._sql.computed_once]
            rows, where = f"select {', '.join(cells)} from ({rows})", ""
        added = zip(predicted, self.header[len(self._names) :], strict=True)
        named += [f"{value} as {engine.identifier(name)}" for value, name in added]
        return f"select {', '.join(named)} from ({rows}) {where}"

    def _is_finite(self, kinds: Sequence[Kind]) -> str:
        """Say that the features have values, and the prediction is a float64; so are they."""
        intercept, *slopes = self._sql.largest
        bound = intercept + sum(slope * 2.0**63 for slope in slopes)
        if math.isfinite(bound) and not self._sql.intervals and self._holds_whole_columns(kinds):
            return self._sql.is_good
        return self._sql.are_finite

    def _holds_whole_columns(self, kinds: Sequence[Kind]) -> bool:
        """Tell whether all that is needed is read as whole numbers of 64 bits in every part."""
        return all(
            kinds[self._found(part).index(place)] == "bigint"
            for part in self._table.parts
            for place in self._table.wanted(part).places
        )

    def _rows(self, care: Care, kinds: Sequence[Kind]) -> str:
        """Give the query of all columns, called f0, f1 and so on, of the features, y and groups.

        These are called as they are `needed`, and are NULL where they have no value; odd0, odd1
        and so on tell which cells do not suit. Beside them is what is `computed_once`.
        """
        rows = " union all ".join(self._rows_of(part, care, kinds) for part in self._table.parts)
        more = [f", {value} as {name}" for name, value in self._sql.computed_once.items()]
        return f"select *{''.join(more)} from ({rows})" if more else rows

    def _rows_of(self, part: Part, care: Care, kinds: Sequence[Kind]) -> str:
        wanted = self._table.wanted(part).columns
        as_text = {x.place for x in wanted if not x.parsing.are_numbers}
        places = self._found(part)
        own = {p for p, kind in zip(places, kinds, strict=True) if kind == "own" and p is not None}
        if own and isinstance(part, Parquet):
            rows = part.select_all(own)
        else:
            rows = part.select(range(len(part.columns)), care, as_text)
        numbers, columns = [], []
        cells: dict[int | None, tuple[str, bool]] = {}
        for nth, place, kind in zip(self._places, places, kinds, strict=True):
            cell, is_odd = "null" if place is None else f"column_{place}", "false"
            if place is not None and kind in KINDS[:2] and part.is_text(place, care):
                numbers.append(f"{number_sql(part, place, kind)} as n{nth}")
                cell, is_odd = f"n{nth}", odd_sql(part, cell, f"n{nth}", kind)
            if place in as_text:
                cells[place] = f"column_{place}", part.is_text(place, care)
            elif place is not None:
                cells[place] = cell, cell[0] == "c" and part.is_text(place, care)
            if place is not None and isinstance(part, Parquet):
                cell, is_odd = self._cell_of_parquet(part, nth, place, kind)
            if place in own:
                cell = f"own_{place}"
            if cell[0] == "n" and kind == "double":
                cell = f"case when {sql.finite(cell)} then {cell} end"
            columns.append(f"{cell} as f{nth}, {is_odd} as odd{nth}")
        rows = f"select {', '.join(['*', *numbers])} from ({rows})"
        sources = [(cells[x.place][0], x.parsing, cells[x.place][1]) for x in wanted]
        if care == "strict" and all(x.is_swift and not is_text for _, x, is_text in sources):
            values, is_missing = [f"cast({cell} as double)" for cell, _, _ in sources], "false"
        else:
            rows, is_missing = values_sql(rows, sources), "is_missing"
            values = [f"value_{nth}" for nth in range(len(sources))]
        found = dict(zip([x.place for x in wanted], values, strict=True))
        terms = [term.sql(part.columns, found) for term in self._table.all_terms]
        columns += [
            f"{term} as {name}" for term, name in zip(terms, self._sql.needed, strict=True)
        ]
        return f"select {', '.join([*columns, f'{is_missing} as is_missing'])} from ({rows})"

    def _cell_of_parquet(self, part: Parquet, nth: int, place: int, kind: Kind) -> tuple[str, str]:
        """Give a cell as it is written, and tell whether it would be another number."""
        cell, is_odd = f"column_{place}", "false"
        if self._are_mixed[nth]:
            cell, is_odd = mixed_sql(part, place, kind)
        if kind == "varchar" and self._decimal != "." and has_fractions(part, place):
            cell = with_mark(cell, self._decimal)
        return cell, is_odd

    def _found(self, part: Part) -> list[int | None]:
        """Give the place of each column in a part."""
        if len(self._table.parts) == 1:
            return list(self._places)
        return [part.columns.index(name) if name in part.columns else None for name in self._names]


def _all_columns(table: Table) -> list[str]:
    """Give the names of all columns; those of several files are put together by name."""
    if len(table.parts) == 1:
        return list(table.parts[0].columns)
    for part in table.parts:
        if len(set(part.columns)) < len(part.columns):
            raise DataError("a column's name appears twice", file=part.name)
    return list(dict.fromkeys(name for part in table.parts for name in part.columns))
