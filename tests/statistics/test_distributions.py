"""Tails of t and F are those of SciPy, and where it loses digits those of exact sums."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from numpy.testing import assert_allclose
from scipy import special

from fitline.statistics.distributions import f_tail, t_quantile, t_tail

FREEDOM = st.one_of(st.integers(1, 100), st.sampled_from([999, 10**4 + 7, 10**6, 10**8]))
mp.dps = 50


def require_equal(found: float, expected: float) -> None:
    """Compare tails to 12 digits; they are powers, so that very small ones have fewer."""
    assert_allclose(found, expected, rtol=max(1e-12, -5e-15 * math.log(expected or 1.0)))


@settings(max_examples=200)
@given(st.floats(1e-5, 20), FREEDOM)
def test_the_tail_of_t_is_that_of_scipy(t: float, freedom: int) -> None:
    require_equal(t_tail(t, freedom), 2 * special.stdtr(freedom, -t))
    assert t_tail(-t, freedom) == t_tail(t, freedom)


def even_tail(f: float, above: int, below: int) -> float:
    """Sum the tail of F, which is finite for an even number of degrees above."""
    odds = mpf(above) * mpf(f) / below
    x, a = 1 / (1 + odds), mpf(below) / 2
    total = term = mpf(1)
    for j in range(1, above // 2):
        term *= (a + j - 1) / j * (1 - x)
        total += term
    return float(x**a * total)


@settings(max_examples=200)
@given(st.floats(1e-3, 8), st.integers(1, 50), FREEDOM)
def test_the_tail_of_f_is_exact(f: float, half: int, freedom: int) -> None:
    require_equal(f_tail(f, 2 * half, freedom), even_tail(f, 2 * half, freedom))


@settings(max_examples=100)
@given(st.floats(1e-3, 50), FREEDOM)
def test_the_square_of_t_is_f(t: float, freedom: int) -> None:
    require_equal(f_tail(t * t, 1, freedom), t_tail(t, freedom))


@pytest.mark.parametrize("t", [1e-300, 1e-8, 0.3, 1.0, 12.5, 1e8, 1e200])
def test_the_tail_of_cauchys_distribution_is_an_arc(t: float) -> None:
    assert_allclose(t_tail(t, 1), 2 / math.pi * math.atan2(1, t), rtol=1e-13)


@settings(max_examples=100)
@given(st.floats(0.001, 0.99999), FREEDOM)
def test_the_quantile_undoes_the_tail(level: float, freedom: int) -> None:
    quantile = t_quantile(level, freedom)
    assert_allclose(t_tail(quantile, freedom), 1 - level, rtol=1e-12)
    tail = float(Fraction(1 - level) / 2)
    assert_allclose(quantile, -special.stdtrit(freedom, tail), rtol=1e-11, atol=1e-13)
