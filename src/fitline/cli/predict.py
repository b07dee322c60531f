"""`fitline predict`: what a line says of new values."""

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated

import typer

from fitline.errors import DataError, UsageError
from fitline.formatting import count

from . import options
from .conflicts import keep_apart
from .messages import Messages
from .options import choose_format, typed_parameters
from .saved_models import applied_to, reading_of, require_names
from .setting_options import configure, reading_options, takes
from .typed_values import are_values, model_of, named_features, typed_model, typed_rows

if TYPE_CHECKING:
    from fitline.data import Progress, Table
    from fitline.model import LinearModel
    from fitline.statistics.intervals import Interval

TRAINED = "fitline train TABLE.csv --save FILE.json, then fitline predict … --model FILE.json"

SHOWN = 20
"""How many rows of a table are shown to people."""


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
    from fitline.data import open_table
    from fitline.data.cells import Numbers, numbers_of
    from fitline.data.dates import Dates, dates_of
    from fitline.model import Saved

    messages = Messages(quiet=quiet, verbose=verbose)
    keep_apart([*data, model], output, rejects)
    x = context.params["x"]
    saved = Saved.load(model) if model else None
    features = None if x and not are_values(data) else len(named_features(data, x)) or 1
    given = typed_parameters(theta0, theta1, [theta] if theta is not None else [], features)
    if len(given) + bool(saved) != 1:
        raise _not_one(given, features)
    for flag, level in (("--interval", interval), ("--confidence", confidence)):
        options.require_level(flag, level)
        if level is not None and not saved:
            raise UsageError(f"{flag} goes with --model, which knows its errors", hint=TRAINED)
    if residuals and not saved:
        raise UsageError("--residuals goes with --model, which knows y", hint=TRAINED)
    again = f"--model {shlex.quote(model)}" if model else _again(given[0], x)
    reading = configure(
        context, reading_of(saved) if saved else {}, x=None, theta=None, theta0=None, theta1=None
    )
    line = saved.model if saved else typed_model(given[0], x, data)
    dates, numbers = dates_of(reading) or Dates(), numbers_of(reading) or Numbers()
    if line and (rows := typed_rows(data, line, again, numbers, dates)) is not None:
        if residuals:
            raise UsageError(
                f"--residuals needs {line.y}, which values have not",
                hint=f"name a table that has it: fitline predict TABLE.csv {again} --residuals",
            )
        from fitline.results.predict import PredictResult
        from fitline.views.predict import PredictReport

        from .output import emit

        result = PredictResult.of(line, *rows, line.intervals(interval, confidence))
        emit(PredictReport(result), choose_format(format_, output), output)
        return
    chosen = choose_format(format_, output, "csv", also=".parquet")
    applied = applied_to(x, [saved]) if saved else None
    y = saved.model.target if saved and residuals else None
    with _said_of_residuals(y):
        table = context.with_resource(
            open_table(
                data,
                applied.levels if applied else x,
                y,
                reading=reading,
                rejects=rejects,
                to_predict=True,
                dates=applied.dates if applied else (),
                like=applied.like if applied else None,
            )
        )
    if saved:
        if x is None:
            require_names(table, saved.model)
        _compare(table, saved.model, messages)
    line = saved.model if saved else model_of(given[0], table.columns[: table.features])
    intervals = line.intervals(interval, confidence)
    is_csv_alone = format_ == "csv" and str(output).endswith(".parquet")
    if output and chosen == "csv" and not is_csv_alone:
        _add_columns(table, line, intervals, output, messages)
    else:
        _show(table, line, intervals, chosen, output, messages)


@contextmanager
def _said_of_residuals(y: str | None) -> Iterator[None]:
    """Say what to do where a table has no y, or several, since no option names it."""
    try:
        yield
    except DataError as error:
        if y is not None and error.hint and "--y" in error.hint:
            error.hint = f"leave --residuals out, which needs {y}, or rename a column"
        raise


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


def _compare(table: "Table", line: "LinearModel", messages: Messages) -> None:
    """Say where a model is applied to other columns.

    Raises UsageError where they are not as many.
    """
    if table.features != len(line.x):
        raise UsageError(
            f"the model has {count(len(line.x), 'feature')}, and --x names"
            f" {count(table.features, 'column')}",
            hint=f"name as many, in the order of {', '.join(line.x)}, or leave --x out",
        )
    columns = table.columns[: table.features]
    if columns != line.x:
        trained, applied = (" and ".join(map(repr, names)) for names in (line.x, columns))
        messages.note(f"the model was trained on {trained}, and is applied to {applied}")


def _add_columns(
    table: "Table",
    line: "LinearModel",
    intervals: "Sequence[Interval]",
    output: str,
    messages: "Messages",
) -> None:
    """Write a table with its predictions, for which no views are imported."""
    from fitline.data.predictions import Predictions

    with messages.patience():
        predictions = Predictions(table, line.theta.tolist(), line.formulas, intervals)
        predictions.write(output, _progress(table, messages))
        untold = predictions.untold()
    messages.read(table)
    _say_untold(line, untold, messages)


def _show(
    table: "Table",
    line: "LinearModel",
    intervals: "Sequence[Interval]",
    chosen: options.Format,
    output: str | None,
    messages: "Messages",
) -> None:
    """Give the predictions of a table, streaming; people see the first of them."""
    from fitline.data.csv_text import csv_lines
    from fitline.data.predictions import Predictions
    from fitline.results.predict import PredictResult, json_pieces
    from fitline.views.predict import PredictReport

    from .output import emit, write_pieces

    progress = _progress(table, messages)
    residuals = len(table.terms) > table.features
    with messages.patience():
        predictions = Predictions(table, line.theta.tolist(), line.formulas, intervals)
        match chosen:
            case "csv":
                pieces = csv_lines(chain([predictions.header], predictions.rows(progress)))
            case "json":
                pairs = predictions.pairs(progress)
                pieces = json_pieces(line, intervals, pairs, with_residuals=residuals)
            case _:
                rows = list(islice(predictions.pairs(progress), SHOWN))
        untold = predictions.untold()
    messages.read(table)
    _say_untold(line, untold, messages)
    if chosen in {"csv", "json"}:
        write_pieces(pieces, output)
    else:
        x, missed = [row[: len(line.x)] for row in rows], [row[-1] for row in rows]
        result = PredictResult.of(line, x, (), intervals, missed if residuals else None)
        emit(PredictReport(result), chosen, output)


def _say_untold(line: "LinearModel", untold: int, messages: "Messages") -> None:
    """Say for how many rows the column stays empty of which y is a formula."""
    if untold:
        messages.note(
            f"{count(untold, 'row')} for which the prediction of {line.y} tells no {line.told}, or"
            " one beyond the largest float64"
        )


def _progress(table: "Table", messages: "Messages") -> "Progress":
    return lambda part: messages.waiting(f"reading {table.source}: {part:.0%}")
