"""Ways downhill: how a gradient becomes a direction.

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

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Protocol, TypeAlias

from annotated_types import Ge, Gt, Lt

if TYPE_CHECKING:
    from .scaling import Vector

State: TypeAlias = "tuple[Vector, ...]"
"""What an optimizer remembers from one step to the next, each part in the shape of theta."""

Part = Annotated[float, Ge(0), Lt(1)]
Small = Annotated[float, Gt(0)]


class Optimizer(Protocol):
    """A record of hyper-parameters; nothing in it changes while it works."""

    has_own_size: ClassVar[bool]
    """Whether directions have a size of their own, however large the gradients are."""

    @property
    def name(self) -> str:
        """Give the name by which it is chosen."""
        ...

    def init(self, theta: Vector) -> State:
        """Give what is remembered before the first step."""
        ...

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Turn a gradient into a direction, in its shape, and give what to remember."""
        ...


@dataclass(frozen=True)
class GradientDescent:
    """Step against the gradient: d = −g (A. Cauchy, 1847)."""

    name: Literal["gradient_descent"] = "gradient_descent"
    has_own_size: ClassVar[bool] = False

    def init(self, theta: Vector) -> State:  # noqa: ARG002 - the others need its shape
        """Begin: plain descent remembers nothing."""
        return ()

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Step against the gradient.

        >>> GradientDescent().update(3.0, ())
        (-3.0, ())
        """
        return -gradient, state


@dataclass(frozen=True)
class Momentum:
    """Roll on: v ← β·v + g, d = −v (B. Polyak, 1964)."""

    name: Literal["momentum"] = "momentum"
    momentum: Part = 0.9
    """β: how much of the speed is kept at each step."""
    has_own_size: ClassVar[bool] = False

    def init(self, theta: Vector) -> State:
        """Begin at rest."""
        return (0.0 * theta,)

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Add the gradient to the speed."""
        speed = self.momentum * state[0] + gradient
        return -speed, (speed,)


@dataclass(frozen=True)
class Nesterov:
    """Roll on, and look ahead: v ← β·v + g, d = −(g + β·v) (Y. Nesterov, 1983).

    This is the form with the gradient where one stands (I. Sutskever and others, 2013).
    """

    name: Literal["nesterov"] = "nesterov"
    momentum: Part = 0.9
    """β: how much of the speed is kept at each step."""
    has_own_size: ClassVar[bool] = False

    def init(self, theta: Vector) -> State:
        """Begin at rest."""
        return (0.0 * theta,)

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Add the gradient to the speed, and once more to the direction."""
        speed = self.momentum * state[0] + gradient
        return -(gradient + self.momentum * speed), (speed,)


@dataclass(frozen=True)
class Adagrad:
    """Divide by all that was met: s ← s + g², d = −g / (√s + ε) (J. Duchi and others, 2011)."""

    name: Literal["adagrad"] = "adagrad"
    epsilon: Small = 1e-10
    """ε: keeps the division from being one by zero."""
    has_own_size: ClassVar[bool] = True

    def init(self, theta: Vector) -> State:
        """Begin with nothing met."""
        return (0.0 * theta,)

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Add the squared gradient to all before it."""
        squares = state[0] + gradient * gradient
        return -gradient / (squares**0.5 + self.epsilon), (squares,)


@dataclass(frozen=True)
class RMSprop:
    """Divide by what was met lately: s ← ρ·s + (1−ρ)·g², d = −g / (√s + ε) (G. Hinton, 2012)."""

    name: Literal["rmsprop"] = "rmsprop"
    decay: Part = 0.9
    """ρ: how much of the older squares is kept at each step."""
    epsilon: Small = 1e-8
    """ε: keeps the division from being one by zero."""
    has_own_size: ClassVar[bool] = True

    def init(self, theta: Vector) -> State:
        """Begin with nothing met."""
        return (0.0 * theta,)

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Average the squared gradient with those before it."""
        squares = self.decay * state[0] + (1 - self.decay) * gradient * gradient
        return -gradient / (squares**0.5 + self.epsilon), (squares,)


@dataclass(frozen=True)
class Adam:
    """Roll on, and divide by what was met lately (D. Kingma and J. Ba, 2015).

    m ← β1·m + (1−β1)·g, s ← β2·s + (1−β2)·g², d = −m̂ / (√ŝ + ε), where m̂ = m / (1−β1ᵗ) and
    ŝ = s / (1−β2ᵗ) undo that both began with zero.
    """

    name: Literal["adam"] = "adam"
    beta1: Part = 0.9
    """β1: how much of the older gradients is kept at each step."""
    beta2: Part = 0.999
    """β2: how much of the older squares is kept at each step."""
    epsilon: Small = 1e-8
    """ε: keeps the division from being one by zero."""
    has_own_size: ClassVar[bool] = True

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


OPTIMIZERS = (GradientDescent, Momentum, Nesterov, Adagrad, RMSprop, Adam)

AnyOptimizer = GradientDescent | Momentum | Nesterov | Adagrad | RMSprop | Adam
