"""How a training looks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

from fitline.config import Config
from fitline.formatting import MOST_SHOWN, count, number, parameter_names, theta_text
from fitline.optimize.iterate import StopReason
from fitline.optimize.optimizers import AnyOptimizer
from fitline.optimize.schedules import AnySchedule
from fitline.results.facts import KindOfPoint
from fitline.results.set_up import SetUp
from fitline.results.train import (
    Coefficient,
    StartFacts,
    StepFacts,
    TrainResult,
    UnseenFacts,
    ValidationFacts,
    step_columns,
)

from .advice import advice_text
from .derivation import derivation_blocks
from .report import Block, Facts, Line, Rule, Sheet
from .shared import (
    KIND_NAMES,
    cost_name,
    cost_text,
    dependence_text,
    excess_text,
    noise,
    penalty_facts,
    place_text,
    scale_facts,
    table_line,
    written,
)
from .summary import cross_validation_fact, statistics_blocks
from .theory import predicted_text, rate_of, shape_fact, theory_text


@dataclass(frozen=True)
class TrainReport:
    """What a training came to."""

    result: TrainResult

    def blocks(self) -> Sequence[Block]:
        """Give the set-up, the steps, the fit, and what became of other starts."""
        result = self.result
        blocks: list[Block] = [
            set_up(result),
            Rule(),
            *derivation_blocks(result, result.explained or ()),
            step_sheet(result),
            Rule(),
            *([] if result.is_line else [coefficient_sheet(result)]),
            summary(result),
            *(statistics_blocks(result.data, result.summary) if result.summary else ()),
        ]
        return [*blocks, *starts_blocks(result)] if result.starts else blocks

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        return self.result.document()

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the steps that are shown."""
        steps, is_validated = self.result.trace, self.result.validation is not None
        parameters = len(steps[0].theta)
        header = step_columns(parameters, is_validated=is_validated, with_excess=False)
        return header, (step.row(header) for step in steps)


def set_up(before: SetUp) -> Facts:
    """Say what is about to happen, and what is known of it before the first step."""
    config = before.config
    rate = "line search" if config.line_search else f"learning rate {number(rate_of(before))}"
    known = [shape_fact(before), ("predicted", theory_text(before))]
    return Facts([*settings_facts(before, rate), *known])


def settings_facts(before: SetUp, rate: str = "") -> list[tuple[str, str]]:
    """Say what was read, and which method was chosen."""
    config, cost = before.config, before.cost_function
    on = "" if cost.is_squared else f" on {cost_name(cost)}"
    at = f", {rate}" if rate else ""
    no = "" if config.intercept else ", no intercept"
    of_several = f", the lowest of {config.starts:,} starts" if config.starts > 1 else ""
    facts = [
        ("table", table_line(before.data)),
        *_held_out(config),
        (
            "method",
            f"{settings_text(config.optimizer)}{on}, scaling {config.scaling}{at}{no}",
        ),
        ("start", f"{theta_text(before.start)}, seed {config.seed}{of_several}"),
        *scale_facts(cost),
        *penalty_facts(cost),
        *(("dependent", dependence_text(one)) for one in before.dependent),
    ]
    if before.reason:
        facts.append(("rate", before.reason))
    if config.warm_up or config.rate_schedule.name != "constant":
        warm_up = f", warm-up over {count(config.warm_up, 'update')}" if config.warm_up else ""
        facts.append(("schedule", settings_text(config.rate_schedule) + warm_up))
    if before.updates_each_epoch is not None:
        updates = count(before.updates_each_epoch, "update")
        facts.append(
            ("batches", f"{count(config.batch_size or 0, 'row')} each, {updates} an epoch")
        )
    return facts


def _held_out(config: Config) -> Iterator[tuple[str, str]]:
    """Say which rows are not trained on."""
    if config.holdout is not None:
        part = f"about {number(100 * config.holdout)} % of the rows, by their hash"
        early = f"; early stopping with patience {config.patience:,}" if config.patience else ""
        yield "held out", f"{part} with seed {config.seed}{early}"


def settings_text(record: AnyOptimizer | AnySchedule) -> str:
    """Name a choice, with its settings."""
    own = [
        f"{field.name} {number(getattr(record, field.name))}"
        for field in fields(record)
        if field.name != "name"
    ]
    name = record.name.replace("_", " ")
    return f"{name} ({', '.join(own)})" if own else name


