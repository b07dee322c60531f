"""From what a user names to a table: which files, of which kind, and which columns."""

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from fitline.errors import DataError, FileError
from fitline.formatting import count, listed, quoted
from fitline.reading import Reading

from . import columns
from .cells import ILLEGIBLE, Numbers, Parsing, numbers_of
from .cluster import Cluster
from .column_kinds import read_otherwise
from .dates import Dates, dates_of
from .delimited import Delimited, open_delimited
from .engine import Engine
from .engine_errors import explained
from .grouping import Grouping
from .known_groups import GroupNames
from .lesson_tables import is_lesson_table, lesson_table
from .one_notation import require_one_notation
from .parquet import Parquet
from .paths import STANDARD_INPUT, find_files, paths_of
from .selection import Selection, places_of, select
from .table import Table
from .table_file import File, require_whole
from .terms import ColumnTerm, Weights, terms_of, told_apart

if TYPE_CHECKING:
    from .parts import Part


Data: TypeAlias = Any
"""A path, a glob or `-`; several of them; what `frame_of` takes; or None for the four houses."""

FOUR_HOUSES, HOUSES = "the built-in four houses", "lesson:houses"


def open_table(  # noqa: PLR0913 - a table, and what is known of it
    data: Data = None,
    x: str | Sequence[str] | Mapping[str, Sequence[str]] | None = None,
    y: str | None = None,
    reading: Reading | None = None,
    *,
    rejects: str | Path | None = None,
    to_predict: bool = False,
    dates: Collection[str] = (),
    weights: Weights | None = None,
    by: str | Mapping[str, Sequence[str]] | None = None,
    like: Reading | None = None,
) -> Table:
    """Find the files of a table and choose its columns; `to_predict` takes y only if it is named.

    `x` is a feature as it is typed, or several of them; or it tells of each the levels that are
    known, the base first, and none of a column of numbers. Those of `dates` hold dates. The
    column `by` tells groups of rows apart; or it tells of that column the names that are known.
    What may be read in several ways is read `like` the table of a model.

    Raises DataError where a file cannot be read or a column is not there, and ConfigError where a
    formula is none, or `reading` contradicts itself.
    """
    engine = Engine()
    reading = reading or Reading()
    numbers = numbers_of(like) if like and numbers_of(reading) is None else None
    source = FOUR_HOUSES if data is None else "arrays"
    features = (x,) if isinstance(x, str) else tuple(x or ())
    is_known = isinstance(x, Mapping)
    levels = {typed: own for typed, own in x.items() if own} if isinstance(x, Mapping) else None
    notes: list[str] = []
    paths = [HOUSES] if data is None else paths_of(data)
    cluster, files = _files(paths, reading, like, is_given=data is not None)
    _protect(rejects, files)
    if files and data is not None:
        source = files[0].name if len(files) == 1 else count(len(files), "file")
    with explained(source, files), _named_together(features if is_known else ()):
        if paths is None:
            parts, features, y = _arrays(engine, data, features, y, reading)
        else:
            parts, notes = _parts(engine, files, reading, numbers, whole=to_predict)
        needs_no_y = to_predict and y is None
        with _perhaps_below(parts):
            weight = [weights.typed] if weights else []
            apart = [*weight, *([by] if isinstance(by, str) else by or ())]
            chosen = _select(parts, features, y, dates_of(reading), apart, to_predict=needs_no_y)
        if numbers_of(reading) is None:
            require_one_notation(parts, [*chosen.x, *filter(None, [chosen.y]), *weight], numbers)
        may_be_text = bool(features) and not (to_predict or is_known)
        values = read_otherwise(
            *(parts, chosen.x, reading, levels, dates), may_be_text=may_be_text, cluster=cluster
        )
        first = parts[0].name, parts[0].columns
        terms = [term for typed in chosen.x for term in terms_of(*first, typed, "x", values)]
        terms, width = told_apart(parts[0].columns, terms), len(terms)
        if chosen.y is not None:
            terms += terms_of(*first, chosen.y, "y", {})
    notes += _passed_over(chosen.passed_over)
    if chosen.y is not None and (not features or y is None):
        notes += _choice(parts[0], chosen.x, chosen.y)
    table = Table(
        engine=engine,
        parts=parts,
        source=source,
        terms=terms,
        reading=reading,
        features=width,
        values=values,
        rejects=rejects,
        files=files,
        cluster=cluster,
    )
    table.notes = [*notes, *_read_as(table, is_known=is_known)]
    table.finds_levels = may_be_text
    if weights is not None:
        table.weight = _column(parts, weights.typed, "weight")
        table.are_counts = weights.are_counts
    if isinstance(by, str):
        with table.explained():
            table.grouping = Grouping.of(parts, _group_term(table, by), cluster)
    for typed, names in by.items() if isinstance(by, Mapping) else ():
        table.group = _group_term(table, typed)
        table.values = {**table.values, typed: GroupNames(tuple(names))}
    _require_legible(table, whole=to_predict)
    with table.explained():
        table.notes = [*table.notes, *_lost_of_parquet(table, whole=to_predict)]
    return table


