"""The model: a relation between columns, with parameters, and the file that it is saved in."""

from .linear import LinearModel
from .saved import Saved

__all__ = ["LinearModel", "Saved"]
