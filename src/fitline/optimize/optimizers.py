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
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeAlias, get_args

from fitline.bounds import Bounds
from fitline.formatting import number

if TYPE_CHECKING:
    from fitline.vector import Vector

    from .costs import Curvature

State: TypeAlias = "tuple[Vector, ...]"
"""What an optimizer remembers from one step to the next, each part in the shape of theta."""

Part = Annotated[float, Bounds(ge=0, lt=1)]
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


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Roll on: v ← β·v + g, d = −v (B. Polyak, 1964)."""

    name: Literal["momentum"] = "momentum"
    momentum: Part = 0.9
    """β: the part of the velocity that is kept."""
    memory: ClassVar[tuple[str, ...]] = ("v",)

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Add the gradient to the speed."""
        speed = self.momentum * state[0] + gradient
        return -speed, (speed,)

    def rule(self, state: State) -> str:  # noqa: ARG002 - others use it
        """Write the rule."""
        return f"v ← {number(self.momentum)} × v + g; d = −v"

    def best_rate(self, curvature: Curvature) -> tuple[float, str]:
        """Give Polyak's 4/(√λmin + √λmax)², or less where that is unstable with this β."""
        low, high = curvature.eigenvalues[0], curvature.eigenvalues[-1]
        polyak = 4 / (math.sqrt(low) + math.sqrt(high)) ** 2
        most = (1 + math.sqrt(self.momentum)) ** 2 / high
        return float(min(polyak, most)), "4/(√λmin + √λmax)², Polyak's rate for squared error"

    def largest_stable_rate(self, curvature: Curvature) -> float:
        """Give 2·(1 + β)/λmax."""
        return (1 + self.momentum) * curvature.largest_stable_rate


@dataclass(frozen=True)
class Nesterov(Optimizer):
    """Roll on, and look ahead: v ← β·v + g, d = −(g + β·v) (Y. Nesterov, 1983).

    This is the form with the gradient where one stands (I. Sutskever and others, 2013).
    """

    name: Literal["nesterov"] = "nesterov"
    momentum: Part = 0.9
    """β: the part of the velocity that is kept."""
    memory: ClassVar[tuple[str, ...]] = ("v",)

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Add the gradient to the speed, and once more to the direction."""
        speed = self.momentum * state[0] + gradient
        return -(gradient + self.momentum * speed), (speed,)

    def rule(self, state: State) -> str:  # noqa: ARG002 - others use it
        """Write the rule."""
        kept = number(self.momentum)
        return f"v ← {kept} × v + g; d = −(g + {kept} × v)"

    def best_rate(self, curvature: Curvature) -> tuple[float, str]:
        """Give 1/λmax."""
        return float(1 / curvature.eigenvalues[-1]), "1/λmax, Nesterov's rate for squared error"

    def largest_stable_rate(self, curvature: Curvature) -> float:
        """Give 2/λmax · (1 + β)/(1 + 2β)."""
        return (1 + self.momentum) / (1 + 2 * self.momentum) * curvature.largest_stable_rate


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
