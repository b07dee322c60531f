"""Queries run in threads of their own, wherever they are asked for."""

import subprocess
import sys
from typing import Any

import duckdb
import numpy as np
import pytest

from fitline.data import engine, open_table

FORKED = """
import os
from fitline.data import open_table

def slope():
    return int(open_table().moments().fit.theta[1])

slope()
child = os.fork()
if not child:
    os._exit(slope())
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), slope())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no forks")
def test_a_forked_process_reads_tables_as_its_parent_does() -> None:
    command = [sys.executable, "-W", "ignore", "-c", FORKED]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "136 136\n"


ROWS = "(1e0, -0e0), (null, 2e0), ('nan', 3e0), (4e0, 'inf'), (5e-324, 1e308), (null, null)"


@pytest.mark.parametrize("where", ["true", "false", "a is null", "a > 1"])
def test_rows_that_come_at_once_are_those_of_a_stream(where: str) -> None:
    columns = "cast(a as double) as a, cast(b as double) as b"
    query = f"select * from (select {columns} from (values {ROWS}) t(a, b)) where {where}"
    with engine.Engine() as database:
        found = []
        for at_once in (False, True):
            parts: list[tuple[Any, Any]] = [(np.empty((2, 0)), np.empty(0, dtype=bool))]
            database.each_batch(query, lambda *part: parts.append(part), at_once=at_once)  # noqa: B023
            columns, filled = (np.concatenate(each, axis=-1) for each in zip(*parts, strict=True))
            found.append((columns[:, filled].tobytes(), filled.tolist()))
    assert found[0] == found[1]


def test_where_the_engine_has_no_memory_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect() -> None:
        raise duckdb.OutOfMemoryException("Allocation failure")

    monkeypatch.setattr(engine, "connect", connect)
    with pytest.raises(MemoryError):
        open_table().fetch("select 1")
