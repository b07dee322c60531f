"""The one query that reads a table's moments, in plain SQL that any engine understands."""

from collections.abc import Sequence

from fitline.optimize.moments import TERMS, Moments, Pilot

LARGEST = "1.7976931348623157e308"


def number(value: float) -> str:
    """Write a float64 so that SQL reads the same one, never a decimal."""
    text = repr(value)
    return f"({text if 'e' in text else text + 'e0'})"


def finite(column: str) -> str:
    """Say that a column holds a number; neither NULL nor NaN nor an infinity passes."""
    return f"(abs({column}) <= {LARGEST})"


def moments_query(rows: str, pilot: Pilot) -> str:
    """Sum over `rows`, a query of float64 columns x and y, about a pilot line, in one pass.

    A row in which x or y is NULL takes no part in the sums; it is counted in the first column
    (all rows) and not in the second (the rows summed). One that is not finite makes the sums so.
    """
    slope = number(pilot.slope)
    # x + (y - y) is x where both are finite, NULL where one is NULL, and cheaper than a case.
    query = f"select x + (y - y) as x, y from ({rows})"
    # Cut x and y before they are centred: so nothing of u = u_1 + u_2 and v = v_1 + v_2 is lost.
    cut = f"{_cut('x', pilot.grid('u'))} as x_1, {_cut('y', pilot.grid('v'))} as y_1"
    query = f"select x, y, {cut} from ({query})"
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
    cuts = (f"{_cut(term, pilot.grid(term))} as {term}_1" for term in TERMS if term != "u")
    query = f"select *, {', '.join(cuts)} from ({query})"
    sums = ", ".join(f"sum({term}_1), sum({term} - {term}_1)" for term in TERMS)
    return f"select count(*), count(x), min(x), max(x), {sums} from ({query})"


def moments_of(row: Sequence[float], pilot: Pilot) -> Moments:
    """Turn the one row that `moments_query` gives into moments; it must have summed some rows."""
    _, rows, x_min, x_max, *sums = row
    terms = dict(zip(TERMS, zip(sums[::2], sums[1::2], strict=True), strict=True))
    return Moments.about(pilot, int(rows), (x_min, x_max), terms)


def _cut(value: str, grid: float) -> str:
    """Round to the nearest multiple of the grid, a power of two.

    Adding a number so large leaves no room for anything below the grid, and taking it away again
    gives back the multiple of the grid, exactly.
    """
    large = number(1.5 * 2.0**52 * grid)
    return f"(({value} + {large}) - {large})"