def step_sheet(result: TrainResult) -> Sheet:
    """Tabulate the steps; each decrease is from the row above."""
    steps, least = result.trace, noise(result.cost_function)
    decreases = [""] + [_decrease(above, below, least) for above, below in pairwise(steps)]
    names = parameter_names(len(steps[0].theta))[result.hidden :]
    names = names if len(names) <= MOST_SHOWN else []
    rows = [
        (
            f"{step.step:,}",
            *map(written, step.theta[result.hidden :][: len(names)]),
            written(step.cost),
            decrease,
            written(step.gradient_norm, 4),
            *([written(step.validation_cost)] if result.validation else []),
        )
        for step, decrease in zip(steps, decreases, strict=True)
    ]
    validation = ["validation cost"] if result.validation else []
    header = (result.unit, *names, "cost", "decrease", "gradient norm", *validation)
    spare = ["gradient norm", "decrease", *([] if result.is_line else names)]
    return Sheet(header, rows, spare, dim=("decrease",))


def _decrease(above: StepFacts, below: StepFacts, noise: float) -> str:
    """Take the difference of the excesses, for that of the costs would lose its digits."""
    if above.excess is None or below.excess is None:
        return ""
    decrease = above.excess - below.excess
    return "0" if abs(decrease) < noise * (below.cost or 0.0) else number(decrease, 4)


def summary(result: TrainResult) -> Facts:
    """Say what was fitted, beside the truth."""
    minimum, cost = result.minimum, result.cost_function
    facts = [
        *([("fit", result.model.equation)] if len(result.theta) <= SHORT_EQUATION else []),
        ("cost", cost_text(result.cost, cost, result.rmse) + _r2_text(result)),
        *_beside_the_cost(result),
        ("minimum", place_text(minimum) if result.is_line else written(minimum.cost)),
        ("excess cost", excess_text(result.excess, minimum.cost or 0.0, cost)),
        ("status", stop_text(result)),
    ]
    if predicted := predicted_text(result):
        facts.append(("predicted", predicted))
    if result.diagnosis and (advice := advice_text(result.diagnosis, result.unit)):
        facts.append(("advice", advice))
    return Facts(facts, {"fit": "bold cyan", "status": STOP_STYLES[result.ending]})


def _beside_the_cost(result: TrainResult) -> Iterator[tuple[str, str]]:
    """Say what a penalty adds to it, and how well the fit does on rows that it has not seen."""
    if result.penalty is not None:
        without = "RMSE, R² and the validation cost" if result.validation else "RMSE and R²"
        yield "penalty", f"{number(result.penalty)} of the cost; {without} leave it out"
    if result.cross_validation and not result.summary:
        yield cross_validation_fact(result.cross_validation)
    if result.test:
        yield "test", _test_text(result.test)
    if result.validation:
        yield "validation", _validation_text(result.validation)


def _validation_text(unseen: ValidationFacts) -> str:
    """Say how well the fit does on the rows that were held out."""
    r2 = "" if unseen.r2 is None else f", R² {number(unseen.r2)}"
    rmse = f"RMSE {written(unseen.rmse)}{r2}"
    return f"{written(unseen.cost)}, {rmse} on {count(unseen.rows, 'held-out row')}"


def _test_text(unseen: UnseenFacts) -> str:
    """Say how well the fit does on another table."""
    r2 = "" if unseen.r2 is None else f", R² {number(unseen.r2)}"
    skipped = f" ({count(unseen.skipped, 'row')} skipped)" if unseen.skipped else ""
    rows = f"{count(unseen.rows, 'row')} of {unseen.source}{skipped}"
    return f"RMSE {written(unseen.rmse)}{r2} on {rows}"


def _r2_text(result: TrainResult) -> str:
    return (
        f", R² {number(result.r2)}"
        if result.r2 is not None and result.cost_function.is_squared
        else ""
    )


SHORT_EQUATION = 4
"""With more parameters than these an equation is harder to read than a table."""


