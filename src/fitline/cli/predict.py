"""`fitline predict`: what a line says of new values."""

import math
import os
import re
import shlex
from collections.abc import Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated

import typer

from fitline.errors import UsageError
from fitline.formatting import count, listed, quoted

from . import options
from .conflicts import keep_apart
from .messages import Messages
from .options import both, choose_format
from .saved_models import reading_of, with_levels
from .setting_options import configure, reading_options, takes

if TYPE_CHECKING:
    from fitline.data import Progress, Table
    from fitline.data.cells import Dates, Numbers, Values
    from fitline.model import LinearModel, Saved

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
    from fitline.model import Saved

    messages = Messages(quiet=quiet, verbose=verbose)
    keep_apart([*data, model], output, rejects)
    x = context.params["x"]
    saved = Saved.load(model) if model else None
    theta = _theta(saved, both(theta0, theta1))
    reading = configure(
        context, reading_of(saved) if saved else {}, x=None, theta=None, theta0=None, theta1=None
    )
    line = _line(saved, theta, x)
    dates, numbers = dates_of(reading) or Dates(), numbers_of(reading) or Numbers()
    if (rows := _typed_rows(data, line, numbers, dates)) is not None:
        from fitline.views.predict import PredictReport

        from .output import emit

        emit(PredictReport(line, *rows), choose_format(format_, output), output)
        return
    chosen = choose_format(format_, output, "csv", also=".parquet")
    if saved:
        x = with_levels(x, [saved]) if x else line.known
    table = context.with_resource(
        open_table(data, x, reading=reading, rejects=rejects, to_predict=True)
    )
    _compare(table, line, messages if saved else None)
    if output and chosen == "csv":
        _add_column(table, line, output, messages)
    else:
        _show(table, line, chosen, output, messages)


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


def _compare(table: "Table", line: "LinearModel", messages: Messages | None) -> None:
    """Say where a model is applied to other columns.

    Raises UsageError where they are not as many.
    """
    if table.features != len(line.x):
        raise UsageError(
            f"the model has {count(len(line.x), 'feature')}, and --x names"
            f" {count(table.features, 'column')}",
            hint=f"name as many, in the order of {', '.join(line.x)}, or leave --x out",
        )
    if messages and table.columns != line.x:
        trained, applied = (" and ".join(map(repr, names)) for names in (line.x, table.columns))
        messages.note(f"the model was trained on {trained}, and is applied to {applied}")


Rows = tuple[Sequence[Sequence[float]], Sequence[Sequence[str]]]


def _typed_rows(
    data: list[str], line: "LinearModel", numbers: "Numbers", dates: "Dates"
) -> Rows | None:
    """Take what was typed for rows of features, if all of it is; give them as typed as well.

    They are values of the only column, or one of each column by its name.
    """
    columns, named = line.columns, [text.partition("=")[::2] for text in data]
    if all(name in columns for name, _ in named):
        typed = [[dict(named).get(name, "") for name in columns]]
        if len(named) != len(columns) or len(dict(named)) < len(columns):
            raise _each_once(line, [name for name, _ in named])
    elif _is_misspelt(columns, data):
        raise _unknown(line, dict(named))
    else:
        reading: Values = dates if columns[0] in line.dates else numbers
        read = [reading.read(text) for text in data]
        if all(v is None and not NUMBER.fullmatch(t) for v, t in zip(read, data, strict=True)):
            return None
        if len(columns) > 1:
            raise _each_once(line, [])
        typed = [[text] for text in data]
    levels = line.inputs.levels if line.inputs else {}
    cells: dict[str, list[object]] = {}
    for name, texts in zip(columns, zip(*typed, strict=True), strict=True):
        if name in levels:
            cells[name] = [_level(name, text) for text in texts]
        else:
            own: Values = dates if name in line.dates else numbers
            cells[name] = [_value(text, own) for text in texts]
    is_plain = not levels and not line.units
    return line.features(cells).tolist(), [] if is_plain and not line.inputs else typed


