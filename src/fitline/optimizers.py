"""Ways downhill: how a gradient becomes a move.

What to use when: plain gradient descent, while the landscape is one bowl and can be scaled.
"""

from dataclasses import dataclass
from typing import TypeAlias

from .scaling import Vector

State: TypeAlias = tuple[()]
"""What an optimizer remembers from one step to the next."""


@dataclass(frozen=True)
class GradientDescent:
    """Step against the gradient: θ ← θ − η·∇J(θ) (A. Cauchy, 1847)."""

    learning_rate: float

    def init(self, theta: Vector) -> State:  # noqa: ARG002 - other optimizers need its shape
        """Begin: plain descent remembers nothing."""
        return ()

    def update(self, gradient: Vector, state: State) -> tuple[Vector, State]:
        """Turn a gradient into a move, in its shape, and give what to remember."""
        return -self.learning_rate * gradient, state
