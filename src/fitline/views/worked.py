"""One update on a page: its rows, its sums, its gradient and its move, as in a textbook."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fitline.explanation import Explanation
from fitline.formatting import count, number
from fitline.training import Training

from .report import Block, Facts, Line, Sheet
from .rules import rule_sheet, rule_text

MOST_DIGITS, MOST_ROW_DIGITS = 12, 9
"""Terms of a sum are written with no more digits than these, and those of a row with fewer."""

ALIKE, ROUNDING = 1e-9, 1e-13
"""Slopes that differ by no more than the first part are the same, and sums that are no larger than
the second part of their terms are nothing."""


def names_of(training: Training) -> tuple[str, str, str, str]:
    """Name x, y and the parameters in the coordinates that train."""
    if training.config.scaling == "none":
        return "x", "y", "θ0", "θ1"
    return "x'", "y'", "θ0'", "θ1'"


@dataclass(frozen=True, eq=False)
class Worked:
    """An update on a page."""

    training: Training
    explanation: Explanation

    def blocks(self) -> Iterator[Block]:
        """Give the rows, the sums, the gradient, the direction and the move."""
        part, update = self.explanation.part, self.explanation.update
        yield Line(self._title(), "bold")
        yield self._rows()
        if more := part.count - len(part.x):
            yield Line(f"… and {count(more, 'more row')}, which the sums hold too", "dim")
        moves = [*self._rate(), *self._moves(), *self._own_units(), self._one_by_one()]
        rule = rule_text(self.training.config.optimizer, update)
        if rule is None:
            yield Facts([*self._slopes(), *moves])
            return
        yield Facts(list(self._slopes()))
        yield rule_sheet(self.training.config.optimizer, update, self._thetas)
        g = "g is the gradient" + (f" / {number(update.unit)}" if update.unit != 1 else "")
        yield Line(f"{g}; {rule}")
        yield Facts(moves)

    @property
    def _thetas(self) -> tuple[str, str]:
        return names_of(self.training)[2:]

    @property
    def _sums(self) -> list[float]:
        """Give the sums, where they are more than what rounding left of a sum of nothing."""
        rows, count_ = self.explanation.rows, self.explanation.part.count
        sizes = [[abs(row.pull) for row in rows], [abs(row.pull * row.x) for row in rows]]
        return [
            _settled(total, count_ * max(size))
            for total, size in zip(self.explanation.sums.tolist(), sizes, strict=True)
        ]

    def _title(self) -> str:
        update = self.explanation.update
        here = ", ".join(
            f"{name} = {number(value)}"
            for name, value in zip(self._thetas, update.theta, strict=True)
        )
        if self.training.way.batches is None:
            return f"Step {update.index + 1:,} by hand, from {here}:"
        return f"Update {update.index + 1:,} by hand, on one batch, from {here}:"

    def _rows(self) -> Sheet:
        """Tabulate the first rows, and below them the sums over all."""
        part, rows, (x, y, *_) = (
            self.explanation.part,
            self.explanation.rows,
            names_of(self.training),
        )
        pull = "error" if part.loss is None else "slope"
        columns: dict[str, Sequence[float]] = {}
        if part.own:
            own = zip(*part.own, strict=True)
            columns |= dict(zip(self.training.table.labels, own, strict=True))
        if self.training.config.scaling != "none" or not part.own:
            columns |= {x: [row.x for row in rows], y: [row.y for row in rows]}
        columns |= {
            "prediction": [row.prediction for row in rows],
            "error": [row.error for row in rows],
            pull: [row.pull for row in rows],
            f"{pull} × {x}": [row.pull * row.x for row in rows],
        }
        digits = dict.fromkeys(("prediction", y), self._row_digits)
        written = [
            [number(value, digits.get(name, 6)) for value in column]
            for name, column in columns.items()
        ]
        cells = [list(line) for line in zip(*written, strict=True)]
        below = [f"all {part.count:,}:", *[""] * (len(columns) - 3), *map(number, self._sums)]
        return Sheet(list(columns), [*cells, below])

    @property
    def _row_digits(self) -> int:
        """Tell how many digits show where small errors come from."""
        most = max(_digits(row.error, row.prediction) for row in self.explanation.rows)
        return min(MOST_ROW_DIGITS, most)

    def _slopes(self) -> Iterator[tuple[str, str]]:
        """Turn the sums into the gradient."""
        part = self.explanation.part
        for name, total in zip(self._thetas, self._sums, strict=True):
            slope = number(-part.factor / part.count * total)
            yield f"∂J/∂{name}", f"−{part.factor}/{part.count:,} × {factor(total)} = {slope}"

    def _rate(self) -> Iterator[tuple[str, str]]:
        """Say where the rate comes from, unless it is the one that was told."""
        rate, way = self.explanation.update.rate, self.training.way
        if way.line_search:
            yield "rate", f"{number(rate)}, found by looking for the lowest point that way"
        elif rate != way.learning_rate:
            yield "rate", f"{number(rate)}, which the schedule made of {number(way.learning_rate)}"

    def _moves(self) -> Iterator[tuple[str, str]]:
        """Move every parameter."""
        update = self.explanation.update
        far = number(update.rate) + (f" × {number(update.unit)}" if update.unit != 1 else "")
        sign, ways = "+", update.direction.tolist()
        if self.training.config.optimizer.name == "gradient_descent":
            part = self.explanation.part
            sign, ways = "−", [-part.factor / part.count * total for total in self._sums]
        for name, old, way, new in zip(self._thetas, update.theta, ways, update.end, strict=True):
            end = _settled(new, old)
            digits = _digits(end, old)
            step = f"{sign} {far} × {factor(way, digits)}"
            yield f"new {name}", f"{number(old, digits)} {step} = {number(end)}"

    def _own_units(self) -> Iterator[tuple[str, str]]:
        """Turn the new parameters into the table's own units."""
        if self.training.config.scaling == "none":
            return
        scaling, end = self.training.scaling, self.explanation.update.end
        theta0, theta1 = scaling.original(end).tolist()
        theta0 = _settled(theta0, end[0], scaling.y_shift)
        digits = _digits(theta0, end[0], scaling.y_shift)
        slope, shift = factor(theta1, digits), factor(scaling.shift[0], digits)
        centre = f"{plus(scaling.y_shift, digits)} − {slope} × {shift}"
        yield "new θ1", f"{number(end[1])} / {number(scaling.scale[0])} = {number(theta1)}"
        yield "new θ0", f"{number(end[0], digits)} {centre} = {number(theta0)}"

    def _one_by_one(self) -> tuple[str, str]:
        """Say what would have become of θ1, had θ0 moved first."""
        update, apart = self.explanation.update, self.explanation.apart
        theta0, theta1 = self._thetas
        slope, other = float(update.gradient[1]), float(apart.gradient[1])
        label, first = "one by one", f"had {theta0} moved first, ∂J/∂{theta1} would be"
        if np.isclose(slope, other, rtol=ALIKE, atol=0):
            return label, f"{first} the same {self._why_the_same()}"
        wrong, right = _told_apart(float(apart.end[1]), float(update.end[1]))
        instead = f", and new {theta1} {wrong} instead of {right}" if wrong != right else ""
        return label, f"{first} {number(other)}{instead}"

    def _why_the_same(self) -> str:
        x, *_ = names_of(self.training)
        mean, _ = self.training.scaling.spread(self.training.moments)
        if abs(mean) > ALIKE or self.explanation.part.loss is not None:
            return "here"
        return f"here, where the mean of {x} is 0; with --scaling none it is not"


def _told_apart(one: float, other: float) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to see that they differ."""
    for digits in range(6, 13):
        if number(one, digits) != number(other, digits):
            break
    return number(one, digits), number(other, digits)


def _settled(value: float, *terms: float) -> float:
    """Give 0 for what is no more than the rounding of the terms of a sum."""
    return value if abs(value) > ROUNDING * max(map(abs, terms)) else 0.0


def _digits(result: float, *terms: float) -> int:
    """Tell how many digits the terms of a sum need, so that it can be worked out from them."""
    lost = math.log10(max(map(abs, terms)) / abs(result)) if result and any(terms) else 0
    return min(MOST_DIGITS, 6 + max(0, round(lost))) if math.isfinite(lost) else 6


def factor(value: float, digits: int = 6) -> str:
    """Write a number that stands behind a sign."""
    return f"({number(value, digits)})" if value < 0 else number(value, digits)


def plus(value: float, digits: int = 6) -> str:
    """Write a number that is added."""
    sign = "−" if value < 0 else "+"
    return f"{sign} {number(abs(value), digits)}"
