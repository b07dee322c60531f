"""Where a walk stands, to the bit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from fitline.descent import Step
from fitline.scaling import Vector
from fitline.writing import write_text

from .folder import SCHEMA, intact, read_json


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
        document = read_json(path)
        with intact(path):
            step = document["step"]
            step |= {key: np.array(step[key], dtype=np.float64) for key in ("theta", "gradient")}
            state = tuple(np.array(part, dtype=np.float64) for part in step.pop("state"))
            start = np.array(document["start"], dtype=np.float64)
            size, config = int(document["history_bytes"]), dict(document["config"])
            return cls(Step(**step, state=state), start, size, config)

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
