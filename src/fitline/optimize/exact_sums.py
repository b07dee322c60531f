"""Exact second moments of columns: Σ a·b over all rows, for every two of (1, x1, …, y).

Every column is cut into digits of 21 bits, so that the products of two are whole numbers below 2⁴⁰
and their sums over a block of rows below 2⁵³: one product of matrices gives them all, exactly,
whatever the order in which it adds (K. Ozaki and others, "Error-free transformations of matrix
multiplication", 2012). The blocks are added as integers. So the sums depend neither on the order
of the rows, nor on how they come in blocks, nor on the number of threads.

Decimals of a few places count as they are written, as whole numbers of millionths. So each column
is the sum of two, one of decimals and one of all other numbers.
"""

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from fitline.vector import Vector

from .second_moments import DECIMALS, MILLIONTHS, SecondMoments, added, sums_of, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCK = 8192
"""So many rows are summed at once; products of two digits are so small that this is exact."""

CUT_AT_ONCE = 4 * BLOCK
"""So many rows are cut into digits at once."""

DIGIT = 21
"""So many bits has a digit; it lies between −2²⁰ and 2²⁰."""

BLOCKS_AT_ONCE = 1000
"""The sums of so many blocks fit into an int64."""

FEW = 10
"""Up to so many rows of digits, BLAS is slow at a product of a matrix with itself."""

LARGEST_SHIFT = 1000
"""Two to this is a float64, and so is a number that is cut into digits, multiplied with it."""

FIRST = 16
"""Where the first numbers of a column are not whole, not all of it is tried."""

MOST_APART = 64
"""Sums of blocks that are cut in other ways are kept apart, up to so many, then added up."""

LARGEST = 2.0**1000
"""Of a number no larger than this the digits are float64s."""

Places = NDArray[np.int64]
"""Of each row of digits its column, 0 for the ones, and its level, in the shape (digits, 2).

A digit of level l counts multiples of 2^(e − 20 − 21·l), with the exponent e of its column. The
decimals of a column have a column of their own, behind all others.
"""


