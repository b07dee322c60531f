"""Pictures for slides, as PNG, SVG, PDF and GIF: the kinds, and what each of them needs."""

import shlex
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fitline.errors import FitlineError, UsageError

if TYPE_CHECKING:
    from fitline.optimize.moments import Moments
    from fitline.optimize.optimizers import AnyOptimizer
    from fitline.training import Training

KINDS: Final = {
    "line": "the line over the data, with its residuals and earlier lines",
    "contour": "the landscape from above, with the path of the training",
    "slices": "the cost along each parameter, with its slope at the start",
    "cost": "the cost by step, beside the exact minimum",
    "scaling": "the landscape without and with scaling",
    "surface": "the landscape in three dimensions",
    "rates": "the cost by step at four learning rates",
    "predicted": "the predictions over the true values",
    "added": "what one feature adds to the others: both residuals, whose slope is the parameter",
    "residuals": "the residuals over the predictions",
    "qq": "the residuals in order beside those of normal errors",
    "leverage": "the residuals over the leverage of their rows, with Cook's distance",
    "path": "the slopes over the weight of a penalty: --l2 for ridge, else lasso",
    "all": "line or predicted, contour, slices and cost on one sheet",
}

STILL: Final = ("png", "svg", "pdf")
MOVING: Final = ("line", "contour", "surface", "predicted", "all")
"""The kinds that can be a GIF as well."""

LEAST_SQUARES: Final = {"added": "predicted", "leverage": "residuals", "path": "cost"}
"""The kinds that are of least squares alone, with what shows other costs."""

CURVED: Final = ("rates", "scaling")
"""The kinds that take their learning rates from the curvature of the cost."""


class MissingExtraError(FitlineError):
    """A part that is optional has not been installed."""

    kind = "missing"


def require_matplotlib() -> None:
    """Refuse to go on where there is nothing to draw with."""
    if find_spec("matplotlib") is None:
        raise MissingExtraError(
            "pictures take matplotlib, which is not installed",
            hint="pip install 'fitline[plot]'",
        )


def require_kind(kind: str | None, hint: str = "name one of these") -> str:
    """Refuse a kind that there is not, as when it was forgotten; the hint tells what to type."""
    if isinstance(kind, str) and kind in KINDS:
        return kind
    said = "no kind of picture was named" if kind is None else f"there is no picture {kind!r}"
    known = ", ".join(KINDS)
    raise UsageError(f"{said}; there are {known}", value=kind and str(kind), hint=hint)


def require_file(kind: str, output: str | None) -> tuple[str, str]:
    """Give the file and the format that its ending names; refuse what the kind cannot be."""
    if output is None:
        raise UsageError(
            "no file was named for the picture", hint=f"name a file: -o {kind}.png, .svg or .pdf"
        )
    ending = Path(output).suffix.lower().removeprefix(".")
    if ending == "gif" and kind not in MOVING:
        raise UsageError(
            f"{kind} does not move, so it cannot be a .gif",
            value=output,
            hint=f"end it in .png, .svg or .pdf, or animate one of {', '.join(MOVING)}",
        )
    if ending not in {*STILL, "gif"}:
        raise UsageError(
            f"--output is {output!r}, whose ending names no kind of picture file",
            value=output,
            hint="end it in one of .png, .svg, .pdf or .gif",
        )
    return output, ending


def require_curvature(kind: str, cost: str, optimizer: "AnyOptimizer") -> None:
    """Refuse to choose learning rates by the curvature where it does not tell them."""
    if kind == "rates" and optimizer.name != "gradient_descent":
        raise UsageError(
            f"the four sorts of rates are those of plain descent, not of {optimizer.name}",
            value=optimizer.name,
            hint="fitline rates tries rates for every optimizer",
        )
    if kind in CURVED and cost == "absolute":
        raise UsageError(
            f"{kind} takes its learning rates from the curvature, and absolute error has none",
            value=cost,
            hint="choose --cost huber, which has no corner, or another kind",
        )


def require_features(
    kind: str, cost: str, features: Sequence[str], *, is_penalised: bool = False
) -> None:
    """Refuse the picture of a line where there are several features, and of another cost."""
    if kind == "line" and len(features) > 1:
        raise UsageError(
            f"line is for one feature; there are {len(features)}",
            value=kind,
            hint=f"choose predicted, or added --feature {shlex.quote(features[0])}",
        )
    if kind in LEAST_SQUARES and cost != "squared":
        raise UsageError(
            f"{kind} is for least squares, not for {cost} error",
            value=cost,
            hint=f"leave out --cost, or choose {LEAST_SQUARES[kind]}",
        )
    if kind in LEAST_SQUARES and kind != "path" and is_penalised:
        raise UsageError(
            f"{kind} is for least squares without a penalty",
            value=kind,
            hint=f"leave out --l2 and --l1, or choose {LEAST_SQUARES[kind]}",
        )


def require_drawable(kind: str, training: "Training") -> None:
    """Refuse a picture that there is not of a training, or where nothing draws it."""
    config = training.config
    require_kind(kind)
    require_matplotlib()
    require_curvature(kind, config.cost, config.optimizer)
    is_penalised = training.landscape.penalty is not None
    features = training.table.columns[:-1]
    require_features(kind, config.cost, features, is_penalised=is_penalised)
    require_freedom(kind, training.moments)


def require_freedom(kind: str, moments: "Moments") -> None:
    """Refuse leverage where every row has all of it."""
    if kind == "leverage" and not moments.precision.freedom:
        raise UsageError(
            "leverage takes more rows than parameters",
            value=kind,
            hint="fitline plot residuals draws the residuals",
        )
