"""How a gradient becomes a direction.

What to use when: plain `gradient_descent`, while the landscape is one bowl and can be scaled.
`momentum` and `nesterov` in a narrow valley, along which they gather speed instead of swinging
from wall to wall. `adagrad`, `rmsprop` and `adam` where the parameters need rates of their own:
each divides by the size of the gradients that it has met, so that a rate is a distance per step.
Adagrad slows down for ever, RMSprop forgets old gradients, Adam also gathers speed; at a fixed
rate the last two end up circling the minimum rather than resting on it.

No rule here knows the learning rate: θ ← θ + η·direction. NumPy is not imported, for the
arithmetic is that of the arrays that come in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self, TypeAlias, get_args

from fitline.bounds import Bounds
from fitline.formatting import number

if TYPE_CHECKING:
    from fitline.vector import Vector

    from .costs import Curvature

State: TypeAlias = "tuple[Vector, ...]"
"""What an optimizer remembers from one step to the next, each part in the shape of theta."""

Part = Annotated[float, Bounds(ge=0, lt=1)]
Kept = Annotated[float, Bounds(ge=0, lt=1)] | Literal["auto"] | None
Small = Annotated[float, Bounds(gt=0)]


class Optimizer:
    """A record of hyper-parameters; nothing in it changes while it works."""

    name: str
    memory: ClassVar[tuple[str, ...]] = ()
    """The letters by which its rule calls what it remembers."""
    is_normalized: ClassVar[bool] = False
    """Whether the length of its steps does not depend on that of the gradient."""

    def init(self, theta: Vector) -> State:
        """Give what is remembered before the first step: nothing has been met yet."""
        return tuple(0.0 * theta for _ in self.memory)

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Turn a gradient into a direction, in its shape, and give what to remember."""
        raise NotImplementedError

    def rule(self, state: State) -> str:
        """Write the rule with its numbers; `state` is that after the update."""
        raise NotImplementedError

    def tuned(self, curvature: Curvature | None, rate: float | None, steps: int) -> Self:  # noqa: ARG002 - others use it
        """Choose the settings that are left to be chosen, for a rate, or for the best one.

        `curvature` is that of a bowl, or None where theory knows nothing.
        """
        return self

    def best_rate(self, curvature: Curvature) -> tuple[float, str] | None:  # noqa: ARG002 - others use it
        """Give the rate that theory recommends in a bowl, and why; None where it has none."""
        return None

    def largest_stable_rate(self, curvature: Curvature) -> float:  # noqa: ARG002 - others use it
        """Give the rate above which descent in a bowl diverges; infinite where there is none."""
        return math.inf


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """Step against the gradient: d = −g (A. Cauchy, 1847)."""

    name: Literal["gradient_descent"] = "gradient_descent"

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Step against the gradient.

        >>> GradientDescent().update(3.0, ())
        (-3.0, ())
        """
        return -gradient, state

    def rule(self, state: State) -> str:  # noqa: ARG002 - others use it
        """Write the rule."""
        return "d = −g"

    def best_rate(self, curvature: Curvature) -> tuple[float, str]:
        """Give 2/(λmin + λmax)."""
        if curvature.is_level:
            return curvature.best_rate, "1/λmax, beside which λmin is lost in rounding"
        return curvature.best_rate, "2/(λmin + λmax), the best fixed rate for squared error"

    def largest_stable_rate(self, curvature: Curvature) -> float:
        """Give 2/λmax."""
        return curvature.largest_stable_rate


USUAL_MOMENTUM = 0.9
"""β where theory knows none that is better."""

E_FOLDS, FEWEST_STEPS, MOST_STEPS = 32, 1000, 16_000
"""With β speed fades by √β a step, and by so many e-folds within the steps that are allowed.

