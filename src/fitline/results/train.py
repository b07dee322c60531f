"""The result of `fitline train`, to and from JSON, and the rows of its steps."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from fitline import __version__
from fitline.bounds import Bounds
from fitline.derivation import Explanation
from fitline.diagnosis.diagnosis import Diagnosis
from fitline.evaluation import Unseen
from fitline.files.json_documents import UnfitError, mapping, require
from fitline.landscapes.stationary import Stationary
from fitline.model import LinearModel
from fitline.optimize.iterate import Step, StopReason
from fitline.optimize.moments import Moments
from fitline.training import Restart, Run, shown_rule
from fitline.vector import Vector

from . import SCHEMA
from .diagnosis import DiagnosisFacts
from .facts import Count, KindOfPoint, Magnitude, Numbers, Point, finite, listed
from .set_up import SetUp
from .summary import CrossValidationFacts, SummaryFacts
from .updates import UpdateFacts

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True)
class Coefficient:
    """A parameter of the fit; the intercept has no name, and is not standardised.

    A standardised one tells by how many standard deviations y rises with one of the feature's.
    `minimum` is None where features depend on each other, so that any value is one of a minimum.
    """

    name: str | None
    theta: float | None
    minimum: float | None
    standardized: float | None = None

    @classmethod
    def of_run(cls, run: Run) -> "list[Coefficient]":
        """Tell of all parameters, beside those of the exact minimum."""
        moments, names = run.training.moments, [None, *run.training.table.columns[:-1]]
        minimum = listed(run.minimum.theta)
        for place, relation in run.training.landscape.dependent.items():
            for free in (place, *relation):
                minimum[free] = None
        parameters = zip(names, listed(run.last.theta), minimum, strict=True)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            effects = run.last.theta[1:] * moments.x_deviation / moments.y_deviation
        return [
            cls(*parameter, effect)
            for parameter, effect in zip(parameters, [None, *listed(effects)], strict=True)
        ]


@dataclass(frozen=True)
class TraceRule:
    """Which steps the trace shows, of how many."""

    shown: Count
    of: Count
    rule: str


def step_columns(
    parameters: int, *, is_validated: bool = False, with_excess: bool = True
) -> list[str]:
    """Name the columns of the row of a step."""
    names = [f"theta{place}" for place in range(parameters)]
    more = [*(["excess"] if with_excess else []), *(["validation_cost"] if is_validated else [])]
    return ["step", *names, "cost", "gradient_norm", *more]


@dataclass(frozen=True)
class StepFacts:
    """A step, in the table's units."""

    step: Count
    theta: Numbers
    cost: Magnitude | None
    gradient_norm: Magnitude | None
    excess: Magnitude | None
    validation_cost: Magnitude | None = None

    @classmethod
    def of(cls, step: Step) -> "StepFacts":
        """Tell of a step."""
        norm, excess, validation = map(
            finite, (step.gradient_norm, step.excess, step.validation_cost)
        )
        return cls(step.index, listed(step.theta), finite(step.cost), norm, excess, validation)

    def row(self, columns: Sequence[str]) -> list[float | None]:
        """Give these of the `step_columns`, in full precision."""
        named = {f"theta{place}": value for place, value in enumerate(self.theta)}
        return [named[name] if name in named else getattr(self, name) for name in columns]

    def document(self) -> dict[str, Any]:
        """Give the JSON: without rows that are held out there is no validation cost."""
        document = asdict(self)
        return {
            key: document[key]
            for key in document
            if key != VALIDATION or document[key] is not None
        }


VALIDATION = "validation_cost"


@dataclass(frozen=True)
class ValidationFacts:
    """How well the fit does on the rows that were held out; R² is about their own mean."""

    rows: Count
    cost: Magnitude | None
    rmse: Magnitude | None
    r2: Annotated[float, Bounds(le=1)] | None

    @classmethod
    def of(cls, run: Run) -> "ValidationFacts | None":
        """Tell of a run, if it held out rows."""
        if (held_out := run.training.moments.held_out) is None:
            return None
        rmse, r2 = quality(held_out.moments, run.last.theta)
        return cls(held_out.moments.rows, finite(run.last.validation_cost), rmse, r2)


