"""How far the rows of a table lie from given lines, on average."""

from collections.abc import Sequence

from . import sql
from .engine import Progress
from .table import Table

SPLITTER = 2.0**27 + 1
"""Multiplied with it, a float64 falls into two halves (G. Veltkamp, 1968)."""


def mean_errors(
    table: Table, thetas: Sequence[Sequence[float]], progress: Progress | None = None
) -> list[tuple[float, float]]:
    """Read a table whose moments are known once more: the means of |y − ŷ| and (y − ŷ)² of each.

    Each y − ŷ is right to its last digits, however many of those of y and ŷ are equal.
    """
    halves = f"{sql.number(SPLITTER)} * x"
    rows = f"select x, y, {halves} - ({halves} - x) as x_1 from ({table.good_rows()})"
    means = ", ".join(f"favg(abs(e{nth})), favg(e{nth} * e{nth})" for nth in range(len(thetas)))
    ((*found,),) = table.fetch(f"select {means} from ({_errors(rows, thetas)})", progress)
    return list(zip(found[::2], found[1::2], strict=True))


def _errors(rows: str, thetas: Sequence[Sequence[float]]) -> str:
    """Give the query of e0, e1 and so on: y − θ1·x − θ0, and what rounding takes from it.

    The rest of a product of halves is exact (T. Dekker, 1971), as is that of a sum (D. Knuth,
    "The Art of Computer Programming", volume 2, section 4.2.2).
    """
    products, sums, errors = [], [], []
    for nth, (theta0, theta1) in enumerate(thetas):
        high = _high_half(theta1)
        slope, t_1, t_2 = map(sql.number, (theta1, high, theta1 - high))
        products.append(
            f"{slope} * x as p{nth}, ((({t_1} * x_1 - {slope} * x) + {t_1} * (x - x_1))"
            f" + {t_2} * x_1) + {t_2} * (x - x_1) as q{nth}"
        )
        sums.append(f"y - p{nth} as s{nth}, {_rest('y', f'(-p{nth})')} - q{nth} as r{nth}")
        intercept = sql.number(-theta0)
        errors.append(
            f"(s{nth} + {intercept}) + ({_rest(f's{nth}', intercept)} + r{nth}) as e{nth}"
        )
    query = f"select *, {', '.join(products)} from ({rows})"
    query = f"select *, {', '.join(sums)} from ({query})"
    return f"select {', '.join(errors)} from ({query})"


def _high_half(value: float) -> float:
    large = SPLITTER * value
    return large - (large - value)


def _rest(a: str, b: str) -> str:
    """Give what rounding takes from a + b."""
    part = f"(({a} + {b}) - {a})"
    return f"(({a} - (({a} + {b}) - {part})) + ({b} - {part}))"