def _files(
    paths: Sequence[str] | None, reading: Reading, like: Reading | None, *, is_given: bool
) -> tuple[Cluster | None, list[File]]:
    """Find the files here, or the head of those that a cluster reads, and reach that.

    Raises DataError where there are none, and where a cluster cannot read what is given.
    """
    if not reading.cluster or not is_given:
        return None, [] if paths is None else find_files(paths, reading, like)
    if paths is None or STANDARD_INPUT in paths:
        what = "a table in memory" if paths is None else "standard input"
        raise DataError(
            f"Spark reads files, and this is {what}",
            hint="write it to a file that Spark can read, or leave the engine out",
        )
    from .spark import spark_of

    cluster = spark_of(reading)
    paths = [str(lesson_table(path)) if is_lesson_table(path) else path for path in paths]
    return cluster, [cluster.head(paths, like)]


def _require_legible(table: Table, *, whole: bool) -> None:
    """Raise DataError where a name is no text that is needed, or written with the `whole` table.

    Others may have been written like it.
    """
    for part in table.delimited:
        needed = [one.name for one in table.wanted(part).columns]
        for name in part.columns if whole else needed:
            if ILLEGIBLE in name:
                raise DataError(
                    f"the name of the column {quoted(name)} is not UTF-8 text",
                    file=part.name,
                    column=name,
                    hint="name its encoding, such as --encoding latin-1, or rename the column",
                )


def _lost_of_parquet(table: Table, *, whole: bool) -> Iterator[str]:
    """Say what is lost of the cells of Parquet that are needed, perhaps of the `whole` table.

    Raises DataError where that is more than a part of a microsecond.
    """
    for part in table.parts:
        if isinstance(part, Parquet):
            needed = table.wanted(part).places
            part.require_digits(needed)
            part.require_units(needed)
            if coarse := part.coarse_times(range(len(part.columns)) if whole else needed):
                times = "the times of INT96 are read to the microsecond"
                yield f"{part.name}: in {listed(coarse)} {times}"


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


@contextmanager
def _named_together(features: Sequence[str]) -> Iterator[None]:
    """Say that of several known features one column alone cannot be named."""
    try:
        yield
    except DataError as error:
        if len(features) > 1 and error.column in features:
            error.hint = f"name a column for each with --x, in the order of {listed(features)}"
        raise


@contextmanager
def _perhaps_below(parts: "Sequence[Part]") -> Iterator[None]:
    """Say where a column is not found that another table may begin below."""
    try:
        yield
    except DataError as error:
        lines = (part.dialect.begins_again for part in parts if isinstance(part, Delimited))
        if line := next(filter(None, lines), None):
            error.hint = f"{error.hint}; line {line} may begin another table: --skip {line - 1}"
        raise


def _protect(rejects: str | Path | None, files: list[File]) -> None:
    """Refuse to write the list of bad rows over the table that it lists."""
    if rejects is not None and Path(rejects).exists():
        for file in files:
            if file.path.samefile(rejects):
                raise FileError("this is the table itself", file=str(rejects))


def _parts(
    engine: Engine, files: list[File], reading: Reading, numbers: Numbers | None, *, whole: bool
) -> "tuple[list[Part], list[str]]":
    """Put the files together that are read with one query, and note what was found."""
    if whole:  # rows are written while they are read
        require_whole(files)
    parsing = Parsing(numbers_of(reading) or Numbers(), reading.na_texts)
    parts: list[Part] = []
    notes = [file.note for file in files if file.note]
    for kind, some in groupby(files, key=lambda file: file.kind):
        if kind == "delimited":
            delimited, found = open_delimited(engine, [*some], reading, numbers)
            parts += delimited
            notes += found
        elif kind == "parquet":
            read = [Parquet(engine, file, parsing) for file in some]
            parts += read
            if reading.skip:
                notes += [f"{part.name}: Parquet has no lines to skip" for part in read]
        else:
            from .json_lines import JsonLines

            parts += [JsonLines(engine, file, parsing, whole) for file in some]
    return parts, notes


