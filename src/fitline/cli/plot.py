"""`fitline plot`: pictures of a training."""

from typing import TYPE_CHECKING, Annotated

import typer

from fitline.api.parameters import place_of_parameter, require_independent, unknown_parameter
from fitline.errors import UsageError
from fitline.formatting import enumerated
from fitline.plots import (
    KINDS,
    MOVING,
    require_curvature,
    require_features,
    require_file,
    require_freedom,
    require_kind,
    require_matplotlib,
)
from fitline.plots.look import Look, ThemeName, size_of

from . import options
from .conflicts import keep_apart
from .hints import kind_hint
from .loading import look_and_choose, open_configured
from .messages import Messages
from .planes import Axes, OtherParameters, wanted
from .setting_options import (
    configure,
    model_options,
    start_options,
    table_options,
    takes,
    training_options,
)

if TYPE_CHECKING:
    from fitline.data import Table

    from .planes import Wanted


@takes(table_options, model_options, training_options, start_options)
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
    axes: Axes = None,
    others: OtherParameters = None,
    feature: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="What added looks at. Left out: the feature that matters most.",
            rich_help_panel="Model",
        ),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(
            metavar="WxH",
            help="Width and height in inches, such as 8x5. Left out: 12.8x8.",
        ),
    ] = None,
    dpi: Annotated[
        float | None,
        typer.Option(
            metavar="NUMBER",
            help="Dots an inch. Left out: 125, for 1600 by 1000 dots.",
            parser=options.number,
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="A title above it."),
    ] = None,
    theme: Annotated[ThemeName, typer.Option(help="Its colours.")] = "light",
    rejects: options.Rejects = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=f"Where the picture goes: .png, .svg or .pdf; {enumerated(MOVING)} also .gif.",
        ),
    ] = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Draw a training: the line, the landscape, the cost.

    A large table is drawn from a random sample of its rows; the landscape and the training are
    those of all rows.

    With several features, two parameters are chosen with --axes.

    fitline plot contour houses.csv -o contour.svg
    fitline plot cost houses.csv --learning-rate 0.3 -o cost.png
    """
    messages = Messages(quiet=quiet, verbose=verbose)
    written = "" if output else "-o contour.png"
    kind = require_kind(kind, kind_hint(kind, context.obj, [*KINDS], written))
    file, format_ = require_file(kind, output)
    look = Look(size_of(size) if size else None, dpi, title, theme)
    require_matplotlib()
    settings = configure(context)
    require_curvature(kind, settings.cost, settings.optimizer)
    keep_apart([*(data or []), settings.data, context.params["config"]], file, rejects)
    table = open_configured(context, data, settings, rejects)
    is_penalised = bool(settings.l2 or settings.l1)

    def choose() -> "tuple[Wanted, int | None]":
        require_features(kind, settings.cost, table.columns[:-1], is_penalised=is_penalised)
        return wanted(table, axes, others), _feature(table, kind, feature)

    landscape, (plane, place) = look_and_choose(
        table, settings, messages, "fitline.plots.loading", choose
    )

    from fitline.plots.loading import write_picture
    from fitline.plots.scene import Scene
    from fitline.training import prepare

    require_independent(landscape, [place] if place else [])
    require_freedom(kind, landscape.moments)
    training = prepare(table, landscape, settings)
    messages.warn_of_rate(training)
    most = training.config.steps
    with messages.patience():
        scene = Scene(
            training,
            lambda step: messages.waiting(f"step {step.index:,} of {most:,}"),
            plane.on(landscape) if plane.axes or plane.others else None,
            place,
        )
        write_picture(kind, scene, file, format_, look)
    messages.note(f"wrote {file}")


def _feature(table: "Table", kind: str, name: str | None) -> int | None:
    """Find the feature to look at."""
    if name is None:
        return None
    if kind != "added":
        raise UsageError(
            f"--feature is for added, not for {kind}", value=name, hint="leave --feature out"
        )
    if not (place := place_of_parameter(table, name)):
        raise unknown_parameter("--feature", name, table)
    return place
