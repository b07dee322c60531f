"""Synthetic tables of any size, about a line or plane that is known.

The numbers are drawn in SQL, each from its row's number and the seed alone. So the engine makes
them on all cores and at constant memory, and the same seed always gives the same table.
"""

import math
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fitline.errors import ConfigError
from fitline.files.atomic import replacing
from fitline.formatting import enumerated

from . import sql
from .engine import Engine, Progress, identifier
from .spooling import CHUNK_BYTES, copying

FORMATS = {
    ".csv": "format csv, header",
    ".csv.gz": "format csv, header, compression gzip",
    ".tsv": "format csv, header, delimiter '\t'",
    ".jsonl": "format json, array false",
    ".parquet": "format parquet",
}
"""What a file may be, by its ending."""

MOST_ROWS = 2**32
"""The rows are counted in 32 bits; later ones would repeat the first."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What a table is to look like.

    Each feature in `x` is even between its `start` and its `stop`. `y` is θ0 + θ1·x1 + … and
    normal noise, of this standard deviation. Every two features have this `correlation`; where
    it is not 0 they lie thicker in the middle. `outliers` is the part of the rows that lie far
    above the others.
    """

    rows: int
    x: Sequence[str]
    y: str
    start: Sequence[float]
    stop: Sequence[float]
    theta: Sequence[float]
    noise: float
    outliers: float
    seed: int
    correlation: float = 0

    @property
    def widths(self) -> list[float]:
        """Give how wide each feature is."""
        return [stop - start for start, stop in zip(self.start, self.stop, strict=True)]

    @property
    def far(self) -> float:
        """Give how far above the line the nearest outlier lies; the farthest, twice as far."""
        rises = zip(self.theta[1:], self.widths, strict=True)
        return max(sum(abs(slope) * width for slope, width in rises), 10 * self.noise) or 1.0

    @property
    def largest(self) -> float:
        """Give a number that nothing in the table exceeds."""
        ends = zip(self.theta[1:], self.start, self.stop, strict=True)
        rows = sum((1 + abs(slope)) * max(abs(start), abs(stop)) for slope, start, stop in ends)
        return abs(self.theta[0]) + rows + 10 * self.noise + 2 * self.far


def write_sample(sample: Sample, path: str | Path, progress: Progress | None = None) -> None:
    """Write a table, in the format of the file's ending.

    x is rounded to about a thousandth of its range, and y to about a thousandth of the noise.
    Raises ConfigError where there can be no such table, and FileError where it cannot be written.
    """
    how = _format_of(path)
    _require_sense(sample)
    rows = f"({_query(sample)})"
    with Engine() as engine, replacing(path) as unfinished:
        if "compression" not in how or unfinished.is_file():
            engine.write(rows, unfinished, how, progress)
            return
        with copying(".csv.gz") as copy:  # the engine packs nothing on its way into a pipe
            engine.write(rows, copy, how, progress)
        with copy.open("rb") as packed, unfinished.open("wb") as pipe:
            shutil.copyfileobj(packed, pipe, CHUNK_BYTES)


def _format_of(path: str | Path) -> str:
    """Tell the engine what to write."""
    name = Path(path).name
    for ending, how in FORMATS.items():
        if name.endswith(ending):
            return how
    raise ConfigError(
        f"the ending of {name!r} names no format",
        value=str(path),
        hint=f"end --output in {', '.join(FORMATS)}",
    )


def _require_sense(sample: Sample) -> None:
    """Refuse what each value may be, but not all of them together."""
    for name, start, stop in zip(sample.x, sample.start, sample.stop, strict=True):
        if not start < stop:
            raise ConfigError(
                f"there is no {name} from {start:g} to {stop:g}", hint="--from must be below --to"
            )
    if not math.isfinite(sample.largest):
        slopes = "--theta0, --theta1" if len(sample.x) == 1 else "--theta"
        raise ConfigError(
            "the table would hold numbers that are too large",
            hint=f"keep --from, --to, {slopes} and --noise below 1e150",
        )
    names = [*sample.x, sample.y]
    if not all(names) or len({name.casefold() for name in names}) < len(names):
        raise ConfigError(
            f"the columns are called {enumerated([*map(repr, names)])}",
            hint="--x and --y each need a name of their own",
        )
    for name in names:
        if name != name.encode(errors="replace").decode():
            raise ConfigError(f"the column's name {name!r} is not UTF-8 text", value=name)


