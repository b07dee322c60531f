"""How bad one residual r = y − ŷ is, in the units of y squared.

What to use when: squared error (r², in squared_error.py) while the errors are small and many,
since its landscape is one bowl that is known exactly. `huber` where a few rows lie far off: a bowl
still, with gentler walls, so that they count for less. `absolute` where half of the rows may be
wrong: it weighs only on which side of the line a row lies, and its minimum is a corner, on which a
fixed rate never comes to rest. `cauchy` where the far rows are to be forgotten, or follow a line
of their own: its landscape has hills and several valleys, so that the start decides where a run
ends.

The scale C tells small residuals from large ones. The defaults lose 5 % to squared error where the
residuals are Gaussian (P. Holland and R. Welsch, "Robust regression using iteratively reweighted
least-squares", 1977). `least_scale` bounds them from below, for tables whose rows lie on a line to
many digits: what outliers still do to the minimum falls with C for Huber's loss, and with C² for
Cauchy's, whose valleys no descent finds when they are needles; the minimum of `absolute` is the
same for every C.
"""

import math
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from fitline.formatting import number
from fitline.vector import Vector

from .cost_names import CostName


class Loss(Protocol):
    """A loss of residuals of any shape; its second derivative is at most 2."""

    title: ClassVar[str]
    """What the costs are called that are its means."""
    is_quadratic: ClassVar[bool]
    """Whether its costs are quadratic functions, of which theory knows everything."""
    is_smooth: ClassVar[bool]
    """Whether its slope never jumps, so that the curvature bounds the learning rate."""
    is_convex: ClassVar[bool]
    is_analytic: ClassVar[bool]
    """Whether it is a power series about every residual, which holds nearer than its scale."""
    default_scale: ClassVar[float]
    """In standard deviations of the residuals."""
    least_scale: ClassVar[float]
    """Below which no default goes, in standard deviations of y without its outliers."""

    @property
    def scale(self) -> float:
        """Give C, in the units of y."""
        ...

    def value(self, residual: Vector) -> Vector:
        """Give the loss, in the units of y squared."""
        ...

    def psi(self, residual: Vector) -> Vector:
        """Give ψ, the derivative by the residual."""
        ...

    def second_derivative(self, residual: Vector) -> Vector:
        """Give the second derivative by the residual."""
        ...

    @property
    def psi_rule(self) -> str:
        """Write with its numbers how ψ follows from an error."""
        ...


@dataclass(frozen=True)
class Squared:
    """r² (A.-M. Legendre, 1805), for mini-batches; of a whole table the moments know it all."""

    scale: float = math.inf
    title: ClassVar[str] = "squared error"
    is_quadratic: ClassVar[bool] = True
    is_smooth: ClassVar[bool] = True
    is_convex: ClassVar[bool] = True
    is_analytic: ClassVar[bool] = True
    default_scale: ClassVar[float] = math.inf
    least_scale: ClassVar[float] = math.inf

    def value(self, residual: Vector) -> Vector:
        """Give r²."""
        return np.square(residual)

    def psi(self, residual: Vector) -> Vector:
        """Give 2r."""
        return 2 * residual

    def second_derivative(self, residual: Vector) -> Vector:
        """Give 2."""
        return np.full_like(residual, 2.0)

    @property
    def psi_rule(self) -> str:
        """Write the rule."""
        return "2 × error"


@dataclass(frozen=True)
class Absolute:
    """C·|r|, which is r² at |r| = C (P.-S. Laplace, 1793)."""

    scale: float
    title: ClassVar[str] = "absolute error"
    is_quadratic: ClassVar[bool] = False
    is_smooth: ClassVar[bool] = False
    is_convex: ClassVar[bool] = True
    is_analytic: ClassVar[bool] = False
    default_scale: ClassVar[float] = 1.0
    least_scale: ClassVar[float] = 0.05

    def value(self, residual: Vector) -> Vector:
        """Give C·|r|."""
        return self.scale * np.abs(residual)

    def psi(self, residual: Vector) -> Vector:
        """Give C·sign(r), and 0 at the corner."""
        return self.scale * np.sign(residual)

    def second_derivative(self, residual: Vector) -> Vector:
        """Give 0: between its corners it is straight."""
        return np.zeros_like(residual)

    @property
    def psi_rule(self) -> str:
        """Write the rule."""
        scale = number(self.scale)
        return f"{scale} where the error is above 0, −{scale} where it is below"


@dataclass(frozen=True)
class Huber:
    """r² for |r| ≤ C, else C·(2|r| − C) (P. Huber, 1964)."""

    scale: float
    title: ClassVar[str] = "Huber error"
    is_quadratic: ClassVar[bool] = False
    is_smooth: ClassVar[bool] = True
    is_convex: ClassVar[bool] = True
    is_analytic: ClassVar[bool] = False
    default_scale: ClassVar[float] = 1.345
    least_scale: ClassVar[float] = 1e-9

    def value(self, residual: Vector) -> Vector:
        """Give r² near 0, and a straight line beyond C."""
        straight = np.abs(residual)
        near = np.minimum(straight, self.scale)
        straight *= 2
        straight -= near
        straight *= near
        return straight

    def psi(self, residual: Vector) -> Vector:
        """Give 2r, cut off at ±2C."""
        return 2 * np.clip(residual, -self.scale, self.scale)

    def second_derivative(self, residual: Vector) -> Vector:
        """Give 2 near 0, and 0 beyond C."""
        return np.where(np.abs(residual) <= self.scale, 2.0, 0.0)

    @property
    def psi_rule(self) -> str:
        """Write the rule."""
        steepest = number(2 * self.scale)
        return f"2 × error, but no more than {steepest} and no less than −{steepest}"


@dataclass(frozen=True)
class Cauchy:
    """C²·ln(1 + (r/C)²), the likelihood of Cauchy's distribution."""

    scale: float
    title: ClassVar[str] = "Cauchy error"
    is_quadratic: ClassVar[bool] = False
    is_smooth: ClassVar[bool] = True
    is_convex: ClassVar[bool] = False
    is_analytic: ClassVar[bool] = True
    default_scale: ClassVar[float] = 2.385
    least_scale: ClassVar[float] = 0.05

    def value(self, residual: Vector) -> Vector:
        """Give about r² near 0, and hardly more for 20 C than for 10 C."""
        far = np.log1p(self._square(residual))
        far *= self.scale**2
        return far

    def psi(self, residual: Vector) -> Vector:
        """Give 2r / (1 + (r/C)²), which falls again beyond C."""
        psi = 2 * residual
        psi /= 1 + self._square(residual)
        return psi

    def second_derivative(self, residual: Vector) -> Vector:
        """Give 2·(1 − (r/C)²) / (1 + (r/C)²)², below 0 beyond C."""
        square = self._square(residual)
        second_derivative: Vector = 2 * (1 - square) / (1 + square) / (1 + square)
        return second_derivative

    @property
    def psi_rule(self) -> str:
        """Write the rule."""
        return f"2 × error / (1 + (error / {number(self.scale)})²)"

    def _square(self, residual: Vector) -> Vector:
        """Give (r/C)²."""
        square = residual / self.scale
        square *= square
        return square


LOSSES: dict[CostName, type[Absolute] | type[Huber] | type[Cauchy]] = {
    "absolute": Absolute,
    "huber": Huber,
    "cauchy": Cauchy,
}