class Scratch:
    """Where blocks of so many columns are worked on."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self.make_room(0)

    def make_room(self, rows: int) -> None:
        """Have room for blocks of so many rows; those of small tables are small."""
        self.rows = rows
        self.digits = np.empty((1 + 4 * self._columns, rows))
        self.parts = np.empty((2 * self._columns, rows))
        self.spare = np.empty((2, rows))

    def under(self, used: int, rest: Vector) -> Vector:
        """Give the place for digits of these columns, under those in use."""
        end = used + len(rest)
        while len(self.digits) < end:
            self.digits = np.concatenate([self.digits, np.empty_like(self.digits)])
        return self.digits[used:end, : rest.shape[1]]


class ExactSums:
    """Add rows block by block; `rows` counts them.

    `low` and `high`, of the shape (columns,), are the ends of each column. There is room for the
    sums of `products` more columns. Several that take turns can share the `scratch` of their work.
    """

    def __init__(self, columns: int, products: int = 0, scratch: "Scratch | None" = None) -> None:
        self.low = np.full(columns, np.inf)
        self.high = np.full(columns, -np.inf)
        self._exponents: Places = np.zeros(2 * columns + products, dtype=np.int64)
        self._has_begun = np.zeros(2 * columns + products, dtype=bool)
        self._scratch = scratch or Scratch(columns)
        self._sums: dict[bytes, _Sum] = {}
        self._before: SecondMoments | None = None
        self.rows = 0

    @classmethod
    def total(cls, parts: "Sequence[Self]") -> Self:
        """Add up the sums of the parts of a table."""
        total = cls(len(parts[0].low))
        total.low = np.min([part.low for part in parts], axis=0)
        total.high = np.max([part.high for part in parts], axis=0)
        total.rows = sum(part.rows for part in parts)
        for part in parts:
            if part.rows:
                sums = part._parted()  # noqa: SLF001 - of the same class
                total._before = added(total._before, sums) if total._before else sums
        return total

    def __getstate__(self) -> dict[str, Any]:
        """Give what is sent to another machine: the sums, without the room to work in."""
        before = self._parted() if self._sums else self._before
        return {**vars(self), "_scratch": None, "_sums": {}, "_before": before}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _scratch=Scratch(len(state["low"])))

    def add(self, rows: Vector) -> None:
        """Add rows, in the shape (columns, rows).

        Raises FloatingPointError where a number is not finite, and OverflowError where it is too
        large to be computed with; nothing more can be added then.
        """
        self.rows += rows.shape[1]
        for first in range(0, rows.shape[1], CUT_AT_ONCE):
            self._add_block(rows[:, first : first + CUT_AT_ONCE])

    def moments(self) -> SecondMoments:
        """Give the sums of all rows so far."""
        return self.unweighted()

    def _parted(self) -> SecondMoments:
        """Give the sums of all rows so far, those of decimals apart."""
        if self._before and not self._sums:
            return self._before
        recent = self._recent()
        return added(self._before, recent) if self._before else recent

    @property
    def are_counts(self) -> bool:
        """Tell whether rows count as often as they are there."""
        return True

    @property
    def read(self) -> int:
        """Tell how many rows were added."""
        return self.rows

    def observations(self, *, counts: bool | None = None) -> int:  # noqa: ARG002 - of weights
        """Tell how many observations the rows are."""
        return self.rows

    def unweighted(self) -> SecondMoments:
        """Give the sums of all rows so far, each of which counts as one."""
        return whole(self._parted())

    def sums(self, *, counts: bool | None = None) -> list[int]:  # noqa: ARG002 - of weights
        """Give the sum of each column, without its fraction."""
        return sums_of(self.unweighted())

    def _recent(self) -> SecondMoments:
        """Add up what is kept apart."""
        places = np.concatenate([found.places for found in self._sums.values()])
        lowest = np.zeros(1 + len(self._exponents), dtype=np.int64)
        np.maximum.at(lowest, places[:, 0], places[:, 1])
        matrix = [[0] * len(lowest) for _ in lowest]
        for found in self._sums.values():
            columns = found.places[:, 0].tolist()
            shifts = (DIGIT * (lowest[columns] - found.places[:, 1])).tolist()
            for sums, column, shift in zip(found.total(), columns, shifts, strict=True):
                row = matrix[column]
                for value, other, more in zip(sums, columns, shifts, strict=True):
                    row[other] += value << (shift + more)
        exponents = self._exponents - (DIGIT - 1) - DIGIT * lowest[1:]
        return SecondMoments(matrix, [0, *exponents.tolist()], [0] * len(lowest))

    def _add_block(self, block: Vector) -> None:
        high, low = block.max(axis=1), block.min(axis=1)
        np.maximum(self.high, high, out=self.high)
        np.minimum(self.low, low, out=self.low)
        largest = np.maximum(high, -low)
        if not np.isfinite(largest).all():
            raise FloatingPointError
        if largest.max(initial=0.0) > LARGEST:
            raise OverflowError
        if block.shape[1] > self._scratch.rows:
            self._scratch.make_room(block.shape[1])
        self._sum(*self._decimals_apart(block, largest))

    def _sum(self, live: NDArray[np.intp], rest: Vector) -> None:
        """Add columns, each to the sums of its place; they are used up."""
        digits, places = self._cut(live, rest)
        key = places.tobytes()
        if key not in self._sums:
            if len(self._sums) == MOST_APART:
                self._before = self._parted()
                self._sums.clear()
            self._sums[key] = _Sum(places)
        for first in range(0, digits.shape[1], BLOCK):
            self._sums[key].add(_products(digits[:, first : first + BLOCK]))

    def _decimals_apart(self, block: Vector, largest: Vector) -> tuple[NDArray[np.intp], Vector]:
        """Part columns into decimals, as whole numbers of their last place, and all other numbers.

        Gives copies of those that are not all 0, and their places; the decimals of a column have
        their place behind all columns. A column of whole numbers is not parted.
        """
        rows = block.shape[1]
        places: list[int] = []
        parts, (whole, again) = self._scratch.parts, self._scratch.spare[:, :rows]
        for column in np.flatnonzero(largest).tolist():
            numbers = block[column]
            head = numbers[:FIRST]
            may_be_whole = (np.rint(head) == head).all()
            if may_be_whole and (np.rint(numbers, out=whole) == numbers).all():
                parts[len(places), :rows] = numbers
                places.append(column)
                continue
            np.rint(np.multiply(numbers, MILLIONTHS, out=whole), out=whole)
            is_decimal = np.divide(whole, MILLIONTHS, out=again) == numbers
            if largest[column] * MILLIONTHS >= DECIMALS:
                is_decimal &= np.abs(whole) < DECIMALS
            if is_decimal.any():
                np.multiply(whole, is_decimal, out=parts[len(places), :rows])
                places.append(len(block) + column)
            if not is_decimal.all():
                np.multiply(numbers, ~is_decimal, out=parts[len(places), :rows])
                places.append(column)
        return np.array(places, dtype=np.intp), parts[: len(places), :rows]

    def _cut(self, live: NDArray[np.intp], rest: Vector) -> tuple[Vector, Places]:
        """Cut columns into digits, under a row of ones; give the digits and their places."""
        rows, sizes = rest.shape[1], np.zeros_like(self._exponents)
        sizes[live] = np.frexp(np.maximum(rest.max(axis=1), -rest.min(axis=1)))[1]
        begins = live[~self._has_begun[live]]
        self._exponents[begins] = sizes[begins] + 1
        self._has_begun[live] = True
        levels = (self._exponents - sizes) // DIGIT
        places, used = [np.zeros((1, 2), dtype=np.int64)], 1
        self._scratch.digits[0, :rows] = 1.0
        shifts = DIGIT - 1 - self._exponents + DIGIT * levels
        # To make a number smaller may lose its last bits, so what is cut off is taken away from
        # the number as it is; from there on, digit by digit, what is left is made larger.
        while len(large := np.flatnonzero(shifts[live] < 0)):
            columns, unit = live[large], np.ldexp(1.0, -shifts[live[large]])[:, None]
            digits = self._scratch.under(used, rest[large])
            np.rint(rest[large] / unit, out=digits)
            rest[large] -= digits * unit
            places.append(np.stack([columns + 1, levels[columns]], axis=1))
            used += len(columns)
            levels[columns] += 1
            shifts[columns] += DIGIT
        _enlarge(rest, shifts[live])
        while len(live):
            digits = self._scratch.under(used, rest)
            np.rint(rest, out=digits)
            rest -= digits
            places.append(np.stack([live + 1, levels[live]], axis=1))
            used += len(live)
            is_left = rest.any(axis=1)
            if not is_left.all():
                rest, live = rest[is_left], live[is_left]
            rest *= 2.0**DIGIT
            levels[live] += 1
        return self._scratch.digits[:used, :rows], np.concatenate(places)


class _Sum:
    """Sums of products of digits at these places, near at hand as int64 and else as integers."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._near = np.zeros((len(places), len(places)), dtype=np.int64)
        self._blocks = 0
        self._far = np.zeros_like(self._near, dtype=object)

    def add(self, sums: Vector) -> None:
        """Add the sums of one block."""
        self._near += sums.astype(np.int64)
        self._blocks += 1
        if self._blocks == BLOCKS_AT_ONCE:
            self._carry()

    def total(self) -> list[list[int]]:
        """Give the sums as integers."""
        self._carry()
        total: list[list[int]] = self._far.tolist()
        return total

    def _carry(self) -> None:
        self._far += self._near.astype(object)
        self._near[:] = 0
        self._blocks = 0


def _products(digits: Vector) -> Vector:
    """Multiply each row of digits, the first of which are ones, with each, and add the products.

    Of few rows, all but the ones are multiplied as if they were another matrix.
    """
    if len(digits) > FEW:
        return np.asarray(digits @ digits.T)
    products = np.empty((len(digits), len(digits)))
    np.matmul(digits, digits[1:].T, out=products[:, 1:])
    products[:, 0] = [digits.shape[1], *products[0, 1:]]
    return products


def _enlarge(columns: Vector, shifts: Places) -> None:
    """Multiply columns with powers of two, in two halves where one is too large for a float64."""
    half = shifts // 2 if shifts.max(initial=0) > LARGEST_SHIFT else 0 * shifts
    if half.any():
        columns *= np.ldexp(1.0, half)[:, None]
    columns *= np.ldexp(1.0, shifts - half)[:, None]
