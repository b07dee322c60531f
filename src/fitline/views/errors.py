"""How errors look."""

from rich.console import Group

from fitline.charts.text import Text
from fitline.errors import FitlineError
from fitline.escaping import json_text
from fitline.results import SCHEMA


def error_text(error: FitlineError) -> Group:
    """Say what is wrong, where, and what would be right."""
    first = Text.assemble(("error: ", "bold red"), error.sentence)
    lines = [first, *(Text(f"  {detail}") for detail in error.details)]
    if error.hint:
        lines.append(Text.assemble(("hint: ", "bold"), error.hint))
    return Group(*lines)


def error_json(error: FitlineError) -> str:
    """Say the same to a program, in one line."""
    fields = ("kind", "message", "file", "line", "column", "value", "hint")
    body = {name: getattr(error, name) for name in fields}
    body["message"] = "\n  ".join([error.message, *error.details])
    return json_text({"schema": SCHEMA, "error": body})
