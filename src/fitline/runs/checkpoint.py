"""Where descent stands, bit for bit."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fitline.files.atomic import write_text
from fitline.files.json_documents import UnfitError, count, mapping, number
from fitline.optimize.iterate import Iterate, Kept
from fitline.optimize.optimizers import Optimizer
from fitline.training import Training
from fitline.vector import Vector

from .run_folder import SCHEMA, intact, read_json

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
    "state": [[number]],
    "turns": count,
    "kept": ({"index": count, "theta": [number], "cost": size}, None),
}
SHAPE = {
    "step": STEP,
    "start": [number],
    "history_bytes": count,
    "config": mapping,
}


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Where a run stood, from which start it came, and with which settings.

    The row of the iterate begins after `size` bytes of the history.
    """

    iterate: Iterate
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
            step = {key: document["step"].get(key) for key in STEP}
            kept = step["kept"] and Kept(
                step["kept"]["index"], _point(step["kept"]["theta"]), float(step["kept"]["cost"])
            )
            iterate = Iterate(
                step["index"],
                _point(step["theta"]),
                float(step["cost"]),
                _point(step["gradient"]),
                float(step["gradient_norm"]),
                tuple(map(_point, step["state"])),
                step["turns"],
                kept=kept,
            )
            start, size = _point(document["start"]), document["history_bytes"]
            return cls(iterate, start, size, document["config"])

    def require_state_of(self, optimizer: Optimizer, parameters: int) -> None:
        """Raise UnfitError where another optimizer remembers this, or of other parameters."""
        here = self.iterate
        parts = len(optimizer.init(np.zeros(parameters)))
        if len(here.state) != parts:
            raise UnfitError(f"step.state has {len(here.state)} parts, not {parts}")
        points = [self.start, here.theta, here.gradient, *here.state]
        points += [here.kept.theta] if here.kept else []
        if any(len(point) != parameters for point in points):
            raise UnfitError(f"there are not {parameters} parameters everywhere")

    def require_cost_of(self, training: Training) -> None:
        """Raise UnfitError where the cost at this step is another."""
        with np.errstate(over="ignore", invalid="ignore"):
            found = float(training.cost.value(self.iterate.theta))
            first = float(training.cost.value(training.scaling.scaled(self.start)))
        if not math.isfinite(found) and not math.isfinite(self.iterate.cost):
            return
        if not math.isclose(found, self.iterate.cost, rel_tol=NEAR, abs_tol=NEAR**2 * first):
            raise UnfitError(f"step.cost is {self.iterate.cost}, and at step.theta it is {found}")

    def write(self, path: Path) -> None:
        """Put this in the place of the last checkpoint."""
        here = self.iterate
        step = {
            "index": here.index,
            "theta": here.theta.tolist(),
            "cost": here.cost,
            "gradient": here.gradient.tolist(),
            "gradient_norm": here.gradient_norm,
            "state": [part.tolist() for part in here.state],
            "turns": here.sign_changes,
        }
        if here.kept:
            step["kept"] = {**here.kept._asdict(), "theta": here.kept.theta.tolist()}
        document = {
            "schema": SCHEMA,
            "step": step,
            "start": self.start.tolist(),
            "history_bytes": self.size,
            "config": self.config,
        }
        write_text(path, json.dumps(document) + "\n", lasting=True)


def _point(numbers: list[float]) -> Vector:
    return np.array(numbers, dtype=np.float64)
