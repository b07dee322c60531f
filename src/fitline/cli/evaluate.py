"""`fitline evaluate`: what given parameters cost."""

import os
import shlex
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fitline import memory
from fitline.api.applied import applied_to, reading_of, require_names
from fitline.errors import UsageError
from fitline.formatting import LARGEST_WHOLE, number

from . import options
from .conflicts import keep_apart
from .loading import look_and_choose, open_configured, reading_again
from .messages import Messages
from .options import choose_format, example_of_theta, require_parameters, typed_parameters
from .saved_models import note_dependent, require_alone
from .setting_options import configure, model_options, table_options, takes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fitline.data import Table
    from fitline.evaluation import Evaluation
    from fitline.model import Saved
    from fitline.optimize.moments import Moments


BYTES_A_ROW = 4000
"""About what a row takes that is shown."""


@takes(table_options, model_options)
def evaluate(
    context: typer.Context,
    data: options.Data = None,
    theta0: Annotated[
        float | None, options.number_option(help="The intercept.", rich_help_panel="Model")
    ] = None,
    theta1: Annotated[
        float | None, options.number_option(help="The slope.", rich_help_panel="Model")
    ] = None,
    theta: Annotated[
        list[str] | None,
        typer.Option(
            metavar="θ0,θ1,…",
            help="All at once; may be given several times.",
            rich_help_panel="Model",
        ),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE.json",
            help="A model that fitline train --save wrote; may be given several times.",
            rich_help_panel="Model",
        ),
    ] = None,
    minimum: Annotated[
        bool,
        typer.Option(
            "--minimum",
            help="Show the table's own minimum beside saved models too.",
            rich_help_panel="Model",
        ),
    ] = False,
    rejects: options.Rejects = None,
    rows: Annotated[
        int | None,
        typer.Option(min=0, max=LARGEST_WHOLE, help="How many rows to show.", show_default="20"),
    ] = None,
    worst: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=LARGEST_WHOLE,
            help="Show so many rows with the largest errors instead, where they stand and their"
            " influence.",
        ),
    ] = None,
    format_: options.OutputFormat = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Tell what given parameters cost, row by row.

    Several points are compared in a table, also models of different features. The exact minimum
    stands beside parameters that you choose; a saved model has its RMSE, R² and mean absolute
    error. Where no DATA is named, a saved model is evaluated on the table that it was trained on.

    fitline evaluate houses.csv --theta0 50000 --theta1 100
    fitline evaluate new.csv --model model.json --worst 10
    """
    from fitline.model import Saved

    messages = Messages(quiet=quiet, verbose=verbose)
    chosen = choose_format(format_, output)
    if theta0 is None and theta1 is not None and context.params["intercept"] is False:
        theta0 = 0.0
    has_points = bool(theta) or theta0 is not None or theta1 is not None
    models = [Saved.load(path) for path in model or []]
    require_alone(models, data)
    x, y = context.params["x"], _target(models, context.params["y"])
    by_name = bool(models) and x is None
    saved = _reading(models, context.params, weights=not data)
    applied = applied_to(x, models)
    if models and not has_points and not any(one.model.intercept for one in models):
        saved = {**saved, "intercept": False}
    settings = configure(
        context,
        saved,
        x=tuple(applied.levels) if by_name else x,
        y=y,
        theta=None,
        theta0=None,
        theta1=None,
    )
    if models and not data and not settings.data:
        data = _own_table(models, messages)
    read = [*(data or []), settings.data, context.params["config"], *(model or [])]
    keep_apart(read, output, rejects)
    table = open_configured(context, data, settings, rejects, applied, y)
    for one in models if by_name else ():
        require_names(table, one.model)
    if not settings.intercept:  # before advice repeats the intercept
        _require_origin([[theta0 or 0.0]], models)

    def choose() -> list[list[float]]:
        points = typed_parameters(theta0, theta1, theta, table.features)
        if not (points or models):
            raise UsageError(
                "which parameters are to be evaluated?",
                hint=f"add {example_of_theta(table.features)}, or --model FILE.json",
            )
        if not settings.intercept:
            _require_origin(points, models)
        for point in [*points, *([] if by_name else [one.model.theta.tolist() for one in models])]:
            require_parameters(table.columns[:-1], point)
        return points

    table.is_to_fit = has_points or minimum or settings.cost != "squared"
    landscape, points = look_and_choose(
        table, settings, messages, "fitline.views.evaluate", choose
    )
    wanted: list[Sequence[float] | Saved] = [*points, *models]
    comparable = [one for one in models if one.config.get("weight") == settings.weight]
    same = _compare_tables(comparable, table, landscape.moments, messages, by_name=by_name)

    from fitline.evaluation import evaluate as measure
    from fitline.results.evaluate import EvaluateResult
    from fitline.views.evaluate import EvaluateReport

    from .output import emit

    shown, far = _shown(rows, worst, len(wanted), landscape.moments.rows)
    with messages.patience():
        measured = measure(
            table,
            landscape,
            wanted,
            shown,
            worst=far,
            minimum=minimum,
            by_name=by_name,
            progress=reading_again(table, messages),
        )
    _compare_rows(same, measured, messages)
    emit(EvaluateReport(EvaluateResult.of(measured)), chosen, output)


def _reading(
    models: "list[Saved]", typed: "Mapping[str, Any]", *, weights: bool
) -> dict[str, Any]:
    """Give the options with which the tables of the models were read, perhaps with weights.

    Raises UsageError where they are not the same, unless they are typed.
    """
    found = {one.file: reading_of(one, weights=weights) for one in models}
    first = next(iter(found.values()), {})
    for file, reading in found.items():
        for name in {*first, *reading}:
            if first.get(name) != reading.get(name) and typed.get(name) is None:
                flag = f"--{name.replace('_', '-')}"
                raise UsageError(
                    f"{models[0].file} and {file} read their tables in different ways: {flag} is"
                    " not the same",
                    hint=f"evaluate them one by one, or say {flag} for both",
                )
    return first


def _require_origin(points: "Sequence[Sequence[float]]", models: "Sequence[Saved]") -> None:
    """Raise UsageError where an intercept is to be measured beside a fit that has none."""
    for point in points:
        if point[0]:
            raise UsageError(
                f"the model has no intercept, and theta begins with {number(point[0])}",
                hint="begin with 0, or leave --no-intercept out",
            )
    for one in models:
        if one.model.intercept:
            raise UsageError(
                f"{one.file} has an intercept", hint="leave --no-intercept out, or this model"
            )


def _shown(rows: int | None, worst: int | None, points: int, there: int) -> tuple[int, int]:
    """Give how many rows to show, the first ones and the worst; several points show none.

    Raises UsageError where the worst are asked for of several points, or too many for the memory.
    """
    if points > 1 and worst:
        raise UsageError(
            "--worst shows the rows of one point, and there are several",
            hint="evaluate them one by one",
        )
    if points > 1:
        return 0, 0
    first = (0 if worst else 20) if rows is None else rows
    shown, far = min(first, there), min(worst or 0, there)
    if told := memory.shortage(BYTES_A_ROW * (shown + far)):
        option = "--rows" if shown > far else "--worst"
        raise UsageError(f"{shown + far:,} rows to show {told}", hint=f"show fewer: {option} 20")
    return shown, far


def _target(models: "list[Saved]", y: str | None) -> str | None:
    """Take what the models predict, where nothing else is named.

    Raises UsageError where they do not agree.
    """
    wanted = {saved.model.target if y is None else y: saved for saved in models}
    if len(wanted) > 1:
        told = "; ".join(f"{saved.file} predicts {name!r}" for name, saved in wanted.items())
        raise UsageError(
            f"the models predict different columns: {told}",
            hint="evaluate them one by one",
        )
    return next(iter(wanted), y)


def _named(columns: "Sequence[str]") -> str:
    return " and ".join(map(repr, columns))


def _own_table(models: "list[Saved]", messages: Messages) -> list[str] | None:
    """Find the table that the models were trained on, None being the four houses.

    Raises UsageError where there is none, or not one.
    """
    from fitline.data import FOUR_HOUSES
    from fitline.data.lesson_tables import is_lesson_table
    from fitline.data.paths import is_label

    hint = f"name a table: fitline evaluate TABLE.csv --model {shlex.quote(models[0].file)}"
    sources = {saved.source for saved in models}
    if len(sources) > 1:
        raise UsageError("the models were trained on different tables", hint=hint)
    source = models[0].source
    if source == FOUR_HOUSES:
        return None
    if source is None:
        raise UsageError(
            f"{models[0].file} does not tell on which table it was trained", hint=hint
        )
    is_there = is_lesson_table(source) or os.path.isfile(source)  # noqa: PTH113 - any text
    if is_label(source) or not is_there:
        raise UsageError(
            f"{models[0].file} was trained on {source!r}, which is no file here", hint=hint
        )
    messages.note(f"no table was named, so this is about the one of {models[0].file}, {source}")
    return [source]


def _compare_tables(
    models: "list[Saved]",
    table: "Table",
    moments: "Moments",
    messages: Messages,
    *,
    by_name: bool,
) -> "list[Saved]":
    """Say where a model was trained on other columns, or where its own table has changed.

    The fingerprint is of all its features, so that nothing is known of those of other models.
    Gives the models whose own table has the same sums.
    """
    *x, y = table.columns
    same = []
    for saved in models:
        model = saved.model
        if y != model.y or not (by_name or model.x == (*x,)):
            told = f"to predict {model.y!r} from {_named(model.x)}"
            messages.note(
                f"{saved.file} was trained {told}, and is applied to {y!r} from {_named(x)}"
            )
        elif saved.source == table.source and len(table.files) <= 1 and model.x == (*x,):
            if saved.fingerprint in {None, moments.fingerprint}:
                same.append(saved)
                continue
            _say_changed(saved, table, messages)
        note_dependent(saved, messages)
    return same


def _compare_rows(models: "list[Saved]", measured: "Evaluation", messages: Messages) -> None:
    """Say where rows have changed, and their sums have not."""
    for saved in models:
        if saved.row_digest not in {None, measured.row_digest}:
            _say_changed(saved, measured.table, messages)


def _say_changed(saved: "Saved", table: "Table", messages: Messages) -> None:
    messages.note(f"{table.source} has changed since {saved.file} was trained on it")
