"""`fitline sample`: a synthetic table to try things on."""

from typing import Annotated

import typer

from fitline.errors import UsageError
from fitline.formatting import count

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
    x: Annotated[
        list[str] | None,
        typer.Option(
            "--x",
            metavar="COLUMN",
            help="A feature; many times for several.",
            show_default="sqft",
        ),
    ] = None,
    y: Annotated[str, typer.Option("--y", metavar="COLUMN", help="The last column.")] = "price",
    start: Annotated[
        list[float] | None,
        options.number_option(
            "--from", help="Where x begins: once for all, or once for each.", show_default="500"
        ),
    ] = None,
    stop: Annotated[
        list[float] | None,
        options.number_option(
            "--to", help="Where x ends: once for all, or once for each.", show_default="4000"
        ),
    ] = None,
    theta: Annotated[
        str | None,
        typer.Option(metavar="θ0,θ1,…", help="The intercept, and a slope for each feature."),
    ] = None,
    theta0: Annotated[
        float | None,
        options.number_option(help="The intercept of the line.", show_default="12000"),
    ] = None,
    theta1: Annotated[
        float | None, options.number_option(help="The slope of the line.", show_default="136")
    ] = None,
    correlation: Annotated[
        float,
        typer.Option(min=0, max=1, help="The correlation of every two features."),
    ] = 0,
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
    """Write a synthetic table of any size, about a line or plane that you choose.

    x is spread evenly, y has normal noise. The same options always give the same file.

    fitline sample -o houses.csv
    fitline sample --rows 1000000 --outliers 0.01 -o large.parquet
    fitline sample --x sqft --x year --theta 12000,136,50 -o plane.csv
    """
    import numpy as np

    from fitline.data.synthetic import Sample, write_sample
    from fitline.model import LinearModel

    keep_apart([], output)
    messages = Messages(quiet=quiet, verbose=verbose)
    features = x or ["sqft"]
    parameters = _parameters(features, theta, theta0, theta1)
    if correlation and len(features) == 1:
        raise UsageError("--correlation is that of several features", hint="give --x twice")
    wanted = Sample(
        rows=rows,
        x=features,
        y=y,
        start=_each("--from", start or [500], features),
        stop=_each("--to", stop or [4000], features),
        theta=parameters,
        noise=finite("--noise", noise),
        outliers=finite("--outliers", outliers),
        seed=seed,
        correlation=finite("--correlation", correlation),
    )
    with messages.patience():
        write_sample(
            wanted, output, lambda part: messages.waiting(f"writing {output}: {part:.0%}")
        )
    line = LinearModel(tuple(features), y, np.array(parameters)).equation
    messages.note(f"wrote {output}: {count(rows, 'row')} about {line}")
    messages.detail("written")


def _parameters(
    x: list[str], theta: str | None, theta0: float | None, theta1: float | None
) -> list[float]:
    """Give the intercept and a slope for each feature."""
    if theta is None and len(x) == 1:
        intercept, slope = 12_000 if theta0 is None else theta0, 136 if theta1 is None else theta1
        return [finite("--theta0", intercept), finite("--theta1", slope)]
    if theta0 is not None or theta1 is not None:
        raise UsageError(
            "--theta0 and --theta1 are those of one feature, without --theta",
            hint="give all parameters at once:"
            f" {options.example_of_theta(len(x), '12000', '136')}",
        )
    if theta is None:
        raise UsageError(
            "--theta is missing, the parameters of several features",
            hint="write an intercept and a slope for each:"
            f" {options.example_of_theta(len(x), '12000', '136')}",
        )
    found = options.parameters(theta, len(x))
    options.require_parameters(x, found)
    return found


def _each(flag: str, values: list[float], x: list[str]) -> list[float]:
    """Give a value for each feature, of one that is for all or of as many as there are."""
    if len(values) not in {1, len(x)}:
        raise UsageError(
            f"{flag} is given {len(values)} times, for {count(len(x), 'feature')}",
            hint=f"give {flag} once for all, or once for each --x",
        )
    return [finite(flag, value) for value in values] * (len(x) if len(values) == 1 else 1)
