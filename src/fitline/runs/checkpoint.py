"""Where a walk stands, to the bit."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from fitline.files.atomic import write_text
from fitline.files.documents import UnfitError, count, mapping, number
from fitline.optimize.descent import Step
from fitline.optimize.optimizers import Optimizer
from fitline.optimize.scaling import Vector
from fitline.training import Training

from .folder import SCHEMA, intact, read_json

NUMBERS = ("cost", "gradient_norm")
NEAR = 1e-6
"""Another version of NumPy may have other last digits."""


def size(value: Any) -> bool:
    """Tell whether a value is no number below zero; far out it may be NaN."""
    return number(value) and not value < 0


STEP = {
    "index": count,
    "theta": [number],
    "cost": size,
    "gradient": [number],
    "gradient_norm": size,
    "excess": (number, None),
    "state": [[number]],
    "turns": count,
}
SHAPE = {
    "step": STEP,
    "start": [number],
    "history_bytes": count,
    "config": mapping,
}


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Where a walk stood, from which start it came, and with which settings.

    `step` is in the coordinates that train; its row begins after `size` bytes of the history.
    """

    step: Step
    start: Vector
    size: int
    config: Mapping[str, Any]

    @classmethod
    def load(cls, path: Path) -> "Checkpoint | None":
        """Read the last checkpoint, if there was one yet. Raises FileError where it is damaged."""
        if not path.exists():
            return None
        document = read_json(path, SHAPE, infinite=True)
        with intact(path):
            step = {key: document["step"][key] for key in STEP}
            step |= {key: float(step[key]) for key in NUMBERS}
            state = tuple(map(_point, step.pop("state")))
            step |= {key: _point(step[key]) for key in ("theta", "gradient")}
            start, size = _point(document["start"]), document["history_bytes"]
            return cls(Step(**step, state=state), start, size, document["config"])

    def require_state_of(self, optimizer: Optimizer) -> None:
        """Raise UnfitError where another optimizer remembers this."""
        parts = len(optimizer.init(np.zeros_like(self.step.theta)))
        if len(self.step.state) != parts:
            raise UnfitError(f"step.state has {len(self.step.state)} parts, not {parts}")

    def require_cost_of(self, training: Training) -> None:
        """Raise UnfitError where the cost at this step is another."""
        with np.errstate(over="ignore", invalid="ignore"):
            found = float(training.cost.value(self.step.theta))
            first = float(training.cost.value(training.scaling.scaled(self.start)))
        if not math.isfinite(found) and not math.isfinite(self.step.cost):
            return
        if not math.isclose(found, self.step.cost, rel_tol=NEAR, abs_tol=NEAR**2 * first):
            raise UnfitError(f"step.cost is {self.step.cost}, and at step.theta it is {found}")

    def write(self, path: Path) -> None:
        """Put this in the place of the last checkpoint."""
        own = {field.name: getattr(self.step, field.name) for field in fields(self.step)}
        arrays = {key: own[key].tolist() for key in ("theta", "gradient")}
        state = [part.tolist() for part in self.step.state]
        document = {
            "schema": SCHEMA,
            "step": {**own, **arrays, "state": state, "ending": None},
            "start": self.start.tolist(),
            "history_bytes": self.size,
            "config": self.config,
        }
        write_text(path, json.dumps(document) + "\n", lasting=True)


def _point(numbers: list[float]) -> Vector:
    """Give an array of the shape (2,), which a walk along a straight line has everywhere."""
    intercept, slope = numbers
    return np.array([intercept, slope], dtype=np.float64)