def _each_once(line: "LinearModel", named: Sequence[str]) -> UsageError:
    """Say that each column must have a value."""
    columns = line.columns
    twice = [name for name in named if named.count(name) > 1]
    missing = [name for name in columns if name not in named]
    told = f"{twice[0]} has two values" if twice else _without_value(missing)
    return UsageError(
        told if named else f"the model needs {len(columns)} values: {listed(columns)}",
        hint=_each_of(line),
    )


def _is_misspelt(columns: Sequence[str], data: Sequence[str]) -> bool:
    """Tell whether all are values by names, one of which at least is that of a column, or near."""
    names = [text.partition("=")[0] for text in data if "=" in text]
    if len(names) < len(data) or any(map(os.path.exists, data)):
        return False
    return any(name in columns or _meant(columns, name) for name in names)


def _unknown(line: "LinearModel", values: Mapping[str, str]) -> UsageError:
    """Say which names are of no column, and which may be meant."""
    unknown = [name for name in values if name not in line.columns]
    left = [name for name in line.columns if name not in values]
    meant = {name: _meant(left, name) for name in unknown}
    missing = [name for name in left if name not in meant.values()]
    told = f"the model has no column {' and no '.join(map(quoted, unknown))}"
    likely = {name: values[old] for old, name in meant.items() if name}
    if not missing and likely:
        mended = " ".join(shlex.quote(f"{name}={value}") for name, value in likely.items())
        return UsageError(told, hint=f"did you mean {mended}?")
    known = likely | {name: values[name] for name in line.columns if name in values}
    told = f"{told}, and {_without_value(missing)}" if missing else told
    return UsageError(told, hint=_each_of(line, known))


def _meant(columns: Sequence[str], name: str) -> str | None:
    """Give the column that is likely meant."""
    from difflib import get_close_matches

    near = get_close_matches(name.casefold(), [column.casefold() for column in columns], 1)
    return next((column for column in columns if [column.casefold()] == near), None)


def _without_value(missing: Sequence[str]) -> str:
    return f"{listed(missing)} {'has' if len(missing) == 1 else 'have'} no value"


def _each_of(line: "LinearModel", known: Mapping[str, str] | None = None) -> str:
    """Show how each column is given a value, with those that are known."""
    levels = line.inputs.levels if line.inputs else {}
    examples = {name: levels[name][0] if name in levels else "1" for name in line.columns}
    values = {**examples, **(known or {})}
    example = " ".join(shlex.quote(f"{name}={value}") for name, value in values.items())
    return f"give each of them: fitline predict {example} --model FILE.json"


def _level(name: str, text: str) -> str:
    from fitline.data.cells import Parsing

    if Parsing().is_missing(text):
        raise UsageError(f"{name} is missing", value=text, hint="name one of its levels")
    return text


def _value(text: str, reading: "Values") -> float:
    value = reading.read(text)
    if value is None or not math.isfinite(value):
        raise UsageError(
            f"{text!r} is no finite number" if value is not None else f"{text!r} is no number",
            value=text,
            hint="write 1500 without separators; values and tables cannot be mixed",
        )
    return value


NUMBER = re.compile(r"[-+−]?[.,'\d]*\d[.,'\d]*(e[-+]?\d+)?")
"""What is meant for a number, though it may be written in another way."""


def _add_column(table: "Table", line: "LinearModel", output: str, messages: "Messages") -> None:
    """Write a table with its predictions, for which no views are imported."""
    from fitline.data.predictions import Predictions

    with messages.patience():
        predictions = Predictions(table, line.theta.tolist(), line.formulas)
        predictions.write(output, _progress(table, messages))
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
        predictions = Predictions(table, theta, line.formulas)
        match chosen:
            case "csv":
                pieces = csv_lines(chain([predictions.header], predictions.rows(progress)))
            case "json":
                pieces = json_pieces(theta, predictions.pairs(progress))
            case _:
                rows = [row[: len(line.x)] for row in islice(predictions.pairs(progress), SHOWN)]
    messages.read(table)
    if chosen in {"csv", "json"}:
        write_pieces(pieces, output)
    else:
        emit(PredictReport(line, rows), chosen, output)


def _progress(table: "Table", messages: "Messages") -> "Progress":
    return lambda part: messages.waiting(f"reading {table.source}: {part:.0%}")
