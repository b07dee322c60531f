"""`fitline predict`: what a line says of new values."""

import math
import re
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated

import typer

from fitline.errors import UsageError

from . import options
from .conflicts import keep_apart
from .messages import Messages
from .options import both, choose_format
from .saved_models import load_lines, reading_of
from .setting_options import configure, reading_options, takes

if TYPE_CHECKING:
    from fitline.data import Progress, Table
    from fitline.data.cells import Values
    from fitline.model import LinearModel, Saved

SHOWN = 20
"""How many rows of a table are shown to people."""


@takes(reading_options)
def predict(
    context: typer.Context,
    data: Annotated[
        list[str],
        typer.Argument(
            help="Values such as 1500, or tables to which to add a column: paths, globs, or -.",
            metavar="VALUE... | DATA...",
        ),
    ],
    theta0: Annotated[
        float | None, options.number_option(help="The intercept.", rich_help_panel="Model")
    ] = None,
    theta1: Annotated[
        float | None, options.number_option(help="The slope.", rich_help_panel="Model")
    ] = None,
    model: options.Model = None,
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
    from fitline.data.cells import Dates, Numbers, dates_of, numbers_of

    messages = Messages(quiet=quiet, verbose=verbose)
    keep_apart([*data, model], output, rejects)
    x = context.params["x"]
    (saved,) = load_lines([model]) if model else (None,)
    theta = _theta(saved, both(theta0, theta1))
    reading = configure(
        context, reading_of(saved) if saved else {}, x=None, theta0=None, theta1=None
    )
    learned_x = saved.model.x[0] if saved else None
    are_dates = saved is not None and learned_x in saved.model.units
    values = _values(
        data, (dates_of(reading) or Dates()) if are_dates else numbers_of(reading) or Numbers()
    )
    if values is not None:
        from fitline.views.predict import PredictReport

        from .output import emit

        report = PredictReport(_line(saved, theta, x), values, data if are_dates else ())
        emit(report, choose_format(format_, output), output)
        return
    chosen = choose_format(format_, output, "csv", also=".parquet")
    if learned_x and x and x != learned_x:
        messages.note(f"the model was trained on {learned_x!r}, and is applied to {x!r}")
    table = context.with_resource(
        open_table(data, x or learned_x, reading=reading, rejects=rejects, to_predict=True)
    )
    if output and chosen == "csv":
        _add_column(table, theta, output, messages)
    else:
        _show(table, _line(saved, theta, x), chosen, output, messages)


def _theta(saved: "Saved | None", typed: list[float] | None) -> list[float]:
    """Take the parameters from a saved model, or as they were typed."""
    if saved and typed:
        raise UsageError("--model and --theta0, --theta1 both name a line", hint="leave one out")
    if saved:
        theta: list[float] = saved.model.theta.tolist()
        return theta
    if typed is None:
        raise UsageError(
            "which line is to predict?",
            hint="fitline predict 1500 --theta0 50000 --theta1 100, or --model FILE.json",
        )
    return typed


def _line(saved: "Saved | None", theta: list[float], x: str | None) -> "LinearModel":
    """Give the line that is applied, as a model."""
    if saved:
        return saved.model
    import numpy as np

    from fitline.model import LinearModel

    return LinearModel((x or "x",), "prediction", np.array(theta))


def _values(data: list[str], values: "Values") -> list[float] | None:
    """Take what was typed for values of x, if all of it is."""
    read = [values.read(text) for text in data]
    if not any(
        value is not None or NUMBER.fullmatch(text) for value, text in zip(read, data, strict=True)
    ):
        return None
    for text, value in zip(data, read, strict=True):
        if value is None or not math.isfinite(value):
            raise UsageError(
                f"{text!r} is no finite number" if value is not None else f"{text!r} is no number",
                value=text,
                hint="write 1500 without separators; values and tables cannot be mixed",
            )
    return [value for value in read if value is not None]


NUMBER = re.compile(r"[-+−]?[.,'\d]*\d[.,'\d]*(e[-+]?\d+)?")
"""What is meant for a number, though it may be written in another method."""


def _add_column(table: "Table", theta: list[float], output: str, messages: "Messages") -> None:
    """Write a table with its predictions, for which no arrays and no views are imported."""
    from fitline.data.predictions import Predictions

    with messages.patience():
        Predictions(table, theta).write(output, _progress(table, messages))
    messages.read(table)


def _show(
    table: "Table",
    line: "LinearModel",
    chosen: options.Format,
    output: str | None,
    messages: "Messages",
) -> None:
    """Give the predictions of a table, streaming; people see the first of them."""
    from fitline.data.csv_text import csv_lines
    from fitline.data.predictions import Predictions
    from fitline.views.predict import PredictReport, json_pieces

    from .output import emit, write_pieces

    theta, progress = line.theta.tolist(), _progress(table, messages)
    with messages.patience():
        predictions = Predictions(table, theta)
        match chosen:
            case "csv":
                pieces = csv_lines(chain([predictions.header], predictions.rows(progress)))
            case "json":
                pieces = json_pieces(theta, predictions.pairs(progress))
            case _:
                values = [value for value, _ in islice(predictions.pairs(progress), SHOWN)]
    messages.read(table)
    if chosen in {"csv", "json"}:
        write_pieces(pieces, output)
    else:
        emit(PredictReport(line, values), chosen, output)


def _progress(table: "Table", messages: "Messages") -> "Progress":
    return lambda part: messages.waiting(f"reading {table.source}: {part:.0%}")
