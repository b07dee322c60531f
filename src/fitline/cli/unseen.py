"""`--test`: another table, on which the fit of a training is measured."""

import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fitline.errors import DataError

if TYPE_CHECKING:
    import typer

    from fitline.config import Config
    from fitline.data import Table
    from fitline.evaluation import Unseen
    from fitline.training import Training

    from .messages import Messages


def read_unseen(
    context: "typer.Context",
    training: "Training",
    file: str | None,
    messages: "Messages",
    trained_on: "Table | None" = None,
) -> "Unseen | None":
    """Read the table to test on, if there is one, which needs the columns of the model.

    Its bad rows are listed with those of the table `trained_on`, where these are.
    """
    if file is None:
        return None
    from fitline.data import open_table
    from fitline.data.compression import PIPED
    from fitline.data.paths import STANDARD_INPUT
    from fitline.evaluation import Unseen
    from fitline.training import weights_of

    if file == STANDARD_INPUT and any(one.name == PIPED for one in training.table.files):
        raise DataError("standard input can be read once only", hint="test on a file")
    model, config = training.model(training.start), training.config
    with messages.patience(), _said_of_columns(config, file):
        table = context.with_resource(
            open_table(
                [file],
                model.known,
                model.target,
                config,
                dates=model.dates,
                weights=weights_of(config),
                like=model.reading,
            )
        )
        table.is_to_fit = False
        if trained_on:
            table.rejects, table.listed_before = trained_on.rejects, trained_on
        moments = table.moments(intercept=config.intercept)
    messages.read(table, f", {moments.rows:,} used", f"{table.source}: ")
    return Unseen(table.source, table.skipped, moments)


@contextmanager
def _said_of_columns(config: "Config", file: str) -> Iterator[None]:
    """Say how to test on a table of other columns, for options name those that are trained on."""
    try:
        yield
    except DataError as error:
        evaluated = f"is tested by fitline evaluate {shlex.quote(file)} --model FILE.json"
        saved = "of a model that train --save FILE.json wrote"
        is_of_row = error.line is not None
        if config.weight is not None and error.column == config.weight and not is_of_row:
            error.hint = f"a table without weights {evaluated}, {saved}"
        elif error.hint and re.search(r"--[xy]\b", error.hint):
            error.hint = f"a table with other names {evaluated} --x COLUMNS --y COLUMN, {saved}"
        raise
