"""Processes in terminals, as people meet them."""

import os
import re
import subprocess
import time
from contextlib import suppress
from typing import Any

import pytest

pty = pytest.importorskip("pty", reason="there are no terminals of this kind here")
termios = pytest.importorskip("termios")


class Terminal:
    """A process in a terminal of 80 columns and 24 rows."""

    def __init__(self, *words: str, keys: bool = True) -> None:
        ours, theirs = pty.openpty()
        env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
        env.pop("NO_COLOR", None)
        whole = [*words] if keys else ["sh", "-c", 'exec "$@" <&-', "sh", *words]
        self.process = subprocess.Popen(whole, stdin=theirs, stdout=theirs, stderr=theirs, env=env)
        os.close(theirs)
        self._ours = ours
        self.text = ""

    def read_until(self, wanted: str) -> None:
        """Read what appears until a text does."""
        begun = time.monotonic()
        while wanted not in self.text:
            assert time.monotonic() - begun < 30, f"no {wanted!r} in {self.text[-2000:]!r}"
            if not self._read():
                break
        assert wanted in self.text

    def read_to_the_end(self) -> int:
        while self._read():
            pass
        return self.process.wait(30)

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def _read(self) -> bool:
        piece = b""
        with suppress(OSError):  # the other end is closed
            piece = os.read(self._ours, 65_536)
        self.text += re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", piece.decode("utf-8", "ignore"))
        return bool(piece)

    @property
    def settings(self) -> list[Any]:
        """Give how the terminal treats what is typed."""
        return termios.tcgetattr(self._ours)

    def hang_up(self) -> None:
        os.close(self._ours)
        self._ours = os.open(os.devnull, os.O_RDONLY)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)