def coefficient_sheet(result: TrainResult) -> Sheet:
    """Tabulate the parameters of several features, beside those of the exact minimum."""
    names = ["intercept", *result.data.labels[:-1]]
    rows = [
        (
            name,
            written(one.theta),
            "any" if one.minimum is None else number(one.minimum),
            _standardized(one),
        )
        for name, one in [*zip(names, result.coefficients, strict=True)][result.hidden :]
    ]
    header = ("feature", "θ", "at the minimum", "standardized")
    return Sheet(header, rows, ("at the minimum", "standardized"), ("feature",))


def _standardized(one: Coefficient) -> str:
    """Write an effect; the intercept has none, and where y does not vary there is none."""
    is_told = one.standardized is not None or one.theta is None
    return written(one.standardized, 4) if one.name is not None and is_told else ""


def starts_blocks(result: TrainResult) -> Sequence[Block]:
    """Say which minima were reached, and by how many starts."""
    minima = result.minima or []
    reached = [start.minimum for start in result.starts or ()]
    rows = [
        (
            KIND_NAMES[point.kind],
            *map(written, point.theta[result.hidden :]),
            written(point.cost),
            f"{reached.count(place):,}",
        )
        for place, point in enumerate(minima)
        if place in reached or not place
    ]
    unfinished = reached.count(None)
    if unfinished:
        empty = [""] * (1 + len(result.theta) - result.hidden)
        rows.append(("no minimum", *empty, f"{unfinished:,}"))
    names = parameter_names(len(result.theta))[result.hidden :]
    header = ("minimum", *names, "cost", "starts")
    return [
        Sheet(header, rows, () if result.is_line else names, left=("minimum",)),
        Line(_outcomes(result.starts or (), minima, is_sure=result.landscape.starts is None)),
    ]


def _outcomes(told: Sequence[StartFacts], minima: Sequence[KindOfPoint], *, is_sure: bool) -> str:
    """Say in a sentence what several starts teach."""
    reached = [start.minimum for start in told]
    local = sum(place is not None and minima[place].kind == "local" for place in reached)
    starts = count(len(told), "start")
    if early := sum(start.ending is StopReason.EARLY for start in told):
        return f"{early:,} of {starts} stopped early, so it matters where they begin."
    if all(place is None for place in reached):
        return f"None of {starts} has converged to a minimum yet."
    if local:
        return (
            f"{local:,} of {starts} ended in a local minimum: from there every direction goes"
            " uphill, and yet it is not the lowest point. The run that ended lowest is shown."
        )
    if len(minima) > 1:
        return f"None of {starts} ended in a local minimum, though there are some."
    if not is_sure:
        return f"No other minimum was found, so it hardly matters where the {starts} begin."
    return f"There is one minimum, so it does not matter where the {starts} begin."


def stop_text(result: TrainResult) -> str:
    """Say why it ended."""
    told = stop_texts(result.config.tolerance)[result.ending].format(
        steps=count(result.steps, result.unit), unit=result.unit
    )
    has_patience = result.ending is StopReason.STEPS and result.config.patience
    return f"{told}, of which the last is kept" if has_patience else told


def stop_texts(tolerance: float) -> Mapping[StopReason, str]:
    """Give what is said of each ending; a loose tolerance is met before the minimum."""
    if tolerance <= Config.tolerance:
        return STOP_TEXTS
    short = f"the gradient norm is at most the tolerance, {number(tolerance)}"
    return {**STOP_TEXTS, StopReason.CONVERGED: f"converged after {{steps}}: {short}"}


STOP_TEXTS = {
    StopReason.CONVERGED: "converged after {steps}: from here every direction goes uphill",
    StopReason.STEPS: "not converged: reached the {unit} limit after {steps}",
    StopReason.PLATEAU: "not converged after {steps}: on a plateau, not at a minimum",
    StopReason.STALLED: "not converged after {steps}: the steps are too small to change a number",
    StopReason.DIVERGED: "diverged after {steps}: the cost grew without bound",
    StopReason.INTERRUPTED: "interrupted after {steps}",
    StopReason.EARLY: "stopped early: the validation cost was lowest after {steps}",
}
STOP_STYLES = {
    StopReason.CONVERGED: "green",
    StopReason.EARLY: "green",
    StopReason.STEPS: "yellow",
    StopReason.PLATEAU: "yellow",
    StopReason.STALLED: "yellow",
    StopReason.DIVERGED: "bold red",
    StopReason.INTERRUPTED: "yellow",
}
