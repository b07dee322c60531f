"""One pass over a table: the exact sums of its rows, in the parts into which it is divided.

What the sums tell of the table is said too: levels that are not used, and rows without a line.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, pairwise
from threading import get_ident
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fitline import memory
from fitline.errors import DataError
from fitline.formatting import count, enumerated, number
from fitline.optimize.divided_sums import DividedSums
from fitline.optimize.exact_sums import ExactSums
from fitline.optimize.moments import Fold, HeldOut, Moments
from fitline.optimize.weighted_sums import FARTHEST, WeightedSums
from fitline.vector import Vector

from .accounting import RowsRead, account, with_broken
from .engine import EngineError, Progress
from .grouping import Grouping, NewNameError
from .parts import Care
from .terms import Levels, LevelTerm, level_note, level_terms

if TYPE_CHECKING:
    from .table import Table


FLOAT_INTEGERS = 2.0**53
"""From here on a float64 no longer holds every whole number."""

BYTES_A_PRODUCT = 64
"""A sum of products of two columns, of which each is parted in two."""

COARSE = 1e-6
"""A step from one float64 to the next tells on a line when it is this part of the deviation."""


class BadRowError(Exception):
    """A row that cannot be used, met where none is expected."""


def read_moments(table: "Table", progress: Progress | None, *, intercept: bool) -> Moments:
    """Read a table once.

    Raises DataError where there is no row; and of a table to fit where there are too few, or no
    variation.
    """
    parts, whole = _read(table, progress)
    sums = parts[0] if table.holds_out else whole
    _require_line(table, parts, sums, intercept=intercept)
    counts = _are_counts(table, whole)
    moments = Moments.of(sums, intercept=intercept, counts=counts)
    if table.holds_out:
        both = (parts[1], whole)
        other, all_rows = (Moments.of(one, intercept=intercept, counts=counts) for one in both)
        moments = replace(moments, held_out=HeldOut(other, all_rows.fingerprint))
    elif len(parts) > 1:
        moments = replace(moments, folds=[*_folds(parts, intercept=intercept, counts=counts)])
    table.notes = [*table.notes, *_coarse(table.columns, moments)]
    return moments


def read_groups(
    table: "Table", progress: Progress | None, *, intercept: bool
) -> tuple[Moments, list[tuple[int, Moments | str]]]:
    """Read a table once: the moments of all, and the rows of each group with theirs.

    A group in which there is no line has the reason instead. Raises DataError where there is no
    row.
    """
    parts, whole = _read(table, progress)
    if not whole.rows:
        raise DataError("there is no row to measure", table.source)
    counts = _are_counts(table, whole)
    found = [
        (sums.rows, _group(table, sums, intercept=intercept, counts=counts)) for sums in parts
    ]
    return Moments.of(whole, intercept=intercept, counts=counts), found


def _read(table: "Table", progress: Progress | None) -> tuple[Sequence[ExactSums], ExactSums]:
    """Sum the parts of a table, and all of it; say what that tells of levels and weights."""
    found = table.over(_summed_with_care, progress=progress) or [_nothing(table)]
    parts = [_total(own) for own in zip(*(one.parts for one in found), strict=True)]
    whole = _total(parts)
    account(table, sum((one.read for one in found), RowsRead(0)))
    table.care = "careful" if any(one.care == "careful" for one in found) else "swift"
    ends = accumulate((one.rows for one in found), initial=0)
    table.rows_of_pieces = {
        one.piece: range(*between) for one, between in zip(found, pairwise(ends), strict=True)
    }
    if table.finds_levels and whole.rows and _has_other_levels(table, whole):
        return _read(table, progress)
    told = [level_note(typed, texts) for typed, texts in table.levels.items()]
    table.notes = [*table.notes, *(told if table.finds_levels else [])]
    if isinstance(whole, WeightedSums) and whole.ignored:
        table.weightless = whole.ignored
        table.notes = [*table.notes, f"{count(whole.ignored, 'row')} of weight 0 left out"]
    return parts, whole


def _require_line(
    table: "Table", parts: Sequence[ExactSums], sums: ExactSums, *, intercept: bool
) -> None:
    """Raise DataError where a part has no row, or where rows to fit tell no line."""
    good, seen = sums.rows, sums.observations(counts=table.are_counts)
    if not good and not table.is_to_fit:
        skipped = f" ({count(table.skipped, 'row')} skipped)" if table.skipped else ""
        raise DataError(f"there is no row to measure{skipped}", table.source)
    if seen < 1 + intercept and table.is_to_fit:
        skipped = f" ({count(table.skipped, 'row')} skipped)" if table.skipped else ""
        others = f" ({count(parts[1].rows, 'row')} held out)" if table.holds_out else ""
        least = "two" if intercept else "one"
        raise DataError(
            f"{count(good, 'row')} cannot determine a line;"
            f" it takes {least} or more{skipped}{others}",
            file=table.source,
        )
    if not all(part.rows for part in parts):
        what = "none is held out" if table.holds_out else "some folds hold none"
        change = "hold out a larger part" if table.holds_out else "make fewer folds"
        able = "" if table.holds_out else ", as train and compare can"
        raise DataError(
            f"of its {count(sum(part.rows for part in parts), 'row')} {what}",
            file=table.source,
            hint=f"{change}, or choose another --seed{able}",
        )
    told = _level(table, sums, intercept=intercept)
    if table.is_to_fit and told:
        where = "its only row" if good == 1 else f"all {good:,} rows"
        raise DataError(
            f"{told} in {where}, so no slope is better than another", file=table.source
        )


def _level(table: "Table", sums: ExactSums, *, intercept: bool) -> str | None:
    """Say what the features are in all rows, where no slope is better than another."""
    low, high = sums.low[: table.features], sums.high[: table.features]
    if not (low.any() or high.any() or intercept):
        names = enumerated(table.columns[: table.features])
        return f"{names} {'is' if table.features == 1 else 'are'} 0"
    if table.features > 1 or low != high or not intercept:
        return None
    as_read = " as a float64" if abs(low[0]) >= FLOAT_INTEGERS else ""
    return f"{table.columns[0]} is {number(float(low[0]))}{as_read}"


def _group(
    table: "Table", sums: ExactSums, *, intercept: bool, counts: bool | None
) -> Moments | str:
    """Give the moments of a group, or why there is no line."""
    if sums.observations(counts=counts) < 1 + intercept:
        return f"{count(sums.rows, 'row')} cannot determine a line"
    if told := _level(table, sums, intercept=intercept):
        return f"{told} in all its rows"
    return Moments.of(sums, intercept=intercept, counts=counts)


def _has_other_levels(table: "Table", sums: ExactSums) -> bool:
    """Take the levels as they occur in the rows that are used, if that makes others of them.

    Some may occur in none of these rows, and another one may be the most frequent.
    """
    if not table.levels:
        return False
    told = table.are_counts
    used = dict(zip(table.terms, sums.sums(counts=told), strict=True))
    for typed, levels in table.levels.items():
        own = [term for term in used if isinstance(term, LevelTerm) and term.typed == typed]
        counts = {text: used[term] for text, term in zip(levels[1:], own, strict=True)}
        counts[levels[0]] = sums.observations(counts=told) - sum(counts.values())
        seen = Levels.of(counts, table.source, typed)
        if seen.texts != levels:
            first = table.terms.index(own[0])
            after = table.terms[first + len(own) :]
            between = level_terms(own[0].column, typed, seen)
            table.terms = [*table.terms[:first], *between, *after]
            table.values = {**table.values, typed: seen}
            table.features += len(seen.texts) - len(levels)
            return True
    return False


@dataclass(frozen=True, eq=False)
class Summed:
    """The exact sums of the parts of a table, or of a piece of it, and of which rows they are."""

    piece: str
    parts: Sequence[ExactSums]
    read: RowsRead
    care: Care

    @property
    def rows(self) -> int:
        """Tell how many rows are in use."""
        return sum(own.rows for own in self.parts)


def _total(sums: Sequence[ExactSums]) -> ExactSums:
    return type(sums[0]).total(sums) if len(sums) > 1 else sums[0]


def _nothing(table: "Table") -> Summed:
    """Give the sums of a table of which there is no piece."""
    return Summed("", _divided(table).sums(), RowsRead(0), "swift")


def _summed_with_care(table: "Table", progress: Progress | None) -> Summed:
    """Sum a table, and count all rows that are not in the sums."""
    parts, read, care = _sums(table, progress)
    return Summed(table.piece, parts, with_broken(table, read, care), care)


def _sums(table: "Table", progress: Progress | None) -> tuple[Sequence[ExactSums], RowsRead, Care]:
    """Sum the table swiftly; where that meets a bad row, once more with care.

    There are sums for each part of a table that is divided. A large file is surveyed while it
    is read.
    """
    swift: Care = "swift"
    survey = None
    if not all(part.is_surveyed for part in table.delimited):
        survey, swift = table.engine.beside(partial(_survey, table)), "eager"
    found = None
    with suppress(EngineError, BadRowError, FloatingPointError, NewNameError):
        found = _summed(table, swift, progress)  # else the careful reading says what is wrong
    if survey and not survey.result() and found:  # what was read eagerly says something else
        return _sums(table, progress)
    if found:
        return *found, "swift"
    if table.grouping and not table.grouping.is_whole:
        with table.explained():
            table.grouping = Grouping.of(table.parts, table.grouping.term, is_whole=True)
        return _sums(table, progress)
    with table.explained():
        return *_summed(table, "careful", progress), "careful"


def _survey(table: "Table") -> bool:
    """Look at every byte, and tell whether the engine may read numbers by itself.

    Raises DataError where a line is too long.
    """
    for part in table.delimited:
        part.refuse_long_lines()
    return all(part.is_swift for part in table.delimited if part.parsing.is_swift)


def _summed(
    table: "Table", care: Care, progress: Progress | None
) -> tuple[Sequence[ExactSums], RowsRead]:
    grouping, width = table.grouping, len(table.names_with_weight)
    new = partial(_divided, table)
    divided: dict[int, DividedSums] = defaultdict(new)  # by the thread that reads
    bad = missing = 0

    def add(columns: Vector, filled: NDArray[np.bool_]) -> None:
        nonlocal bad, missing
        if not filled.all():
            if care != "careful":
                raise BadRowError
            bad += int((~filled).sum())
            missing += int(columns[-1, ~filled].sum())
            columns = columns[:, filled]
        own = columns[: len(table.columns)]
        places = grouping.places_of(columns[width]) if grouping else table.parts_of(own)
        divided[get_ident()].add(columns[:width], places)

    table.each_block(care, add, progress)
    sums, *others = [one.sums() for one in divided.values()] or [new().sums()]
    if others:
        sums = [_total(own) for own in zip(sums, *others, strict=True)]
    return sums, RowsRead(sum(own.read for own in sums), bad, missing)


def _divided(table: "Table") -> DividedSums:
    """Begin sums for each part of a table. Raises DataError where they do not fit into memory."""
    parts = table.division.count if table.division else 1
    parts = max(len(table.grouping.names), 1) if table.grouping else parts
    size = parts * BYTES_A_PRODUCT * (1 + 2 * len(table.columns)) ** 2
    if parts > 1 and (told := memory.shortage(size)):
        raise DataError(f"the sums of its {parts:,} parts {told}", table.source)
    width = len(table.names_with_weight)
    return DividedSums(parts, width, are_weighted=table.weight is not None)


def _are_counts(table: "Table", sums: ExactSums) -> bool | None:
    """Tell whether weights are counts. Raises DataError where they are said to be, and are not.

    So it does where they are too far apart.
    """
    if not (isinstance(sums, WeightedSums) and table.weight):
        return None
    name, low, high = table.weight.name, float(sums.low[-1]), float(sums.high[-1])
    if high > FARTHEST * low:
        raise DataError(
            f"{name} reaches from {number(low)} to {number(high)}, beside which the smallest"
            " weights tell nothing",
            file=table.source,
            column=name,
            hint=f"leave out rows whose weight is less than {1 / FARTHEST:g} of the largest",
        )
    if table.are_counts and not sums.are_counts:
        raise DataError(
            f"{name} does not count rows: counts are whole numbers, and at most 9e15 together",
            file=table.source,
            column=name,
            hint="leave --weights-are out, or choose --weights-are precisions",
        )
    return sums.are_counts if table.are_counts is None else table.are_counts


def _folds(parts: Sequence[ExactSums], *, intercept: bool, counts: bool | None) -> Iterator[Fold]:
    """Give the moments of each part and of all others."""
    total = type(parts[0]).total
    before = list(accumulate(parts, lambda one, other: total([one, other])))
    after = list(accumulate(reversed(parts), lambda one, other: total([one, other])))[::-1]
    for nth, own in enumerate(parts):
        others = total([*before[nth - 1 : nth], *after[nth + 1 : nth + 2]])
        both = (others, own)
        training, test = (Moments.of(one, intercept=intercept, counts=counts) for one in both)
        yield Fold(training, test)


def _coarse(columns: Sequence[str], moments: Moments) -> Iterator[str]:
    """Say so where the numbers of a column differ by hardly more than a float64 can tell.

    Whole numbers up to 2⁵³ are told apart, all of them.
    """
    sizes = [*np.maximum(abs(moments.x_min), abs(moments.x_max)).tolist(), abs(moments.y_mean)]
    deviations = [*moments.x_deviation.tolist(), moments.y_deviation]
    for name, size, deviation in zip(columns, sizes, deviations, strict=True):
        step = math.ulp(size)
        is_whole = size.is_integer() and step <= 1
        if step > COARSE * deviation > 0 and not is_whole:
            yield (
                f"near {number(size)}, where {name} lies, a float64 holds multiples of"
                f" {number(step)} only; take a constant away from {name} first to keep its digits"
            )
