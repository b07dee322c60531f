"""JSON that somebody else may have written: plain, of one meaning, and of a known shape."""

import json
import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

from fitline.formatting import LARGEST_WHOLE, shortened

MOST_BYTES = 2**24
"""No model, and nothing that is saved of a run but its results, comes near to this."""

DEEPEST = 32
"""Nothing that fitline writes is nested half as deep."""

LONGEST_SHOWN = 60

Shape = Any
"""A test of a value; a list of the shape of its parts; a mapping of keys to shapes; a tuple of
shapes, one of which fits; or None."""


class UnfitError(ValueError):
    """Say why a document cannot be used."""


def parse(text: str, *, infinite: bool = False, paths: bool = False) -> Any:
    """Read JSON in which no key stands twice and no number is infinite, unless they may be.

    With `paths` a text may name a file, whose bytes need not be UTF-8. Raises UnfitError.

    >>> parse('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    fitline.files.json_documents.UnfitError: the key 'a' stands there twice
    """
    try:
        document = json.loads(text, object_pairs_hook=_mapping)
    except RecursionError:
        raise UnfitError(f"it is nested more than {DEEPEST} deep") from None
    except json.JSONDecodeError as error:
        raise UnfitError(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except UnfitError:
        raise
    except ValueError:  # Python reads no integer of more than 4,300 digits
        raise UnfitError("a number in it has thousands of digits") from None
    _require_plain(document, infinite=infinite, paths=paths)
    return document


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        (twice, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise UnfitError(f"the key {_shown(twice)} stands there twice")
    return mapping


def _require_plain(document: Any, **may: bool) -> None:
    """Look at every part, level by level."""
    level = [document]
    for _ in range(DEEPEST):
        for value in level:
            _require_usable(value, **may)
        level = [part for value in level for part in _parts(value)]
        if not level:
            return
    raise UnfitError(f"it is nested more than {DEEPEST} deep")


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else ()


def _require_usable(value: Any, *, infinite: bool, paths: bool) -> None:
    """Refuse a text that cannot be written, and a number that no float64 holds."""
    try:
        if isinstance(value, str):
            value.encode(errors="surrogateescape" if paths else "strict")
        elif isinstance(value, int | float) and not math.isfinite(float(value)) and not infinite:
            raise UnfitError(f"a number in it is {value}")
    except UnicodeEncodeError:
        raise UnfitError("a text in it has half a character") from None
    except OverflowError:
        raise UnfitError(f"a number in it has {len(str(value)):,} digits") from None


def require(document: Any, shape: Shape, name: str = "") -> None:
    """Raise UnfitError, which names the place, where a document has another shape."""
    if wrong := _misfit(document, shape, name):
        raise UnfitError(wrong)


def _misfit(value: Any, shape: Shape, name: str) -> str | None:
    """Tell of the first part that has another shape; what is missing is null."""
    match shape:
        case tuple():
            wrong = [_misfit(value, one, name) for one in shape]
            return None if None in wrong else wrong[0]
        case dict() if isinstance(value, dict):
            prefix = f"{name}." if name else ""
            found = (_misfit(value.get(key), part, prefix + key) for key, part in shape.items())
            return next(filter(None, found), None)
        case list() if isinstance(value, list):
            found = (_misfit(part, shape[0], f"{name}[{n}]") for n, part in enumerate(value))
            return next(filter(None, found), None)
        case None if value is None:
            return None
        case _ if callable(shape) and shape(value):
            return None
    return f"{name or 'it'} is {_shown(value)}"


def text(value: Any) -> bool:
    """Tell whether a value is a text."""
    return isinstance(value, str)


def number(value: Any) -> bool:
    """Tell whether a value is a number; JSON writes 5.0 as 5 too."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def count(value: Any) -> bool:
    """Tell whether a value counts something, files of a petabyte included."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_WHOLE


def mapping(value: Any) -> bool:
    """Tell whether a value is a mapping."""
    return isinstance(value, dict)


def texts(value: Any) -> bool:
    """Tell whether a value is a mapping of texts."""
    return isinstance(value, dict) and all(map(text, value.values()))


def numbers(value: Any) -> bool:
    """Tell whether a value is a mapping of numbers."""
    return isinstance(value, dict) and all(map(number, value.values()))


def boolean(value: Any) -> bool:
    """Tell whether a value is true or false."""
    return isinstance(value, bool)


def text_lists(value: Any) -> bool:
    """Tell whether a value is a mapping of lists of texts, none of them empty."""
    if not isinstance(value, dict):
        return False
    return all(isinstance(own, list) and own and all(map(text, own)) for own in value.values())


def _shown(value: Any) -> str:
    return "missing" if value is None else shortened(repr(value), LONGEST_SHOWN)
