"""`fitline predict`: what a line says of new values."""

import re
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from fitline.digits import count
from fitline.errors import UsageError

from . import options
from .options import both, choose_format, finite, keep_apart
from .talk import Talk

if TYPE_CHECKING:
    from fitline.model import LinearModel
    from fitline.sources import Table

SHOWN = 20
"""How many rows of a table are shown to people."""


def predict(
    data: Annotated[
        list[str],
        typer.Argument(
            help="Values such as 1500, or tables to which to add a column: paths, globs, or -.",
            metavar="VALUE... | DATA...",
        ),
    ],
    theta0: Annotated[float | None, typer.Option(help="The intercept.")] = None,
    theta1: Annotated[float | None, typer.Option(help="The slope.")] = None,
    model: options.Model = None,
    x: options.X = None,
    bad_rows: options.BadRows = None,
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
    from fitline.views.predict import PredictReport

    from .output import emit

    talk = Talk(quiet=quiet, verbose=verbose)
    keep_apart([*data, model], output, rejects)
    line = _line(model, both(theta0, theta1), x)
    values = _values(data)
    if values is not None:
        emit(PredictReport(line, values), choose_format(format_, output), output)
        return
    chosen = choose_format(format_, output, "csv", also=".parquet")
    if model and x and x != line.x[0]:
        talk.note(f"the model was trained on {line.x[0]!r}, and is applied to {x!r}")
    table = open_table(
        data,
        x or (line.x[0] if model else None),
        bad_rows=bad_rows or "fail",
        rejects=rejects,
        to_predict=True,
    )
    _predict_table(table, line, chosen, output, talk)


def _line(model: str | None, theta: list[float] | None, x: str | None) -> "LinearModel":
    """Take the line from a file or from the parameters."""
    import numpy as np

    from fitline.model import LinearModel

    if model and theta:
        raise UsageError("--model and --theta0, --theta1 both name a line", hint="leave one out")
    if model:
        return LinearModel.load(model)
    if theta is None:
        raise UsageError(
            "which line is to predict?",
            hint="fitline predict 1500 --theta0 50000 --theta1 100, or --model FILE.json",
        )
    return LinearModel((x or "x",), "prediction", np.array(theta))


def _values(data: list[str]) -> list[float] | None:
    """Take what was typed for numbers, if all of it is."""
    numbers = [
        text for text in data if re.fullmatch(r"[-+]?[.,'\d]*\d[.,'\d]*(e[-+]?\d+)?|nan|inf", text)
    ]
    if not numbers:
        return None
    for text in data:
        try:
            finite(text, float(text))
        except ValueError:
            raise UsageError(
                f"{text!r} is no number",
                value=text,
                hint="write 1500 without separators; values and tables cannot be mixed",
            ) from None
    return [float(text) for text in data]


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
        predictions = Predictions(table, theta, reading)
        if output and chosen == "csv":
            predictions.write(output, reading)
    if table.skipped:
        talk.note(f"{count(table.skipped, 'row')} skipped")
    match chosen:
        case "csv" if output:
            return
        case "csv":
            write_pieces(csv_lines(predictions.header, predictions.rows()), output)
        case "json":
            write_pieces(json_pieces(theta, predictions.pairs()), output)
        case _:
            values = [value for value, _ in islice(predictions.pairs(), SHOWN)]
            emit(PredictReport(line, values), chosen, output)
