"""The one query that reads a table's moments, in plain SQL that any engine understands."""

from collections.abc import Sequence

from fitline.moments import GRIDS, Moments, Pilot

LARGEST = "1.7976931348623157e308"


def number(value: float) -> str:
    """Write a float64 so that SQL reads the same one, never a decimal."""
    text = repr(value)
    return f"({text if 'e' in text else text + 'e0'})"


def finite(column: str) -> str:
    """Say that a column holds a number; neither NULL nor NaN nor an infinity passes."""
    return f"(abs({column}) <= {LARGEST})"


def only_finite(rows: str) -> str:
    """Turn x to NULL in every row of a query in which x or y is no finite number."""
    good = f"{finite('x')} and {finite('y')}"
    return f"select case when {good} then x end as x, y from ({rows})"


def moments_query(rows: str, pilot: Pilot) -> str:
    """Sum over `rows`, a query of float64 columns x and y, about a pilot line, in one pass.

    A row in which x or y is NULL takes no part in the sums; it is counted in the first column
    (all rows) and not in the second (the rows summed). One that is not finite makes the sums so.
    """
    slope = number(pilot.slope)
    # x + (y - y) is x where both are finite, NULL where one is NULL, and cheaper than a case.
    query = f"select x + (y - y) as x, y from ({rows})"
    query = f"select x, x - {number(pilot.x)} as u, y - {number(pilot.y)} as v from ({query})"
    query = _with_bins(query, ["u"], pilot)
    query = f"select *, (v - {slope} * u_1) - {slope} * (u - u_1) as e from ({query})"
    query = f"select *, u * u as uu, u * e as ue, e * e as ee from ({query})"
    query = _with_bins(query, ["e", "uu", "ue", "ee"], pilot)
    sums = ", ".join(f"sum({bin_})" for term in GRIDS for bin_ in _bins(term))
    return f"select count(*), count(u), min(x), max(x), {sums} from ({query})"


def moments_of(row: Sequence[float], pilot: Pilot) -> Moments:
    """Turn the one row that `moments_query` gives into moments; it must have summed some rows."""
    _, rows, x_min, x_max, *sums = row
    parts = iter(sums)
    terms = {term: [next(parts) for _ in _bins(term)] for term in GRIDS}
    return Moments.about(pilot, int(rows), (x_min, x_max), terms)


def _with_bins(query: str, terms: Sequence[str], pilot: Pilot) -> str:
    """Cut each term v into bins: v_1 its nearest multiple of a grid, v_2 that of the rest.

    Adding a number so large leaves no room for anything below the grid, and taking it away again
    gives back the multiple of the grid, exactly.
    """
    for place in range(max(len(GRIDS[term]) for term in terms)):
        bins = []
        for term in terms:
            if place < len(GRIDS[term]):
                large = number(1.5 * 2.0**52 * pilot.grids(term)[place])
                bins.append(f"({_rest(term, place)} + {large}) - {large} as {term}_{place + 1}")
        query = f"select *, {', '.join(bins)} from ({query})"
    return query


def _bins(term: str) -> list[str]:
    """Name the bins of a term; the last is what the others leave."""
    exact = len(GRIDS[term])
    return [*(f"{term}_{place + 1}" for place in range(exact)), _rest(term, exact)]


def _rest(term: str, bins: int) -> str:
    return " - ".join([term, *(f"{term}_{place + 1}" for place in range(bins))])
