"""The model: a relation between columns, with parameters, and the file that it is saved in."""

from .groups import AnyModel, GroupModels
from .linear import LinearModel
from .saved import Saved

__all__ = ["AnyModel", "GroupModels", "LinearModel", "Saved"]
