"""YAML of one meaning: a document of plain values, each key once, numbers in decimal.

YAML 1.1, which many programs read, has surprises: `1:30` is 90, `010` is 8, `no` is false,
`2024-01-01` is a date, and a few lines of aliases make a billion values. Here true and false alone
are truth values, words and dates are texts, and what programs read differently is refused.
"""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode
from yaml.reader import Reader

from fitline.errors import ConfigError
from fitline.formatting import shortened

from .safe_open import read_text

MOST_BYTES = 2**16
"""A configuration of every key, each with its explanation, has a tenth of this."""

DEEPEST = 8
"""A setting with settings of its own needs two levels."""

LONGEST_QUOTED = 40

ONE_A_LINE = "write one `key: value` a line"
IN_FULL = "write the value where it is needed"

CONSTANTS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")
}
INTEGER = re.compile(r"[-+]?(0|[1-9]\d*)", re.ASCII)
FLOAT = re.compile(r"[-+]?(\d+\.\d*|\.\d+|[1-9]\d*|0)([eE][-+]?\d+)?", re.ASCII)
NO_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
AMBIGUOUS = re.compile(r"[-+]?(0\d+|0[xXoObB][\da-fA-F]+|\d+(:[0-5]?\d)+(\.\d*)?)", re.ASCII)
"""Octal, hexadecimal and binary numbers, hours and minutes."""


def read_yaml(path: str | Path) -> Any:
    """Read a YAML file. Raises ConfigError where it cannot be read, or could mean two things."""
    with _told(str(path)):
        text = read_text(path, MOST_BYTES)
        if forbidden := Reader.NON_PRINTABLE.search(text):
            line = text.count("\n", 0, forbidden.start()) + 1
            raise _RefusedError(f"U+{ord(forbidden[0]):04X} is no character of a text", line)
        node = _Composer(text).get_single_node()
        return None if node is None else _value(node, "")


@dataclass
class _RefusedError(Exception):
    """Say what is refused, in which line, counted from 1, and under which key."""

    message: str
    line: int
    key: str = ""
    value: str | None = None
    hint: str | None = None

    @classmethod
    def at(cls, node: Any, key: str, message: str, hint: str) -> "_RefusedError":
        """Tell of a node, or an event."""
        value = getattr(node, "value", None)
        shown = shortened(value, LONGEST_QUOTED) if isinstance(value, str) else None
        return cls(message, node.start_mark.line + 1, key, shown, hint)


@contextmanager
def _told(file: str) -> Iterator[None]:
    """Say in a sentence what is wrong with a file, and where."""
    try:
        yield
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file) from error
    except UnicodeDecodeError as error:
        raise ConfigError("the file is not UTF-8 text", file) from error
    except _RefusedError as error:
        message = f"{error.key}: {error.message}" if error.key else error.message
        raise ConfigError(
            message, file, error.line, error.key or None, error.value, error.hint
        ) from None
    except yaml.MarkedYAMLError as error:
        problem = ", ".join(filter(None, [error.context, error.problem]))
        line = error.problem_mark.line + 1 if error.problem_mark else None
        hint = "indent with spaces, not with tabs" if "'\\t'" in problem else ONE_A_LINE
        raise ConfigError(f"this is not YAML: {problem}", file, line, hint=hint) from error
    except (ValueError, OverflowError) as error:  # an escape such as \U99999999
        raise ConfigError("this is not YAML: it cannot be read", file, hint=ONE_A_LINE) from error


class _Composer(yaml.BaseLoader):
    """PyYAML's, without what makes a short file long or deep: aliases, tags, many levels."""

    depth = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        """Compose the node that comes next."""
        event = self.peek_event()  # type: ignore[no-untyped-call] # of PyYAML
        key = _text(index) if isinstance(index, ScalarNode) else ""
        if event.anchor is not None:
            raise _RefusedError.at(event, key, "anchors (&) and aliases (*) are not read", IN_FULL)
        if getattr(event, "tag", None) is not None:
            raise _RefusedError.at(
                event, key, f"tags are not read, such as {event.tag}", "put a text in quotes"
            )
        if self.depth > DEEPEST:
            raise _RefusedError.at(
                event, key, f"this is nested more than {DEEPEST} deep", ONE_A_LINE
            )
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _value(node: Node, name: str) -> Any:
    """Give what a node means."""
    match node:
        case MappingNode():
            return _mapping(node, name)
        case ScalarNode():
            return _text(node, name) if node.style else _plain(node, name)
    return [_value(part, name) for part in node.value]


def _mapping(node: MappingNode, name: str) -> dict[str, Any]:
    """Give the values by their keys, which are texts, and stand there once."""
    found: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key = _key(key_node, name)
        own, line = f"{name}.{key}".lstrip("."), key_node.start_mark.line + 1
        if key in found:
            message = f"this key is set twice, in the lines {lines[key]} and {line}"
            raise _RefusedError.at(key_node, own, message, "leave one out")
        found[key], lines[key] = _value(value_node, own), line
    return found


def _key(node: Node, name: str) -> str:
    key = _value(node, name) if isinstance(node, ScalarNode) else node.value
    if key == "<<":
        raise _RefusedError.at(node, name, "merge keys (<<) are not read", IN_FULL)
    if not isinstance(key, str):
        shown = node.value if isinstance(node, ScalarNode) else "a list or a mapping"
        message = f"a key is a word, such as steps, and not {shown or 'nothing'}"
        raise _RefusedError.at(node, name, message, ONE_A_LINE)
    return key


def _plain(node: ScalarNode, name: str) -> Any:
    """Give what stands there without quotes: nothing, a truth value, a number, or a text."""
    written: str = _text(node, name)
    if written in CONSTANTS:
        return CONSTANTS[written]
    if NO_NUMBER.fullmatch(written):
        return float(written.replace(".", ""))
    if _is_ambiguous(written):
        shown = shortened(written, LONGEST_QUOTED)
        raise _RefusedError.at(
            node,
            name,
            f"{shown} is not the same to all programs that read YAML",
            f"write a number in decimal digits alone, and a text in quotes: '{shown}'",
        )
    if not FLOAT.fullmatch(written):
        return written
    if math.isinf(float(written)):
        message = f"{shortened(written, LONGEST_QUOTED)} is larger than any number that is held"
        raise _RefusedError.at(node, name, message, "numbers reach to 1.797e308")
    return int(written) if INTEGER.fullmatch(written) else float(written)


def _is_ambiguous(written: str) -> bool:
    """Tell whether this is a number to some programs; those pass over `_` between digits."""
    digits = written if written.startswith("_") else written.replace("_", "")
    is_number = AMBIGUOUS.fullmatch(digits) or (digits != written and FLOAT.fullmatch(digits))
    return bool(is_number)


def _text(node: ScalarNode, name: str = "") -> str:
    """Give what stands there, if it is whole."""
    written: str = node.value
    try:
        written.encode()
    except UnicodeEncodeError:
        raise _RefusedError.at(
            node, name, "half a character stands here", "write the character itself"
        ) from None
    return written
