"""How the first updates look, worked out as in a textbook."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fitline.formatting import count, number
from fitline.optimize.losses import LOSSES, Absolute, Cauchy, Huber, Loss
from fitline.optimize.optimizers import Optimizer
from fitline.results import SetUp, UpdateFacts

from .report import Block, Facts, Line, Sheet
from .theory import rate_of

MOST_DIGITS, MOST_ROW_DIGITS = 12, 9
"""Terms of a sum are written with no more digits than these, and those of a row with fewer."""

ALIKE, ROUNDING = 1e-9, 1e-13
"""Slopes that differ by no more than the first part are the same, and sums that are no larger than
the second part of their terms are nothing."""


TOGETHER = (
    "All parameters move together: the gradient was taken at one point, and only from there does"
    " it lead downhill."
)


def derivation_blocks(before: SetUp, updates: Sequence[UpdateFacts]) -> Iterator[Block]:
    """Say in which coordinates it all happens, work out each update, and say what they share."""
    if not updates:
        return
    yield Facts(_coordinates(before, updates[0]))
    for update in updates:
        yield from Worked(before, update).blocks()
    yield Line(TOGETHER)


def names_of(before: SetUp) -> tuple[str, str, str, str]:
    """Name x, y and the parameters in the coordinates that train."""
    if before.config.scaling == "none":
        return "x", "y", "θ0", "θ1"
    return "x'", "y'", "θ0'", "θ1'"


def loss_of(before: SetUp) -> Loss | None:
    """Give the loss whose derivative takes the place of twice the error, of a robust cost."""
    cost = before.cost_function
    return None if cost.scale is None else LOSSES[cost.name](cost.scale)


def _coordinates(before: SetUp, update: UpdateFacts) -> list[tuple[str, str]]:
    """Say what x and y are, and what is worked out for every row."""
    own_x, own_y = before.labels
    loss, x_shift, y_shift = loss_of(before), update.x_shift, update.y_shift
    x, y, theta0, theta1 = names_of(before)
    facts = [(x, own_x), (y, own_y)]
    if before.config.scaling != "none":
        shifted = f"({own_x} {plus(-x_shift)}) / {number(update.x_scale)}"
        reach = (
            "its mean is 0 and its deviation 1"
            if before.config.scaling == "standard"
            else "it goes from 0 to 1"
        )
        facts = [
            (x, f"{shifted}, so that {reach}"),
            (y, f"{own_y} {plus(-y_shift)}, so that its mean is 0"),
            (theta1, f"θ1 × {factor(update.x_scale)}"),
            (theta0, f"θ0 + θ1 × {factor(x_shift)} {plus(-y_shift)}"),
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


@dataclass(frozen=True, eq=False)
class Worked:
    """An update on a page."""

    before: SetUp
    update: UpdateFacts

    def blocks(self) -> Iterator[Block]:
        """Give the rows, the sums, the gradient, the direction and the move."""
        update = self.update
        yield Line(self._title(), "bold")
        yield self._rows()
        if more := update.row_count - len(update.rows):
            yield Line(f"… and {count(more, 'more row')}, which the sums hold too", "dim")
        moves = [*self._rate(), *self._moves(), *self._own_units(), self._one_by_one()]
        optimizer, unit = self.before.config.optimizer, update.unit
        if not optimizer.memory:
            yield Facts([*self._slopes(), *moves])
            return
        yield Facts(list(self._slopes()))
        yield _rule_sheet(optimizer, update, self._thetas)
        g = "g is the gradient" + (f" / {number(unit)}" if unit != 1 else "")
        yield Line(f"{g}; {optimizer.rule(tuple(map(np.array, update.new_state)))}")
        yield Facts(moves)

    @property
    def _thetas(self) -> tuple[str, str]:
        return names_of(self.before)[2:]

    @property
    def _sums(self) -> list[float]:
        """Give the sums, where they are more than what rounding left of a sum of nothing."""
        rows, count_ = self.update.rows, self.update.row_count
        sizes = [[abs(row.pull) for row in rows], [abs(row.pull * row.x) for row in rows]]
        return [
            _settled(total, count_ * max(size))
            for total, size in zip(self.update.sums, sizes, strict=True)
        ]

    def _title(self) -> str:
        update = self.update
        here = ", ".join(
            f"{name} = {number(value)}"
            for name, value in zip(self._thetas, update.theta, strict=True)
        )
        if self.before.updates_each_epoch is None:
            return f"Step {update.update:,} by hand, from {here}:"
        return f"Update {update.update:,} by hand, on one batch, from {here}:"

    def _rows(self) -> Sheet:
        """Tabulate the first rows, and below them the sums over all."""
        update, rows, (x, y, *_) = self.update, self.update.rows, names_of(self.before)
        psi = "error" if loss_of(self.before) is None else "slope"
        columns: dict[str, Sequence[float]] = {}
        if update.own_rows:
            own = zip(*update.own_rows, strict=True)
            columns |= dict(zip(self.before.labels, own, strict=True))
        if self.before.config.scaling != "none" or not update.own_rows:
            columns |= {x: [row.x for row in rows], y: [row.y for row in rows]}
        columns |= {
            "prediction": [row.prediction for row in rows],
            "error": [row.error for row in rows],
            psi: [row.pull for row in rows],
            f"{psi} × {x}": [row.pull * row.x for row in rows],
        }
        digits = dict.fromkeys(("prediction", y), self._row_digits)
        written = [
            [number(value, digits.get(name, 6)) for value in column]
            for name, column in columns.items()
        ]
        cells = [list(line) for line in zip(*written, strict=True)]
        below = [
            f"all {update.row_count:,}:",
            *[""] * (len(columns) - 3),
            *map(number, self._sums),
        ]
        return Sheet(list(columns), [*cells, below])

    @property
    def _row_digits(self) -> int:
        """Tell how many digits show where small errors come from."""
        most = max(_digits(row.error, row.prediction) for row in self.update.rows)
        return min(MOST_ROW_DIGITS, most)

    def _slopes(self) -> Iterator[tuple[str, str]]:
        """Turn the sums into the gradient."""
        times, rows = self._factor, self.update.row_count
        for name, total in zip(self._thetas, self._sums, strict=True):
            slope = number(-times / rows * total)
            yield f"∂J/∂{name}", f"−{times}/{rows:,} × {factor(total)} = {slope}"

    @property
    def _factor(self) -> int:
        """Give the factor of the sums in the gradient, −(factor/rows)·Σ."""
        return 2 if loss_of(self.before) is None else 1

    def _rate(self) -> Iterator[tuple[str, str]]:
        """Say where the rate comes from, unless it is the one that was told."""
        rate, told = self.update.rate, rate_of(self.before)
        if self.before.config.line_search:
            yield "rate", f"{number(rate)}, found by line search"
        elif rate != told:
            yield "rate", f"{number(rate)}, which the schedule made of {number(told)}"

    def _moves(self) -> Iterator[tuple[str, str]]:
        """Move every parameter."""
        update, unit = self.update, self.update.unit
        far = number(update.rate) + (f" × {number(unit)}" if unit != 1 else "")
        sign, moves = "+", update.direction
        if not self.before.config.optimizer.memory:
            sign, moves = "−", [-self._factor / update.row_count * total for total in self._sums]
        for name, old, move, new in zip(
            self._thetas, update.theta, moves, update.new_theta, strict=True
        ):
            end = _settled(new, old)
            digits = _digits(end, old)
            step = f"{sign} {far} × {factor(move, digits)}"
            yield f"new {name}", f"{number(old, digits)} {step} = {number(end)}"

    def _own_units(self) -> Iterator[tuple[str, str]]:
        """Turn the new parameters into the table's own units."""
        if self.before.config.scaling == "none":
            return
        update, end = self.update, self.update.new_theta
        theta0, theta1 = update.original_theta
        theta0 = _settled(theta0, end[0], update.y_shift)
        digits = _digits(theta0, end[0], update.y_shift)
        slope, shift = factor(theta1, digits), factor(update.x_shift, digits)
        centre = f"{plus(update.y_shift, digits)} − {slope} × {shift}"
        yield "new θ1", f"{number(end[1])} / {number(update.x_scale)} = {number(theta1)}"
        yield "new θ0", f"{number(end[0], digits)} {centre} = {number(theta0)}"

    def _one_by_one(self) -> tuple[str, str]:
        """Say what would have become of θ1, had θ0 moved first."""
        update, sequential = self.update, self.update.one_by_one
        theta0, theta1 = self._thetas
        slope, other = update.gradient[1], sequential.gradient[1]
        label, first = "sequential update", f"had {theta0} moved first, ∂J/∂{theta1} would be"
        if np.isclose(slope, other, rtol=ALIKE, atol=0):
            return label, f"{first} the same {self._why_the_same()}"
        wrong, right = _told_apart(sequential.theta1, update.new_theta[1])
        instead = f", and new {theta1} {wrong} instead of {right}" if wrong != right else ""
        return label, f"{first} {number(other)}{instead}"

    def _why_the_same(self) -> str:
        x, *_ = names_of(self.before)
        if self.before.config.scaling != "standard" or loss_of(self.before) is not None:
            return "here"
        return f"here, where the mean of {x} is 0; with --scaling none it is not"


def _rule_sheet(optimizer: Optimizer, update: UpdateFacts, names: Sequence[str]) -> Sheet:
    """Tabulate what an optimizer made of the gradient, a row a parameter."""
    columns = {"g": [slope / update.unit for slope in update.gradient]}
    for letter, before, after in zip(
        optimizer.memory, update.state, update.new_state, strict=False
    ):
        columns |= {f"{letter} before": before, letter: after}
    columns["d"] = update.direction
    rows = zip(*(map(number, column) for column in columns.values()), strict=True)
    lines = [(name, *row) for name, row in zip(names, rows, strict=True)]
    return Sheet(("along", *columns), lines, left=("along",))


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
