"""From what a user names to a table: which files, of which kind, and which columns."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from fitline.errors import FileError
from fitline.formatting import count, listed
from fitline.reading import Reading

from . import columns
from .cells import Dates, Numbers, Parsing, dates_of, numbers_of, text_of
from .delimited import open_delimited
from .engine import Engine
from .paths import find_files, paths_of
from .selection import Selection, select
from .sniffing import File
from .table import Table, explained

if TYPE_CHECKING:
    from .parts import Part


Data: TypeAlias = Any
"""A path, a glob or `-`; several of them; what `frame_of` takes; or None for the four houses."""

FOUR_HOUSES = "the built-in four houses"


def open_table(
    data: Data = None,
    x: str | Sequence[str] | None = None,
    y: str | None = None,
    reading: Reading | None = None,
    *,
    rejects: str | Path | None = None,
    to_predict: bool = False,
) -> Table:
    """Find the files of a table and choose its columns; with `to_predict` it needs no y.

    `x` is a column as it is typed, or several of them. Raises DataError where a file cannot be
    read or a column is not there, and ConfigError where `reading` contradicts itself.
    """
    engine = Engine()
    reading = reading or Reading()
    source = FOUR_HOUSES if data is None else "arrays"
    features = (x,) if isinstance(x, str) else tuple(x or ())
    notes: list[str] = []
    paths = [str(_four_houses())] if data is None else paths_of(data)
    files = [] if paths is None else find_files(paths, reading.text_encoding)
    _protect(rejects, files)
    if files and data is not None:
        source = files[0].name if len(files) == 1 else count(len(files), "file")
    with explained(source, files):
        if paths is None:
            parts, features, y = _arrays(engine, data, features, y, reading)
        else:
            parts, notes = _parts(engine, files, reading, whole=to_predict)
        selection = _select(parts[0], features, y)
        typed = _choose(parts, selection.x, y, dates_of(reading), to_predict=to_predict)
        x = typed if to_predict else typed[:-1]
        dates = _dates(parts, x, dates_of(reading))
    notes += _passed_over(selection.passed_over)
    if not to_predict and (not features or y is None):
        notes += _choice(parts[0], typed)
    table = Table(engine, parts, source, typed, reading, len(x), dates, rejects, files)
    table.notes = [*notes, *(f"{name} is read as {unit}" for name, unit in table.units.items())]
    return table


def _arrays(
    engine: Engine, data: Data, x: tuple[str, ...], y: str | None, reading: Reading
) -> "tuple[list[Part], tuple[str, ...], str | None]":
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


def _parts(
    engine: Engine, files: list[File], reading: Reading, *, whole: bool
) -> "tuple[list[Part], list[str]]":
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

            parts.append(JsonLines(engine, file, parsing, whole))
    return parts, [*(file.note for file in files if file.note), *found]


def _select(part: "Part", x: Sequence[str], y: str | None) -> Selection:
    """Take lists and patterns apart; the first cells tell which columns hold numbers."""

    def holds_numbers(place: int) -> bool:
        if not part.is_text(place, "careful"):
            return True
        filled = [cell for cell in part.head(place) if not part.parsing.is_missing(cell)]
        return bool(filled) and all(part.parsing.read(cell) is not None for cell in filled)

    return select(part.name, part.columns, x, y, holds_numbers)


def _passed_over(names: Sequence[str]) -> list[str]:
    are = "holds text, and is no feature" if len(names) == 1 else "hold text, and are no features"
    return [f"{listed(names)} {are}"] if names else []


def _choose(
    parts: "list[Part]",
    x: tuple[str, ...],
    y: str | None,
    dates: Dates | None,
    *,
    to_predict: bool,
) -> tuple[str, ...]:
    """Choose the columns by the first part; every other one must have them too."""
    first, *others = parts
    if not to_predict:
        chosen = columns.choose(first.name, first.columns, x, y, dates)
    elif len(x) > 1:
        chosen = x
    else:
        only = x[0] if x else None
        chosen = (columns.choose_x(first.name, first.columns, only, dates),)
    flags = ["x"] * len(chosen) if to_predict else [*["x"] * (len(chosen) - 1), "y"]
    for part in parts if to_predict else others:
        for flag, typed in zip(flags, chosen, strict=True):
            columns.require(part.name, part.columns, typed, flag, dates)
    return chosen


def _choice(part: "Part", typed: tuple[str, ...]) -> list[str]:
    """Say which columns were chosen, where another choice could be meant."""
    *x, y = typed
    if set(part.columns) <= {*columns.LESSON.values()}:
        return []
    features = listed(x) if x[1:] else x[0]
    return [f"{y} is predicted from {features}; --x and --y name other columns"]


def _dates(parts: "list[Part]", x: Sequence[str], told: Dates | None) -> Mapping[str, Dates]:
    """Tell which features are dates, and how they are written.

    The only feature is what it was told to be; of several, those are dates that look like it.
    """
    if told and len(x) == 1:
        return {x[0]: told}
    return {typed: told or Dates() for typed in x if _holds_dates(parts, typed, told or Dates())}


def _holds_dates(parts: "list[Part]", x: str, dates: Dates) -> bool:
    """Tell whether most of the first cells of every part are dates, and none is a number."""
    for part in parts:
        cells = part.head(columns.place_of(part.columns, x) or 0)
        filled = [text_of(cell) for cell in cells if not part.parsing.is_missing(cell)]
        are_dates = 2 * sum(dates.read(cell) is not None for cell in filled) > len(filled)
        if not are_dates or any(part.parsing.read(cell) is not None for cell in filled):
            return False
    return True


def _four_houses() -> Path:
    """Give the lesson's table: beside the installed package, or in the checkout."""
    installed = Path(__file__).with_name("houses.csv")
    return installed if installed.exists() else Path(__file__).parents[3] / "data" / "houses.csv"
