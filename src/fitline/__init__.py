"""Watch a model learn, and trust where it ends."""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .api.compare import compare
    from .api.evaluate import evaluate
    from .api.landscape import landscape
    from .api.load import load
    from .api.predict import predict
    from .api.run import Run
    from .api.summary import summary
    from .api.train import train
    from .config import Config
    from .errors import (
        ConfigError,
        DataError,
        FileError,
        FitlineError,
        RangeError,
        UsageError,
    )
    from .model import GroupModels, LinearModel
    from .optimize.iterate import Step, StopReason
    from .optimize.moments import Moments

__all__ = [
    "Config",
    "ConfigError",
    "DataError",
    "FileError",
    "FitlineError",
    "GroupModels",
    "LinearModel",
    "Moments",
    "RangeError",
    "Run",
    "Step",
    "StopReason",
    "UsageError",
    "compare",
    "evaluate",
    "landscape",
    "load",
    "predict",
    "summary",
    "train",
]

_HOMES = {
    "Config": "config",
    "StopReason": "optimize.iterate",
    "Step": "optimize.iterate",
    "GroupModels": "model",
    "LinearModel": "model",
    "Moments": "optimize.moments",
    "Run": "api.run",
    **{name: f"api.{name}" for name in ("compare", "evaluate", "landscape", "load", "predict")},
    "summary": "api.summary",
    "train": "api.train",
}


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that `fitline --help` starts fast."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES.get(name, 'errors')}", __name__), name)
