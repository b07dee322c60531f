"""The JSON schema by which editors complete and check a configuration."""

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from fitline.reading import Reading

from .settings import RECORDS, Config

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@cache
def adapter(record: type) -> "TypeAdapter[Any]":
    """Give what checks a record, and describes it."""
    from pydantic import TypeAdapter

    return TypeAdapter(record)


def schema() -> str:
    """Write the schema."""
    title = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    document = adapter(Config).json_schema()
    own = document["properties"]
    table = {key: own[key] for key in ("data", "x", "y")}
    # What is inherited has lost its description.
    table |= adapter(Reading).json_schema()["properties"]
    document["properties"] = {
        **table,
        **{key: part for key, part in own.items() if key not in table},
    }
    for key, records in RECORDS.items():
        by_name = document["properties"][key]
        if "anyOf" not in by_name:  # there is always one
            by_name["anyOf"] = [{part: by_name.pop(part) for part in ("oneOf", "discriminator")}]
        by_name["anyOf"].append({"enum": [record.name for record in records]})
    return json.dumps({**title, **document}, indent=2) + "\n"
