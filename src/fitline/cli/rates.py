"""`fitline rates`: which learning rate to take."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from fitline.errors import UsageError

from . import options
from .conflicts import keep_apart
from .loading import look, open_configured
from .messages import Messages
from .options import choose_format
from .setting_options import (
    Group,
    configure,
    model_options,
    start_options,
    table_options,
    takes,
    training_options,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitline.config import Config
    from fitline.optimize.rates import Trial
    from fitline.training import Training


def _others() -> Group:
    options = training_options()
    return {name: options[name] for name in options if name not in {"learning_rate", "starts"}}


@takes(table_options, model_options, _others, start_options)
def rates(
    context: typer.Context,
    data: options.Data = None,
    chosen: Annotated[
        str | None,
        typer.Option(
            "--rates",
            metavar="RATE,RATE",
            help="Learning rates to try. Left out: from small to too large.",
            rich_help_panel="Training",
        ),
    ] = None,
    rejects: options.Rejects = None,
    format_: options.OutputFormat = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Try learning rates, see what each one does, and learn which one to take.

    Each is tried with the settings of fitline train. A rate that is too small is slow; one that
    is too large oscillates, or diverges.

    fitline rates houses.csv
    fitline rates houses.csv --scaling none --rates 1e-8,1e-7,2e-7
    """
    messages = Messages(quiet=quiet, verbose=verbose)
    format_ = choose_format(format_, output)
    wanted = _read(chosen)
    settings = _without_rate(configure(context))
    keep_apart([*(data or []), settings.data, context.params["config"]], output, rejects)
    table = open_configured(context, data, settings, rejects)
    landscape = look(table, settings, messages, "fitline.views.rates")

    from fitline.diagnosis.recommendation import recommend
    from fitline.results.rates import RatesResult
    from fitline.training import prepare
    from fitline.views.rates import RatesReport

    from .output import emit

    training = prepare(table, landscape, settings).sampled
    trials = _tried(training, wanted or training.rates_to_try, messages)
    result = RatesResult.of(training, trials, recommend(training, trials))
    emit(RatesReport(result), format_, output)


def _tried(training: "Training", wanted: "Sequence[float]", messages: Messages) -> "list[Trial]":
    trials = []
    with messages.patience():
        for trial in training.try_rates(wanted):
            trials.append(trial)
            messages.waiting(f"rate {len(trials):,} of {len(wanted):,}")
    return trials


def _without_rate(config: "Config") -> "Config":
    """Take the settings but for the rate, which is what is asked for."""
    if config.line_search:
        raise UsageError(
            "a line search finds the length of every step, so there is no rate to look for",
            hint="leave out the line search",
        )
    is_chosen = getattr(config.optimizer, "momentum", None) == "auto"
    return replace(config, learning_rate="auto" if is_chosen else 1.0, starts=1)


def _read(text: str | None) -> list[float]:
    """Read rates such as 0.1,0.5."""
    try:
        wanted = sorted({float(part) for part in text.split(",")}) if text is not None else []
        if not all(0 < rate < math.inf for rate in wanted):
            raise ValueError  # noqa: TRY301 - one answer to all that may be wrong
    except ValueError:
        raise UsageError(
            f"--rates is {text!r}, not numbers above 0 with commas between them",
            value=text,
            hint="write --rates 0.01,0.1,0.5",
        ) from None
    return wanted
