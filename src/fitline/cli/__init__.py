"""The command line: parse, call the library, print, exit. Errors are caught here, once."""

import gc
import os
import re
import sys
from contextlib import suppress
from itertools import pairwise
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from fitline import __version__
from fitline.errors import ConfigError, FileError, FitlineError, UsageError
from fitline.formatting import shortened
from fitline.signals import was_interrupted

from .compare import compare
from .evaluate import evaluate
from .explore import explore
from .grid import grid
from .landscape import landscape
from .plot import plot
from .predict import predict
from .rates import rates
from .resume import resume
from .sample import sample
from .show import show
from .streams import open_streams
from .train import train

ROOM = "a smaller part of the table, fewer starts, steps or cells take less"

ERROR_EXIT, USAGE_EXIT, INTERRUPTED_EXIT = 1, 2, 130


class Commands(TyperGroup):
    """The commands, and what becomes of their errors."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; a user's mistake ends in a few lines, a bug in a traceback."""
        try:
            return super().invoke(ctx)
        except typer.Exit:
            raise
        except BaseException as error:
            code = _told(error, ctx.invoked_subcommand or "")
            if code is None:
                raise
            raise typer.Exit(code) from error


def _told(error: BaseException, command: str) -> int | None:
    """Say what ended a command, and give its exit code; None for a bug, and for a closed pipe."""
    if isinstance(error, KeyboardInterrupt) or was_interrupted():
        with suppress(OSError):  # the terminal may be gone
            print("interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED_EXIT
    match error:
        case ConfigError() | UsageError():
            _report(error)
            return USAGE_EXIT
        case typer.TyperException():
            _report(_wrong_call(error.format_message(), command))
            return USAGE_EXIT
        case FitlineError():
            _report(error)
        case OSError() if error.filename is not None:
            _report(FileError(str(error.strerror), shortened(str(error.filename))))
        case MemoryError():
            _report(FitlineError("there is not enough memory", hint=ROOM))
        case _:
            return None
    return ERROR_EXIT


def _wrong_call(message: str, command: str) -> UsageError:
    """Say what does not make sense in a command line."""
    hint = f"fitline {command} -h lists all".replace("  ", " ")
    if re.search(r"option: -[.\d]", message):
        hint = "values below zero stand after two dashes: -- -5"
    return UsageError(shortened(message, LONGEST_MESSAGE), hint=hint)


LONGEST_MESSAGE = 400

app = typer.Typer(
    name="fitline",
    cls=Commands,
    help="Watch a model learn, and trust where it ends.",
    no_args_is_help=True,
    rich_markup_mode=None,  # panels cost as much as all the rest of the start
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    *(train, resume, show, evaluate, predict, grid, landscape, plot, explore, rates, compare),
    sample,
):
    app.command()(command)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fitline {__version__}")
        raise typer.Exit


@app.callback()
def _fitline(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Say which version this is."
        ),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run fitline."""
    # NumPy's matrices are two by two here; starting threads for them costs more than the import.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Nothing here makes cycles worth collecting, and looking for them is a tenth of the start.
    gc.disable()
    open_streams()
    code: int | str | None = INTERRUPTED_EXIT
    with suppress(KeyboardInterrupt):
        try:
            app()
        except SystemExit as ending:
            code = ending.code
        except FileError as error:  # help is written before there is a command to be invoked
            _report(error)
            code = ERROR_EXIT
    _leave(code if isinstance(code, int) else 0)


def _leave(code: int) -> None:
    """End at once: all that Python would still tidy up is memory, which ends with the process."""
    if staging := sys.modules.get("fitline.data.staging"):
        staging.remove_staged()
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError, FileError):
            stream.flush()
    os._exit(code)


def _wants_json(words: list[str]) -> bool:
    """Tell whether the errors go to a program, before anything is parsed."""
    return "--format=json" in words or ("--format", "json") in pairwise(words)


def _report(error: FitlineError) -> None:
    """Write an error on standard error."""
    from fitline.views.errors import error_json, error_text

    if _wants_json(sys.argv):
        print(error_json(error), file=sys.stderr)
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    console.print(error_text(error), soft_wrap=not console.is_terminal)
