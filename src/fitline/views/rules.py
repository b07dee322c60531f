"""The rules of optimizers, with the numbers of an update."""

from collections.abc import Sequence

from fitline.explanation import Update
from fitline.formatting import number
from fitline.optimize.optimizers import Adagrad, Adam, AnyOptimizer, Momentum, Nesterov, RMSprop

from .report import Sheet

REMEMBERED = {
    "momentum": ("v",),
    "nesterov": ("v",),
    "adagrad": ("s",),
    "rmsprop": ("s",),
    "adam": ("m", "s"),
}
"""What optimizers remember, by the letters of their rules."""


def rule_text(optimizer: AnyOptimizer, update: Update) -> str | None:
    """Say how a gradient g became a direction d; plain descent needs no rule."""
    match optimizer:
        case Momentum(momentum=kept):
            return f"v ← {number(kept)} × v + g; d = −v"
        case Nesterov(momentum=kept):
            return f"v ← {number(kept)} × v + g; d = −(g + {number(kept)} × v)"
        case Adagrad(epsilon=small):
            return f"s ← s + g²; d = −g / (√s + {number(small)})"
        case RMSprop(decay=kept, epsilon=small):
            return f"s ← {_average(kept, 's', 'g²')}; d = −g / (√s + {number(small)})"
        case Adam(beta1=kept, beta2=squared, epsilon=small):
            rest, rest_squared = (number(float(1 - power[0])) for power in update.new_state[2:])
            return (
                f"m ← {_average(kept, 'm', 'g')}; s ← {_average(squared, 's', 'g²')};"
                f" d = −(m / {rest}) / (√(s / {rest_squared}) + {number(small)})"
            )
    return None


def _average(kept: float, old: str, new: str) -> str:
    return f"{number(kept)} × {old} + {number(1 - kept)} × {new}"


def rule_sheet(optimizer: AnyOptimizer, update: Update, names: Sequence[str]) -> Sheet:
    """Tabulate what an optimizer made of the gradient, a row a parameter."""
    columns = {"g": update.gradient / update.unit}
    letters = REMEMBERED[optimizer.name]
    for letter, before, after in zip(letters, update.state, update.new_state, strict=False):
        columns |= {f"{letter} before": before, letter: after}
    columns["d"] = update.direction
    rows = zip(*(map(number, column) for column in columns.values()), strict=True)
    lines = [(name, *row) for name, row in zip(names, rows, strict=True)]
    return Sheet(("along", *columns), lines, left=("along",))
