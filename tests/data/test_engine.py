"""Queries run in threads of their own, wherever they are asked for."""

import subprocess
import sys

import duckdb
import pytest

from fitline.data import engine, open_table

FORKED = """
import os
from fitline import train

train()
child = os.fork()
if not child:
    os._exit(train().last.index % 128)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), train().last.index % 128)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no forks")
def test_a_forked_process_reads_tables_as_its_parent_does() -> None:
    command = [sys.executable, "-W", "ignore", "-c", FORKED]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    child, parent = done.stdout.split()
    assert child == parent


def test_where_the_engine_has_no_memory_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect() -> None:
        raise duckdb.OutOfMemoryException("Allocation failure")

    monkeypatch.setattr(engine, "connect", connect)
    with pytest.raises(MemoryError):
        open_table()
