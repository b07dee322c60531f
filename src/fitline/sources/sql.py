"""The one query that reads a table's moments, in plain SQL that any engine understands."""

from collections.abc import Sequence

from fitline.moments import GRIDS, Moments, Pilot, grid

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
    # Cut x and y before they are centred: so nothing of u = u_1 + u_2 and v = v_1 + v_2 is lost.
    x_1 = _nearest("x", grid(pilot.u_size, GRIDS["u"][0]))
    y_1 = _nearest("y", grid(pilot.v_size, GRIDS["u"][0]))
    query = f"select x, y, {x_1} as x_1, {y_1} as y_1 from ({query})"
    query = (
        f"select x, x_1 - {number(pilot.x)} as u_1, x - x_1 as u_2,"
        f" y_1 - {number(pilot.y)} as v_1, y - y_1 as v_2 from ({query})"
    )
    query = (
        "select x, u_1, u_1 + u_2 as u,"
        f" (v_1 - {slope} * u_1 - {number(pilot.offset)}) + (v_2 - {slope} * u_2) as e"
        f" from ({query})"
    )
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
    """Cut each term v into bins: v_1 its nearest multiple of a grid, v_2 that of the rest."""
    for place in range(max(len(GRIDS[term]) for term in terms)):
        bins = [
            f"{_nearest(_rest(term, place), pilot.grids(term)[place])} as {term}_{place + 1}"
            for term in terms
            if place < len(GRIDS[term])
        ]
        query = f"select *, {', '.join(bins)} from ({query})"
    return query


def _nearest(value: str, grid_: float) -> str:
    """Round to a multiple of the grid, a power of two.

    Adding a number so large leaves no room for anything below the grid, and taking it away again
    gives back the multiple of the grid, exactly.
    """
    large = number(1.5 * 2.0**52 * grid_)
    return f"(({value} + {large}) - {large})"


def _bins(term: str) -> list[str]:
    """Name the bins of a term; the last is what the others leave."""
    exact = len(GRIDS[term])
    return [*(f"{term}_{place + 1}" for place in range(exact)), _rest(term, exact)]


def _rest(term: str, bins: int) -> str:
    return " - ".join([term, *(f"{term}_{place + 1}" for place in range(bins))])
