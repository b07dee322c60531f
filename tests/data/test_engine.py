"""Queries run in threads of their own, wherever they are asked for."""

import subprocess
import sys

import duckdb
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


def test_where_the_engine_has_no_memory_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect() -> None:
        raise duckdb.OutOfMemoryException("Allocation failure")

    monkeypatch.setattr(engine, "connect", connect)
    with pytest.raises(MemoryError):
        open_table()
