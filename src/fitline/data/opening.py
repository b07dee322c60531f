"""From what a user names to a table: which files, of which kind, and which columns."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from fitline.errors import FileError
from fitline.formatting import count
from fitline.reading import Reading

from . import columns
from .cells import Dates, Numbers, Parsing, dates_of, numbers_of, text_of
from .delimited import open_delimited
from .engine import Engine
from .paths import find_files, paths_of
from .sniffing import File
from .table import Table, explained

if TYPE_CHECKING:
    from .parts import Part


Data: TypeAlias = Any
"""A path, a glob or `-`; several of them; what `frame_of` takes; or None for the four houses."""

FOUR_HOUSES = "the built-in four houses"


def open_table(
    data: Data = None,
    x: str | None = None,
    y: str | None = None,
    reading: Reading | None = None,
    *,
    rejects: str | Path | None = None,
    to_predict: bool = False,
) -> Table:
    """Find the files of a table and choose its columns; with `to_predict` it needs no y.

    Raises DataError where a file cannot be read or a column is not there, and ConfigError where
    `reading` contradicts itself.
    """
    engine = Engine()
    reading = reading or Reading()
    source = FOUR_HOUSES if data is None else "arrays"
    notes: list[str] = []
    paths = [str(_four_houses())] if data is None else paths_of(data)
    files = [] if paths is None else find_files(paths, reading.text_encoding)
    _protect(rejects, files)
    if files and data is not None:
        source = files[0].name if len(files) == 1 else count(len(files), "file")
    with explained(source, files):
        if paths is None:
            parts, x, y = _arrays(engine, data, x, y, reading)
        else:
            parts, notes = _parts(engine, files, reading)
        told = dates_of(reading)
        typed = _choose(parts, x, y, told, to_predict=to_predict)
        dates = told or _dates(parts, typed[0])
    if not to_predict and (x is None or y is None):
        notes += _choice(parts[0], typed)
    table = Table(
        *(engine, parts, source, typed, reading), dates=dates, rejects=rejects, files=files
    )
    table.notes = [*notes, *(f"{name} is read as {unit}" for name, unit in table.units.items())]
    return table


def _arrays(
    engine: Engine, data: Data, x: str | None, y: str | None, reading: Reading
) -> "tuple[list[Part], str | None, str | None]":
    """Take what has columns for a table, and its columns for x and y where they say so."""
    from .arrays import Arrays
    from .dataframes import frame_of, refusal

    frame = frame_of(data)
    if frame is None:
        raise refusal(data)
    notation = numbers_of(reading) or Numbers()
    return [Arrays(engine, frame, notation, reading.na_texts)], *frame.defaults(x, y)


def _protect(rejects: str | Path | None, files: list[File]) -> None:
    """Refuse to write the list of bad rows over the table that it lists."""
    if rejects is not None and Path(rejects).exists():
        for file in files:
            if file.path.samefile(rejects):
                raise FileError("this is the table itself", file=str(rejects))


def _parts(engine: Engine, files: list[File], reading: Reading) -> "tuple[list[Part], list[str]]":
    """Put the files together that are read with one query, and note what was found."""
    delimited, found = open_delimited(
        engine, [file for file in files if file.kind == "delimited"], reading
    )
    parts: list[Part] = [*delimited]
    parsing = Parsing(na=reading.na_texts)
    for file in files:
        if file.kind == "parquet":
            from .parquet import Parquet

            parts.append(Parquet(engine, file, parsing))
        elif file.kind == "jsonl":
            from .json_lines import JsonLines

            parts.append(JsonLines(engine, file, parsing))
    return parts, [*(file.note for file in files if file.note), *found]


def _choose(
    parts: "list[Part]", x: str | None, y: str | None, dates: Dates | None, *, to_predict: bool
) -> tuple[str, ...]:
    """Choose the columns by the first part; every other one must have them too."""
    first, *others = parts
    if to_predict:
        chosen: tuple[str, ...] = (columns.choose_x(first.name, first.columns, x, dates),)
    else:
        chosen = columns.choose(first.name, first.columns, x, y, dates)
    for part in others:
        for flag, typed in zip("xy", chosen, strict=False):
            columns.require(part.name, part.columns, typed, flag, dates)
    return chosen


def _choice(part: "Part", typed: tuple[str, ...]) -> list[str]:
    """Say which columns were chosen, where another choice could be meant."""
    x, y = typed
    if set(part.columns) <= {*columns.LESSON.values()}:
        return []
    return [f"{y} is predicted from {x}; --x and --y name other columns"]


def _dates(parts: "list[Part]", x: str) -> Dates | None:
    """Take x for dates where most of the first cells of every part are, and none is a number."""
    for part in parts:
        cells = part.head(columns.place_of(part.columns, x) or 0)
        filled = [text_of(cell) for cell in cells if not part.parsing.is_missing(cell)]
        are_dates = 2 * sum(Dates().read(cell) is not None for cell in filled) > len(filled)
        if not are_dates or any(part.parsing.read(cell) is not None for cell in filled):
            return None
    return Dates()


def _four_houses() -> Path:
    """Give the lesson's table: beside the installed package, or in the checkout."""
    installed = Path(__file__).with_name("houses.csv")
    return installed if installed.exists() else Path(__file__).parents[3] / "data" / "houses.csv"
