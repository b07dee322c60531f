"""`fitline predict`: what a line says of new values."""

import math
import re
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from fitline.errors import UsageError

from . import options
from .apart import keep_apart
from .models import load_lines, reading_of
from .options import both, choose_format
from .settings import READING, configure, takes
from .talk import Talk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitline.model import LinearModel, Saved
    from fitline.sources import Table
    from fitline.sources.parsing import Values

SHOWN = 20
"""How many rows of a table are shown to people."""


@takes(READING)
def predict(
    context: typer.Context,
    data: Annotated[
        list[str],
        typer.Argument(
            help="Values such as 1500, or tables to which to add a column: paths, globs, or -.",
            metavar="VALUE... | DATA...",
        ),
    ],
    theta0: Annotated[float | None, options.number_option(help="The intercept.")] = None,
    theta1: Annotated[float | None, options.number_option(help="The slope.")] = None,
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
    """
    from fitline.sources import open_table
    from fitline.sources.parsing import Dates, Numbers
    from fitline.views.predict import PredictReport

    from .output import emit

    talk = Talk(quiet=quiet, verbose=verbose)
    keep_apart([*data, model], output, rejects)
    x = context.params["x"]
    models = load_lines([model] if model else [])
    line = _line(models, both(theta0, theta1), x)
    saved = reading_of(models[0]) if models else {}
    reading = configure(context, saved, x=None, theta0=None, theta1=None)
    are_dates = line.x[0] in line.units
    values = _values(
        data, (reading.dates or Dates()) if are_dates else reading.numbers or Numbers()
    )
    if values is not None:
        report = PredictReport(line, values, data if are_dates else ())
        emit(report, choose_format(format_, output), output)
        return
    chosen = choose_format(format_, output, "csv", also=".parquet")
    if model and x and x != line.x[0]:
        talk.note(f"the model was trained on {line.x[0]!r}, and is applied to {x!r}")
    table = open_table(
        data,
        x or (line.x[0] if model else None),
        reading=reading,
        rejects=rejects,
        to_predict=True,
    )
    _predict_table(table, line, chosen, output, talk)


def _line(models: "Sequence[Saved]", theta: list[float] | None, x: str | None) -> "LinearModel":
    """Take the line from a file or from the parameters."""
    import numpy as np

    from fitline.model import LinearModel

    if models and theta:
        raise UsageError("--model and --theta0, --theta1 both name a line", hint="leave one out")
    if models:
        return models[0].model
    if theta is None:
        raise UsageError(
            "which line is to predict?",
            hint="fitline predict 1500 --theta0 50000 --theta1 100, or --model FILE.json",
        )
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
"""What is meant for a number, though it may be written in another way."""


def _predict_table(
    table: "Table",
    line: "LinearModel",
    chosen: options.Format,
    output: str | None,
    talk: "Talk",
) -> None:
    """Add the column, streaming."""
    from fitline.sources.predictions import Predictions
    from fitline.views.predict import PredictReport, csv_lines, json_pieces

    from .output import emit, write_pieces

    def reading(part: float) -> None:
        talk.waiting(f"reading {table.source}: {part:.0%}")

    theta = line.theta.tolist()
    with talk.patience():
        predictions = Predictions(table, theta)
        match chosen:
            case "csv" if output:
                predictions.write(output, reading)
            case "csv":
                pieces = csv_lines(predictions.header, predictions.rows(reading))
            case "json":
                pieces = json_pieces(theta, predictions.pairs(reading))
            case _:
                values = [value for value, _ in islice(predictions.pairs(reading), SHOWN)]
    talk.read(table)
    match chosen:
        case "csv" if output:
            return
        case "csv" | "json":
            write_pieces(pieces, output)
        case _:
            emit(PredictReport(line, values), chosen, output)
