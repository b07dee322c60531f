"""How errors look."""

import json

from rich.text import Text

from fitline.errors import FitlineError

from .report import SCHEMA


def error_text(error: FitlineError) -> Text:
    """Say what is wrong, where, and what would be right."""
    text = Text.assemble(("error: ", "bold red"), str(error))
    if error.hint:
        text.append("\nhint: ", "bold").append(error.hint)
    return text


def error_json(error: FitlineError) -> str:
    """Say the same to a program, in one line."""
    fields = ("kind", "message", "file", "line", "column", "value", "hint")
    body = {name: getattr(error, name) for name in fields}
    return json.dumps({"schema": SCHEMA, "error": body}, ensure_ascii=False)