Fewer steps change nothing. With a β for more of them the first swing across the valley, which
grows with √κ, would be as high as if descent diverged.
"""


@dataclass(frozen=True)
class Rolling(Optimizer):
    """Descent that keeps a part β of its velocity."""

    name: str = ""
    momentum: Kept = None
    memory: ClassVar[tuple[str, ...]] = ("v",)

    @cached_property
    def beta(self) -> float:
        """Give β, which is 0.9 where it was not chosen."""
        return self.momentum if isinstance(self.momentum, float | int) else USUAL_MOMENTUM

    def tuned(self, curvature: Curvature | None, rate: float | None, steps: int) -> Self:
        """Choose β, no larger than is of use within the steps."""
        is_told = isinstance(self.momentum, float | int)
        if is_told or curvature is None or (self.momentum is None and rate is not None):
            return replace(self, momentum=self.beta)
        most = (1 - E_FOLDS / min(max(steps, FEWEST_STEPS), MOST_STEPS)) ** 2
        return replace(self, momentum=round(min(self.best_beta(curvature, rate), most), 15))

    def best_beta(self, curvature: Curvature, rate: float | None) -> float:
        """Give the β at which the slowest direction is fastest, at a rate or at the best one."""
        raise NotImplementedError


@dataclass(frozen=True)
class Momentum(Rolling):
    """Roll on: v ← β·v + g, d = −v (B. Polyak, 1964)."""

    name: Literal["momentum"] = "momentum"
    momentum: Kept = None
    """β: the part of the velocity that is kept; auto is the best one. Left out: 0.9, and with
    --learning-rate auto the best one."""

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Add the gradient to the speed."""
        speed = self.beta * state[0] + gradient
        return -speed, (speed,)

    def rule(self, state: State) -> str:  # noqa: ARG002 - others use it
        """Write the rule."""
        return f"v ← {number(self.beta)} × v + g; d = −v"

    def best_beta(self, curvature: Curvature, rate: float | None) -> float:
        """Give ((√κ − 1)/(√κ + 1))², or at a rate the largest of (1 − √(η·λ))²."""
        low, high = _roots(curvature)
        if rate is None:
            return ((high - low) / (high + low)) ** 2
        left = max(abs(1 - math.sqrt(rate) * root) for root in (low, high))
        return left * left

    def best_rate(self, curvature: Curvature) -> tuple[float, str]:
        """Give Polyak's 4/(√λmin + √λmax)², or less where β is too small for it."""
        low, high = _roots(curvature)
        polyak, most = 4 / (low + high) ** 2, ((1 + math.sqrt(self.beta)) / high) ** 2
        if math.isclose(self.beta, self.best_beta(curvature, None), abs_tol=1e-12):
            best = "4/(√λmin + √λmax)² at β = ((√κ − 1)/(√κ + 1))²"
            return polyak, f"{best}, Polyak's choice for squared error"
        if polyak <= most:
            return polyak, "4/(√λmin + √λmax)², Polyak's rate for squared error"
        return most, "(1 + √β)²/λmax, above which the steepest direction takes longer"

    def largest_stable_rate(self, curvature: Curvature) -> float:
        """Give 2·(1 + β)/λmax."""
        return (1 + self.beta) * curvature.largest_stable_rate


def _roots(curvature: Curvature) -> tuple[float, float]:
    """Give √λmin and √λmax."""
    return math.sqrt(curvature.eigenvalues[0]), math.sqrt(curvature.eigenvalues[-1])


@dataclass(frozen=True)
class Nesterov(Rolling):
    """Roll on, and look ahead: v ← β·v + g, d = −(g + β·v) (Y. Nesterov, 1983).

    This is the form with the gradient where one stands (I. Sutskever and others, 2013).
    """

    name: Literal["nesterov"] = "nesterov"
    momentum: Kept = None
    """β: the part of the velocity that is kept; auto is the best one. Left out: 0.9, and with
    --learning-rate auto the best one."""

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Add the gradient to the speed, and once more to the direction."""
        speed = self.beta * state[0] + gradient
        return -(gradient + self.beta * speed), (speed,)

    def rule(self, state: State) -> str:  # noqa: ARG002 - others use it
        """Write the rule."""
        kept = number(self.beta)
        return f"v ← {kept} × v + g; d = −(g + {kept} × v)"

    def best_beta(self, curvature: Curvature, rate: float | None) -> float:
        """Give (√κ − 1)/(√κ + 1), or at a rate below 1/λmax (1 − √(η·λmin))/(1 + √(η·λmin))."""
        low, high = _roots(curvature)
        slowest = low / high if rate is None else low * min(math.sqrt(rate), 1 / high)
        return (1 - slowest) / (1 + slowest)

    def best_rate(self, curvature: Curvature) -> tuple[float, str]:
        """Give 1/λmax."""
        is_best = math.isclose(self.beta, self.best_beta(curvature, None), abs_tol=1e-12)
        at = " at β = (√κ − 1)/(√κ + 1), Nesterov's choice" if is_best else ", Nesterov's rate"
        return float(1 / curvature.eigenvalues[-1]), f"1/λmax{at} for squared error"

    def largest_stable_rate(self, curvature: Curvature) -> float:
        """Give 2/λmax · (1 + β)/(1 + 2β)."""
        return (1 + self.beta) / (1 + 2 * self.beta) * curvature.largest_stable_rate


@dataclass(frozen=True)
class Adagrad(Optimizer):
    """Divide by all that was met: s ← s + g², d = −g / (√s + ε) (J. Duchi and others, 2011)."""

    name: Literal["adagrad"] = "adagrad"
    epsilon: Small = 1e-10
    """ε: keeps the divisor above zero."""
    memory: ClassVar[tuple[str, ...]] = ("s",)
    is_normalized: ClassVar[bool] = True

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Add the squared gradient to all before it."""
        squares = state[0] + gradient * gradient
        return -gradient / (squares**0.5 + self.epsilon), (squares,)

    def rule(self, state: State) -> str:  # noqa: ARG002 - others use it
        """Write the rule."""
        return f"s ← s + g²; d = −g / (√s + {number(self.epsilon)})"


