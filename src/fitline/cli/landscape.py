"""`fitline landscape`: the cost over all parameters, in the terminal."""

from typing import TYPE_CHECKING, Annotated

import typer

from fitline.errors import UsageError

from . import options
from .conflicts import keep_apart
from .loading import look_and_choose, open_configured
from .messages import Messages
from .options import choose_format, own_span, span
from .planes import OtherParameters, RangedAxes, Wanted, require_line, wanted, wanted_along
from .setting_options import (
    configure,
    model_options,
    table_options,
    takes,
    theta_option,
    training_options,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fitline.config import Config
    from fitline.data import Table
    from fitline.landscapes.landscape import Landscape
    from fitline.results.landscape import SliceResult
    from fitline.training import Training
    from fitline.vector import Vector


@takes(table_options, model_options, training_options, theta_option)
def landscape(
    context: typer.Context,
    data: options.Data = None,
    theta0: Annotated[
        str | None,
        typer.Option(
            metavar="START:STOP[:COUNT]|NUMBER",
            help="The intercepts to show; with --path or --along, one to start from or to keep.",
            rich_help_panel="Model",
        ),
    ] = None,
    theta1: Annotated[
        str | None,
        typer.Option(
            metavar="START:STOP[:COUNT]|NUMBER",
            help="The slopes to show; with --path or --along, one to start from or to keep.",
            rich_help_panel="Model",
        ),
    ] = None,
    along: Annotated[
        str | None,
        typer.Option(
            metavar="PARAMETER",
            help="Show the cost along one parameter, theta0 or theta1, the other one being fixed;"
            " of several features, by name, the others as --others says.",
            rich_help_panel="Model",
        ),
    ] = None,
    axes: RangedAxes = None,
    others: OtherParameters = None,
    path: Annotated[
        bool,
        typer.Option(
            "--path",
            help="Show the path of a training, or of several --starts.",
            rich_help_panel="Model",
        ),
    ] = False,
    rejects: options.Rejects = None,
    format_: options.OutputFormat = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Look at the cost over all parameters: hills, valleys, and the minima in them.

    The map shows all minima, unless told otherwise; CSV holds the cost of every cell, as fitline
    grid does. With several features, --axes chooses two parameters.

    fitline landscape houses.csv --path --learning-rate 0.3
    fitline landscape houses.csv --cost cauchy --along theta1
    """
    messages = Messages(quiet=quiet, verbose=verbose)
    chosen = choose_format(format_, output)
    two = [flag for flag, typed in (("--path", path), ("--axes", axes)) if typed]
    if along and two:
        raise UsageError(f"{two[0]} and --along are two pictures", hint="leave one of them out")
    if context.params["theta"] is not None and not path:
        hint = "leave --theta out" if along else "add --path"
        raise UsageError("--theta is where a path starts", hint=hint)
    settings = configure(context, theta0=None, theta1=None)
    keep_apart([*(data or []), settings.data, context.params["config"]], output, rejects)
    table = open_configured(context, data, settings, rejects)
    typed = {"--theta0": theta0, "--theta1": theta1}

    def choose() -> "tuple[Sequence[Vector | None], Sequence[float | None], Wanted]":
        require_line(table, along, with_path=path, theta0=theta0, theta1=theta1)
        found = _ranges_and_points(typed, along, path=path or not settings.intercept)
        if along:
            return *found, wanted_along(table, along, others, own_span)
        return *found, wanted(table, axes, others, own_span)

    looked_at, (ranges, points, plane) = look_and_choose(
        table, settings, messages, "fitline.views.landscape", choose
    )
    settings = configure(context, theta0=points[0], theta1=points[1])

    from fitline.landscapes.overview import Overview
    from fitline.landscapes.window import window
    from fitline.results.landscape import LandscapeResult
    from fitline.training import prepare
    from fitline.views.landscape import LandscapeReport, SliceReport

    from .output import emit

    if along:
        sliced = _slice(table, looked_at, plane, ranges, points, settings)
        emit(SliceReport(sliced), chosen, output)
        return
    seen = plane.on(looked_at)
    training = prepare(table, looked_at, settings) if path else None
    paths = _paths(training, messages) if training else []
    shown = window(seen, [path[0] for path in paths] if len(paths) == 1 else [])
    overview = Overview(seen, plane.values(shown, ranges), paths)
    emit(LandscapeReport(LandscapeResult.of(table, overview, training)), chosen, output)


def _ranges_and_points(
    typed: "Mapping[str, str | None]", along: str | None, *, path: bool
) -> "tuple[list[Vector | None], list[float | None]]":
    """Read ranges to show, and single values, where to start or what to keep."""
    spans = {
        flag: span(flag, text, _example(flag, along, path=path)) for flag, text in typed.items()
    }
    single = {flag: given for flag, given in spans.items() if isinstance(given, float)}
    if single and not (path or along):
        others = [f"--along {flag.removeprefix('--')}" for flag in typed.keys() - single.keys()]
        raise UsageError(
            "a single value says where to start or what to keep",
            hint=f"add {' or '.join(['--path', *others])}, or give a range such as"
            f" {' '.join(_example(flag, along, path=path) for flag in single)}",
        )
    ranges = [None if isinstance(given, float) else given for given in spans.values()]
    return ranges, [single.get(flag) for flag in spans]


def _example(flag: str, along: str | None, *, path: bool) -> str:
    """Show what may be typed: a range of what varies, a value of what is kept."""
    if along:
        return f"{flag} {'0:50000' if along.strip().endswith(flag[-1]) else '100'}"
    return f"{flag} 100, or {flag} 0:50000" if path else f"{flag} 0:50000"


def _slice(
    table: "Table",
    landscape: "Landscape",
    along: Wanted,
    ranges: "Sequence[Vector | None]",
    points: "Sequence[float | None]",
    settings: "Config",
) -> "SliceResult":
    """Cut along a parameter; the other of two stays where it is told, or at its best value."""
    from fitline.landscapes.projection import Projection
    from fitline.landscapes.slices import cut, range_around
    from fitline.landscapes.window import window
    from fitline.results.landscape import SliceResult

    (parameter,) = along.axes or ()
    if table.features > 1 or not settings.intercept:
        if points[parameter:] and points[parameter] is not None:
            raise UsageError(
                f"along theta{parameter}, --theta{parameter} is a range",
                hint=f"for instance --theta{parameter} 0:200",
            )
        seen = along.on(landscape)
        own = ranges[parameter : parameter + 1] if table.features == 1 else [None]
        (values,) = along.values(window(seen), own)
        return SliceResult.of(table, seen, cut(seen, 0, None, values))
    if ranges[1 - parameter] is not None or points[parameter] is not None:
        varied, fixed = f"--theta{parameter}", f"--theta{1 - parameter}"
        raise UsageError(
            f"along theta{parameter}, {varied} is a range and {fixed} a single value",
            hint=f"for instance {varied} 0:50000 {fixed} 100",
        )
    other = settings.theta0 if parameter else settings.theta1
    fixed_at = float(landscape.lowest.theta[1 - parameter]) if other is None else other
    seen, own_range = Projection.of(landscape), ranges[parameter]
    values = range_around(seen, parameter, fixed_at) if own_range is None else own_range
    return SliceResult.of(table, seen, cut(seen, parameter, fixed_at, values))


def _paths(training: "Training", messages: Messages) -> "list[Vector]":
    """Descend from every start, and hold the thetas that a picture can tell apart."""
    import numpy as np

    from fitline.training import is_shown

    paths = []
    with messages.patience():
        for start in training.starts:
            steps = training.starting_at(start).steps(
                lambda step: step.index < DRAWN_STEPS or is_shown(step)
            )
            paths.append(np.array([step.theta for step in steps]))
            messages.waiting(f"run {len(paths):,} of {len(training.starts):,}")
    return paths


DRAWN_STEPS = 2000
"""So many steps of a run are drawn one by one; later ones hardly move."""