MASK = 2**32 - 1
ROUNDS = ((17, 0xED5AD4BB), (11, 0xAC4C1B51), (15, 0x31848BAB))
LAST_SHIFT = 14


def _query(sample: Sample) -> str:
    """Draw the columns; the noise is made of two even numbers (G. Box and M. Muller, 1958)."""
    number, widths = sql.number, sample.widths
    columns = [_numbered("x", place) for place in range(len(sample.x))]
    values = [
        f"{number(start)} + {number(width)} * {_place(sample, place)}"
        for place, (start, width) in enumerate(zip(sample.start, widths, strict=True))
    ]
    x = ", ".join(
        f"{_rounded(value, width, sample.largest)} as {column}"
        for value, width, column in zip(values, widths, columns, strict=True)
    )
    normal = f"sqrt(-2e0 * ln(length)) * cos({number(math.tau)} * angle)"
    share = number(sample.outliers)
    above = f"case when luck < {share} then {number(sample.far)} * (1 + luck / {share}) else 0 end"
    drawn = (
        f"select {x}, {number(sample.noise)} * {normal} + {above} as error"
        f" from ({_uniforms(sample)})"
    )
    slopes = [f"{number(slope)} * {x}" for slope, x in zip(sample.theta[1:], columns, strict=True)]
    y = " + ".join([number(sample.theta[0]), *slopes, "error"])
    named = zip(columns, sample.x, strict=True)
    return (
        f"select {', '.join(f'{column} as {identifier(name)}' for column, name in named)},"
        f" {_rounded(y, sample.noise, sample.largest)} as {identifier(sample.y)}"
        f" from ({drawn})"
    )


def _place(sample: Sample, place: int) -> str:
    """Say where a feature lies between its ends: a mean of its own number and a common one."""
    own = _numbered("place", place)
    if not sample.correlation:
        return own
    common, alone = math.sqrt(sample.correlation), math.sqrt(1 - sample.correlation)
    part = common / (common + alone)
    return f"({sql.number(part)} * common + {sql.number(1 - part)} * {own})"


def _numbered(name: str, place: int) -> str:
    """Name the columns of several features: x, x2, x3 and so on."""
    return f"{name}{place + 1}" if place else name


def _uniform_names(sample: Sample) -> list[str]:
    """Name the numbers that are drawn for each row, evenly between 0 and 1."""
    further = [_numbered("place", place) for place in range(1, len(sample.x))]
    return ["place", "length", "angle", "luck", *further, *(["common"] * bool(sample.correlation))]


def _rounded(value: str, width: float, largest: float) -> str:
    """Round to a power of ten, about a thousandth of the width; a width of 0 rounds nothing."""
    if width == 0:
        return value
    decimals = 3 - math.floor(math.log10(width))
    rounded = f"round({value}, {decimals})"
    is_whole = decimals <= 0 and largest < 2**53
    return f"({rounded})::bigint" if is_whole else rounded


def _uniforms(sample: Sample) -> str:
    """Draw numbers between 0 and 1, both excluded, by stirring the number of the row.

    This is triple32 (C. Wellons, 2018) with keys from the seed. The engine's own `hash` would be
    shorter, but may be another in its next version, and `random` depends on the threads.
    """
    keys, names = random.Random(sample.seed), _uniform_names(sample)  # noqa: S311 - no secrets
    stirred = ", ".join(f"range::ubigint as {name}" for name in names)
    query = f"select {stirred} from range({sample.rows})"
    for shift, factor in ROUNDS:
        stirred = ", ".join(
            f"(xor({name}, {name} >> {shift}) * {factor} + {keys.getrandbits(32)}) & {MASK}"
            f" as {name}"
            for name in names
        )
        query = f"select {stirred} from ({query})"
    drawn = ", ".join(
        f"(xor({name}, {name} >> {LAST_SHIFT}) + 0.5e0) / {2**32}e0 as {name}" for name in names
    )
    return f"select {drawn} from ({query})"
