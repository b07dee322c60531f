"""The statistics of the exact fit: certified, equal to those of fractions, and to SciPy's."""

import math
from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import special

from certified import LONGLEY, NORRIS
from exactly import as_read
from fitline.data import open_table
from fitline.data.residuals import squared_errors
from fitline.optimize.exact_sums import ExactSums
from fitline.optimize.moments import Moments
from fitline.statistics.inference import Inference, RobustErrors
from fitline.statistics.intervals import Uncertainty
from fitline.vector import Vector

CERTIFIED: dict[str, tuple[str, bool, str, str, str, str]] = {
    "Norris": (
        "x y " + NORRIS,
        True,
        "0.232818234301152 0.000429796848199937",
        "0.884796396144373",
        "0.999993745883712",
        "5436385.54079785",
    ),
    "Longley": (
        "a b c d e f y" + LONGLEY,
        True,
        (
            "890420.383607373 84.9149257747669 0.0334910077722432 0.488399681651699"
            " 0.214274163161675 0.226073200069370 455.478499142212"
        ),
        "304.854073561965",
        "0.995479004577296",
        "330.285339234588",
    ),
    "NoInt1": (
        "x y " + " ".join(f"{x} {x + 70}" for x in range(60, 71)),
        False,
        "nan 0.0165289256198347",
        "3.56753034006338",
        "0.999365492298663",
        "15750.2500000000",
    ),
    "NoInt2": (
        "x y 4 3 5 4 6 4",
        False,
        "nan 0.0420827318078432",
        "0.369274472937998",
        "0.993348115299335",
        "298.666666666667",
    ),
}
"""Sets of NIST (https://www.itl.nist.gov/div898/strd/lls/lls.shtml) with what is certified: the
standard errors, the standard deviation of the residuals, R² and F."""


def moments_of(columns: Any, *, intercept: bool = True) -> Moments:
    sums = ExactSums(len(columns))
    sums.add(np.asarray(columns, dtype=np.float64))
    return Moments.of(sums, intercept=intercept)


@pytest.mark.parametrize("name", CERTIFIED)
def test_certified_statistics_have_every_digit(name: str) -> None:
    text, intercept, errors, deviation, r2, f = CERTIFIED[name]
    words = text.split()
    names = [word for word in words if word.isalpha()]
    rows = np.array(words[len(names) :], dtype=float).reshape(-1, len(names))
    order = [*(place for place, own in enumerate(names) if own != "y"), names.index("y")]
    found = Inference.of(moments_of(rows.T[order], intercept=intercept))
    assert_allclose(
        [one.standard_error for one in found.estimates],
        [float(error) for error in errors.split()],
        rtol=5e-15,
    )
    assert_allclose(found.residual_standard_error, float(deviation), rtol=5e-15)
    assert_allclose(found.r2, float(r2), rtol=5e-15)
    assert_allclose(found.f, float(f), rtol=5e-15)
    for one in found.estimates[not intercept :]:
        assert_allclose(one.p, 2 * special.stdtr(found.freedom, -abs(one.t)), rtol=1e-12)
        width = special.stdtrit(found.freedom, 0.975) * one.standard_error
        assert_allclose([one.low, one.high], [one.theta - width, one.theta + width], rtol=1e-12)
    assert_allclose(found.f_p, special.fdtrc(found.features, found.freedom, found.f), rtol=1e-9)