@dataclass(frozen=True)
class UnseenFacts:
    """How well the fit does on another table; R² is about the mean of that one."""

    source: str
    rows: Count
    skipped: Count
    rmse: Magnitude | None
    r2: Annotated[float, Bounds(le=1)] | None

    @classmethod
    def of(cls, run: Run, unseen: Unseen) -> "UnseenFacts":
        """Tell of a run."""
        rmse, r2 = quality(unseen.moments, run.last.theta)
        return cls(unseen.source, unseen.moments.rows, unseen.skipped, rmse, r2)


@dataclass(frozen=True)
class StartFacts:
    """Where descent from one of several starts ended; `minimum` is its place in the minima."""

    start: Numbers
    theta: Numbers
    cost: Magnitude | None
    steps: Count
    ending: StopReason | None
    minimum: Count | None

    @classmethod
    def of(cls, restart: Restart, minima: Sequence[Stationary]) -> "StartFacts":
        """Tell of a restart."""
        last = restart.last
        place = None if restart.minimum is None else minima.index(restart.minimum)
        facts = listed(restart.start), listed(last.theta), finite(last.cost), last.index
        return cls(*facts, last.stop_reason, place)


@dataclass(frozen=True)
class TrainResult(SetUp):
    """What a training came to; the fields are the keys of its JSON, `start` one in `config`."""

    fitline: str
    ending: StopReason
    steps: Count
    theta: Numbers
    cost: Magnitude | None
    minimum: Point
    excess: Magnitude | None
    trace_rule: TraceRule
    trace: Annotated[list[StepFacts], Bounds(min_length=1)]
    diagnosis: DiagnosisFacts | None
    coefficients: list[Coefficient]
    explained: list[UpdateFacts] | None = None
    minima: list[KindOfPoint] | None = None
    starts: list[StartFacts] | None = None
    rmse: Magnitude | None = None
    r2: Annotated[float, Bounds(le=1)] | None = None
    penalty: Magnitude | None = None
    summary: SummaryFacts | None = None
    validation: ValidationFacts | None = None
    cross_validation: CrossValidationFacts | None = None
    test: UnseenFacts | None = None

    @classmethod
    def of_run(
        cls,
        run: Run,
        explained: Sequence[Explanation] = (),
        every: int | None = None,
        *,
        diagnosis: Diagnosis | None = None,
        with_summary: bool = False,
        unseen: Unseen | None = None,
    ) -> "TrainResult":
        """Tell of a run, whose steps are those to show: one in `every`, or the default.

        With a summary, it tells the statistics of the exact fit too.
        """
        training, minima = run.training, list(run.training.landscape.minima)
        before, of = SetUp.of(training), run.last.index + 1
        rule = shown_rule(1 if len(run.steps) == of else every)
        rmse, r2 = quality(training.moments, run.last.theta)
        return cls(
            **{field.name: getattr(before, field.name) for field in fields(before)},
            fitline=__version__,
            ending=run.stop_reason,
            steps=run.last.index,
            theta=listed(run.last.theta),
            cost=finite(run.cost),
            minimum=Point.of(run.minimum),
            excess=finite(run.excess),
            trace_rule=TraceRule(len(run.steps), of, rule),
            trace=[
                StepFacts.of(replace(step, excess=training.excess(step))) for step in run.steps
            ],
            diagnosis=DiagnosisFacts.of(diagnosis),
            coefficients=Coefficient.of_run(run),
            explained=[UpdateFacts.of(training, one) for one in explained] or None,
            minima=[*map(KindOfPoint.of, minima)] if run.restarts else None,
            starts=[StartFacts.of(one, minima) for one in run.restarts] or None,
            rmse=rmse,
            r2=r2,
            penalty=_penalty(run),
            summary=SummaryFacts.of(training.table, training.moments) if with_summary else None,
            validation=ValidationFacts.of(run),
            cross_validation=CrossValidationFacts.of(training.moments, training.landscape.best_on),
            test=UnseenFacts.of(run, unseen) if unseen else None,
        )

    def document(self) -> dict[str, Any]:
        """Give the JSON of the contract."""
        document = {"schema": SCHEMA, "command": "train", **asdict(self)}
        document["trace"] = [step.document() for step in self.trace]
        document["config"]["start"] = document["start"]
        document["cost_function"] = self.cost_function.document()
        document["landscape"] = self.landscape.document()
        document["ending"] = self.ending.value
        document["summary"] = self.summary and self.summary.document()
        if self.diagnosis:
            document["diagnosis"]["kind"] = self.diagnosis.kind.value
        for update in document["explained"] or ():
            for name in ("penalty", "weight"):
                if update[name] is None:
                    del update[name]
        for start in document["starts"] or ():
            start["ending"] = start["ending"] and start["ending"].value
        return {key: document[key] for key in KEYS if document[key] is not None or key in ALWAYS}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "TrainResult":
        """Read what `document` gave. Raises UnfitError where this is something else."""
        from pydantic import ValidationError

        require(document, {"config": mapping})
        config = dict(document["config"])
        flat = {**document, "config": config, "start": config.pop("start", None)}
        try:
            result: TrainResult = _adapter().validate_json(json.dumps(flat), strict=True)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise UnfitError(f"{place}: {first['msg']}") from None
        result._require_whole()
        return result

    def _require_whole(self) -> None:
        """Raise UnfitError where the parts do not fit together."""
        length, minima = 1 + len(self.data.x), len(self.minima or [])
        starts = self.starts or []
        thetas: list[Sequence[object]] = [self.theta, self.start, self.minimum.theta]
        for points in (self.minima or [], self.trace, starts):
            thetas += [point.theta for point in points]
        if any(len(theta) != length for theta in [*thetas, self.coefficients]):
            raise UnfitError(f"there are not {length} parameters everywhere")
        if any(start.minimum is not None and start.minimum >= minima for start in starts):
            raise UnfitError("a start ended in a minimum that is not listed")
        if (self.cost_function.name == "squared") != self.cost_function.is_squared:
            raise UnfitError("cost_function.scale is not that of its cost")
        remedy = self.diagnosis.remedy if self.diagnosis else None
        if remedy and not remedy.are_settings:
            raise UnfitError("diagnosis.remedy.settings: there are no such settings")
        memory = len(self.config.optimizer.init(np.zeros(length)))
        for update in self.explained or []:
            update.require_whole(length, memory)

    @property
    def model(self) -> LinearModel:
        """Give the model at the end, whose parameters may be infinite where it diverged."""
        theta = [math.inf if value is None else value for value in self.theta]
        data = self.data
        named = tuple(data.x), data.y, np.array(theta), data.units, data.inputs
        config = self.config
        return LinearModel(*named, intercept=config.intercept, reading=config.of_cells)


