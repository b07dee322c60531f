"""Numbers of several files: written alike, or each as its own file tells, or refused."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitline.errors import DataError
from fitline.formatting import quoted
from fitline.reading import Reading

from .cells import NOTATIONS, WITH_POINTS, Numbers
from .columns import place_of
from .dialect import Dialect
from .table_file import File

if TYPE_CHECKING:
    from .parts import Part


def written_alike(
    files: Sequence[File], dialects: Sequence[Dialect], known: Numbers | None = None
) -> tuple[list[Dialect], list[str]]:
    """Read numbers that may be written in several ways as other files write them, and note that.

    Where none tells, they are read as those that a model was trained on, which are `known`; that
    they are read otherwise is noted too. Raises DataError where no way goes with all other files.
    """
    named = zip(dialects, files, strict=True)
    certain = {dialect.numbers: file.name for dialect, file in named if dialect.is_certain}
    told = certain or _told_by_model(known)
    alike: list[Dialect] = []
    notes: list[str] = []
    for file, dialect in zip(files, dialects, strict=True):
        chosen = _way_of(dialect, told)
        doubtful = next(filter(None, dialect.also.values()), None)
        is_open = chosen != dialect.numbers and bool(chosen or doubtful)
        if not told or dialect.is_certain or not is_open or not (chosen or certain):
            alike.append(dialect)
            notes += _unlike_model(file, dialect, known)
            notes += [] if told else _grouped(file, dialect)
            continue
        if chosen is None:
            others = " and ".join(dict.fromkeys(told.values()))
            raise DataError(
                f"{quoted(str(doubtful))} may be several numbers, of which none is written as"
                f" those of {others}",
                file=file.name,
                hint="read the files one by one, each with its own --decimal and --thousands",
            )
        alike.append(replace(dialect, numbers=chosen))
        other = next(name for numbers, name in told.items() if chosen.goes_with(numbers))
        cell = dialect.also[chosen]
        read = f"{quoted(cell)} is read as {chosen.read(cell):.15g}, " if cell else ""
        notes.append(f"{file.name}: {read or 'numbers are read '}as {other} writes numbers")
    return alike, notes


def _grouped(file: File, dialect: Dialect) -> Iterator[str]:
    """Say so where points are read as those of decimals, and may part thousands."""
    if cell := dialect.grouped:
        yield (
            f"{file.name}: {quoted(cell)} is read as {dialect.numbers.read(cell):.15g};"
            f" {WITH_POINTS.options} reads it as {WITH_POINTS.read(cell):.15g}"
        )


def _unlike_model(file: File, dialect: Dialect, known: Numbers | None) -> Iterator[str]:
    """Say so where plain numbers are read, and those of the model were written otherwise."""
    if known and dialect.numbers.is_plain and not known.is_plain:
        cell = dialect.also.get(known)
        if cell or dialect.is_certain:
            read = f"{quoted(cell)} is" if cell else "numbers are"
            yield (
                f"{file.name}: {read} read with a decimal point, unlike the table of the model"
                f" ({known.options})"
            )


def _told_by_model(known: Numbers | None) -> dict[Numbers, str]:
    return {known: "the table of the model"} if known else {}


def _way_of(dialect: Dialect, told: Collection[Numbers]) -> Numbers | None:
    """Choose how the numbers of a file are written beside others that are `told`, if that can be.

    Where nothing tells of marks between thousands, points are what could be misread.
    """
    fitting = [way for way in dialect.ways if all(way.goes_with(other) for other in told)]
    likely = [
        *(way for way in fitting if way in told and way.thousands),
        *(way for way in fitting if way == dialect.numbers or way.thousands == "."),
    ]
    return next(iter([*likely, *fitting]), None)


def read_as(parts: "Sequence[Part]", reading: Reading) -> Reading:
    """Give the options of cells, and marks of numbers that were found without a doubt."""
    cells = reading.of_cells
    found = [one for part in parts if (one := part.sure_numbers) and not one.is_plain]
    if cells.marks or not found:
        return cells
    numbers = max(found, key=lambda one: one.thousands)
    marks: dict[str, Any] = {"decimal": numbers.decimal, "thousands": numbers.thousands or None}
    return replace(cells, **marks)


def decimal_mark(parts: "Sequence[Part]") -> str:
    """Give the decimal mark of texts: a comma where those of one part have it."""
    values = (part.parsing.values for part in parts)
    marks = {one.decimal for one in values if isinstance(one, Numbers)}
    return "," if "," in marks else "."


def require_one_notation(
    parts: "Sequence[Part]", typed: Sequence[str], known: Numbers | None = None
) -> None:
    """Refuse texts in JSON and Parquet that other files would write for other numbers.

    Their own numbers have a point; so have those in their texts, where nothing speaks against it:
    neither other files nor those that a model was trained on.
    """
    certain = {part.sure_numbers: part.name for part in parts if part.sure_numbers}
    told = certain or _told_by_model(known)
    others = [each for each in NOTATIONS if told and all(each.goes_with(one) for one in told)]
    for part in parts if others and Numbers() not in others else ():
        for text in typed:
            place = place_of(part.columns, text)
            for cell in part.texts(place) if place is not None else ():
                plain = Numbers().read(cell)
                if plain is not None and any(
                    one.read(cell) not in {None, plain} for one in others
                ):
                    raise DataError(
                        f"{quoted(cell)} may be several numbers, since"
                        f" {next(iter(told.values()))} has no decimal points",
                        file=part.name,
                        column=part.columns[place or 0],
                        value=cell,
                        hint="read the files one by one, or tell how all are written, with"
                        " --decimal and --thousands",
                    )