def root(square: Fraction) -> float:
    """Give a root, rounded once."""
    shift = 10**400
    return float(Fraction(isqrt(square.numerator * shift**2 // square.denominator), shift))


def inverted(matrix: list[list[Fraction]]) -> list[list[Fraction]]:
    size = len(matrix)
    both = [[*row, *(Fraction(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for i in range(size):
        both[i] = [value / both[i][i] for value in both[i]]
        for j in range(size):
            if j != i:
                factor = both[j][i]
                both[j] = [a - factor * b for a, b in zip(both[j], both[i], strict=True)]
    return [row[size:] for row in both]


def exact(columns: Vector, *, intercept: bool) -> dict[str, Any]:
    """Compute all with fractions."""
    *x, y = [[as_read(float(cell)) for cell in column] for column in columns]
    rows = len(y)
    design = [[Fraction(1)] * rows, *x] if intercept else x
    inverse = inverted(
        [[sum(map(Fraction.__mul__, a, b), Fraction()) for b in design] for a in design]
    )
    with_y = [sum(map(Fraction.__mul__, a, y), Fraction()) for a in design]
    theta = [sum(map(Fraction.__mul__, row, with_y), Fraction()) for row in inverse]
    fitted = [sum(t * a[i] for t, a in zip(theta, design, strict=True)) for i in range(rows)]
    left = sum((a - b) ** 2 for a, b in zip(y, fitted, strict=True))
    about = rows - intercept
    total = sum(cell**2 for cell in y) - (sum(y) ** 2 / rows if intercept else 0)
    freedom = rows - len(design)
    centred = [sum(c**2 for c in a) - (sum(a) ** 2 / rows if intercept else 0) for a in x]
    return {
        "standard_error": [root(left / freedom * inverse[i][i]) for i in range(len(design))],
        "vif": [float(s * inverse[i + intercept][i + intercept]) for i, s in enumerate(centred)],
        "residual_standard_error": root(left / freedom),
        "r2": float(1 - left / total),
        "adjusted_r2": float(1 - left / total * about / freedom),
        "f": float((total - left) / len(x) / (left / freedom)),
    }


@example(seed=5471, p=3, intercept=1, far=9)
@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(0, 1), st.integers(-6, 9))
def test_the_statistics_are_rounded_once(seed: int, p: int, intercept: int, far: int) -> None:
    draw = np.random.default_rng(seed)
    rows = int(draw.integers(p + 2, 25))
    x = draw.normal(size=(p, rows)) * 10.0 ** draw.integers(-6, 6, size=(p, 1)) + 10.0**far
    columns = np.vstack([x, x.sum(axis=0) + draw.normal(size=rows)])
    moments = moments_of(columns, intercept=bool(intercept))
    assume(not moments.fit.dependent)  # but for the rounding of numbers that are nearly equal
    found = Inference.of(moments)
    expected = exact(columns, intercept=bool(intercept))
    kept = found.estimates[not intercept :]
    assert_array_equal([one.standard_error for one in kept], expected["standard_error"])
    assert_array_equal([one.vif for one in found.estimates[1:]], expected["vif"])
    for name in ("residual_standard_error", "r2", "adjusted_r2", "f"):
        assert getattr(found, name) == expected[name], name


def test_a_fit_through_as_many_rows_as_parameters_has_no_errors() -> None:
    found = Inference.of(moments_of([[1, 2], [3, 7]]))
    assert (found.freedom, found.r2) == (0, 1.0)
    unknown = [found.residual_standard_error, found.f, found.f_p, found.adjusted_r2]
    unknown += [value for one in found.estimates for value in (one.standard_error, one.t, one.p)]
    assert all(map(math.isnan, unknown))


def test_a_perfect_fit_has_no_errors_but_those_of_zero() -> None:
    found = Inference.of(moments_of([[1, 2, 3, 4], [3, 5, 7, 9]]))
    assert [one.standard_error for one in found.estimates] == [0.0, 0.0]
    assert (found.estimates[1].t, found.estimates[1].p) == (math.inf, 0.0)
    assert (found.r2, found.f, found.f_p) == (1.0, math.inf, 0.0)


def test_where_y_does_not_vary_there_is_no_r2() -> None:
    found = Inference.of(moments_of([[1, 2, 4, 4], [3, 3, 3, 3]]))
    assert math.isnan(found.r2)
    assert math.isnan(found.f)


def test_parameters_that_are_not_determined_have_no_statistics_and_the_others_theirs() -> None:
    draw = np.random.default_rng(0)
    a, b = draw.normal(size=(2, 30))
    y = a + b + draw.normal(size=30)
    alone, found = Inference.of(moments_of([a, b, y])), Inference.of(moments_of([a, 2 * a, b, y]))
    assert (found.freedom, found.features) == (27, 2)
    assert [math.isnan(one.standard_error) for one in found.estimates] == [
        False,
        True,
        True,
        False,
    ]
    assert found.estimates[3] == alone.estimates[2]
    assert found.f == alone.f


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("p", [1, 3])
def test_robust_errors_are_those_of_hc3(p: int, intercept: bool) -> None:  # noqa: FBT001
    draw = np.random.default_rng(p)
    x = draw.normal(size=(p, 50)) * 10.0 ** np.arange(p)[:, None] + 100
    y = 3 + x.sum(axis=0) + draw.normal(size=50) * np.abs(x[0])
    names = [f"x{place}" for place in range(p)]
    data = {**dict(zip(names, x, strict=True)), "y": y}
    with open_table(data, names, "y") as table:
        moments = table.moments(intercept=intercept)
        uncertainty = Uncertainty.of(moments)
        assert uncertainty
        squares = squared_errors(table, moments, uncertainty)
    found = Inference.of(moments, robust=RobustErrors(*squares))
    design = np.column_stack([np.ones(50), *x] if intercept else [*x])
    bread = np.linalg.inv(design.T @ design)
    theta = bread @ design.T @ y
    leverage = np.sum(design @ bread * design, axis=1)
    weights = ((y - design @ theta) / (1 - leverage)) ** 2
    covariance = bread @ (design.T * weights) @ design @ bread
    kept = found.estimates[not intercept :]
    assert_allclose(
        [one.standard_error for one in kept], np.sqrt(covariance.diagonal()), rtol=1e-7
    )
    slopes, own = theta[int(intercept) :], covariance[int(intercept) :, int(intercept) :]
    assert_allclose(found.f, slopes @ np.linalg.solve(own, slopes) / p, rtol=1e-6)
    assert_allclose(found.f_p, special.fdtrc(p, found.freedom, found.f), rtol=1e-9)
    assert found.is_robust


@pytest.mark.parametrize("apart", [1e-3, 1e-6, 1e-8])
def test_the_robust_f_of_nearly_collinear_features_is_that_of_their_differences(
    apart: float,
) -> None:
    a, other = [1.0, 2, 3, 4, 5, 7, 8], np.array([0, 1, 0, 1, 0, 0, 1])
    y = [3.0, 5, 10, 12, 14, 20, 25]
    found = []
    for b in (a + other * apart, other.astype(float)):
        with open_table({"a": a, "b": b, "y": y}, ["a", "b"], "y") as table:
            moments = table.moments()
            uncertainty = Uncertainty.of(moments)
            assert uncertainty
            squares = squared_errors(table, moments, uncertainty)
        robust = RobustErrors(*squares)
        found.append(Inference.of(moments, robust=robust).f)
        assert_allclose(
            np.sum(np.square(moments.precision.effects[1:])),
            moments.precision.r2 * moments.y_variance * moments.rows,
            rtol=1e-12,
        )
    assert_allclose(found[0], found[1], rtol=1e-12 / apart)


def test_a_row_with_all_leverage_has_no_robust_errors() -> None:
    data = {"x": [0, 0, 0, 1], "y": [1, 2, 4, 7]}
    with open_table(data, "x", "y") as table:
        moments = table.moments()
        uncertainty = Uncertainty.of(moments)
        assert uncertainty
        squares = squared_errors(table, moments, uncertainty)
    found = Inference.of(moments, robust=RobustErrors(*squares))
    assert all(math.isnan(one.standard_error) for one in found.estimates)
    assert math.isnan(found.f)


@pytest.mark.parametrize("outlier", [1e3, 1e6, 1e9, 1e11])
def test_an_outlier_moves_no_robust_error_of_a_group_that_it_is_not_in(outlier: float) -> None:
    a, b = [1.0, 2, 3, 5], [outlier, 2.0, 3.0]
    data = {"x": [0] * len(a) + [1] * len(b), "y": [*a, *b]}
    with open_table(data, "x", "y") as table:
        moments = table.moments()
        uncertainty = Uncertainty.of(moments)
        assert uncertainty
        robust = RobustErrors(*squared_errors(table, moments, uncertainty))
    errors, left = np.array(a) - np.mean(a), 1 - 1 / len(a)
    exact = np.sqrt(np.sum(np.square(errors / left))) / len(a)
    assert_allclose(robust.standard_errors[0], exact, rtol=1e-14 * outlier)


@pytest.mark.parametrize("residual", [1e-150, 1e-160, 1e-300])
def test_an_f_beyond_the_largest_float_is_infinite(residual: float) -> None:
    with open_table({"x": [0, 0, 1], "y": [0, residual, 1e10]}, "x", "y") as table:
        found = Inference.of(table.moments())
    assert found.f == math.inf
    assert found.f_p == 0
