"""The coordinates in which a training descends, said in words."""

from dataclasses import dataclass

from fitline.formatting import number
from fitline.optimize.losses import LOSSES, Loss
from fitline.results.facts import WeightFacts
from fitline.results.set_up import SetUp
from fitline.results.updates import UpdateFacts, as_list

from .terms import factor, plus
from .theory import bowl_text

MOST_FEATURES = 3
"""With more features than these, their parameters are worked out in one table, and no rows."""


def units_text(before: SetUp) -> str | None:
    """Say how a map in the table's units differs from what descent sees, if it does."""
    scaling, curvature = before.config.scaling, before.curvature
    if scaling == "none":
        return None
    condition = curvature.condition_number if curvature else None
    where = ""
    if before.cost_function.is_squared and condition is not None:
        of_line = f"this is {bowl_text(condition)}"
        where = of_line if before.is_line else f"the condition number is {number(condition, 4)}"
        where = f", where {where}"
    return f"drawn in the table's units; descent runs in scaled coordinates ({scaling}){where}"


@dataclass(frozen=True)
class Names:
    """What x, y and the parameters are called in the coordinates that train.

    Each feature has a name in `x`, and each parameter one in `theta`.
    """

    x: list[str]
    y: str
    theta: list[str]

    @classmethod
    def of(cls, before: SetUp) -> "Names":
        """Give those of a training."""
        mark = mark_of(before)
        places = range(1, len(before.start))
        x = ["x"] if before.is_line else [f"x{place}" for place in places]
        return cls(
            [name + mark for name in x],
            f"y{mark}",
            [f"θ{place}{mark}" for place in (0, *places)],
        )


def mark_of(before: SetUp) -> str:
    """Give what tells a scaled name from an original one."""
    return "" if before.config.scaling == "none" else "'"


def loss_of(before: SetUp) -> Loss | None:
    """Give the loss whose derivative takes the place of twice the error, of a robust cost."""
    cost = before.cost_function
    return None if cost.scale is None else LOSSES[cost.name](cost.scale)


def coordinate_facts(before: SetUp, update: UpdateFacts) -> list[tuple[str, str]]:
    """Say what x and y are, and what is worked out for every row."""
    loss, names = loss_of(before), Names.of(before)
    if len(names.x) > MOST_FEATURES:
        facts = _summary(before, update)
    else:
        terms = [f"{theta} × {x}" for theta, x in zip(names.theta[1:], names.x, strict=True)]
        prediction = " + ".join([names.theta[0], *terms][before.hidden :])
        facts = [*_each(before, update, names), ("prediction", prediction)]
    facts.append(("error", f"{names.y} − prediction"))
    if weight := before.data.weight:
        facts.append(("w", _weight(before, weight)))
    return [*facts, ("slope", loss.psi_rule)] if loss else facts


def _weight(before: SetUp, weight: WeightFacts) -> str:
    """Say what a row weighs."""
    if before.updates_each_epoch is not None and weight.observations > before.data.rows:
        return f"1, since a row is drawn as often as {weight.column} counts it"
    return f"{weight.column}, the weight of a row, of which all have {number(weight.total)}"


def _each(before: SetUp, update: UpdateFacts, names: Names) -> list[tuple[str, str]]:
    """Say how each feature, y and each parameter is scaled."""
    *own_x, own_y = before.data.labels
    if before.config.scaling == "none":
        return [*zip([*names.x, names.y], before.data.labels, strict=True)]
    shifts, scales = as_list(update.x_shift), as_list(update.x_scale)
    scaled = [
        f"({own} {plus(-shift)}) / {number(scale)}" if shift else f"{own} / {number(scale)}"
        for own, shift, scale in zip(own_x, shifts, scales, strict=True)
    ]
    scaled[-1] += f", so that {_reach(before)}"
    slopes = [f"θ{place} × {factor(scale)}" for place, scale in enumerate(scales, 1)]
    each = [*zip(names.x, scaled, strict=True)]
    if before.hidden:
        return [*each, (names.y, own_y), *zip(names.theta[1:], slopes, strict=True)]
    moved = " + ".join(f"θ{place} × {factor(shift)}" for place, shift in enumerate(shifts, 1))
    return [
        *each,
        (names.y, f"{own_y} {plus(-update.y_shift)}, so that its mean is 0"),
        *zip(names.theta[1:], slopes, strict=True),
        (names.theta[0], f"θ0 + {moved} {plus(-update.y_shift)}"),
    ]


def _reach(before: SetUp) -> str:
    """Say where the scaled features lie."""
    if before.hidden:
        measure = "root mean square" if before.config.scaling == "standard" else "largest size"
        return f"{'its' if before.is_line else 'each'} {measure} is 1"
    if before.config.scaling == "standard":
        of = "its mean is 0 and its" if before.is_line else "each mean is 0 and each"
        return f"{of} deviation 1"
    return "it goes from 0 to 1" if before.is_line else "each goes from 0 to 1"


def _summary(before: SetUp, update: UpdateFacts) -> list[tuple[str, str]]:
    """Say how all features are scaled alike."""
    y, theta0 = before.data.labels[-1], "θ0 + " if before.config.intercept else ""
    if before.config.scaling == "none":
        return [("y", y), ("prediction", f"{theta0}the sum of θ × x over all features")]
    low, width = scale_words(before)
    if before.hidden:
        return [
            ("x'", f"x / {width}, of each feature"),
            ("y'", y),
            ("θ'", f"θ × {width}, of each feature"),
            ("prediction", "the sum of θ' × x' over all features"),
        ]
    return [
        ("x'", f"(x − {low}) / {width}, of each feature"),
        ("y'", f"{y} {plus(-update.y_shift)}, so that its mean is 0"),
        ("θ'", f"θ × {width}, of each feature"),
        ("θ0'", f"θ0 + the sum of θ × {low} {plus(-update.y_shift)}"),
        ("prediction", "θ0' + the sum of θ' × x' over all features"),
    ]


def scale_words(before: SetUp) -> tuple[str, str]:
    """Say what is subtracted from a feature, and what it is divided by."""
    if before.hidden:
        return "", "root mean square" if before.config.scaling == "standard" else "largest size"
    return ("mean", "deviation") if before.config.scaling == "standard" else ("minimum", "range")