def _select(
    parts: "list[Part]",
    x: Sequence[str],
    y: str | None,
    dates: Dates | None,
    apart: Sequence[str],
    *,
    to_predict: bool,
) -> Selection:
    """Choose the columns by the first part; every other one must have them too.

    A column at a place means the one of its name, or where others have the same, the same place.
    Raises DataError where that holds another one.
    """
    first, *others = parts
    chosen = select(first, x, y, dates, apart, to_predict=to_predict)
    if others:
        chosen = chosen.named(first.columns)
    for part in others:
        _require_places(part, first, [*chosen.x, *filter(None, [chosen.y])])
        for typed in chosen.x:
            places_of(part.name, part.columns, typed, "x", dates)
        if chosen.y is not None:
            places_of(part.name, part.columns, chosen.y, "y", dates)
    return chosen


def _group_term(table: Table, typed: str) -> ColumnTerm:
    """Find the column that tells groups apart. Raises DataError where it is taken already."""
    own = table.parts[0].columns
    sources = [source for one in table.terms for source in one.sources]
    sources += [table.weight.typed] if table.weight else []
    places = {columns.place_of(own, source) for source in sources}
    taken = {own[place] for place in places if place is not None}
    term = _column(table.parts, typed, "by", taken)
    if columns.place_of(own, typed) in places:
        raise DataError(
            f"{term.name} tells groups apart, and is a feature, y or a weight already",
            file=table.source,
            column=term.name,
            hint="name other columns with --x and --y",
        )
    return term


def _column(
    parts: "Sequence[Part]", typed: str, flag: str, taken: Container[str] = ()
) -> ColumnTerm:
    """Find a column in every part. Raises DataError where it is not there."""
    for part in parts:
        columns.require(part.name, part.columns, typed, flag, taken=taken)
        _require_places(part, parts[0], [typed])
    first = parts[0].columns
    return ColumnTerm(first[columns.place_of(first, typed) or 0], typed)


def _require_places(part: "Part", first: "Part", typed: Sequence[str]) -> None:
    for text in typed:
        place = columns.place_of(first.columns, text)
        other = columns.place_of(part.columns, text)
        if None in {place, other} or text in first.columns:
            continue
        name, found = first.columns[place or 0], part.columns[other or 0]
        if name != found:
            raise DataError(
                f"column {text} is {quoted(found)}, and of {first.name} it is {quoted(name)}",
                file=part.name,
                column=found,
                hint="give the columns names of their own, or read the files one by one",
            )


def _read_as(table: Table, *, is_known: bool) -> Iterator[str]:
    """Say which features are dates, and which numbers, where it was told how dates are written.

    The latter is no news where they are known, nor beside dates that no number looks like.
    """
    yield from (f"{name} is read as {unit}" for name, unit in table.units.items())
    dates = dates_of(table.reading)
    if dates is None or is_known:
        return
    columns = [one for one in table.terms[: table.features] if isinstance(one, ColumnTerm)]
    numbers = [one.name for one in columns if one.typed not in table.values]
    look_like_numbers = any(part.parsing.read(dates.example) is not None for part in table.parts)
    if numbers and (look_like_numbers or not table.units):
        are = "is read as numbers" if len(numbers) == 1 else "are read as numbers"
        yield f"{listed(numbers)} {are}, not as dates such as {dates.example}"


def _passed_over(names: Sequence[str]) -> list[str]:
    are = "holds text, and is no feature" if len(names) == 1 else "hold text, and are no features"
    return [f"{listed(names)} {are}"] if names else []


def _choice(part: "Part", x: Sequence[str], y: str) -> list[str]:
    """Say which columns were chosen, where another choice could be meant."""
    if set(part.columns) <= {*columns.LESSON.values()}:
        return []
    features = listed(x) if x[1:] else x[0]
    return [f"{y} is predicted from {features}; --x and --y name other columns"]
