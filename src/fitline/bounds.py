"""Bounds of numbers and lengths, in annotations."""

from typing import Any


class Bounds:
    """Keep a number within bounds, `ge`, `gt`, `le`, `lt`, or a length: `min_length`.

    pydantic checks them and puts them into the JSON schema.
    """

    def __init__(self, **limits: float) -> None:
        self.limits = limits

    def __repr__(self) -> str:
        """Show the limits, in signatures."""
        return f"Bounds({', '.join(f'{name}={limit}' for name, limit in self.limits.items())})"

    def __get_pydantic_core_schema__(self, number: Any, handler: Any) -> Any:
        """Add the bounds to what pydantic knows of a number."""
        return {**handler(number), **self.limits}
