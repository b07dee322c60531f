"""`fitline plot`: pictures of a training."""

from typing import Annotated

import typer

from fitline.plots import KINDS, require_curvature, require_file, require_kind, require_matplotlib

from . import options
from .conflicts import keep_apart
from .loading import look, open_configured
from .messages import Messages
from .setting_options import (
    configure,
    cost_options,
    start_options,
    table_options,
    takes,
    training_options,
)


@takes(table_options, cost_options, training_options, start_options)
def plot(
    context: typer.Context,
    kind: Annotated[
        str | None,
        typer.Argument(
            help="What to draw: "
            + "; ".join(f"{kind}: {shows}" for kind, shows in KINDS.items())
            + ".",
            show_default=False,
            metavar="KIND",
        ),
    ] = None,
    data: options.Data = None,
    rejects: options.Rejects = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where the picture goes: .png, .svg or .pdf; line, contour and all also .gif.",
        ),
    ] = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Draw a training: the line, the landscape, the cost.

    A large table is drawn from a random sample of its rows; the landscape and the training are
    those of all rows.

    fitline plot contour houses.csv -o contour.svg
    fitline plot cost houses.csv --learning-rate 0.3 -o cost.png
    """
    messages = Messages(quiet=quiet, verbose=verbose)
    kind = require_kind(kind)
    file, format_ = require_file(kind, output)
    require_matplotlib()
    settings = configure(context)
    require_curvature(kind, settings.cost, settings.optimizer)
    keep_apart([*(data or []), settings.data, context.params["config"]], file, rejects)
    table = open_configured(context, data, settings, rejects)
    landscape = look(table, settings, messages, "fitline.plots.pictures")

    from fitline.plots.pictures import write_picture
    from fitline.plots.scene import Scene
    from fitline.training import prepare
    from fitline.views.theory import rate_warning

    training = prepare(table, landscape, settings)
    if warning := rate_warning(training):
        messages.warn(warning)
    most = training.config.steps
    with messages.patience():
        scene = Scene(training, lambda step: messages.waiting(f"step {step.index:,} of {most:,}"))
        write_picture(kind, scene, file, format_)
    messages.note(f"wrote {file}")
