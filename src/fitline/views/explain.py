"""How the first updates look, worked out as in a textbook."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from fitline.explanation import Explanation
from fitline.formatting import number
from fitline.optimize.losses import Absolute, Cauchy, Huber, Loss
from fitline.training import Training

from .report import Block, Facts, Line
from .worked import Worked, factor, names_of, plus

TOGETHER = (
    "All parameters move together: the gradient was taken at one point, and only from there does"
    " it lead downhill."
)


def explained_blocks(training: Training, explanations: Sequence[Explanation]) -> Iterator[Block]:
    """Say in which coordinates it all happens, work out each update, and say what they share."""
    if not explanations:
        return
    yield Facts(_coordinates(training, explanations[0].part.loss))
    for explanation in explanations:
        yield from Worked(training, explanation).blocks()
    yield Line(TOGETHER)


def explained_records(
    training: Training, explanations: Sequence[Explanation]
) -> list[dict[str, Any]]:
    """Give each update in full precision; all but `original_theta` is in scaled coordinates."""
    scaling = training.scaling
    return [
        {
            "update": 1 + one.update.index,
            "x_shift": float(scaling.shift[0]),
            "x_scale": float(scaling.scale[0]),
            "y_shift": float(scaling.y_shift),
            "theta": one.update.theta.tolist(),
            "row_count": one.part.count,
            "rows": [asdict(row) for row in one.rows],
            "sums": one.sums.tolist(),
            "gradient": one.update.gradient.tolist(),
            "direction": one.update.direction.tolist(),
            "rate": one.update.rate,
            "unit": one.update.unit,
            "new_theta": one.update.end.tolist(),
            "original_theta": scaling.original(one.update.end).tolist(),
            "one_by_one": {
                "gradient": one.apart.gradient.tolist(),
                "theta1": float(one.apart.end[1]),
            },
        }
        for one in explanations
    ]


def _coordinates(training: Training, loss: Loss | None) -> list[tuple[str, str]]:
    """Say what x and y are, and what is worked out for every row."""
    scaling, (own_x, own_y) = training.scaling, training.table.labels
    x, y, theta0, theta1 = names_of(training)
    facts = [(x, own_x), (y, own_y)]
    if training.config.scaling != "none":
        shifted = f"({own_x} {plus(-scaling.shift[0])}) / {number(scaling.scale[0])}"
        reach = (
            "its mean is 0 and its deviation 1"
            if training.config.scaling == "standard"
            else "it goes from 0 to 1"
        )
        facts = [
            (x, f"{shifted}, so that {reach}"),
            (y, f"{own_y} {plus(-scaling.y_shift)}, so that its mean is 0"),
            (theta1, f"θ1 × {factor(scaling.scale[0])}"),
            (theta0, f"θ0 + θ1 × {factor(scaling.shift[0])} {plus(-scaling.y_shift)}"),
        ]
    facts += [("prediction", f"{theta0} + {theta1} × {x}"), ("error", f"{y} − prediction")]
    return [*facts, ("slope", _slope_rule(loss))] if loss else facts


def _slope_rule(loss: Loss) -> str:
    """Say how the slope of a loss follows from an error."""
    scale, steepest = number(loss.scale), number(2 * loss.scale)
    match loss:
        case Absolute():
            return f"{scale} where the error is above 0, −{scale} where it is below"
        case Huber():
            return f"2 × error, but no more than {steepest} and no less than −{steepest}"
        case Cauchy():
            return f"2 × error / (1 + (error / {scale})²)"
    return "2 × error"
