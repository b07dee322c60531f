"""`fitline train`: watch a model learn."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fitline.errors import UsageError
from fitline.formatting import LARGEST_WHOLE

from . import options
from .by_group import require_plain, show_groups
from .conflicts import keep_apart, keep_out
from .loading import look, open_configured
from .messages import Messages
from .options import choose_format
from .running import TrainingOutput, finish
from .setting_options import (
    configure,
    folds_option,
    model_options,
    start_options,
    table_options,
    takes,
    training_options,
)
from .trace import require_ending
from .unseen import read_unseen
from .watch import can_watch

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from fitline.runs import SavedRun
    from fitline.training import Training


@takes(table_options, model_options, training_options, folds_option, start_options)
def train(
    context: typer.Context,
    data: options.Data = None,
    by: options.By = None,
    rejects: options.Rejects = None,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Show the training live, in a terminal."),
    ] = False,
    pace: Annotated[
        float,
        typer.Option(min=0.1, max=50, help="Pictures a second with --watch."),
    ] = 5,
    every: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=LARGEST_WHOLE,
            help="Show one step in N; a decrease is that since the row above. Left out: 0 to 5,"
            " then powers of two, and the last.",
        ),
    ] = None,
    explain: Annotated[
        int,
        typer.Option(
            min=0,
            max=LARGEST_WHOLE,
            metavar="N",
            show_default=False,
            help="Work out the first N steps as by hand.",
        ),
    ] = 0,
    summary: Annotated[
        bool,
        typer.Option("--summary", help="Add the statistics of the exact fit."),
    ] = False,
    test: Annotated[
        str | None,
        typer.Option(
            metavar="TABLE",
            help="Measure the fit on another table, which is not trained on.",
        ),
    ] = None,
    trace: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.csv|.jsonl",
            help="Write every step to a file, to the last digit.",
        ),
    ] = None,
    save: Annotated[
        str | None,
        typer.Option(metavar="FILE.json", help="Save the model, or with --by that of each group."),
    ] = None,
    run: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Save the run, for fitline resume and fitline show.",
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Write over a run that was saved in the folder of --run."),
    ] = False,
    chart: options.Chart = True,
    strict: options.Strict = False,
    format_: options.OutputFormat = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Train a linear model by gradient descent, step by step.

    The fit is shown beside the exact minimum, with what theory says of the learning rate.

    fitline train houses.csv --learning-rate auto
    fitline train houses.csv --x sqft --x beds --y price --save model.json
    """
    messages = Messages(quiet=quiet, verbose=verbose)
    require_ending(trace)
    options.finite("--pace", pace)
    _require_free(run, force)
    live = watch and can_watch() and output is None and format_ in {None, "table"}
    chosen = choose_format(format_, output)
    settings = configure(context)
    if summary and (settings.cost != "squared" or settings.l2 or settings.l1):
        raise UsageError(
            "--summary is for least squares",
            hint="leave it out, or the cost or penalty, or try fitline summary",
        )
    read = [*(data or []), settings.data, test, context.params["config"]]
    keep_apart(read, output, rejects, trace, save, runs=[run])
    if by is not None:
        alone = {"run": run, "trace": trace, "test": test, "watch": watch}
        require_plain(settings, {**alone, "explain": explain, "summary": summary, "every": every})
        fitted = data, settings, rejects, by, messages, chosen, output
        show_groups(context, "train", *fitted, save=save, strict=strict)
        return
    if run:
        keep_out(run, read)
    table = open_configured(context, data, settings, rejects)
    landscape = look(table, settings, messages, "fitline.views.train")

    from fitline.training import prepare

    training = prepare(table, landscape, settings)
    told = chosen, output, every, pace if live else None, trace, save, strict, explain, summary
    unseen = read_unseen(context, training, test, messages, table)
    wanted = TrainingOutput(*told, unseen, has_chart=chart)
    files = data or ([settings.data] if settings.data else None)
    if run and "-" in (files or []):
        messages.note("to resume this run, a file with this table is needed: - is read once only")
    words = context.obj if run else []
    with _saved(run, training, files, test, wanted, words, force=force) as saved:
        finish(training, wanted, messages, saved)


def _saved(
    folder: str | None,
    training: "Training",
    files: list[str] | None,
    test: str | None,
    wanted: TrainingOutput,
    words: list[str],
    *,
    force: bool,
) -> "AbstractContextManager[SavedRun | None]":
    """Begin to save a run, where that is asked for."""
    if folder is None:
        return nullcontext()
    from fitline.runs import Manifest, begin

    manifest = Manifest.of(
        training,
        files,
        words,
        every=wanted.every,
        explain=wanted.explain,
        summary=wanted.summary,
        test=test,
        unseen=wanted.unseen,
    )
    return begin(Path(folder), manifest, force=force)


def _require_free(folder: str | None, force: bool) -> None:
    """Refuse a folder that is taken, before anything is done."""
    if folder is not None:
        from fitline.runs import require_free

        require_free(Path(folder), force=force)
    elif force:
        raise UsageError("--force goes with --run", hint="add --run FOLDER")
