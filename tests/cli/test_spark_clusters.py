"""Clusters of Spark that are started here, and what may go wrong with them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import sparks

Done = subprocess.CompletedProcess[str]
Fitline = Callable[..., Done]
pytestmark = sparks.MARKS

WORDS = ("--x", "a", "--x", "b", "--y", "y", "--format", "json")
SMALL_BLOCKS = ("--engine-option", "spark.sql.files.maxPartitionBytes=3000")
OF_TESTS = (
    *("--engine-option", f"spark.driver.host={sparks.HOST}"),
    *("--engine-option", "spark.executor.memory=512m"),
)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield from sparks.tables(tmp_path_factory.mktemp("spark"))


@pytest.fixture
def standalone(tmp_path: Path) -> Iterator[sparks.Standalone]:
    cluster = sparks.Standalone(tmp_path)
    yield cluster
    cluster.stop()


SEVERAL = """
import json, sys
from fitline.cli import main

for words in json.loads(sys.argv[1]):
    assert main(words) == 0
    sys.stdout.flush()
"""
"""Runs fitline several times, by one application of Spark."""


def begin(*words: str, **environment: str) -> subprocess.Popen[str]:
    """Start Python in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, *words],
        env=os.environ | sparks.ENVIRONMENT | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_two_workers_give_the_bits_of_one_machine_also_when_one_is_killed(
    fitline: Fitline, tables: Path, standalone: sparks.Standalone
) -> None:
    kinds = [(parts, kind) for parts in sparks.PARTS for kind in ("csv", "parquet")]
    asked = [["summary", f"{tables}/{parts}/*.{kind}", *WORDS] for parts, kind in kinds]
    engine = ("--engine", standalone.address, *OF_TESTS)
    last = ["summary", f"{tables}/60/*.csv", *WORDS, *engine, *SMALL_BLOCKS]
    process = begin("-c", SEVERAL, json.dumps([*([*words, *engine] for words in asked), last]))
    assert process.stdout
    for words in asked:
        assert process.stdout.readline() == fitline(*words).stdout
    before = [standalone.finished_tasks(worker) for worker in (0, 1)]
    assert all(before)
    sparks.wait_for(lambda: standalone.finished_tasks(0) > before[0] + 3, "the worker works")
    standalone.workers[0].kill()
    assert process.poll() is None
    printed, errors = process.communicate()
    assert errors == ""
    assert printed == fitline(*last[: -len(engine) - 2]).stdout


def test_spark_connect_gives_the_bits_of_one_machine(
    fitline: Fitline, tables: Path, tmp_path: Path
) -> None:
    server = sparks.ConnectServer(tmp_path)
    try:
        words = ("summary", f"{tables}/7/*.csv", *WORDS)
        printed, errors = begin("-m", "fitline", *words, "--engine", server.address).communicate()
    finally:
        server.stop()
    assert errors == ""
    assert printed == fitline(*words).stdout


def test_an_address_at_which_nobody_is_is_said_at_once(fitline: Fitline, tables: Path) -> None:
    for address in ("spark", "sc"):
        begun = time.monotonic()
        where = f"{address}://{sparks.HOST}:{sparks.free_port()}"
        done = fitline("summary", f"{tables}/1/part00.csv", "--engine", where)
        assert done.stderr.startswith(f"error: no Spark answers at {where}: Connection refused")
        assert time.monotonic() - begun < 2


def test_ctrl_c_ends_spark_too(tables: Path, tmp_path: Path) -> None:
    output, line = tmp_path / "predicted.csv", ("--x", "a,b", "--theta", "0,1,2")
    words = ("predict", f"{tables}/60/*.csv", *line, "--engine", "spark", "-o", str(output))
    process = begin("-m", "fitline", *words, *SMALL_BLOCKS)
    sparks.wait_for(output.exists, "workers write")
    os.killpg(process.pid, signal.SIGINT)
    printed, errors = process.communicate(timeout=10)
    assert (process.returncode, printed) == (130, "")
    assert errors == "interrupted; nothing was written\n"
    sparks.wait_for(lambda: not is_alive(process.pid), "Java ends")
    assert not output.exists()


def is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_python_that_is_not_there_is_named(
    fitline: Fitline, tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("summary", f"{tables}/1/part00.csv", *WORDS, "--engine", "spark")
    assert fitline(*words).returncode == 0
    from pyspark import SparkContext

    monkeypatch.setattr(SparkContext.getOrCreate(), "pythonExec", "/nowhere/python")
    done = fitline(*words[:-4], *words[-2:])
    assert done.stderr.startswith("error: the workers have no /nowhere/python\nhint: ")


def test_another_version_on_a_worker_is_named(
    fitline: Fitline, tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fitline.data.spark import workers

    monkeypatch.setitem(workers.VERSIONS, "fitline", "0.0.1")
    done = fitline("summary", f"{tables}/1/part00.csv", *WORDS[:-2], "--engine", "spark")
    assert "has fitline 0.1.0, and this machine has 0.0.1" in done.stderr
    assert "pip install fitline==0.0.1" in done.stderr
