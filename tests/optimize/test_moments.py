"""Moments agree with exact arithmetic, however hard the table."""

import math
import random
import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache
from operator import mul
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exactly import as_read, as_whole
from fitline.data import open_table
from fitline.errors import DataError
from fitline.optimize.exact_sums import ExactSums
from fitline.optimize.moments import Moments

Rows = list[tuple[float, float]]


def centred(values: Iterable[float]) -> tuple[Fraction, list[int], int]:
    """Give the mean, and how far from it each is, in whole parts of 1, of which there are so many.

    Whole numbers are as exact as fractions, and quicker.
    """
    whole, parts = as_whole(values)
    n, total = len(whole), sum(whole)
    return Fraction(total, n * parts), [n * one - total for one in whole], n * parts


def exact_line(rows: Rows) -> tuple[Fraction, Fraction, Fraction]:
    """Fit by exact arithmetic: the intercept, the slope, the mean squared error."""
    (x_mean, xs, x_parts), (y_mean, ys, y_parts) = map(centred, zip(*rows, strict=True))
    sxx, sxy = sum(map(mul, xs, xs)), sum(map(mul, xs, ys))
    slope = Fraction(sxy * x_parts, sxx * y_parts)
    squares = sum((sxx * y - sxy * x) ** 2 for x, y in zip(xs, ys, strict=True))
    cost = Fraction(squares, len(rows) * (sxx * y_parts) ** 2)
    return y_mean - slope * x_mean, slope, cost


def read(rows: Rows) -> Moments:
    return open_table({"x": [x for x, _ in rows], "y": [y for _, y in rows]}).moments()


def noisy(count: int, x: Callable[[int], float], noise: float, seed: int = 1) -> Rows:
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    xs = [x(place) for place in range(count)]
    return [(x, 12.0 + 136.0 * x + draw.gauss(0, noise)) for x in xs]


def spread(place: int) -> float:
    return 500.0 + (place * 7919 % 3500) + 0.37


HARD = {
    "ordinary": noisy(800, spread, 40_000),
    "a billion added": [(x + 1e9, y + 1e9) for x, y in noisy(800, spread, 40_000)],
    "a near-perfect line": noisy(800, spread, 1e-4),
    "a perfect line": [(float(x), 3.0 + 2.0 * x) for x in range(2500)],
    "a constant head": [(2000.0, 300_000.0)] * 3000 + noisy(500, spread, 40_000),
    "5000 equal rows first": [(2000.0, 300_000.0)] * 5000 + noisy(500, spread, 40_000),
    "a sorted table": noisy(2500, lambda place: 500 + place / 7, 40_000),
    "an outlier first": [(1e7, -1e12), *noisy(800, spread, 40_000)],
    "tiny x": [(x * 1e-15, y) for x, y in noisy(800, spread, 40_000)],
    "huge x": [(x * 1e60, y) for x, y in noisy(800, spread, 40_000)],
    "four houses": [(1000, 150_000), (1500, 210_000), (2000, 290_000), (2500, 350_000)],
    "two rows": [(1.0, 3.0), (2.0, 7.0)],
}


@cache
def hard(name: str) -> Moments:
    return read(HARD[name])


@pytest.mark.parametrize("name", HARD)
def test_the_line_of_a_hard_table_is_rounded_once(name: str) -> None:
    fit = hard(name).fit
    intercept, slope, cost = exact_line(HARD[name])
    assert (*fit.theta.tolist(), fit.floor) == (float(intercept), float(slope), float(cost))


@pytest.mark.parametrize("name", HARD)
def test_the_means_and_variances_are_rounded_once(name: str) -> None:
    moments = hard(name)
    found = [
        (moments.x_mean[0], moments.x_variance[0]),
        (moments.y_mean, moments.y_variance),
    ]
    for values, both in zip(zip(*HARD[name], strict=True), found, strict=True):
        mean, errors, parts = centred(values)
        variance = Fraction(sum(map(mul, errors, errors)), len(values) * parts**2)
        assert both == (float(mean), float(variance))


