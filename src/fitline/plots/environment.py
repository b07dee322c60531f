"""What the environment says to Matplotlib while it is loaded, and while it writes."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def environment(own: Mapping[str, str | None]) -> Iterator[None]:
    """Give these variables other values within the block; None takes one away."""
    before = {name: os.environ.get(name) for name in own}
    _set(own)
    try:
        yield
    finally:
        _set(before)


def _set(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        os.environ.pop(name, None)
        os.environ.update({name: value} if value is not None else {})
