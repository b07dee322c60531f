"""Spark for tests: whether it is there, and tables in many parts."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

MARKS = [
    pytest.mark.spark,
    pytest.mark.xdist_group("spark"),  # one process has one session
]
"""Those of a module of tests that need Spark."""

ROWS = 600
PARTS = (1, 7, 60)


def lacking() -> str | None:
    """Name what is not there."""
    if missing := [name for name in ("pyspark", "pyarrow") if find_spec(name) is None]:
        return f"{' and '.join(missing)}: pip install 'fitline[spark]'"
    return None if shutil.which("java") else "Java 17"


def require_spark() -> None:
    """Skip a test without Spark, or fail it where all must pass."""
    if told := lacking():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"Spark needs {told}")


def stop_spark() -> None:
    """End the Spark of this process, if there is one."""
    if "pyspark" not in sys.modules:
        return
    from pyspark import SparkContext

    gateway = SparkContext._gateway  # noqa: SLF001 - there is no other way to wait for Java
    if gateway is not None:
        SparkContext.getOrCreate().stop()
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait()


def header_and_rows() -> tuple[str, list[str]]:
    """Give a table as lines of CSV: numbers, decimals, text, groups, counts and precisions."""
    draw = np.random.default_rng(7)
    kinds, groups = draw.choice(["red", "green", "blue"], ROWS), draw.choice(["n", "s"], ROWS)
    rows = []
    for nth in range(ROWS):
        a, b = draw.normal(), int(draw.integers(0, 50))
        y = 3 + 2 * a - 0.1 * b + 2 * (kinds[nth] == "red") + draw.standard_t(2)
        weight, precision = int(draw.integers(0, 4)), round(draw.uniform(0.5, 1.5), 3)
        rows.append(f"{a!r},{b},{kinds[nth]},{groups[nth]},{weight},{precision},{y!r}")
    return "a,b,kind,g,w,p,y", rows


def write_parts(folder: Path, lines: list[str], parts: int, header: str) -> None:
    """Write a table as so many files of CSV of various sizes, and as many of Parquet."""
    from pyarrow import csv, parquet

    folder.mkdir(parents=True)
    draw = np.random.default_rng(parts)
    cuts = np.sort(draw.choice(np.arange(1, len(lines)), parts - 1, replace=False)).tolist()
    for nth, (first, last) in enumerate(pairwise([0, *cuts, len(lines)])):
        path = folder / f"part{nth:02}.csv"
        path.write_text("\n".join([header, *lines[first:last], ""]))
        parquet.write_table(csv.read_csv(path), path.with_suffix(".parquet"))


def tables(folder: Path) -> Iterator[Path]:
    """Write the table in 1, 7 and 60 parts, and give the folder of these."""
    header, rows = header_and_rows()
    for parts in PARTS:
        write_parts(folder / str(parts), rows, parts, header)
    names, lines = header.split(","), []
    for row in rows:
        cells = [cell if cell[-1].isdigit() else f'"{cell}"' for cell in row.split(",")]
        lines.append(
            "{" + ", ".join(f'"{n}": {c}' for n, c in zip(names, cells, strict=True)) + "}"
        )
    (folder / "1" / "table.jsonl").write_text("\n".join([*lines, ""]))
    yield folder


HOST = "127.0.0.1"
CLASSES = "org.apache.spark.deploy"
ENVIRONMENT = {
    "SPARK_LOCAL_IP": HOST,
    "PYSPARK_PYTHON": sys.executable,
    "SPARK_DAEMON_MEMORY": "512m",
}
"""Of processes that have little to do."""

os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
"""So that Java is there soon."""

START_SECONDS = 120


def free_port() -> int:
    """Find a port at which nobody listens."""
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def start(log: Path, command: str, *words: str) -> subprocess.Popen[bytes]:
    """Start a program of the package that pip installs."""
    import pyspark

    with log.open("wb") as stream:
        return subprocess.Popen(
            [str(Path(pyspark.__file__).parent / "bin" / command), *words],
            env=os.environ | ENVIRONMENT,
            stdout=stream,
            stderr=stream,
        )


class Standalone:
    """A master and two workers."""

    def __init__(self, folder: Path) -> None:
        self.folder, port = folder, free_port()
        self.address = f"spark://{HOST}:{port}"
        self.master = self._start("master", "master.Master", "--port", str(port))
        wait_for(lambda: is_listening(port), "the master listens")
        self.workers = [
            self._start(
                *(name, "worker.Worker", "--cores", "1", "--memory", "1g"),
                *("--work-dir", str(folder / name), self.address),
            )
            for name in ("worker0", "worker1")
        ]

    def _start(self, name: str, role: str, *words: str) -> subprocess.Popen[bytes]:
        settings = (f"{CLASSES}.{role}", "--host", HOST, "--webui-port", "0")
        return start(self.folder / f"{name}.log", "spark-class", *settings, *words)

    def finished_tasks(self, worker: int) -> int:
        """Count the tasks that a worker has finished."""
        logs = (self.folder / f"worker{worker}").glob("app-*/*/stderr")
        return sum(path.read_text(errors="replace").count("Finished task") for path in logs)

    def stop(self) -> None:
        """End all processes."""
        for process in (*self.workers, self.master):
            process.kill()
            process.wait()


class ConnectServer:
    """A server of Spark Connect, on this machine."""

    def __init__(self, folder: Path) -> None:
        import pyspark

        port = free_port()
        settings = {
            "spark.connect.grpc.binding.port": str(port),
            "spark.connect.grpc.binding.address": HOST,
            "spark.ui.enabled": "false",
        }
        words = [word for pair in settings.items() for word in ("--conf", "=".join(pair))]
        (jar,) = (Path(pyspark.__file__).parent / "jars").glob("spark-connect_*.jar")
        self.address = f"sc://{HOST}:{port}"
        self._process = start(
            *(folder / "server.log", "spark-submit", "--master", "local[2]", *words),
            *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer", str(jar)),
        )
        try:
            wait_for(lambda: is_listening(port), "the server listens")
        except AssertionError:
            self.stop()
            raise

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def is_listening(port: int) -> bool:
    """Tell whether somebody accepts connections here."""
    with suppress(OSError), socket.create_connection((HOST, port), 1):
        return True
    return False


def wait_for(is_true: Callable[[], bool], what: str) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + START_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, f"waited for: {what}"
        time.sleep(0.05)
