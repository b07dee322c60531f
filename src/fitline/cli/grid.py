"""`fitline grid`: the cost landscape, in numbers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fitline import memory
from fitline.errors import UsageError

from . import options
from .conflicts import keep_apart
from .loading import look_and_choose, open_configured
from .messages import Messages
from .planes import OtherParameters, RangedAxes, Wanted, require_line, wanted
from .setting_options import configure, model_options, table_options, takes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitline.landscapes.grid import Grid
    from fitline.vector import Vector

BYTES_A_CELL = {"table": 3000, "markdown": 500}
"""About what a cell takes that is shown to people."""


@takes(table_options, model_options)
def grid(
    context: typer.Context,
    data: options.Data = None,
    theta0: Annotated[
        str | None,
        typer.Option(
            metavar="START:STOP:COUNT",
            help="The intercepts, both ends included. Left out: around the minimum.",
            rich_help_panel="Model",
        ),
    ] = None,
    theta1: Annotated[
        str | None,
        typer.Option(
            metavar="START:STOP:COUNT",
            help="The slopes, both ends included. Left out: around the minimum.",
            rich_help_panel="Model",
        ),
    ] = None,
    axes: RangedAxes = None,
    others: OtherParameters = None,
    rejects: options.Rejects = None,
    format_: options.OutputFormat = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Give the cost at every pair of parameters.

    The result is CSV unless told otherwise. A range that is left out is chosen around the
    minimum. FILE may end in .csv, .json, .npy or .parquet; an .npy array has the shape
    (θ0, θ1, 3) and holds θ0, θ1 and the cost. With several features, two parameters are chosen
    with --axes.

    fitline grid houses.csv --theta0 0:50000:3 --theta1 100:140:5
    fitline grid houses.csv -o landscape.npy
    """
    messages = Messages(quiet=quiet, verbose=verbose)
    chosen = options.choose_format(format_, output, "csv", also=".npy .parquet")
    settings = configure(context, theta0=None, theta1=None)
    keep_apart([*(data or []), settings.data, context.params["config"]], output, rejects)
    table = open_configured(context, data, settings, rejects)

    def choose() -> "tuple[Wanted, Sequence[Vector | None]]":
        require_line(table, theta0=theta0, theta1=theta1)
        ranges = options.axis("--theta0", theta0), options.axis("--theta1", theta1)
        return wanted(table, axes, others, options.own_range), ranges

    landscape, (plane, ranges) = look_and_choose(
        table, settings, messages, "fitline.views.grid", choose
    )
    seen = plane.on(landscape)

    from fitline.data.engine import require_writable, unwritable
    from fitline.landscapes.grid import FEWER, survey
    from fitline.landscapes.window import window
    from fitline.results.grid import GridResult
    from fitline.views.grid import GridReport
    from fitline.views.planes import columns_of

    from .output import emit

    across, up = plane.values(window(seen), ranges)
    if told := memory.shortage(BYTES_A_CELL.get(chosen, 0) * len(across) * len(up)):
        size = f"{len(across):,} by {len(up):,}"
        raise UsageError(f"the cells of a grid of {size} {told}", hint="choose --format csv")
    hint = "choose fewer values: --axes NAME=START:STOP:100" if seen.others else FEWER
    measured = survey(seen.cost, across, up, hint)
    messages.detail(f"measured {measured.cost.size:,} cells")
    result = GridResult.of(table, seen, measured)
    names, ending = columns_of(result.plane), Path(output or "").suffix if not format_ else ""
    if ending == ".parquet":
        require_writable(names, table.source)
    if output and (ending in {".npy", ".parquet"} or (ending == ".csv" and not unwritable(names))):
        _write_cells(measured, names, output)
    else:
        emit(GridReport(result), chosen, output)
    messages.detail("written")


def _write_cells(grid: "Grid", names: "Sequence[str]", output: str) -> None:
    """Write a grid as fast as it goes, by the file's ending."""
    import numpy as np

    from fitline.data.arrays import write_arrays
    from fitline.files.atomic import replacing

    cells = grid.cells()
    if output.endswith(".npy"):
        # Into a file open for both, NumPy writes by Python, which knows why it cannot.
        with replacing(output) as unfinished, unfinished.open("w+b") as stream:
            np.save(stream, cells)
    else:
        columns = cells.reshape(-1, 3).T
        write_arrays(dict(zip(names, columns, strict=True)), output)
