"""Synthetic tables of any size, about a line that is known.

The numbers are drawn in SQL, each from its row's number and the seed alone. So the engine makes
them on all cores and at constant memory, and the same seed always gives the same table.
"""

import math
import random
from dataclasses import dataclass
from pathlib import Path

from fitline.errors import ConfigError
from fitline.files.atomic import replacing

from . import sql
from .engine import Engine, Progress, identifier

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

    `x` is even between `start` and `stop`; `y` is theta0 + theta1·x and normal noise, of this
    standard deviation. `outliers` is the part of the rows that lie far above the others.
    """

    rows: int
    x: str
    y: str
    start: float
    stop: float
    theta0: float
    theta1: float
    noise: float
    outliers: float
    seed: int

    @property
    def far(self) -> float:
        """Give how far above the line the nearest outlier lies; the farthest, twice as far."""
        return max(abs(self.theta1) * (self.stop - self.start), 10 * self.noise) or 1.0

    @property
    def largest(self) -> float:
        """Give a number that nothing in the table exceeds."""
        x = max(abs(self.start), abs(self.stop))
        return abs(self.theta0) + (1 + abs(self.theta1)) * x + 10 * self.noise + 2 * self.far


def write_sample(sample: Sample, path: str | Path, progress: Progress | None = None) -> None:
    """Write a table, in the format of the file's ending.

    x is rounded to about a thousandth of its range, and y to about a thousandth of the noise.
    Raises ConfigError where there can be no such table, and FileError where it cannot be written.
    """
    how = _format_of(path)
    _require_sense(sample)
    with Engine() as engine, replacing(path) as unfinished:
        engine.write(f"({_query(sample)})", unfinished, how, progress)


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
    if not sample.start < sample.stop:
        raise ConfigError(
            f"there is no {sample.x} from {sample.start:g} to {sample.stop:g}",
            hint="--from must be below --to",
        )
    if not math.isfinite(sample.largest):
        raise ConfigError(
            "the table would hold numbers that are too large",
            hint="keep --from, --to, --theta0, --theta1 and --noise below 1e150",
        )
    if not (sample.x and sample.y) or sample.x.casefold() == sample.y.casefold():
        raise ConfigError(
            f"the columns are called {sample.x!r} and {sample.y!r}",
            hint="--x and --y each need a name of their own",
        )
    for name in (sample.x, sample.y):
        if name != name.encode(errors="replace").decode():
            raise ConfigError(f"the column's name {name!r} is not UTF-8 text", value=name)


UNIFORMS = ("place", "length", "angle", "luck")
"""The numbers that are drawn for each row, evenly between 0 and 1."""

MASK = 2**32 - 1
ROUNDS = ((17, 0xED5AD4BB), (11, 0xAC4C1B51), (15, 0x31848BAB))
LAST_SHIFT = 14


def _query(sample: Sample) -> str:
    """Draw the columns; the noise is made of two even numbers (G. Box and M. Muller, 1958)."""
    number = sql.number
    x = f"{number(sample.start)} + {number(sample.stop - sample.start)} * place"
    normal = f"sqrt(-2e0 * ln(length)) * cos({number(math.tau)} * angle)"
    share = number(sample.outliers)
    above = f"case when luck < {share} then {number(sample.far)} * (1 + luck / {share}) else 0 end"
    drawn = (
        f"select {_rounded(x, sample.stop - sample.start, sample.largest)} as x,"
        f" {number(sample.noise)} * {normal} + {above} as error from ({_uniforms(sample)})"
    )
    y = f"{number(sample.theta0)} + {number(sample.theta1)} * x + error"
    return (
        f"select x as {identifier(sample.x)},"
        f" {_rounded(y, sample.noise, sample.largest)} as {identifier(sample.y)}"
        f" from ({drawn})"
    )


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
    keys = random.Random(sample.seed)  # noqa: S311 - no secrets
    stirred = ", ".join(f"range::ubigint as {name}" for name in UNIFORMS)
    query = f"select {stirred} from range({sample.rows})"
    for shift, factor in ROUNDS:
        stirred = ", ".join(
            f"(xor({name}, {name} >> {shift}) * {factor} + {keys.getrandbits(32)}) & {MASK}"
            f" as {name}"
            for name in UNIFORMS
        )
        query = f"select {stirred} from ({query})"
    drawn = ", ".join(
        f"(xor({name}, {name} >> {LAST_SHIFT}) + 0.5e0) / {2**32}e0 as {name}" for name in UNIFORMS
    )
    return f"select {drawn} from ({query})"
