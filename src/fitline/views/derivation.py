"""How the first updates look, worked out as in a textbook."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from fitline.formatting import count, enumerated, number
from fitline.optimize.optimizers import Optimizer
from fitline.results.set_up import SetUp
from fitline.results.updates import UpdateFacts, as_list

from .coordinates import MOST_FEATURES, Names, coordinate_facts, loss_of, mark_of, scale_words
from .report import Block, Facts, Line, Sheet
from .terms import digits_for, factor, plus, settled, told_apart
from .theory import rate_of
from .worked_rows import WorkedRows

Each = TypeVar("Each")

ALIKE = 1e-9
"""Slopes that differ by no more than this part are the same."""

TOGETHER = (
    "All parameters move together: the gradient was taken at one point, and only from there does"
    " it lead downhill."
)

NORM = (
    "The gradient norm below is the length of the gradient in standardised coordinates, divided by"
    " the standard deviation of y."
)


def derivation_blocks(before: SetUp, updates: Sequence[UpdateFacts]) -> Iterator[Block]:
    """Say in which coordinates it all happens, work out each update, and say what they share."""
    if not updates:
        return
    yield Facts(coordinate_facts(before, updates[0]))
    for update in updates:
        worked = Worked(before, update)
        yield from worked.summary() if len(before.data.x) > MOST_FEATURES else worked.blocks()
    if len(before.start) - before.hidden > 1:
        yield Line(TOGETHER)
    yield Line(NORM)


@dataclass(frozen=True, eq=False)
class Worked:
    """An update on a page."""

    before: SetUp
    update: UpdateFacts

    def blocks(self) -> Iterator[Block]:
        """Give the rows, the sums, the gradient, the direction and the move."""
        update, names = self.update, self._thetas
        pairs = zip(names, self._fitted(update.theta), strict=True)
        here = ", ".join(f"{name} = {number(value)}" for name, value in pairs)
        yield Line(f"{self._title}, from {here}:", "bold")
        yield from self._rows.sheets()
        if more := update.row_count - len(update.rows):
            yield Line(f"… and {count(more, 'more row')}, which the sums hold too", "dim")
        moves = [*self._rate(), *self._moves(), *self._own_units(), *self._one_by_one()]
        if not self._optimizer.memory:
            yield Facts([*self._slopes(), *moves])
            return
        yield Facts(list(self._slopes()))
        yield from self._rule(names)
        yield Facts(moves)

    def summary(self) -> Iterator[Block]:
        """Give the sum, the gradient and the move of every parameter in one table."""
        labels = self._fitted(["intercept", *self.before.data.labels[:-1]])
        yield Line(f"{self._title}, over {count(self.update.row_count, 'row')}:", "bold")
        yield self._parameters(labels)
        if self._optimizer.memory:
            yield from self._rule(labels)
        yield Facts([*self._rate(), *self._columns()])

    @property
    def _optimizer(self) -> Optimizer:
        return self.before.config.optimizer

    def _fitted(self, each: Sequence[Each]) -> Sequence[Each]:
        """Leave out what belongs to an intercept that is not fitted."""
        return each[self.before.hidden :]

    @property
    def _thetas(self) -> Sequence[str]:
        return self._fitted(Names.of(self.before).theta)

    @property
    def _rows(self) -> WorkedRows:
        return WorkedRows(self.before, self.update)

    @property
    def _title(self) -> str:
        if self.before.updates_each_epoch is None:
            return f"Step {self.update.update:,} by hand"
        return f"Update {self.update.update:,} by hand, on one batch"

    def _slopes(self) -> Iterator[tuple[str, str]]:
        """Turn the sums into the gradient."""
        times, rows = self._factor, number(self._rows.weight)
        for name, total, added, slope in zip(
            self._thetas, self._rows.sums, self._penalty, self._gradient, strict=True
        ):
            more = f" {plus(added)} (the penalty)" if added else ""
            yield f"∂J/∂{name}", f"−{times}/{rows} × {factor(total)}{more} = {number(slope)}"

    @property
    def _penalty(self) -> Sequence[float]:
        """Give what the penalty adds to the gradient."""
        return self._fitted(self.update.penalty or [0.0] * len(self.update.theta))

    @property
    def _factor(self) -> int:
        """Give the factor of the sums in the gradient, −(factor/weight)·Σ."""
        return 2 if loss_of(self.before) is None else 1

    @property
    def _gradient(self) -> Sequence[float]:
        """Give the gradient, made of the sums and of the penalty."""
        part = -self._factor / self._rows.weight
        pairs = zip(self._rows.sums, self._penalty, strict=True)
        return [part * total + added for total, added in pairs]

    def _rate(self) -> Iterator[tuple[str, str]]:
        """Say where the rate comes from, unless it is the one that was told."""
        rate, told = self.update.rate, rate_of(self.before)
        if self.before.config.line_search:
            yield "rate", f"{number(rate)}, found by line search"
        elif rate != told:
            yield "rate", f"{number(rate)}, which the schedule makes of {number(told)}"

    @property
    def _far(self) -> str:
        """Write what a direction is multiplied by."""
        unit = self.update.unit
        return number(self.update.rate) + (f" × {number(unit)}" if unit != 1 else "")

    def _moves(self) -> Iterator[tuple[str, str]]:
        """Move every parameter."""
        update = self.update
        sign, moves = "−", self._gradient
        if self._optimizer.memory:
            sign, moves = "+", self._fitted(update.direction)
        ends = self._fitted(update.theta), moves, self._fitted(update.new_theta)
        for name, old, move, new in zip(self._thetas, *ends, strict=True):
            end = settled(new, old)
            digits = digits_for(end, old)
            step = f"{sign} {self._far} × {factor(move, digits)}"
            far = old + (1 if sign == "+" else -1) * update.rate * update.unit * move
            stopped = update.penalty is not None and not math.isclose(
                far, new, abs_tol=abs(old) * ALIKE
            )
            via = f"{number(settled(far, old))}, held at the crease at 0: " if stopped else ""
            yield f"new {name}", f"{number(old, digits)} {step} = {via}{number(end)}"

    def _own_units(self) -> Iterator[tuple[str, str]]:
        """Turn the new parameters into the table's own units."""
        if not mark_of(self.before):
            return
        update, end = self.update, self.update.new_theta
        theta0, *slopes = update.original_theta
        shifts, scales = as_list(update.x_shift), as_list(update.x_scale)
        terms = [end[0], update.y_shift]
        if not self.before.is_line:
            terms += [slope * shift for slope, shift in zip(slopes, shifts, strict=True)]
        theta0 = settled(theta0, *terms)
        digits = digits_for(theta0, *terms)
        moved = "".join(
            f" − {factor(slope, digits)} × {factor(shift, digits)}"
            for slope, shift in zip(slopes, shifts, strict=True)
        )
        centre = f"{plus(update.y_shift, digits)}{moved}"
        for place, (slope, scale) in enumerate(zip(slopes, scales, strict=True), 1):
            yield f"new θ{place}", f"{number(end[place])} / {number(scale)} = {number(slope)}"
        if self.before.config.intercept:
            yield "new θ0", f"{number(end[0], digits)} {centre} = {number(theta0)}"

    def _one_by_one(self) -> Iterator[tuple[str, str]]:
        """Say what would have become of the slopes, had the parameters not moved together."""
        if len(self._thetas) > 1:
            told = self._one_after_another if self.before.is_line else self._one_after_the_other
            yield "sequential update", told()

    def _one_after_another(self) -> str:
        """Say it of a line."""
        update, sequential = self.update, self.update.one_by_one
        theta0, theta1 = self._thetas
        slope, other = update.gradient[1], sequential.gradient[1]
        first = f"had {theta0} moved first, ∂J/∂{theta1} would be"
        if np.isclose(slope, other, rtol=ALIKE, atol=0):
            return f"{first} the same {self._why_the_same()}"
        (late,) = as_list(sequential.theta1)
        wrong, right = told_apart(late, update.new_theta[1])
        instead = f", and new {theta1} {wrong} instead of {right}" if wrong != right else ""
        return f"{first} {number(other)}{instead}"

    def _why_the_same(self) -> str:
        (x,) = Names.of(self.before).x
        if self.before.config.scaling != "standard" or loss_of(self.before) is not None:
            return "here"
        return f"here, where the mean of {x} is 0; with --scaling none it is not"

    def _one_after_the_other(self) -> str:
        """Name the slopes that would have become others."""
        moved, names = f"had {enumerated(self._thetas)} moved one after the other", self._thetas
        late = as_list(self.update.one_by_one.theta1)
        pairs = [
            (name, *told_apart(*ends))
            for name, *ends in zip(
                names[-len(late) :], late, self.update.new_theta[1:], strict=True
            )
        ]
        other = [
            f"new {name} would be {wrong} instead of {right}"
            for name, wrong, right in pairs
            if wrong != right
        ]
        same = "they would be the same here"
        return f"{moved}, {enumerated(other) if other else same}"

    def _rule(self, names: Sequence[str]) -> Iterator[Block]:
        """Tabulate what the optimizer makes of the gradient, and say how."""
        yield self._rule_sheet(names)
        g = "g is the gradient" + (
            f" / {number(self.update.unit)}" if self.update.unit != 1 else ""
        )
        state = tuple(map(np.array, self.update.new_state))
        yield Line(f"{g}; {self._optimizer.rule(state)}")

    def _parameters(self, labels: Sequence[str]) -> Sheet:
        """Tabulate every parameter, from its sum to its end."""
        update, mark = self.update, mark_of(self.before)
        columns = {
            f"θ{mark}": self._fitted(update.theta),
            f"Σ {self._rows.psi} × x{mark}": self._rows.sums,
            f"∂J/∂θ{mark}": self._gradient,
            f"new θ{mark}": self._fitted(update.new_theta),
        }
        if mark:
            columns["new θ"] = self._fitted(update.original_theta)
        rows = zip(labels, *(map(number, column) for column in columns.values()), strict=True)
        spare = [f"new θ{mark}", f"θ{mark}"] if mark else [f"θ{mark}"]
        return Sheet(["feature", *columns], [*rows], spare, left=("feature",))

    def _columns(self) -> Iterator[tuple[str, str]]:
        """Say how the columns of that table follow from each other."""
        mark, rows = mark_of(self.before), number(self._rows.weight)
        total, slope = f"Σ {self._rows.psi} × x{mark}", f"∂J/∂θ{mark}"
        move = f"+ {self._far} × d" if self._optimizer.memory else f"− {self._far} × {slope}"
        ones = f", where x{mark} of the intercept is 1" if self.before.config.intercept else ""
        more = " + that of the penalty" if self.update.penalty else ""
        yield slope, f"−{self._factor}/{rows} × {total}{more}{ones}"
        yield f"new θ{mark}", f"θ{mark} {move}"
        if mark:
            low, width = scale_words(self.before)
            centre = f"new θ0' {plus(self.update.y_shift)} − the sum of new θ × {low}"
            own = f"; of the intercept {centre}" if self.before.config.intercept else ""
            yield "new θ", f"new θ' / {width}{own}"

    def _rule_sheet(self, names: Sequence[str]) -> Sheet:
        """Tabulate what an optimizer made of the gradient, a row a parameter."""
        update = self.update
        columns = {"g": [slope / update.unit for slope in update.gradient]}
        for letter, before, after in zip(
            self._optimizer.memory, update.state, update.new_state, strict=False
        ):
            columns |= {f"{letter} before": before, letter: after}
        columns["d"] = update.direction
        fitted = (map(number, self._fitted(column)) for column in columns.values())
        lines = [(name, *row) for name, row in zip(names, zip(*fitted, strict=True), strict=True)]
        return Sheet(("along", *columns), lines, left=("along",))
