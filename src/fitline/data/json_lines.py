"""Tables of JSON lines: one object a line."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar

from fitline.errors import DataError

from . import engine, sql
from .cell_errors import first_trouble
from .cells import ILLEGIBLE, Numbers, Parsing
from .engine import Engine, EngineError
from .parts import BadRow, Care, Wanted
from .spooling import CHUNK_BYTES, copying
from .table_file import File

LOOK_LINES = 100
"""How many lines are looked at to list the columns."""

LONG_NUMBER = re.compile(rb"[\d.]{17}|\d[eE]-?\d{3}|-0[],}\s]")
"""So a number may begin, or end, of which a float64 does not hold all digits, or the sign."""


class JsonNumber(str):
    """A number as it is written."""

    __slots__ = ()


class JsonObject(dict[str, Any]):
    """An object; of a key that stands twice the first counts, and `pairs` has them all."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__()
        self.pairs = pairs
        for key, value in pairs:
            self.setdefault(key, value)


@dataclass(frozen=True)
class JsonLines:
    """One file of JSON lines; its columns are the keys of the first lines, or of the `whole`.

    Of a piece of a larger table they are `known`.
    """

    sure_numbers: ClassVar[None] = None
    unit: ClassVar[str] = "line"

    engine: Engine = field(repr=False)
    file: File
    parsing: Parsing
    whole: bool = False
    known: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name the file as the user did."""
        return self.file.name

    @property
    def size(self) -> float:
        """Give the size of the file."""
        return self.file.size

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Give the keys of the objects, in the order in which they appear."""
        if self.known:
            return self.known
        keys = dict.fromkeys(key for value in islice(self._objects(), LOOK_LINES) for key in value)
        if keys and self.whole:
            keys |= dict.fromkeys(self._all_keys())
        if not keys:
            raise DataError(
                "the file holds no JSON lines, one object a line",
                file=self.name,
                hint="make them of a list of objects: jq -c '.[]' FILE > FILE.jsonl; of a table in"
                " which a name begins with {, name the delimiter: --delimiter ,",
            )
        return tuple(keys)

    def _all_keys(self) -> list[str]:
        query = (
            "select key from (select unnest(json_keys(json)) as key, place from"
            f" (select json, row_number() over () as place from {self._scan}"
            " where json_type(json) = 'OBJECT')) group by key order by min(place)"
        )
        return [key for (key,) in self.engine.fetch(query)]

    @property
    def _scan(self) -> str:
        return _scan(self.file)

    def is_text(self, place: int, care: Care) -> bool:
        """Tell that `select` gives text."""
        return True

    def texts(self, place: int) -> Iterator[str]:
        """Read the values of a column that are texts rather than numbers."""
        for values in self._objects():
            value = values.get(self.columns[place])
            if isinstance(value, str) and not isinstance(value, JsonNumber):
                yield value

    def holds_dates(self, place: int) -> bool:
        """Give no: a date is a text here."""
        return False

    def head(self, place: int) -> Sequence[str]:
        """Give the first values of a column, none of one whose values hold several."""
        objects = islice(self._objects(), LOOK_LINES)
        values = [value.get(self.columns[place]) for value in objects]
        if any(isinstance(value, dict | list) for value in values):
            return ()
        return [self._text(value) or "" for value in values]

    def select(
        self, places: Sequence[int], care: Care = "careful", texts: Collection[int] = ()
    ) -> str:
        """Give a query of these columns as text; where a line is no object, none is legible.

        The engine gives back some numbers otherwise than they are written, which `texts` are not
        to be, nor those of a whole table of which digits would be lost.
        """
        exact = {*places} if self.whole and self._has_long_numbers else {*texts}
        is_copied = bool(exact) and not self._is_plain
        written = _value if is_copied else _as_written
        named = ", ".join(
            f"case when json_type(json) = 'OBJECT'"
            f" then {self._cell(self.columns[place], written if place in exact else _value)}"
            f" else '{ILLEGIBLE}' end as column_{nth}"
            for nth, place in enumerate(places)
        )
        return f"select {named} from {_scan(self._copy) if is_copied else self._scan}"

    @property
    def decimal(self) -> str:
        """Give the mark of decimals in texts; in numbers it is a point."""
        return self.parsing.values.decimal if isinstance(self.parsing.values, Numbers) else "."

    def _cell(self, key: str, number: Callable[[str], str]) -> str:
        """Give the value of a key as text, a `number` of it as it would stand in one."""
        if self.decimal == ".":
            return number(key)
        kind = f"json_type(json, {sql.text(_pointer(key))})"
        other = f"replace({number(key)}, '.', {sql.text(self.decimal)})"
        return f"case when {kind} = 'DOUBLE' then {other} else {number(key)} end"

    @cached_property
    def _has_long_numbers(self) -> bool:
        """Tell whether there may be numbers of which the engine loses digits."""
        end = b""
        with self.file.open() as stream:
            while chunk := stream.read(CHUNK_BYTES):
                if LONG_NUMBER.search(end + chunk):
                    return True
                end = chunk[-20:]
        return False

    @cached_property
    def _is_plain(self) -> bool:
        """Tell whether each key stands once in a line, as it is, or not at all."""
        with self.file.open() as stream:
            return not any(
                b"\\" in line or line.count(b"{") + line.count(b"[") > 1 for line in stream
            )

    @cached_property
    def _copy(self) -> File:
        """Make a copy of which every value is a text."""
        with self.file.open() as stream, copying(".jsonl") as path, path.open("wb") as copy:
            for line in stream:
                value = _object_of(line)
                texts = value and {key: self._text(own) for key, own in value.items()}
                copy.write(json.dumps(texts).encode() + b"\n" if texts else line)
        return replace(self.file, path=path, compression="none")

    def _text(self, value: object) -> str | None:
        """Write a value as it stood in the file, a number as it would stand in a text."""
        if isinstance(value, JsonNumber):
            return value.replace(".", self.decimal)
        return value if value is None or isinstance(value, str) else _written(value)

    def count_rows(self, *, exactly: bool) -> int:
        """Count the lines, exactly without those that are blank."""
        return sum(1 for _ in self._lines()) if exactly else self.file.survey.lines

    def lines(self) -> Iterator[tuple[str, int]]:
        """Read the file again line by line."""
        return ((self.name, number) for number, _ in self._lines())

    def bad_rows(self, wanted: Wanted, *, whole: bool = False) -> Iterator[BadRow]:
        """Read the file again line by line."""
        for number, line in self._lines():
            value = _object_of(line)
            if value is None:
                value = self._object_for_the_engine(
                    line, [column.name for column in wanted.columns]
                )
            if value is None:
                yield BadRow(self.name, number, None, None, "the line is no JSON object")
                continue
            cells = {column.place: self._text(value.get(column.name)) for column in wanted.columns}
            if bad := first_trouble(self.name, number, cells, wanted):
                yield bad

    def _objects(self) -> Iterator[dict[str, Any]]:
        """Give the object of each line, an empty one where it holds none."""
        return (_object_of(line) or {} for _, line in self._lines())

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """Give each line that is not blank, with its number."""
        with self.file.open() as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, line

    def _object_for_the_engine(self, line: bytes, keys: Sequence[str]) -> dict[str, Any] | None:
        """Read these keys of a line that Python refuses, such as one with a comma too many."""
        values = ", ".join(self._cell(key, _value) for key in keys)
        try:
            document = sql.text(line.decode())
            query = f"select json_type(json), {values} from (select {document}::json as json)"
            ((kind, *found),) = self.engine.fetch(query)
        except (EngineError, UnicodeDecodeError):
            return None
        return dict(zip(keys, found, strict=True)) if kind == "OBJECT" else None


