"""`fitline predict`: what a line says of new values."""

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from fitline.api.applied import reading_of
from fitline.errors import UsageError

from . import options
from .conflicts import keep_apart
from .messages import Messages
from .options import choose_format, typed_parameters
from .predicted_table import PredictedTable, open_to_predict
from .saved_models import note_dependent
from .setting_options import configure, reading_options, takes
from .typed_values import are_values, model_of, named_features, typed_cells, typed_model

if TYPE_CHECKING:
    from fitline.model import Saved

TRAINED = "fitline train TABLE.csv --save FILE.json, then fitline predict … --model FILE.json"


@takes(reading_options)
def predict(
    context: typer.Context,
    data: Annotated[
        list[str],
        typer.Argument(
            help="Values such as 1500, or sqft=1500 beds=3; or tables to which to add a column:"
            " paths, globs, or -.",
            metavar="VALUE... | DATA...",
        ),
    ],
    theta0: Annotated[
        float | None, options.number_option(help="The intercept.", rich_help_panel="Model")
    ] = None,
    theta1: Annotated[
        float | None, options.number_option(help="The slope.", rich_help_panel="Model")
    ] = None,
    theta: Annotated[
        str | None,
        typer.Option(metavar="θ0,θ1,…", help="All at once.", rich_help_panel="Model"),
    ] = None,
    model: options.Model = None,
    interval: Annotated[
        float | None,
        options.number_option(
            metavar="LEVEL",
            help="Add the ends between which the next y lies with this probability, such as 0.95.",
            rich_help_panel="Model",
        ),
    ] = None,
    confidence: Annotated[
        float | None,
        options.number_option(
            metavar="LEVEL",
            help="Add the ends between which the mean of many y lies.",
            rich_help_panel="Model",
        ),
    ] = None,
    residuals: Annotated[
        bool,
        typer.Option(
            "--residuals",
            help="Add y less the prediction, to a table that has y.",
            rich_help_panel="Model",
        ),
    ] = False,
    rejects: options.Rejects = None,
    format_: options.OutputFormat = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Predict values, or add a column to a table.

    A table is written as CSV unless told otherwise; FILE may end in .csv, .json or .parquet.
    Negative values stand after two dashes: fitline predict --theta0 1 --theta1 2 -- -5

    fitline predict 1500 --theta0 50000 --theta1 100
    fitline predict houses.csv --model model.json -o predictions.csv
    """
    from fitline.data.cells import Numbers, numbers_of
    from fitline.data.dates import Dates, dates_of

    messages = Messages(quiet=quiet, verbose=verbose)
    keep_apart([*data, model], output, rejects)
    x = context.params["x"]
    saved = _loaded(model) if model else None
    features = None if x and not are_values(data) else len(named_features(data, x)) or 1
    given = typed_parameters(theta0, theta1, [theta] if theta is not None else [], features)
    if len(given) + bool(saved) != 1:
        raise _not_one(given, features)
    levels = interval, confidence
    _require_suited(saved, levels, residuals)
    again = f"--model {shlex.quote(model)}" if model else _again(given[0], x)
    reading = configure(
        context, reading_of(saved) if saved else {}, x=None, theta=None, theta0=None, theta1=None
    )
    line = saved.as_typed if saved else typed_model(given[0], x, data)
    dates, numbers = dates_of(reading) or Dates(), numbers_of(reading) or Numbers()
    if line and (found := typed_cells(data, line, again, numbers, dates)) is not None:
        if residuals:
            raise UsageError(
                f"--residuals needs {line.y}, which values have not",
                hint=f"name a table that has it: fitline predict TABLE.csv {again} --residuals",
            )
        from fitline.results.predict import PredictResult
        from fitline.views.predict import PredictReport

        from .output import emit

        cells, typed = found
        if saved:
            note_dependent(saved, messages)
        predicting = saved.predicting if saved else line
        intervals = saved.model.intervals(*levels) if saved else []
        rows = [[*map(float, row)] for row in predicting.features(cells)]
        result = PredictResult.of(predicting, rows, typed, intervals)
        emit(PredictReport(result), choose_format(format_, output), output)
        return
    chosen = choose_format(format_, output, "csv", also=".parquet")
    is_csv_alone = format_ == "csv" and str(output).endswith(".parquet")
    if reading.cluster and (not output or chosen != "csv" or is_csv_alone):
        raise UsageError(
            "Spark writes predictions where its workers can",
            hint="name a folder: -o FOLDER.csv or -o FOLDER.parquet",
        )
    table = open_to_predict(context, data, saved, reading, rejects, messages, residuals=residuals)
    line = saved.model if saved else model_of(given[0], table.columns[: table.features])
    intervals = line.intervals(*levels)
    predicted = PredictedTable(table, saved.predicting if saved else line, intervals, messages)
    if output and chosen == "csv" and not is_csv_alone:
        predicted.write(output)
    else:
        predicted.show(chosen, output)


def _loaded(path: str) -> "Saved":
    from fitline.model import Saved

    return Saved.load(path)


def _require_suited(
    saved: "Saved | None", levels: tuple[float | None, float | None], residuals: bool
) -> None:
    """Raise UsageError where options are given of which the model knows nothing."""
    for flag, level in zip(("--interval", "--confidence"), levels, strict=True):
        options.require_level(flag, level)
        if level is not None and not saved:
            raise UsageError(f"{flag} goes with --model, which knows its errors", hint=TRAINED)
        if level is not None and saved and saved.groups:
            raise UsageError(
                f"{flag} is for one model, and {saved.file} has one for each group",
                hint=f"leave {flag} out",
            )
    if residuals and not saved:
        raise UsageError("--residuals goes with --model, which knows y", hint=TRAINED)


def _not_one(given: Sequence[list[float]], features: int | None) -> UsageError:
    """Say that no line was named, or more than one."""
    example = f"add {options.example_of_theta(features)}, or --model FILE.json"
    if not given:
        return UsageError("which line is to predict?", hint=example)
    return UsageError(
        "--theta0 and --theta1, --theta, --model: each names a line", hint="keep one of them"
    )


def _again(theta: Sequence[float], x: str | Sequence[str] | None) -> str:
    """Give the words by which parameters were typed."""
    words = ["--theta", ",".join(map(options.plain, theta))]
    for name in options.each_of(x):
        words += ["--x", name]
    return shlex.join(words)
