"""Reference pages made from the program: its commands, its settings, its JSON."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from fitline.cli import app
from fitline.cli.help import parameter_groups
from fitline.formatting import LARGEST_WHOLE

ROOT = Path(__file__).parents[1]
SETTINGS = ROOT / "configs/fitline.schema.json"
RESULTS = ROOT / "docs/reference/results.schema.json"
Schema = Mapping[str, Any]


def filled(page: str) -> str:
    """Replace each line such as `<!-- generated: commands -->` by what it names.

    >>> print(filled("- <!-- generated: unknown -->"))
    - <!-- generated: unknown -->
    """
    return re.sub(
        r"(?m)^<!-- generated: (\w+) -->$", lambda line: "\n".join(PAGES[line[1]]()), page
    )


def commands() -> Iterator[str]:
    """Give a section for each command, with all that its help says."""
    group: Any = typer.main.get_command(app)
    parent = typer.Context(group, info_name="fitline")
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        with typer.Context(command, info_name=name, parent=parent) as context:
            yield f"## {name}\n"
            told, _, examples = command.help.partition("\n\nfitline ")
            yield escaped(told)
            usage = " ".join(command.collect_usage_pieces(context))
            yield f"\n```text\nfitline {name} {usage}\n```\n"
            yield from parameters(command, context)
            if examples:
                yield f"**Examples**\n\n```text\nfitline {examples}\n```\n"


def parameters(command: Any, context: typer.Context) -> Iterator[str]:
    """List the arguments and options of a command, the rare ones too."""
    for group, entries in parameter_groups(command, context, is_whole=True):
        if entries:
            yield f"**{group}**\n"
        for names, about in entries:
            yield definition(names, escaped(about.replace("\u00a0", " ")))


def settings() -> Iterator[str]:
    """List the settings of a training by the schema of configurations."""
    schema = json.loads(SETTINGS.read_text())
    for key, part in schema["properties"].items():
        yield setting(key, part)
        for name in dict.fromkeys(re.findall(r'"#/\$defs/(\w+)"', json.dumps(part))):
            yield from own_settings(key, schema["$defs"][name])


def own_settings(key: str, schema: Schema) -> Iterator[str]:
    """List the settings of a setting."""
    name = schema["properties"]["name"]["const"]
    yield definition(f"{key}: {name}", escaped(schema["description"].replace("\n", " ")))
    for part, own in schema["properties"].items():
        if part != "name":
            yield setting(f"{key}: {{name: {name}, {part}: …}}", own)


def setting(name: str, schema: Schema) -> str:
    """Describe a setting: what it means, what it takes, and its default."""
    default = schema.get("default")
    if isinstance(default, dict):
        default = default["name"]
    told = "" if default is None else f", default `{json.dumps(default).strip(chr(34))}`"
    return definition(name, escaped(schema["description"]), f": {kinds(schema)}{told}")


def kinds(schema: Schema) -> str:
    """Say what a value may be.

    >>> kinds({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"const": "auto"}]})
    'number > 0 or `auto`'
    """
    return " or ".join(filter(None, map(kind, schema.get("anyOf", [schema]))))


def kind(schema: Schema) -> str:
    """Say what one kind of value is; nothing of null, and of a record, which has its own lines."""
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    if values:
        return " or ".join(filter(None, [code(values[:-1]), code(values[-1:])]))
    bounds = [
        f" {sign} {schema[key]:,}"
        for key, sign in BOUNDS.items()
        if key in schema and schema[key] != LARGEST_WHOLE
    ]
    name = schema.get("type", "")
    return "" if name == "null" else NAMES.get(name, name) + " and".join(bounds)


def code(values: Iterable[object]) -> str:
    """Write values as code, with commas."""
    return ", ".join(f"`{value}`" for value in values)


NAMES = {"integer": "whole number", "string": "text", "boolean": "`true` or `false`"}
BOUNDS = {"exclusiveMinimum": ">", "minimum": "≥", "exclusiveMaximum": "<", "maximum": "≤"}


def results() -> Iterator[str]:
    """Give a section for each JSON document, and for each part that several have."""
    for name, schema in json.loads(RESULTS.read_text())["$defs"].items():
        if name in PLAIN:
            continue
        yield f"## {name}\n\n{schema['description']}\n"
        for key, part in schema.get("properties", {}).items():
            optional = "" if key in schema["required"] else ", optional"
            about = part.get("description", "")
            yield definition(key, f"{shape(part)}{optional}{': ' if about else ''}{about}")


def shape(schema: Schema) -> str:
    """Say of what shape a JSON value is.

    >>> shape({"type": "array", "items": {"$ref": "#/$defs/step"}})
    'list of [step](#step)'
    """
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/")[-1]
        return PLAIN.get(name, f"[{name}](#{name})")
    if "anyOf" in schema:
        return " or ".join(map(shape, schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return kind(schema)
    if schema["type"] == "array":
        return f"list of {shape(schema['items'])}"
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(NAMES.get(name, name) for name in types)


PLAIN = {"theta": "list of numbers"}


def definition(term: str, text: str, after: str = "") -> str:
    """Write a term, as code, with what stands after it, and what it means."""
    return f"`{term}`{after}\n: {text}\n"


def escaped(text: str) -> str:
    r"""Keep Markdown from reading anything but code into a text.

    >>> escaped("a * b_c, `d_e`")
    'a \\* b\\_c, `d_e`'
    """
    return re.sub(r"(`[^`]*`)|([\\*_\[\]<>|#$])", lambda met: met[1] or f"\\{met[2]}", text)


PAGES = {"commands": commands, "settings": settings, "results": results}
