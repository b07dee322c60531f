"""Standard input, output and error, which may be closed, or lead to a disk that is full."""

import errno
import io
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from fitline.errors import FileError
from fitline.signals import undoing

if TYPE_CHECKING:
    from rich.console import Console


def console(*, stderr: bool = False) -> "Console":
    """Give a terminal to write on; where COLUMNS is 0, its width is not known."""
    from rich.console import Console

    environ = {key: value for key, value in os.environ.items() if (key, value) != ("COLUMNS", "0")}
    return Console(stderr=stderr, highlight=False, _environ=environ)


class _Output(io.FileIO):
    """Standard output, which is named where it cannot be written; a closed pipe is no fault."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            is_closed = error.errno in {errno.EBADF, errno.EINVAL}
            reason = "it is closed" if is_closed else error.strerror
            raise FileError(f"cannot be written: {reason}", file="standard output") from error


class _Remarks(io.FileIO):
    """Standard error; where it cannot be written nobody hears, and the work goes on."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


@contextmanager
def restored_terminal() -> Iterator[None]:
    """Leave the terminal as it was found, also where a signal ends the process."""
    try:
        import termios
    except ImportError:  # not on Windows
        termios = None  # type: ignore[assignment]
    if termios is None or not sys.stdin.isatty():
        yield
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)

    def restore() -> None:
        with suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)

    with undoing(restore):
        try:
            yield
        finally:
            restore()


def open_streams() -> None:
    """Let errors of standard output name it; no file takes the place of a closed stream."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            _take(number)
    sys.stdout = _text(_Output(1, "w", closefd=False), sys.stdout)
    sys.stderr = _text(_Remarks(2, "w", closefd=False), sys.stderr)


def _take(number: int) -> None:
    """Take the number of a stream that is closed, the lowest one that is free.

    What is there can be written where a stream is read, and not where one is written, by whatever
    name.
    """
    if number == 0 or not hasattr(select, "epoll"):
        os.open(os.devnull, os.O_RDONLY if number else os.O_WRONLY)
    else:
        TAKEN.append(select.epoll())


TAKEN: list[Any] = []


def _text(raw: io.FileIO, before: Any) -> io.TextIOWrapper:
    """Write text in the encoding of the stream `before`, which is None where it was closed.

    What a terminal's encoding does not have is shown by its escape.
    """
    encoding = before.encoding if before else "utf-8"
    prompt = before.line_buffering if before else False
    buffer = io.BufferedWriter(raw)
    return io.TextIOWrapper(buffer, encoding, "backslashreplace", line_buffering=prompt)
