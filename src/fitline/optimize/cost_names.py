"""The names of the costs, for those who need none of the arithmetic behind them."""

from typing import Literal

CostName = Literal["squared", "absolute", "huber", "cauchy"]
"""Squared error, and the costs of `LOSSES`."""