@pytest.mark.parametrize("name", HARD)
def test_a_file_and_arrays_in_any_order_give_the_same_bits(tmp_path: Path, name: str) -> None:
    rows = HARD[name]
    path = tmp_path / "rows.csv"
    path.write_text("x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows))
    mixed = random.Random(2).sample(rows, len(rows))  # noqa: S311 - not for secrets
    found = [
        open_table(path).moments(),
        hard(name),
        read(rows[::-1]),
        read(sorted(rows)),
        read(mixed),
    ]
    assert len({moments.fingerprint for moments in found}) == 1
    assert len({moments.fit.unit_triangular.tobytes() for moments in found}) == 1


def test_repeated_parallel_reads_give_the_same_bits(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    line = "".join(f"{spread(place)!r},{place % 1013}.1\n" for place in range(20_000))
    path.write_text("x,y\n" + line * 40)
    assert len({open_table(path).moments().fingerprint for _ in range(3)}) == 1


@pytest.mark.parametrize("size", [1e160, -1e155, 1e71, 1e-71])
def test_a_constant_that_cannot_be_squared_is_refused(size: float) -> None:
    data = {"a": [size] * 3, "b": [1.0, 2.0, 4.0], "y": [1.0, 3.0, 4.0]}
    with pytest.raises(DataError, match="too large or too small to be squared"):
        open_table(data, ("a", "b"), "y").moments()


def test_the_fingerprint_changes_with_one_cell() -> None:
    rows = HARD["ordinary"]
    changed = [*rows[:-1], (rows[-1][0], rows[-1][1] + 0.01)]
    assert read(rows).fingerprint == read(rows).fingerprint != read(changed).fingerprint


finite = st.floats(-1e6, 1e6).map(lambda value: value if abs(value) > 1e-50 else 0.0)


@settings(max_examples=40)
@given(st.lists(st.tuples(finite, finite), min_size=2, max_size=30))
def test_no_table_gives_a_negative_cost(rows: Rows) -> None:
    xs = [x for x, _ in rows]
    if max(xs) - min(xs) > 1e-3:
        sums = ExactSums(2)
        sums.add(np.array(rows).T)
        moments = Moments.of(sums)
        assert 0 <= moments.fit.floor <= moments.y_variance


wild = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=30)
@given(st.lists(st.tuples(wild, wild), min_size=2, max_size=9))
@example([(1e300, -1e308), (-1e300, 1e308), (1e308, -1e300)])
@example([(1e-200, 5e-324), (2e-200, 1e-323), (3e-200, 2e-323)])
@example([(1e-300, 1e300), (1e300, 1e-300), (0.0, 0.0)])
@example([(0.0, 1e-110), (1.0, 0.0)])
@example([(0.0, 1e-170), (1.0, 1e-170)])
@example([(0.0, 1e90), (1e-90, 0.0)])
@example([(5e-324, 0.0), (2.5e-323, 0.0)])
@example([(1e-304, 1.0), (8e-290, 1.0)])
def test_numbers_of_any_size_give_every_moment_or_are_refused(rows: Rows) -> None:
    try:
        moments = read(rows)
    except DataError as error:
        if not re.search("too large or too small to be squared|no slope", error.message):
            raise
        return
    n, sizes = len(rows), [Fraction(0)] * 2
    for place in (0, 1):
        values = [as_read(row[place]) for row in rows]
        mean = sum(values) / n
        sizes[place] = sum((value - mean) ** 2 for value in values) / n
    assert [moments.x_variance[0], moments.y_variance] == [float(size) for size in sizes]
    assert all(float(size) for size in sizes if size), "what varies has a variance"
    assert all(math.isfinite(value) for value in (*moments.fit.theta**2, moments.fit.floor))
