"""Tails and quantiles of Student's t and of F.

Both are the regularised incomplete beta function Iₓ(a, b), by its continued fraction (DLMF
8.17.22), contracted to its even part. SciPy would take longer to import than fitline to run.
"""

import math

MOST_TERMS = 100_000
"""The continued fraction takes about √max(a, b) terms, far fewer than these."""

LARGE = 10.0
"""From here on Stirling's series for the logarithm of the gamma function has all digits."""


def t_tail(t: float, freedom: float) -> float:
    """Give the probability that |T| is larger than |t|, with these degrees of freedom.

    >>> round(t_tail(2.0, 10), 12), t_tail(0.0, 3), t_tail(math.inf, 3)
    (0.073388034771, 1.0, 0.0)
    """
    log_odds = 2 * math.log(abs(t)) - math.log(freedom) if t else -math.inf
    return _incomplete_beta(freedom / 2, 0.5, log_odds)


def f_tail(f: float, above: float, below: float) -> float:
    """Give the probability that F is larger, with these degrees of freedom above and below.

    >>> round(f_tail(3.0, 2, 10), 12)
    0.095367431641
    """
    log_odds = math.log(f) + math.log(above / below) if f > 0 else -math.inf
    return _incomplete_beta(below / 2, above / 2, log_odds)


def t_quantile(level: float, freedom: float) -> float:
    """Give the t between whose two signs T lies with this probability.

    >>> round(t_quantile(0.95, 10), 12)
    2.228138851986
    """
    tail, low, high = 1 - level, 0.0, 1.0
    while t_tail(high, freedom) > tail:
        low, high = high, 2 * high
    density = -_log_beta(freedom / 2, 0.5) - math.log(freedom) / 2
    t = (low + high) / 2
    while True:
        excess = t_tail(t, freedom) - tail
        low, high = (t, high) if excess > 0 else (low, t)
        slope = 2 * math.exp(density - (freedom + 1) / 2 * math.log1p(t * t / freedom))
        newton = t + excess / slope if slope else math.inf
        further = newton if low < newton < high else (low + high) / 2
        if abs(further - t) <= math.ulp(t):
            return further
        t = further


def _incomplete_beta(a: float, b: float, log_odds: float) -> float:
    """Give Iₓ(a, b), where the logarithm of the odds (1 − x)/x is given."""
    if math.isinf(log_odds):
        return float(log_odds < 0)
    tail = math.log1p(math.exp(-abs(log_odds)))
    log_x, log_y = -max(0.0, log_odds) - tail, min(0.0, log_odds) - tail
    x, y = math.exp(log_x), math.exp(log_y)
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(b, a, -log_odds)
    front = math.exp(a * log_x + b * log_y - _log_beta(a, b)) / a
    return front / _fraction(a, b, x, y)


def _fraction(a: float, b: float, x: float, y: float) -> float:
    """Evaluate the continued fraction by Lentz's method; with y = 1 − x nothing cancels."""

    def even(m: int) -> float:
        return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))

    def odd(m: int) -> float:
        return (a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))

    def one_less_odd(m: int) -> float:
        width, cross = (a + 2 * m) * (a + 2 * m + 1), (a + m) * (a + b + m)
        if x < y:
            return (width - cross * x) / width
        return (a * (2 * m + 1 - b) + m * (3 * m + 2 - b) + cross * y) / width

    fraction = above = one_less_odd(0)
    below = 0.0
    for m in range(1, MOST_TERMS):
        top, bottom = odd(m - 1) * even(m), even(m) + one_less_odd(m)
        below = 1 / (bottom + top * below)
        above = bottom + top / above
        fraction *= above * below
        if abs(above * below - 1) <= math.ulp(0.5):
            break
    return fraction


def _log_beta(a: float, b: float) -> float:
    """Give ln B(a, b), large logarithms of the gamma function never subtracted."""
    a, b = min(a, b), max(a, b)
    if b < LARGE:
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    correction = _stirling(b) - _stirling(a + b)
    if a < LARGE:
        shrinking = -(b - 0.5 + a) * math.log1p(a / b) - a * math.log(b) + a
        return math.lgamma(a) + shrinking + correction
    whole = 0.5 * math.log(2 * math.pi / b) + _stirling(a) + correction
    return whole + (a - 0.5) * math.log(a / (a + b)) - b * math.log1p(a / b)


def _stirling(z: float) -> float:
    """Give ln Γ(z) − ((z − ½)·ln z − z + ½·ln 2π), for a large z (DLMF 5.11.1)."""
    series, power = 0.0, 1 / z
    for coefficient in (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156):
        series += coefficient * power
        power /= z * z
    return series