def _penalty(run: Run) -> float | None:
    """Give what the penalty adds to the cost of the fit, if there is one."""
    penalty = run.training.landscape.penalty
    with np.errstate(over="ignore", invalid="ignore"):
        return finite(penalty.value(run.last.theta)) if penalty else None


def quality(moments: Moments, theta: Vector) -> tuple[float | None, float | None]:
    """Give the root mean squared error of the fit and its R², whatever cost was minimised."""
    squared = moments.squared_error(theta)
    r2 = 1 - squared / moments.y_variance if moments.y_variance else None
    return finite(math.sqrt(squared)), finite(r2)


@cache
def _adapter() -> "TypeAdapter[TrainResult]":
    from pydantic import TypeAdapter

    return TypeAdapter(TrainResult)


ALWAYS = (
    *("schema", "command", "fitline", "data", "config", "cost_function", "ending", "steps"),
    *("theta", "cost", "minimum", "excess", "curvature", "reason", "predicted_steps"),
    *("trace_rule", "trace", "theory", "landscape", "diagnosis", "coefficients"),
    *("dependent", "rmse", "r2"),
)
KEYS = (
    *(*ALWAYS, "penalty", "validation", "cross_validation", "test"),
    *("explained", "minima", "starts", "summary"),
)
"""The keys of the JSON in their order; the last ones are there only where they were asked for."""
