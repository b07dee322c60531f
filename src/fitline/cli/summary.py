"""`fitline summary`: the exact fit with its statistics."""

from typing import Annotated, Literal

import typer

from . import options
from .by_group import require_plain, show_groups
from .conflicts import keep_apart
from .loading import open_configured, read, reading_again
from .messages import Messages
from .options import choose_format
from .setting_options import configure, folds_option, intercept_option, table_options, takes

LEVEL = 0.95
"""The confidence level of the intervals, unless another is typed."""


@takes(table_options, intercept_option, folds_option)
def summary(
    context: typer.Context,
    data: options.Data = None,
    level: Annotated[
        float,
        options.number_option(
            help="Confidence level of the intervals.", rich_help_panel="Model", show_default="0.95"
        ),
    ] = LEVEL,
    robust_errors: Annotated[
        Literal["hc3"] | None,
        typer.Option(
            help="Standard errors for errors that differ in variance; reads the table twice.",
            rich_help_panel="Model",
        ),
    ] = None,
    by: options.By = None,
    rejects: options.Rejects = None,
    format_: options.OutputFormat = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Fit a table exactly, without descent, and tell how far the fit can be trusted.

    Each coefficient has its standard error, confidence interval, t and p; the whole its R², F and
    residual standard error, from one reading of the table.

    fitline summary houses.csv
    fitline summary houses.csv --x sqft,beds --y price --level 0.99
    """
    messages = Messages(quiet=quiet, verbose=verbose)
    chosen = choose_format(format_, output)
    from fitline.exact_fit import errors_of_rows, require_least_squares

    options.require_level("--level", level)
    settings = configure(context)
    require_least_squares(settings, context.params["config"])
    keep_apart([*(data or []), settings.data, context.params["config"]], output, rejects)
    if by is not None:
        has_level = level != LEVEL
        require_plain(settings, {"robust_errors": robust_errors, "level": has_level})
        show_groups(context, "summary", data, settings, rejects, by, messages, chosen, output)
        return
    table = open_configured(context, data, settings, rejects)
    moments = read(table, settings, messages, "fitline.views.summary")

    from fitline.results.summary import SummaryResult
    from fitline.statistics.validation import lost_slopes
    from fitline.views.summary import SummaryReport

    from .output import emit

    robust = None
    if robust_errors:
        with messages.patience():
            robust = errors_of_rows(table, moments, reading_again(table, messages))
    result = SummaryResult.of(table, moments, level, robust)
    messages.lost(lost_slopes(moments, table.columns[:-1]))
    emit(SummaryReport(result), chosen, output)
