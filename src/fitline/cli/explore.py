"""`fitline explore`: an interactive page to learn from, and to send to a class."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fitline.api.parameters import require_independent
from fitline.errors import UsageError

from . import options
from .answers import computed
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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitline.data import Table
    from fitline.landscapes.landscape import Landscape
    from fitline.lessons import Lesson
    from fitline.page.bundle import GuideStep


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
    lesson: Annotated[
        str | None,
        typer.Option(
            "--lesson",
            metavar="NAME",
            help="Guide through one of the lessons that fitline lesson lists, with its own table.",
        ),
    ] = None,
    hide: Annotated[
        str | None,
        typer.Option(
            "--hide",
            metavar="NAME,…",
            help="Leave these controls and views out; an unknown name lists all that there are.",
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
    fitline explore --lesson scaling -o scaling.html
    """
    messages = Messages(quiet=quiet, verbose=verbose)
    if output is None or Path(output).suffix not in {".html", ".htm"}:
        raise UsageError(
            "where is the page to go?"
            if output is None
            else f"{output} is not the name of a page",
            value=output,
            hint="fitline explore -o lesson.html",
        )
    followed = _lesson(lesson, data)
    typed = _typed(context, followed.page) if followed else context
    data, hide, axes = (typed.params[name] for name in ("data", "hide", "axes"))
    settings, hidden = configure(typed), _hidden(hide)
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

    told = lesson_of(prepare(table, landscape, settings), axes=plane.axes)
    if hidden:
        told["hidden"] = hidden
    if followed:
        told["guide"] = [*_guide(context, followed, table, landscape)]
    write_text(output, page(told))
    messages.note(f"wrote {output}: open it in a browser")


def _lesson(name: str | None, data: list[str] | None) -> "Lesson | None":
    """Find a lesson. Raises UsageError where there is none, or a table of its own is given."""
    from fitline.lessons import find_lesson

    if name is not None and data:
        raise UsageError(
            "a lesson has a table of its own", value=data[0], hint=f"leave out {data[0]}"
        )
    return None if name is None else find_lesson(name)


def _typed(context: typer.Context, *options: str) -> Any:
    """Read the options of a lesson, over which those win that were typed."""
    words = [word for option in options for word in shlex.split(option)]
    command = context.command
    return command.make_context("explore", [*words, *context.obj[1:]], parent=context.parent)


def _guide(
    context: typer.Context, followed: "Lesson", table: "Table", landscape: "Landscape"
) -> "Iterator[GuideStep]":
    """Make a step of each part that the page has, with its answer and its settings."""
    from fitline.page.guide import guide_step
    from fitline.page.payload import settings_of
    from fitline.training import prepare

    told = [(part, part.page) for part in followed.parts if part.page]
    has_one_task = [part.is_task for part, _ in told].count(True) == 1
    for part, page in told:
        title = "Task" if part.is_task and has_one_task else part.title
        step = guide_step(title, part, page, computed(part.answer) if part.answer else None)
        settings = configure(_typed(context, followed.page, page.settings))
        step["config"] = settings_of(prepare(table, landscape, settings).resolved)
        yield step


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
