"""Parquet tables."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from fitline.errors import DataError
from fitline.formatting import quoted

from . import engine
from .arrow_schema import durations
from .cell_errors import first_trouble
from .cells import Parsing, values_sql
from .engine import Engine
from .parts import BadRow, Care, Wanted
from .table_file import File

INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
NUMBERS = {"FLOAT", "DOUBLE"} | INTEGERS | {f"U{name}" for name in INTEGERS}

NESTED = re.compile(r"\]$|^(STRUCT|MAP|UNION)\(")
"""Types of columns whose cells hold several values, which are no feature."""

MOST_DIGITS = 38
"""Decimals of more digits become float64."""

LOOK_ROWS = 100
"""How many rows are looked at."""


DATES = ("DATE", "TIMESTAMP")
"""How the types begin of columns of dates, which are no texts in a format."""


@dataclass(frozen=True)
class Parquet:
    """One Parquet file."""

    sure_numbers: ClassVar[None] = None
    unit: ClassVar[str] = "row"

    engine: Engine = field(repr=False)
    file: File
    parsing: Parsing

    @property
    def name(self) -> str:
        """Name the file as the user did."""
        return self.file.name

    @property
    def size(self) -> float:
        """Give the size of the file, which is packed."""
        return self.file.size

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Give the names of the columns as they stand in the file.

        The engine would tell `a` and `A` apart by names of its own.
        """
        return tuple(name for name, _ in self._schema)

    @cached_property
    def _schema(self) -> list[tuple[str, int]]:
        """Give the name of each column, and how many digits decimals have in it at the most."""
        schema = f"parquet_schema({engine.listed([self.file.path])})"
        query = f"select name, coalesce(num_children, 0), coalesce(precision, 0) from {schema}"
        (_, count, _), *below = self.engine.fetch(query)
        found: list[tuple[str, int]] = []
        inner = 0
        for name, children, digits in below:
            own, before = found.pop() if inner else (name, 0)
            found.append((own, max(before, digits)))
            inner = max(0, inner - 1) + children
        if len(found) != count or not found:
            raise DataError("the file names no columns, or not all of them", file=self.name)
        return found

    def require_digits(self, places: Iterable[int]) -> None:
        """Raise DataError where one of these columns has more digits than the engine knows."""
        for name, digits in (self._schema[place] for place in places):
            if digits > MOST_DIGITS:
                raise DataError(
                    f"{quoted(name)} holds decimals of {digits} digits, and no more than"
                    f" {MOST_DIGITS} are kept",
                    file=self.name,
                    column=name,
                    hint="write that column as text, or leave it out of the table",
                )

    def coarse_times(self, places: Iterable[int]) -> list[str]:
        """Name those of these columns whose times the engine reads to the microsecond alone."""
        dates = {self.columns[place] for place in places if self.holds_dates(place)}
        if not dates:
            return []
        schema = f"parquet_schema({engine.listed([self.file.path])})"
        names = self.engine.fetch(f"select name from {schema} where type = 'INT96'")
        return [name for (name,) in names if name in dates]

    @cached_property
    def durations(self) -> Mapping[str, str]:
        """Give the units of columns of durations by their names; the engine has whole numbers."""
        if "BIGINT" not in self._types:
            return {}
        metadata = f"parquet_kv_metadata({engine.listed([self.file.path])})"
        query = f"select value from {metadata} where key = 'ARROW:schema'::blob"
        schemas = [durations(bytes(schema)) for (schema,) in self.engine.fetch(query)]
        found = schemas[0].items() if schemas else []
        return {self.columns[place]: unit for place, unit in found if place < len(self.columns)}

    def require_units(self, places: Iterable[int]) -> None:
        """Raise DataError where one of these columns holds durations, whose units differ."""
        for name in (self.columns[place] for place in places):
            if unit := self.durations.get(name):
                raise DataError(
                    f"{quoted(name)} holds durations in {unit}, which are no numbers",
                    file=self.name,
                    column=name,
                    hint=f"write them as numbers of one unit, such as 1.5 for 1.5 {unit}",
                )

    @cached_property
    def _types(self) -> list[str]:
        rows = self.engine.fetch(f"describe select * from {self._scan}")
        return [kind for _, kind, *_ in rows]

    @property
    def _scan(self) -> str:
        """Call the columns c0, c1 and so on."""
        names = ", ".join(f"c{place}" for place in range(len(self.columns)))
        return f"{engine.scan('read_parquet', [self.file.path])} as t({names})"

    def select(
        self, places: Sequence[int], care: Care = "careful", texts: Collection[int] = ()
    ) -> str:
        """Give a query of these columns, numbers as they are and all else as text."""
        named = (f"{self._cell(place)} as column_{nth}" for nth, place in enumerate(places))
        return f"select {', '.join(named)} from {self._scan}"

    def select_all(self, own: Collection[int]) -> str:
        """Give the query of all columns, and of those at `own` as own_0, own_1 … as they are."""
        named = [f"{self._cell(place)} as column_{place}" for place in range(len(self.columns))]
        named += [f"c{place} as own_{place}" for place in own]
        return f"select {', '.join(named)} from {self._scan}"

    def holds_dates(self, place: int) -> bool:
        """Tell whether a column has a type of dates, whatever its cells are."""
        return self._types[place].startswith(DATES)

    def type_of(self, place: int) -> str:
        """Give the type of a column, as the engine calls it."""
        return self._types[place]

    def is_text(self, place: int, care: Care) -> bool:
        """Tell whether a column holds anything but numbers, which `select` gives as text."""
        kind = self._types[place]
        return kind not in NUMBERS and not kind.startswith("DECIMAL")

    def head(self, place: int) -> Sequence[str]:
        """Give the first cells of a column that holds no numbers."""
        if not self.is_text(place, "careful") or NESTED.search(self._types[place]):
            return ()
        rows = self.engine.fetch(f"{self.select([place])} limit {LOOK_ROWS}")
        return [cell or "" for (cell,) in rows]

    def texts(self, place: int) -> Iterator[str]:
        """Read the cells of a column of text, and none of one of numbers."""
        if self.is_text(place, "careful") and not NESTED.search(self._types[place]):
            for (cell,) in self.engine.stream(self.select([place])):
                yield cell or ""

    def _cell(self, place: int) -> str:
        name = f"c{place}"
        if not self.is_text(place, "careful"):
            return name
        text = f"cast({name} as varchar)"
        # Some write text without saying that it is text; other bytes are given by their escapes.
        return f"coalesce(try(decode({name})), {text})" if self._types[place] == "BLOB" else text

    def count_rows(self, *, exactly: bool) -> int:
        """Ask for the count that stands in the file."""
        ((rows,),) = self.engine.fetch(f"select count(*) from {self._scan}")
        return int(rows)

    def lines(self) -> Iterator[tuple[str, int]]:
        """Count the rows, which stand on no lines."""
        return ((self.name, row) for row in range(1, 1 + self.count_rows(exactly=True)))

    def bad_rows(self, wanted: Wanted, *, whole: bool = False) -> Iterator[BadRow]:
        """Ask the engine for the rows, numbered in their order."""
        places = wanted.places
        numbered = f"select row_number() over () as place, * from ({self.select(places)})"
        read = values_sql(
            numbered,
            [
                (f"column_{nth}", column.parsing, self.is_text(column.place, "careful"))
                for nth, column in enumerate(wanted.columns)
            ],
        )
        texts = ", ".join(f"cast(column_{nth} as varchar)" for nth in range(len(places)))
        values = {place: f"value_{nth}" for nth, place in enumerate(places)}
        needed = [*values.values(), *(formula.sql(values) for formula in wanted.formulas)]
        is_bad = " or ".join(f"{value} is null" for value in needed)
        query = f"select place, {texts} from ({read}) where {is_bad}"
        wanted = wanted.with_numbers(lambda place: not self.is_text(place, "careful"))
        for row, *found in self.engine.stream(query):
            cells = dict(zip(places, found, strict=True))
            if bad := first_trouble(self.name, row, cells, wanted, self.unit):
                yield bad
