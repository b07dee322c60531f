"""`--engine spark` prints what one machine prints, to the last digit."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import sparks
from fitline.reading import ENGINE_SETTINGS

Done = subprocess.CompletedProcess[str]
Fitline = Callable[..., Done]
pytestmark = sparks.MARKS

X = ("--x", "a", "--x", "b")
XY = (*X, "--y", "y")
DIFFER = {*ENGINE_SETTINGS, "seconds"}
SMALL_BLOCKS = ("--engine-option", "spark.sql.files.maxPartitionBytes=5000")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield from sparks.tables(tmp_path_factory.mktemp("spark"))


def told(done: Done) -> tuple[Any, ...]:
    """Give what was printed, without what tells the engines apart."""

    def without(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {key: value for key, value in pairs if key not in DIFFER}

    document = json.loads(done.stdout, object_pairs_hook=without) if done.stdout else None
    return done.returncode, document, done.stderr


def both(fitline: Fitline, *words: str, options: tuple[str, ...] = ()) -> Done:
    """Require the same of both engines, and give it."""
    here = fitline(*words, "--format", "json")
    there = fitline(*words, "--format", "json", "--engine", "spark", *options)
    assert told(here) == told(there)
    return here


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("parts", sparks.PARTS)
def test_the_bits_do_not_depend_on_the_parts(
    fitline: Fitline, tables: Path, kind: str, parts: int
) -> None:
    done = both(fitline, "summary", f"{tables}/{parts}/*.{kind}", *XY)
    assert json.loads(done.stdout)["rows"] == sparks.ROWS


def test_the_bits_do_not_depend_on_the_blocks(fitline: Fitline, tables: Path) -> None:
    both(fitline, "summary", f"{tables}/1/part00.csv", *XY, options=SMALL_BLOCKS)


def test_json_lines_are_read(fitline: Fitline, tables: Path) -> None:
    both(fitline, "summary", f"{tables}/1/table.jsonl", *XY, options=SMALL_BLOCKS)


COMMANDS = {
    "text": ["summary", *XY, "--x", "kind", "--folds", "5"],
    "counts": ["summary", *XY, "--weight", "w"],
    "precisions": ["summary", *XY, "--weight", "p"],
    "groups": ["summary", *XY, "--by", "g"],
    "trained-groups": ["train", *XY, "--by", "g", "--steps", "5"],
    "formulas": ["summary", "--x", "a", "--x", "a^2", "--x", "log(b + 1)", "--y", "exp(y / 50)"],
    "holdout": ["train", *XY, "--holdout", "0.3", "--steps", "5"],
    "robust": ["train", *XY, "--cost", "huber", "--steps", "5"],
    "batches": ["train", *XY, "--batch-size", "100", "--steps", "5"],
    "evaluate": ["evaluate", *XY, "--theta", "1,2,3", "--rows", "50"],
    "grid": ["grid", *XY, "--axes", "a,b"],
    "landscape": ["landscape", *XY],
    "rates": ["rates", *XY],
    "compare": ["compare", *XY, "--optimizer", "gradient_descent,adam", "--steps", "20"],
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_command_tells_the_same(fitline: Fitline, tables: Path, words: list[str]) -> None:
    command, *rest = words
    assert both(fitline, command, f"{tables}/7/*.csv", *rest).returncode == 0
