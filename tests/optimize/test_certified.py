"""Least squares on the certified sets of NIST, and on numbers that are harder still.

The sets are those of https://www.itl.nist.gov/div898/strd/lls/lls.shtml. Their certified values
are of the decimals as they are written, and so are the fits, to the last bit.
"""

from fractions import Fraction
from math import lcm

import numpy as np
import pytest

from certified import LONGLEY, NORRIS
from exactly import as_read, as_whole, least_squares, solved
from fitline.optimize.algebra import LeastSquares
from fitline.optimize.exact_sums import ExactSums
from fitline.optimize.moments import Moments
from fitline.vector import Vector

SETS = {"Norris": (NORRIS, 2), "Longley": (LONGLEY, 7)}
CERTIFIED = {
    "Norris": ("-0.262323073774029 1.00211681802045", "26.6173985294224"),
    "Longley": (
        (
            "-3482258.63459582 15.0618722713733 -0.0358191792925910 -2.02022980381683"
            " -1.03322686717359 -0.0511041056535807 1829.15146461355"
        ),
        "836424.055505915",
    ),
}

THROUGH_THE_ORIGIN = {
    "NoInt1": ((range(60, 71), range(130, 141)), 2.07438016528926, 127.272727272727),
    "NoInt2": ((range(4, 7), (3, 4, 4)), 0.727272727272727, 0.272727272727273),
}
"""Rows, and what is certified of them: the slope, and the residual sum of squares."""

Columns = list[list[Fraction]]


def written(name: str) -> Columns:
    """Give the columns as the decimals that are written, y last."""
    text, width = SETS[name]
    cells = [Fraction(cell) for cell in text.split()]
    return [cells[place::width] for place in range(width)]


def fitted(columns: Vector) -> LeastSquares:
    sums = ExactSums(len(columns))
    sums.add(columns)
    return LeastSquares.of(sums.moments())


def exact(columns: Columns) -> tuple[list[Fraction], Fraction]:
    """Fit in fractions: the parameters, and the mean squared error."""
    # Whole numbers are added faster than fractions.
    scales = [lcm(*(value.denominator for value in column)) for column in columns]
    whole = [[int(v * scale) for v in c] for c, scale in zip(columns, scales, strict=True)]
    return least_squares([*zip(whole, scales, strict=True)])


def exact_as_read(columns: Vector) -> tuple[list[Fraction], Fraction]:
    return least_squares([as_whole(row) for row in columns.tolist()])


@pytest.mark.parametrize("name", SETS)
def test_the_decimals_have_the_certified_fit(name: str) -> None:
    """So the tables stand here as they should, and so does what is exact."""
    theta, floor = exact(written(name))
    told, square = CERTIFIED[name]
    digits = [f"{float(value):.14e}" for value in theta]
    assert digits == [f"{float(value):.14e}" for value in told.split()]
    assert f"{float(floor * len(written(name)[0])):.14e}" == f"{float(square):.14e}"


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("added", [0.0, 1e6, 1e9])
def test_the_fit_of_numbers_as_they_are_read_is_rounded_once(name: str, added: float) -> None:
    columns = np.array(written(name), dtype=np.float64) + added
    found = fitted(columns)
    theta, floor = exact_as_read(columns)
    assert found.theta.tolist() == [float(value) for value in theta]
    assert found.floor == float(floor)


@pytest.mark.parametrize("name", SETS)
def test_the_fit_has_every_certified_digit(name: str) -> None:
    columns = np.array(written(name), dtype=np.float64)
    found, (theta, squares) = fitted(columns), CERTIFIED[name]
    fifteen = [f"{value:.14e}" for value in (*found.theta, found.floor * columns.shape[1])]
    assert fifteen == [f"{float(value):.14e}" for value in (*theta.split(), squares)]


PLACES = np.arange(21.0)
POWERS = PLACES ** np.arange(1, 6)[:, None]


@pytest.mark.parametrize("parts", [[1.0] * 6, [1.0, 0.1, 0.01, 0.001, 0.0001, 0.00001]])
def test_wamplers_polynomials_are_found(parts: list[float]) -> None:
    y = np.round(parts[0] + np.array(parts[1:]) @ POWERS, 5)
    found = fitted(np.vstack([POWERS, y]))
    assert (found.theta.tolist(), found.floor) == (parts, 0.0)


ADDED = (
    "759 -2048 2048 -2048 2523 -2048 2048 -2048 1838 -2048 2048 -2048 1838 -2048 2048 -2048 2523"
    " -2048 2048 -2048 759"
)


@pytest.mark.parametrize(
    ("times", "square"), [(1, 83554268), (100, 835542680000), (10000, 83554268e8)]
)
def test_wamplers_polynomials_are_found_beneath_errors_of_any_size(
    times: int, square: float
) -> None:
    """Wampler 3, 4 and 5: every certified parameter is 1."""
    y = 1 + POWERS.sum(axis=0) + times * np.array(ADDED.split(), dtype=np.float64)
    found = fitted(np.vstack([POWERS, y]))
    assert found.theta.tolist() == [1.0] * 6
    assert found.floor == square / 21