@dataclass(frozen=True)
class RMSprop(Optimizer):
    """Divide by what was met lately: s ← ρ·s + (1−ρ)·g², d = −g / (√s + ε) (G. Hinton, 2012)."""

    name: Literal["rmsprop"] = "rmsprop"
    decay: Part = 0.9
    """ρ: decay of the second moment."""
    epsilon: Small = 1e-8
    """ε: keeps the divisor above zero."""
    memory: ClassVar[tuple[str, ...]] = ("s",)
    is_normalized: ClassVar[bool] = True

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Average the squared gradient with those before it."""
        squares = self.decay * state[0] + (1 - self.decay) * gradient * gradient
        return -gradient / (squares**0.5 + self.epsilon), (squares,)

    def rule(self, state: State) -> str:  # noqa: ARG002 - others use it
        """Write the rule."""
        return f"s ← {_average(self.decay, 's', 'g²')}; d = −g / (√s + {number(self.epsilon)})"


@dataclass(frozen=True)
class Adam(Optimizer):
    """Roll on, and divide by what was met lately (D. Kingma and J. Ba, 2015).

    m ← β1·m + (1−β1)·g, s ← β2·s + (1−β2)·g², d = −m̂ / (√ŝ + ε), where m̂ = m / (1−β1ᵗ) and
    ŝ = s / (1−β2ᵗ) undo that both began with zero.
    """

    name: Literal["adam"] = "adam"
    beta1: Part = 0.9
    """β1: decay of the first moment."""
    beta2: Part = 0.999
    """β2: decay of the second moment."""
    epsilon: Small = 1e-8
    """ε: keeps the divisor above zero."""
    memory: ClassVar[tuple[str, ...]] = ("m", "s")
    is_normalized: ClassVar[bool] = True

    def init(self, theta: Vector) -> State:
        """Begin at rest; the last part holds β1ᵗ and β2ᵗ."""
        return (0.0 * theta, 0.0 * theta, 0.0 * theta + 1.0, 0.0 * theta + 1.0)

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Average the gradient and its square with those before them."""
        mean = self.beta1 * state[0] + (1 - self.beta1) * gradient
        squares = self.beta2 * state[1] + (1 - self.beta2) * gradient * gradient
        power1, power2 = self.beta1 * state[2], self.beta2 * state[3]
        direction = -(mean / (1 - power1)) / ((squares / (1 - power2)) ** 0.5 + self.epsilon)
        return direction, (mean, squares, power1, power2)

    def rule(self, state: State) -> str:
        """Write the rule, with 1 − β1ᵗ and 1 − β2ᵗ as numbers."""
        rest1, rest2 = (number(float(1 - power[0])) for power in state[2:])
        return (
            f"m ← {_average(self.beta1, 'm', 'g')}; s ← {_average(self.beta2, 's', 'g²')};"
            f" d = −(m / {rest1}) / (√(s / {rest2}) + {number(self.epsilon)})"
        )


def _average(kept: float, old: str, new: str) -> str:
    return f"{number(kept)} × {old} + {number(1 - kept)} × {new}"


AnyOptimizer = GradientDescent | Momentum | Nesterov | Adagrad | RMSprop | Adam

OPTIMIZERS: tuple[type[AnyOptimizer], ...] = get_args(AnyOptimizer)
