"""What several results have in common."""

import math
from typing import Any

from fitline.digits import count, number
from fitline.landscape import Minimum
from fitline.moments import Moments
from fitline.scaling import Vector
from fitline.sources import Table


def theta_text(theta: Vector) -> str:
    """Write parameters for people."""
    return ", ".join(f"θ{place} = {number(value)}" for place, value in enumerate(theta))


def cost_text(cost: float) -> str:
    """Write a cost, and the size of error that it stands for."""
    if not math.isfinite(cost):
        return number(cost)
    return f"{number(cost)}, a typical error of {number(math.sqrt(cost))}"


def excess_text(excess: float, minimum_cost: float) -> str:
    """Write how far a cost is above the minimum, and what part of it that is."""
    part = excess / minimum_cost if minimum_cost else 0.0
    if not 1e-4 <= part < 1e4:  # noqa: PLR2004 - else the figure itself says it
        return number(excess, 3)
    return f"{number(excess, 4)}, which is {number(100 * part, 3)} % of the minimum"


def table_line(table: Table, moments: Moments) -> str:
    """Say what was read."""
    x, y = table.columns
    skipped = f" ({count(table.skipped, 'row')} skipped)" if table.skipped else ""
    return f"{table.source}: {count(moments.rows, 'row')}{skipped}, {y} from {x}"


def data_document(table: Table, moments: Moments) -> dict[str, Any]:
    """Say what was read, for programs."""
    x, y = table.columns
    return {
        "source": table.source,
        "rows": moments.rows,
        "skipped": table.skipped,
        "x": [x],
        "y": y,
    }


def minimum_document(minimum: Minimum) -> dict[str, Any]:
    """Give the exact minimum, for programs."""
    return {"theta": minimum.theta.tolist(), "cost": minimum.cost}