def _object_of(line: bytes) -> dict[str, Any] | None:
    """Read a line, numbers as they are written."""
    try:
        value = json.loads(
            line.decode(),
            object_pairs_hook=JsonObject,
            parse_float=JsonNumber,
            parse_int=JsonNumber,
            parse_constant=str,
        )
        json.dumps(value, ensure_ascii=False).encode()  # half a character is no text
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _scan(file: File) -> str:
    how = f", ignore_errors=true, compression='{file.compression}'"
    return engine.scan("read_ndjson_objects", [file.path], how)


def _written(value: object) -> str:
    """Write a value as JSON, numbers as they are written."""
    if isinstance(value, JsonNumber):
        return value
    if isinstance(value, JsonObject):
        pairs = (f"{_written(key)}: {_written(own)}" for key, own in value.pairs)
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _pointer(key: str) -> str:
    """Write a JSON pointer, which takes any key (RFC 6901)."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _value(key: str) -> str:
    """Give the value of a key as text."""
    return f"json ->> {sql.text(_pointer(key))}"


def _as_written(key: str) -> str:
    """Give the same, of a number with all its digits.

    Most stand behind their keys as the engine writes them. Else what stands first behind such a
    key is taken, where it is the number that the engine finds.
    """
    value, line, quoted = _value(key), "cast(json as varchar)", f'"{key}":'
    kind = f"json_type(json, {sql.text(_pointer(key))})"
    stands = " or ".join(
        f"contains({line}, {sql.text(quoted + space)} || ({value}) || {sql.text(end)})"
        for space in ("", " ")
        for end in ",}"
    )
    pattern = rf'"{re.escape(key)}"\s*:\s*(-?[\d.eE+-]+)'
    written = f"regexp_extract({line}, {sql.text(pattern)}, 1)"
    is_same = f"try_cast({written} as double) = try_cast({value} as double)"
    is_other = f"{kind} in ('DOUBLE', 'BIGINT') and not ({stands}) and {is_same}"
    return f"case when {is_other} then {written} else {value} end"
