"""`fitline evaluate`: what given parameters cost."""

from typing import Annotated

import typer

from fitline.errors import UsageError

from . import options
from .options import both, choose_format, keep_apart, parameters
from .settings import COST, TABLE, configure, takes
from .tables import look, open_configured
from .talk import Talk


@takes(TABLE, COST)
def evaluate(
    context: typer.Context,
    data: options.Data = None,
    theta0: Annotated[float | None, options.number_option(help="The intercept.")] = None,
    theta1: Annotated[float | None, options.number_option(help="The slope.")] = None,
    theta: Annotated[
        list[str] | None,
        typer.Option(metavar="θ0,θ1", help="Both at once; may be given several times."),
    ] = None,
    model: options.Model = None,
    rejects: options.Rejects = None,
    rows: Annotated[
        int,
        typer.Option(min=0, help="How many rows to show."),
    ] = 20,
    format_: options.OutputFormat = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Tell what given parameters cost, row by row.

    Several points are compared in a table. The exact minimum stands beside them.
    """
    talk = Talk(quiet=quiet, verbose=verbose)
    chosen = choose_format(format_, output)
    points = [pair for pair in [both(theta0, theta1)] if pair]
    points += [parameters(text) for text in theta or []]
    x, y = context.params["x"], context.params["y"]
    if model:
        from fitline.model import LinearModel

        loaded = LinearModel.load(model)
        points.append(loaded.theta.tolist())
        x, y = x or loaded.x[0], y or loaded.y
    if not points:
        raise UsageError(
            "which parameters are to be evaluated?",
            hint="fitline evaluate --theta0 50000 --theta1 100, or --theta, or --model",
        )
    settings = configure(context, x=x, y=y, theta0=None, theta1=None)
    keep_apart([*(data or []), settings.data, context.params["config"], model], output, rejects)
    table = open_configured(data, settings, rejects)
    landscape = look(table, settings, talk, "fitline.views.evaluate")

    from fitline.evaluation import evaluate as measure
    from fitline.views.evaluate import EvaluateReport

    from .output import emit

    measured = measure(table, landscape, points, rows if len(points) == 1 else 0)
    emit(EvaluateReport(measured), chosen, output)
