"""`fitline explore`: an interactive page to learn from, and to send to a class."""

from pathlib import Path
from typing import Annotated

import typer

from fitline.api.parameters import require_independent
from fitline.errors import UsageError

from . import options
from .conflicts import keep_apart
from .loading import look_and_choose, open_configured
from .messages import Messages
from .planes import Axes, wanted
from .setting_options import (
    configure,
    model_options,
    start_options,
    table_options,
    takes,
    training_options,
)


@takes(table_options, model_options, training_options, start_options)
def explore(
    context: typer.Context,
    data: options.Data = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.html",
            help="Where the page goes: one file that needs no other and no network.",
        ),
    ] = None,
    axes: Axes = None,
    hide: Annotated[
        str | None,
        typer.Option(
            "--hide",
            metavar="NAME,…",
            help="Leave these controls and views out; an unknown name tells all that there are.",
        ),
    ] = None,
    rejects: options.Rejects = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Write a page on which a training can be watched, stepped, dragged and changed.

    The page opens with these settings, and computes every training itself.

    fitline explore houses.csv -o lesson.html
    fitline explore --scaling none --learning-rate 1e-7 -o valley.html
    fitline explore --hide optimizer,schedule,penalty -o simple.html
    """
    messages = Messages(quiet=quiet, verbose=verbose)
    if output is None or Path(output).suffix not in {".html", ".htm"}:
        raise UsageError(
            "where is the page to go?" if output is None else f"{output} is no name of a page",
            value=output,
            hint="fitline explore -o lesson.html",
        )
    settings = configure(context)
    hidden = _hidden(hide)
    keep_apart([*(data or []), settings.data, context.params["config"]], output, rejects)
    table = open_configured(context, data, settings, rejects)
    landscape, plane = look_and_choose(
        table, settings, messages, "fitline.page.payload", lambda: wanted(table, axes, None)
    )
    require_independent(landscape, plane.axes or ())

    from fitline.files.atomic import write_text
    from fitline.page.bundle import page
    from fitline.page.payload import lesson_of
    from fitline.training import prepare

    lesson = lesson_of(prepare(table, landscape, settings), axes=plane.axes)
    write_text(output, page({**lesson, "hidden": hidden}))
    messages.note(f"wrote {output}: open it in a browser")


def _hidden(names: str | None) -> list[str]:
    """Read which controls are left out. Raises UsageError where the page has no such control."""
    from fitline.page.bundle import controls

    known = controls()
    hidden = [name.strip() for name in (names or "").split(",") if name.strip()]
    if unknown := [name for name in hidden if name not in known]:
        raise UsageError(
            f"the page has no {unknown[0]!r} to hide",
            value=unknown[0],
            hint=f"it has {', '.join(known)}",
        )
    return hidden
