"""What several results have in common."""

import math
from collections.abc import Container, Sequence

from fitline.formatting import OVERFLOW, count, enumerated, number, theta_text
from fitline.landscapes.stationary import Kind
from fitline.model.dependence import Dependence
from fitline.optimize.losses import LOSSES, Squared
from fitline.optimize.stopping import NOISE
from fitline.results.facts import (
    CostFacts,
    DataFacts,
    Point,
    StationaryCounts,
    undetermined,
)

KIND_NAMES: dict[Kind, str] = {
    "global": "global minimum",
    "local": "local minimum",
    "saddle": "saddle",
    "maximum": "local maximum",
}


def written(value: float | None, digits: int = 6) -> str:
    """Write a number; None is one that is not finite."""
    return OVERFLOW if value is None else number(value, digits)


def cost_name(cost: CostFacts) -> str:
    """Name a cost, with its scale."""
    if cost.name == "squared" or cost.scale is None:
        return Squared.title
    return f"{LOSSES[cost.name].title} of scale {number(cost.scale)}"


def cost_facts(cost: CostFacts) -> list[tuple[str, str]]:
    """Say what is measured, unless it is what everybody expects."""
    robust = [] if cost.is_squared else [("cost is", cost_name(cost)), *scale_facts(cost)]
    return [*robust, *penalty_facts(cost)]


def penalty_facts(cost: CostFacts) -> list[tuple[str, str]]:
    """Say what is added to squared error."""
    parts = [(cost.l2, "Σ θ²"), (cost.l1, "Σ |θ|")]
    terms = [f"{number(weight)} × {term}" for weight, term in parts if weight]
    if not terms:
        return []
    return [("penalty", f"{' + '.join(terms)}, of the slopes in the coordinates that train")]


def scale_facts(cost: CostFacts) -> list[tuple[str, str]]:
    """Say which errors count as large, and why those."""
    if cost.scale is None:
        return []
    if cost.factor is None or cost.spread is None:
        return [("scale", f"{number(cost.scale)}, as it was given")]
    sources = {
        "errors": "the spread of the residuals of a robust fit",
        "y": "the spread of y, since the residuals of a robust fit are smaller",
    }
    times = f"{number(cost.factor)} × {number(cost.spread, 4)}"
    return [("scale", f"{number(cost.scale)}: {times}, {sources[cost.source or 'y']}")]


def cost_text(value: float | None, cost: CostFacts, rmse: float | None) -> str:
    """Write a cost, and of squared error the root; with a penalty that is another number."""
    if value is None or not math.isfinite(value) or not cost.is_squared:
        return written(value)
    root = rmse if cost.is_penalised else math.sqrt(value)
    return f"{number(value)}, RMSE {written(root)}"


def excess_text(excess: float | None, minimum_cost: float, cost: CostFacts) -> str:
    """Write how far a cost is above the minimum, and what part of it that is."""
    if excess is None:
        return OVERFLOW
    if excess <= noise(cost) * minimum_cost and excess:
        return "below the precision of a float64"
    part = excess / minimum_cost if minimum_cost else 0.0
    if not 1e-4 <= part < 1e4:  # noqa: PLR2004 - else the figure itself says it
        return number(excess, 3)
    return f"{number(excess, 4)}, which is {number(100 * part, 3)} % of the minimum"


def noise(cost: CostFacts) -> float:
    """Give the part of a cost below which a difference of two costs tells nothing.

    The excess of squared error is no difference, so all its digits are true.
    """
    return 0.0 if cost.is_squared else NOISE


def shape_text(relief: StationaryCounts) -> str:
    """Count the minima, the saddles and the local maxima."""
    if relief.starts:
        minima = count(relief.minima, "minimum").replace("minimums", "minima")
        return f"{minima} found from {count(relief.starts, 'start')}"
    if relief == StationaryCounts(1, 0, 0):
        return "one bowl with one minimum"
    counts = [
        count(relief.minima - 1, "local minimum").replace("minimums", "minima"),
        count(relief.saddles, "saddle"),
        count(relief.maxima, "local maximum").replace("maximums", "maxima"),
    ]
    return f"a global minimum, {', '.join(counts[:-1])} and {counts[-1]}"


def table_line(data: DataFacts) -> str:
    """Say what was read."""
    *x, y = data.labels
    skipped = f" ({count(data.skipped, 'row')} skipped)" if data.skipped else ""
    weighted = ""
    if weight := data.weight:
        weighted = f" weighted by {weight.column}"
        if weight.observations != data.rows:
            weighted += f" ({weight.observations:,} observations)"
    rows = f"{count(data.rows, 'row')}{skipped}{weighted}"
    return f"{data.source}: {rows}, {y} from {enumerated(x)}"


def place_text(point: Point, undetermined: Container[int] = ()) -> str:
    """Say where a point of the landscape is, and what it costs."""
    theta = [math.inf if value is None else value for value in point.theta]
    return f"{written(point.cost)} at {theta_text(theta, undetermined)}"


def minimum_facts(
    minimum: Point, dependent: Sequence[Dependence], data: DataFacts
) -> list[tuple[str, str]]:
    """Say where the minimum is, and why some parameters may be any there."""
    place = place_text(minimum, undetermined(dependent, data.x))
    return [("minimum", place), *(("dependent", dependence_text(one)) for one in dependent)]


def dependence_text(found: Dependence) -> str:
    """Say that a feature tells nothing new, and what that means for the fit."""
    if not found.equals:
        return f"{found.equation} in all rows, so its parameter is not determined"
    return f"{found.equation} in all rows, up to rounding, so these parameters are not determined"
