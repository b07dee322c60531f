"""`fitline sample`: a synthetic table to try things on."""

from typing import Annotated

import typer

from . import options
from .conflicts import keep_apart
from .messages import Messages
from .options import finite


def sample(
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to write: .csv, .csv.gz, .tsv, .jsonl or .parquet.",
        ),
    ],
    rows: Annotated[int, typer.Option(min=1, max=2**32, help="How many rows.")] = 1000,
    x: Annotated[str, typer.Option("--x", metavar="COLUMN", help="The first column.")] = "sqft",
    y: Annotated[str, typer.Option("--y", metavar="COLUMN", help="The second column.")] = "price",
    start: Annotated[float, options.number_option("--from", help="Where x begins.")] = 500,
    stop: Annotated[float, options.number_option("--to", help="Where x ends.")] = 4000,
    theta0: Annotated[float, options.number_option(help="The intercept of the line.")] = 12000,
    theta1: Annotated[float, options.number_option(help="The slope of the line.")] = 136,
    noise: Annotated[
        float, typer.Option(min=0, help="The standard deviation of y about the line.")
    ] = 20000,
    outliers: Annotated[
        float,
        typer.Option(min=0, max=1, help="The part of the rows that lie far above: 0.01."),
    ] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 0,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Write a synthetic table of any size, about a line that you choose.

    x is spread evenly, y has normal noise. The same options always give the same file.

    fitline sample -o houses.csv
    fitline sample --rows 1000000 --outliers 0.01 -o large.parquet
    """
    import numpy as np

    from fitline.data.synthetic import Sample, write_sample
    from fitline.formatting import count
    from fitline.model import LinearModel

    keep_apart([], output)
    messages = Messages(quiet=quiet, verbose=verbose)
    wanted = Sample(
        rows=rows,
        x=x,
        y=y,
        start=finite("--from", start),
        stop=finite("--to", stop),
        theta0=finite("--theta0", theta0),
        theta1=finite("--theta1", theta1),
        noise=finite("--noise", noise),
        outliers=finite("--outliers", outliers),
        seed=seed,
    )
    with messages.patience():
        write_sample(
            wanted, output, lambda part: messages.waiting(f"writing {output}: {part:.0%}")
        )
    line = LinearModel((x,), y, np.array([theta0, theta1])).equation
    messages.note(f"wrote {output}: {count(rows, 'row')} about {line}")
    messages.detail("written")