def require_rounded_once(columns: Vector) -> None:
    found = fitted(columns)
    theta, floor = exact_as_read(columns)
    assert found.theta.tolist() == [float(value) for value in theta]
    assert found.floor == float(floor)


@pytest.mark.parametrize("rows", [50, 5000])
@pytest.mark.parametrize("head", ["constant", "sorted", "collinear", "small"])
def test_the_head_of_a_table_says_nothing_about_its_fit(head: str, rows: int) -> None:
    draw = np.random.default_rng(rows)
    x, few = np.round(draw.normal(size=(3, rows)) * 100, 4), rows // 5
    if head == "constant":
        x[:, :few] = 7
    elif head == "sorted":
        x.sort(axis=1)
    elif head == "collinear":
        x[1, :few] = 3 * x[0, :few]
    else:
        x[:, few:] *= 1e8
    require_rounded_once(np.vstack([x, x.sum(axis=0) + draw.normal(size=rows)]))


@pytest.mark.parametrize("error", [0.0, 1e-12, 1e-6])
def test_near_perfect_fits_of_sizes_far_apart_are_rounded_once(error: float) -> None:
    draw = np.random.default_rng(3)
    x = draw.normal(size=(3, 40)) * [[1e-12], [1.0], [1e12]]
    y = np.array([1e12, 1.0, 1e-12]) @ x + error * draw.normal(size=40)
    require_rounded_once(np.vstack([x, y]))


def test_a_million_rows_are_rounded_once() -> None:
    """Whole numbers of 26 bits have exact moments in Python's integers."""
    draw = np.random.default_rng(6)
    shared = draw.integers(-(2**25), 2**25, size=10**6)
    x = np.array([shared, shared + draw.integers(-3, 4, size=10**6)])
    y = 2 * x[0] - x[1] + draw.integers(-100, 101, size=10**6)
    rows = np.array([np.ones(10**6, dtype=np.int64), *x, y])
    halves = [rows >> 13, rows & (2**13 - 1)]  # products of halves add up within 64 bits
    moments = [
        [
            sum(
                int(a[i] @ b[j]) << (13 * ((place == 0) + (other == 0)))
                for place, a in enumerate(halves)
                for other, b in enumerate(halves)
            )
            for j in range(4)
        ]
        for i in range(4)
    ]
    found = fitted(np.array([*x, y], dtype=np.float64))
    theta, floor = solved([[Fraction(value) for value in row] for row in moments])
    assert found.theta.tolist() == [float(value) for value in theta]
    assert found.floor == float(floor)


@pytest.mark.parametrize("condition", [1e2, 1e5, 1e8])
def test_random_designs_of_any_condition_are_rounded_once(condition: float) -> None:
    draw = np.random.default_rng(int(condition))
    shared = draw.normal(size=60)
    x = shared + draw.normal(size=(4, 60)) / condition
    columns = np.vstack([x, x.sum(axis=0) + draw.normal(size=60)])
    found = fitted(columns)
    theta, floor = exact_as_read(columns)
    assert (found.theta.tolist(), found.floor) == ([float(v) for v in theta], float(floor))


def test_a_large_table_has_the_same_bits_in_every_order() -> None:
    draw = np.random.default_rng(5)
    columns = np.round(draw.normal(size=(6, 50_000)) * 1000, 3)
    places = np.arange(50_000)
    orders = [places, places[::-1], columns[0].argsort(), columns[5].argsort()]
    found = [fitted(columns[:, order]) for order in orders]
    assert len({one.theta.tobytes() + one.unit_triangular.tobytes() for one in found}) == 1
    reference = np.linalg.lstsq(np.vstack([np.ones(50_000), columns[:5]]).T, columns[5])[0]
    assert found[0].theta == pytest.approx(reference, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", THROUGH_THE_ORIGIN)
def test_a_line_without_an_intercept_is_the_certified_one(name: str) -> None:
    (x, y), slope, squares = THROUGH_THE_ORIGIN[name]
    sums = ExactSums(2)
    sums.add(np.array([x, y], dtype=np.float64))
    moments = Moments.of(sums, intercept=False)
    assert moments.fit.theta.tolist() == [0.0, pytest.approx(slope, rel=1e-14)]
    assert moments.fit.floor * len(x) == pytest.approx(squares, rel=1e-14)


@pytest.mark.parametrize("far", [0, 10**6, 10**9])
def test_without_an_intercept_every_digit_is_that_of_fractions(far: int) -> None:
    draw = np.random.default_rng(far)
    columns = np.round(draw.normal(size=(4, 30)), 6) + far
    sums = ExactSums(4)
    sums.add(columns)
    fit = Moments.of(sums, intercept=False).fit
    exactly = [[*map(as_read, column)] for column in columns.tolist()]
    products = [
        [sum(a * b for a, b in zip(one, other, strict=True)) for other in exactly]
        for one in exactly
    ]
    zeros = [Fraction(0)] * len(products)
    theta, floor = solved([[Fraction(30), *zeros], *([Fraction(0), *row] for row in products)])
    assert fit.theta.tolist() == [float(value) for value in theta]
    assert fit.floor == float(floor)
