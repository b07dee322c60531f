"""`fitline compare`: several trainings side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fitline.errors import UsageError
from fitline.plots import require_matplotlib

from . import options
from .conflicts import keep_apart
from .loading import look, lost_in_folds, open_configured
from .messages import Messages
from .options import choose_format
from .setting_options import (
    Group,
    configure,
    folds_option,
    model_options,
    several_options,
    start_options,
    table_options,
    takes,
    training_options,
)

if TYPE_CHECKING:
    from fitline.comparison import Contestant
    from fitline.config import Config
    from fitline.data import Table
    from fitline.landscapes.landscape import Landscape
    from fitline.runs.manifest import Manifest

PICTURES = (".png", ".svg", ".pdf")

SEVERAL = ("l2", "l1", "optimizer", "learning_rate", "scaling", "schedule", "batch_size")
"""Settings of which several values may be given, with commas between them."""

PENALTIES = ("l2", "l1")


def _tables() -> Group:
    return _without(table_options(), "config")


def _model() -> Group:
    return _without(model_options(), *SEVERAL)


def _several() -> Group:
    return several_options(*SEVERAL)


def _shared() -> Group:
    return _without(training_options(), *SEVERAL, "starts")


def _without(options: Group, *names: str) -> Group:
    return {name: option for name, option in options.items() if name not in names}


@takes(_tables, _model, _several, _shared, folds_option, start_options)
def compare(
    context: typer.Context,
    data: options.Data = None,
    config: Annotated[
        list[str] | None,
        typer.Option(
            "--config",
            "-c",
            metavar="FILE.yaml",
            help="Read settings from a file; may be given several times.",
            rich_help_panel="Training",
        ),
    ] = None,
    run: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FOLDER",
            help="Train as a saved run did; may be given several times.",
            show_default=False,
            rich_help_panel="Training",
        ),
    ] = None,
    rejects: options.Rejects = None,
    format_: options.OutputFormat = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Train with several settings, and see which is best.

    All begin at the same start, unless a configuration or a saved run has one of its own.

    Settings with commas between them are combined: two optimizers and three rates are six runs.
    FILE may also end in .png, .svg or .pdf, for a picture, or in .html, for a page.

    fitline compare houses.csv --optimizer gradient_descent,momentum
    fitline compare houses.csv --learning-rate 0.01,0.1,auto -o race.svg
    fitline compare houses.csv --l2 0,0.1,1 --folds 2 --seed 2
    """
    messages = Messages(quiet=quiet, verbose=verbose)
    chosen = choose_format(format_, output, also=" ".join([*PICTURES, ".html"]))
    ending = Path(output or "").suffix
    if ending in PICTURES:
        require_matplotlib()
    saved = _saved(run or [])
    configs = {name: replace(manifest.config, data=None) for name, manifest in saved.items()}
    if config or not saved or any(context.params[name] for name in SEVERAL):
        _put_together(configs, context, config or [])
    else:
        _require_untouched(context)
    from fitline.comparison import require_comparable, require_one_reading

    if len(configs) > len(saved):  # saved runs that saw the same rows may have read them otherwise
        require_one_reading(configs)
    require_comparable(configs)
    first = next(iter(configs.values()))
    files = data or next((manifest.files for manifest in saved.values()), None)
    keep_apart([*(files or []), first.data, *(config or [])], output, rejects, runs=run or [])
    table = open_configured(context, files, first, rejects)
    landscape = look(table, first, messages, "fitline.views.compare")
    contestants = _trained(table, landscape, configs, messages)
    landscapes = {one.run.training.landscape for one in contestants} - {landscape}
    lost = {slope for other in landscapes for slope in lost_in_folds(table, other)}
    messages.lost(sorted(lost - {*lost_in_folds(table, landscape)}))
    if output and ending in {*PICTURES, ".html"} and format_ is None:
        _draw(contestants, output)
        messages.note(f"wrote {output}")
        return
    from fitline.results.compare import CompareResult
    from fitline.views.compare import CompareReport

    from .output import emit

    result = CompareResult.of(table, contestants)
    emit(CompareReport(result), chosen, output)


def _trained(
    table: "Table", landscape: "Landscape", configs: "Mapping[str, Config]", messages: Messages
) -> "list[Contestant]":
    """Train with every configuration; a scale or penalty of its own has its own landscape."""
    from fitline.comparison import compete

    contestants = []
    with messages.patience():
        for contestant in compete(table, landscape, configs):
            contestants.append(contestant)
            messages.waiting(f"{len(contestants):,} of {len(configs):,} trained")
    return contestants


def _draw(contestants: "Sequence[Contestant]", output: str) -> None:
    """Lay all runs over one another, in a picture or on a page."""
    runs = {contestant.name: contestant.run for contestant in contestants}
    if not output.endswith(".html"):
        from fitline.plots.loading import write_race

        write_race(runs, output, output.rpartition(".")[2])
        return
    from fitline.files.atomic import write_text
    from fitline.page.bundle import page
    from fitline.page.payload import lesson_of

    configs = {name: run.training.resolved for name, run in runs.items()}
    write_text(output, page(lesson_of(contestants[0].run.training, configs)))


def _saved(folders: Sequence[str]) -> "dict[str, Manifest]":
    """Read the manifests of saved runs, by the names of their folders."""
    from fitline.comparison import new_name
    from fitline.runs.manifest import Manifest

    saved: dict[str, Manifest] = {}
    for folder in folders:
        saved[new_name(Path(folder).name, saved)] = Manifest.load(Path(folder))
    if len({manifest.data["fingerprint"] for manifest in saved.values()}) > 1:
        raise UsageError("these runs are of different tables", hint="compare runs on one table")
    return saved


def _require_untouched(context: typer.Context) -> None:
    """Refuse settings that saved runs would not follow."""
    read = _without(_tables(), "x", "y")
    for name in {**read, **_model(), **_shared(), **folds_option(), **start_options()}:
        if (value := context.params[name]) is not None:
            flag = f"--{'no-' if value is False else ''}{name.replace('_', '-')}"
            raise UsageError(
                f"a saved run has its own settings, and would not follow {flag}",
                hint=f"leave out {flag}",
            )


def _put_together(
    configs: "dict[str, Config]", context: typer.Context, files: Sequence[str]
) -> None:
    """Put together every combination of settings, by a name that says what differs."""
    from fitline.comparison import combinations, new_name

    typed = {name: context.params[name] for name in SEVERAL}
    varied = {name: text.split(",") for name, text in typed.items() if text is not None}
    for file in files or (None,):
        for chosen in combinations(varied):
            words = [Path(file).stem] if file and len(files) > 1 else []
            words += [
                f"{name} {value}" if name in PENALTIES else value
                for name, value in chosen.items()
                if len(varied[name]) > 1
            ]
            own = {"config": file, **dict.fromkeys(SEVERAL), **chosen}
            name = new_name(", ".join(words) or "these settings", configs)
            configs[name] = configure(context, **own)
