"""`fitline show`: a run that was kept, as it was printed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from . import options
from .apart import keep_apart
from .options import Format, choose_format
from .tables import look, open_configured
from .talk import Talk
from .trace import note_thinned

if TYPE_CHECKING:
    from fitline.runs import KeptRun, Record
    from fitline.training import Training


def show(
    folder: options.RunFolder,
    format_: options.OutputFormat = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Print a run that was kept, as fitline train printed it.

    One that was killed, or has not ended yet, is shown as far as its last checkpoint.
    """
    from fitline.runs import KeptRun

    talk = Talk(quiet=quiet, verbose=verbose)
    chosen = choose_format(format_, output)
    kept = KeptRun.load(Path(folder))
    keep_apart(kept.record.named, output, runs=[folder])
    if kept.ending is None:
        show_unfinished(kept, chosen, output, talk)
    else:
        show_ended(kept, chosen, output, talk)


def show_ended(kept: "KeptRun", format_: Format, output: str | None, talk: Talk) -> None:
    """Print what was printed when the run ended."""
    from fitline.views.kept import KeptReport

    from .output import emit

    result, shown = kept.read_result(), kept.read_shown()
    with kept.intact():
        report = KeptReport(result, shown)
    emit(report, format_, output)
    note_thinned(len(result["trace"]), result["steps"] + 1, format_, talk, kept)


def show_unfinished(kept: "KeptRun", format_: Format, output: str | None, talk: Talk) -> None:
    """Print what would have been printed, had the run been interrupted at its checkpoint."""
    from fitline.explanation import explain
    from fitline.views.train import TrainReport

    from .output import emit

    run = kept.so_far(reread(kept.record, None, talk))
    explained = explain(run.training, kept.record.explain)
    emit(TrainReport(run, explained, kept.record.every), format_, output)
    note_thinned(len(run.steps), run.last.index + 1, format_, talk, kept)
    talk.note(f"this run has not ended: fitline resume {kept.folder} goes on")


def reread(record: "Record", data: Sequence[str] | None, talk: Talk) -> "Training":
    """Read the table of a run again, and make sure that it is the same."""
    table = open_configured(data or record.files, record.config, None)
    landscape = look(table, record.config, talk, "fitline.views.train")
    return record.prepare(table, landscape)
