"""Every JSON document is as docs/reference/results.schema.json says."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from jsonschema import Draft202012Validator

from fitline.cli import app, main

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/reference/results.schema.json").read_text())
HILLS = f"{ROOT}/data/two_neighbourhoods.csv --cost cauchy --cost-scale 50000"
TOWN = f"{ROOT}/data/town.csv"
COMMANDS = [
    "train",
    "train --explain 2 --optimizer adam --batch-size 2 --epochs 3",
    f"train {TOWN} --x sqft,beds --explain 1",
    f"train {TOWN} --x sqft,beds --summary",
    f"train {TOWN} --x sqft,beds --holdout 0.3 --patience 5",
    f"compare {TOWN} --x sqft,beds --holdout 0.3 --optimizer momentum,adam",
    f"train --test {ROOT}/data/houses.csv",
    "train --learning-rate 3",
    "train --learning-rate 1e200 --scaling none --optimizer momentum",
    "train --cost absolute",
    f"train {HILLS} --starts 5 --explain 1",
    "summary",
    "summary --robust-errors hc3",
    f"summary {TOWN} --x sqft --folds 3",
    f"train {TOWN} --x sqft --folds 3 --summary",
    f"summary {TOWN} --x sqft,m2,year --level 0.9 --no-intercept",
    f"summary {TOWN} --x sqft --by neighbourhood",
    f"train {TOWN} --x sqft --by beds --weight year",
    f"train {TOWN} --x sqft --weight beds --cost huber --explain 1",
    f"train {TOWN} --x sqft --weight beds --batch-size 99 --explain 1 --steps 3",
    "evaluate --theta 0,100 --theta 50000,100",
    "evaluate --theta 0,100 --cost huber",
    "evaluate --theta 0,100 --worst 2",
    "evaluate --theta 0,100 --cost huber --worst 9 --rows 1",
    "evaluate --model model.json",
    "evaluate several.csv --model a.json --model b.json",
    "evaluate several.csv --model log.json",
    "predict 1500 --theta0 0 --theta1 100",
    f"predict {ROOT}/data/houses.csv --model model.json",
    f"predict {ROOT}/data/houses.csv --model fit.json --residuals --interval 0.9",
    "predict 1500 --model fit.json --interval 0.9 --confidence 0.5",
    f"predict {TOWN} --model groups.json --residuals",
    "predict sqft=1500 neighbourhood=Harbour --model groups.json",
    "grid --theta0 0:50000:3 --theta1 100:130:2",
    "landscape",
    "landscape --along theta0",
    "grid several.csv --x a,b --axes b=0:1:2,theta0",
    "landscape several.csv --x a,b --path --steps 20",
    "landscape several.csv --x a,b --along b --others fixed",
    f"landscape {HILLS} --path --starts 3 --steps 20",
    "rates --steps 20",
    "rates --rates 2,3",
    "rates --cost huber --steps 20",
    "compare --optimizer momentum,adam --learning-rate 0.1,100",
    "train --explain 1 --l2 0.1 --l1 2",
    f"compare {TOWN} --x sqft,beds --l2 0,1 --folds 3",
    "evaluate --theta 0,100 --l2 0.1",
    "resume run --steps 3",
    "show run",
]
ERRORS = [
    "train nothing.csv",
    "train --learning-rate fast --seed -1",
    "train --lines",
    "evaluate --model nothing.json",
    "predict 1e300 --theta0 0 --theta1 1e300",
]


def closed(schema: Any) -> Any:
    """Refuse keys that the schema does not name."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {"additionalProperties": False} if "properties" in schema else {}
    return {**shut, **{key: closed(part) for key, part in schema.items()}}


@cache
def validator(name: str) -> Draft202012Validator:
    part = {**closed(SCHEMA), "$ref": f"#/$defs/{name}"}
    del part["oneOf"]
    return Draft202012Validator(part)


def documented(text: str, name: str) -> None:
    validator(name).validate(json.loads(text))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a table, a saved run and saved models."""
    folder = tmp_path_factory.mktemp("saved")
    (folder / "several.csv").write_text("a,b,y\n1,2,3\n2,1,5\n3,5,9\n4,4,10\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for words in (
            "--save fit.json",
            "--steps 2 --run run --save model.json",
            "several.csv --x a --y log(y) --save log.json",
            f"{TOWN} --x sqft --by neighbourhood --save groups.json",
            *(f"several.csv --x {x} --y y --save {x}.json" for x in ("a", "b")),
        ):
            assert main(["train", *words.split(), "-q"]) == 0
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_a_result_has_the_keys_that_are_documented(
    command: str,
    saved: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(saved)
    name = command.split(maxsplit=1)[0]
    assert main([*command.split(), "--format", "json", "-q"]) in {0, 4}
    name = "train" if name in {"resume", "show"} else name
    documented(capsys.readouterr().out, "groups" if "--by" in command else name)


@pytest.mark.parametrize("command", ERRORS)
def test_an_error_has_the_keys_that_are_documented(
    command: str, fitline: Callable[..., Any]
) -> None:
    documented(fitline(*command.split(), "--format", "json").stderr, "error")


def test_every_command_that_writes_json_is_documented() -> None:
    group: Any = typer.main.get_command(app)
    commands = {name: group.get_command(None, name) for name in group.list_commands(None)}
    writes_json = {
        name
        for name, command in commands.items()
        if any("--format" in parameter.opts for parameter in command.params)
    }
    assert writes_json == {command.split(maxsplit=1)[0] for command in COMMANDS}


@pytest.mark.parametrize("name", SCHEMA["$defs"])
def test_every_part_is_described(name: str) -> None:
    """The reference page is made from these."""
    assert SCHEMA["$defs"][name]["description"].endswith(".")
