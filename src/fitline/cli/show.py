"""`fitline show`: a saved run, as it was printed."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from . import options
from .conflicts import keep_apart
from .loading import look, open_configured
from .messages import Messages
from .options import Format, choose_format
from .trace import note_thinned
from .unseen import read_unseen

if TYPE_CHECKING:
    from fitline.runs import Manifest, SavedRun
    from fitline.training import Training


def show(
    context: typer.Context,
    folder: options.RunFolder,
    format_: options.OutputFormat = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Print a saved run, as fitline train printed it.

    One that was killed, or has not ended yet, is shown as far as its last checkpoint.
    """
    from fitline.runs import SavedRun

    messages = Messages(quiet=quiet, verbose=verbose)
    chosen = choose_format(format_, output)
    saved = SavedRun.load(Path(folder))
    keep_apart([*saved.manifest.named, saved.manifest.test], output, runs=[folder])
    if saved.stop_reason is None:
        show_unfinished(context, saved, chosen, output, messages)
    else:
        show_ended(saved, chosen, output, messages)


def show_ended(saved: "SavedRun", format_: Format, output: str | None, messages: Messages) -> None:
    """Print what was printed when the run ended."""
    from fitline.views.train import TrainReport

    from .output import emit

    result = saved.read_result()
    emit(TrainReport(result), format_, output)
    note_thinned(len(result.trace), result.steps + 1, format_, messages, saved)


def show_unfinished(
    context: typer.Context,
    saved: "SavedRun",
    format_: Format,
    output: str | None,
    messages: Messages,
) -> None:
    """Print what would have been printed, had the run been interrupted at its checkpoint."""
    from fitline.derivation import explain
    from fitline.results.train import TrainResult
    from fitline.views.train import TrainReport

    from .output import emit

    run = saved.so_far(reread(context, saved.manifest, None, messages))
    explained = explain(run.training, saved.manifest.explain)
    every, with_summary = saved.manifest.every, saved.manifest.summary
    unseen = read_unseen(context, run.training, saved.manifest.tested, messages)
    result = TrainResult.of_run(run, explained, every, with_summary=with_summary, unseen=unseen)
    emit(TrainReport(result), format_, output)
    note_thinned(len(run.steps), run.last.index + 1, format_, messages, saved)
    messages.note(
        f"this run has not ended: fitline resume {shlex.quote(str(saved.folder))} continues it"
    )


def reread(
    context: typer.Context, manifest: "Manifest", data: Sequence[str] | None, messages: Messages
) -> "Training":
    """Read the table of a run again, and make sure that it is the same."""
    table = open_configured(context, data or manifest.files, manifest.config, None)
    landscape = look(table, manifest.config, messages, "fitline.views.train")
    return manifest.prepare(table, landscape)
