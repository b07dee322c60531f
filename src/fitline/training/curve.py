"""The excess cost of a training by its steps, of some that are evenly chosen."""

from dataclasses import dataclass, field

MOST = 1024


@dataclass
class Curve:
    """Excess costs by the indices of their steps; one step in `every` is asked for."""

    excesses: dict[int, float] = field(default_factory=dict)
    every: int = 1

    def wants(self, index: int) -> bool:
        """Tell whether the excess of a step is to be added."""
        return index % self.every == 0

    def add(self, index: int, excess: float) -> None:
        """Add that of a step; where they are many, every other one is left out."""
        self.excesses[index] = excess
        if len(self.excesses) > MOST:
            self.every *= 2
            self.excesses = {n: own for n, own in self.excesses.items() if self.wants(n)}
