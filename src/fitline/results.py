"""What a training came to, in plain values: a record, to and from the JSON of the contract."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from annotated_types import Ge, MinLen

from . import __version__
from .config import Config
from .data import Table
from .data.terms import Inputs
from .derivation import Explanation
from .diagnosis.diagnosis import Diagnosis, Kind, diagnose
from .diagnosis.remedies import Remedy
from .files.json_documents import UnfitError, mapping, require
from .formatting import labelled
from .landscape.landscape import Landscape
from .landscape.stationary import Stationary
from .model import LinearModel
from .optimize.cost_names import CostName
from .optimize.costs import Curvature
from .optimize.iterate import Step, StopReason
from .optimize.moments import Moments
from .training import Restart, Run, Training, shown_rule

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA = 1

Count = Annotated[int, Ge(0)]
Setting = bool | int | float | str | dict[str, str | float] | None

Numbers = list[float | None]
"""Numbers, None where one is not finite."""


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _listed(values: Any) -> Numbers:
    return [_finite(value) for value in values.tolist()]


def _numbers(values: Any) -> list[float]:
    numbers: list[float] = values.tolist()
    return numbers


@dataclass(frozen=True)
class DataFacts:
    """The table that was read."""

    source: str
    rows: Count
    skipped: Count
    x: Annotated[list[str], MinLen(1)]
    y: str
    missing: Count
    units: dict[str, str]
    inputs: Inputs | None = None

    @classmethod
    def of(cls, table: Table, moments: Moments) -> "DataFacts":
        """Tell of a table that has been read."""
        *x, y = table.columns
        counts = table.skipped, x, y, table.missing
        return cls(table.source, moments.rows, *counts, dict(table.units), table.inputs)


@dataclass(frozen=True)
class CostFacts:
    """The cost that was minimised; its scale is `factor` times `spread`, unless it was given."""

    name: CostName
    scale: float | None = None
    source: Literal["given", "errors", "y"] | None = None
    factor: float | None = None
    spread: float | None = None

    @classmethod
    def of(cls, landscape: Landscape) -> "CostFacts":
        """Tell of the cost of a landscape."""
        chosen = landscape.chosen
        if chosen is None:
            return cls(landscape.name)
        return cls(landscape.name, chosen.value, chosen.source, chosen.factor, chosen.spread)

    @property
    def is_squared(self) -> bool:
        """Tell whether this is squared error."""
        return self.scale is None

    def document(self) -> dict[str, Any]:
        """Give the JSON: squared error has no more than its name and no scale."""
        document = asdict(self)
        return {key: document[key] for key in ("name", "scale")} if self.is_squared else document


@dataclass(frozen=True)
class Point:
    """Parameters in the table's units, and their cost."""

    theta: Numbers
    cost: float | None

    @classmethod
    def of(cls, point: Stationary) -> "Point":
        """Tell of a stationary point."""
        return cls(_listed(point.theta), _finite(point.cost))


@dataclass(frozen=True)
class KindOfPoint(Point):
    """A stationary point, and what it is."""

    kind: Literal["global", "local", "saddle", "maximum"]

    @classmethod
    def of(cls, point: Stationary) -> "KindOfPoint":
        """Tell of a stationary point."""
        return cls(_listed(point.theta), _finite(point.cost), point.kind)


@dataclass(frozen=True)
class Dependence:
    """A feature that is a sum of others in all rows: constant + Σ factor·feature."""

    feature: str
    constant: float
    equals: dict[str, float]

    @classmethod
    def of(cls, table: Table, moments: Moments) -> "list[Dependence]":
        """Tell of every such feature of a table."""
        names = ["", *table.columns]
        found = []
        for place, relation in moments.fit.dependent.items():
            equals = {names[other]: factor for other, factor in relation.items() if other}
            found.append(cls(names[place], relation.get(0, 0.0), equals))
        return found


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
        minimum = _listed(run.minimum.theta)
        for place, relation in moments.fit.dependent.items():
            for free in (place, *relation):
                minimum[free] = None
        parameters = zip(names, _listed(run.last.theta), minimum, strict=True)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            effects = run.last.theta[1:] * moments.x_deviation / moments.y_deviation
        return [
            cls(*parameter, effect)
            for parameter, effect in zip(parameters, [None, *_listed(effects)], strict=True)
        ]


@dataclass(frozen=True)
class CurvatureFacts:
    """The curvature in the coordinates that train."""

    condition_number: float | None
    largest_stable_rate: float | None
    best_rate: float | None

    @classmethod
    def of(cls, curvature: Curvature | None) -> "CurvatureFacts | None":
        """Tell of a curvature."""
        if curvature is None:
            return None
        rates = curvature.largest_stable_rate, curvature.best_rate
        return cls(curvature.condition_number, *rates)


@dataclass(frozen=True)
class Theory:
    """What theory says of the learning rate; None where it says nothing.

    `converges` tells whether descent does at this rate; a `best_rate` takes `best_steps`.
    """

    converges: bool | None
    best_rate: float | None
    best_steps: float | None
    largest_stable_rate: float | None

    @classmethod
    def of(cls, training: Training) -> "Theory":
        """Tell what is known before the first step."""
        predicted, known = training.predicted_steps, training.best_rate
        steps = training.at_rate(known[0]).predicted_steps if known else None
        return cls(
            None if predicted is None else math.isfinite(predicted),
            known[0] if known else None,
            steps if steps is None else _finite(steps),
            _finite(training.largest_stable_rate),
        )


@dataclass(frozen=True)
class StationaryCounts:
    """How many stationary points a landscape has.

    Where minima alone were sought, and from so many `starts`, there may be more; None where not.
    """

    minima: Annotated[int, Ge(1)]
    saddles: Count
    maxima: Count
    starts: Annotated[int, Ge(1)] | None = None

    @classmethod
    def of(cls, landscape: Landscape) -> "StationaryCounts":
        """Count them."""
        counts = len(landscape.minima), len(landscape.saddles), len(landscape.maxima)
        return cls(*counts, landscape.searched_starts)

    def document(self) -> dict[str, int]:
        """Give the JSON: an exhaustive search has no starts."""
        return {key: value for key, value in asdict(self).items() if value is not None}


@dataclass(frozen=True)
class RemedyFacts:
    """Settings that help, None for one to leave out, and how descent ends with them."""

    settings: Annotated[dict[str, Setting], MinLen(1)]
    steps: Count | None
    at_lowest: bool

    @classmethod
    def of(cls, remedy: Remedy) -> "RemedyFacts":
        """Tell of a remedy."""
        settings = {
            key: asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
            for key, value in remedy.changes.items()
        }
        return cls(settings, remedy.steps, remedy.at_lowest)


@dataclass(frozen=True)
class DiagnosisFacts:
    """What went wrong, and what helps."""

    kind: Kind
    steps: Count
    sign_changes: Count
    ratio: float | None
    remedy: RemedyFacts | None

    @classmethod
    def of(cls, found: Diagnosis | None) -> "DiagnosisFacts | None":
        """Tell of a diagnosis."""
        if found is None:
            return None
        remedy = RemedyFacts.of(found.remedy) if found.remedy else None
        return cls(found.kind, found.steps, found.sign_changes, found.ratio, remedy)


@dataclass(frozen=True)
class TraceRule:
    """Which steps the trace shows, of how many."""

    shown: Count
    of: Count
    rule: str


@dataclass(frozen=True)
class StepFacts:
    """A step, in the table's units."""

    step: Count
    theta: Numbers
    cost: float | None
    gradient_norm: float | None
    excess: float | None

    @classmethod
    def of(cls, step: Step) -> "StepFacts":
        """Tell of a step."""
        norm, excess = _finite(step.gradient_norm), _finite(step.excess)
        return cls(step.index, _listed(step.theta), _finite(step.cost), norm, excess)


ForEach = float | list[float]
"""A number for each feature: of one feature the number itself."""


def _for_each(values: list[float]) -> ForEach:
    return values[0] if len(values) == 1 else values


def as_list(values: ForEach) -> list[float]:
    """List the numbers of one feature or of several."""
    return values if isinstance(values, list) else [values]


@dataclass(frozen=True)
class RowFacts:
    """A row at work, in the coordinates that train; see `derivation.Row`."""

    x: ForEach
    y: float
    prediction: float
    error: float
    pull: float


@dataclass(frozen=True)
class SequentialFacts:
    """What a sequential update would have done; `theta1` holds all slopes."""

    gradient: list[float]
    theta1: ForEach


@dataclass(frozen=True)
class UpdateFacts:
    """An update, worked out; all but `original_theta` and `own_rows` in scaled coordinates."""

    update: Annotated[int, Ge(1)]
    x_shift: ForEach
    x_scale: ForEach
    y_shift: float
    theta: list[float]
    row_count: Annotated[int, Ge(1)]
    rows: Annotated[list[RowFacts], MinLen(1)]
    sums: list[float]
    gradient: list[float]
    direction: list[float]
    rate: float
    unit: float
    new_theta: list[float]
    original_theta: list[float]
    one_by_one: SequentialFacts
    own_rows: list[list[float]]
    state: list[list[float]]
    new_state: list[list[float]]

    @classmethod
    def of(cls, training: Training, one: Explanation) -> "UpdateFacts":
        """Tell of an update."""
        scaling, update = training.scaling, one.update
        rows = [
            RowFacts(_for_each(row.x), row.y, row.prediction, row.error, row.psi)
            for row in one.rows
        ]
        late = one.sequential
        return cls(
            update=1 + update.number,
            x_shift=_for_each(_numbers(scaling.shift)),
            x_scale=_for_each(_numbers(scaling.scale)),
            y_shift=float(scaling.y_shift),
            theta=_numbers(update.theta),
            row_count=one.part.count,
            rows=rows,
            sums=_numbers(one.sums),
            gradient=_numbers(update.gradient),
            direction=_numbers(update.direction),
            rate=float(update.length),
            unit=training.method.unit,
            new_theta=_numbers(update.end),
            original_theta=_numbers(scaling.original(update.end)),
            one_by_one=SequentialFacts(_numbers(late.gradient), _for_each(_numbers(late.end[1:]))),
            own_rows=[list(row) for row in one.part.own],
            state=[*map(_numbers, update.state)],
            new_state=[*map(_numbers, update.new_state)],
        )

    def require_whole(self, parameters: int, memory: int) -> None:
        """Raise UnfitError where a part is not as long as it must be."""
        points = [self.theta, self.sums, self.gradient, self.direction, self.new_theta]
        points += [self.original_theta, self.one_by_one.gradient, *self.state, *self.new_state]
        features = [self.x_shift, self.x_scale, self.one_by_one.theta1]
        points += [[0.0, *as_list(x)] for x in (*features, *(row.x for row in self.rows))]
        if any(len(point) != parameters for point in points):
            raise UnfitError(f"explained: there are not {parameters} parameters everywhere")
        if {len(self.state), len(self.new_state)} != {memory}:
            raise UnfitError(f"explained: the optimizer remembers {memory} vectors")
        own = self.own_rows
        if own and (len(own) != len(self.rows) or any(len(row) != parameters for row in own)):
            raise UnfitError("explained: own_rows are not those of rows")


@dataclass(frozen=True)
class StartFacts:
    """Where descent from one of several starts ended; `minimum` is its place in the minima."""

    start: Numbers
    theta: Numbers
    cost: float | None
    steps: Count
    ending: StopReason | None
    minimum: Count | None

    @classmethod
    def of(cls, restart: Restart, minima: Sequence[Stationary]) -> "StartFacts":
        """Tell of a restart."""
        last = restart.last
        place = None if restart.minimum is None else minima.index(restart.minimum)
        facts = _listed(restart.start), _listed(last.theta), _finite(last.cost), last.index
        return cls(*facts, last.stop_reason, place)


@dataclass(frozen=True)
class SetUp:
    """What is known of a training before its first step."""

    data: DataFacts
    config: Config
    start: list[float]
    cost_function: CostFacts
    curvature: CurvatureFacts | None
    reason: str | None
    predicted_steps: int | None
    theory: Theory
    landscape: StationaryCounts
    dependent: list[Dependence]

    @classmethod
    def of(cls, training: Training) -> "SetUp":
        """Tell of a training."""
        predicted = training.predicted_steps
        return SetUp(
            DataFacts.of(training.table, training.moments),
            training.resolved,
            training.start.tolist(),
            CostFacts.of(training.landscape),
            CurvatureFacts.of(training.curvature),
            training.reason or None,
            None if predicted is None or math.isinf(predicted) else int(predicted),
            Theory.of(training),
            StationaryCounts.of(training.landscape),
            Dependence.of(training.table, training.moments),
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Name the features and y with their units."""
        return tuple(labelled(name, self.data.units) for name in (*self.data.x, self.data.y))

    @property
    def is_line(self) -> bool:
        """Tell whether there is one feature."""
        return len(self.data.x) == 1

    @property
    def updates_each_epoch(self) -> int | None:
        """Give how many mini-batches an epoch has; None where each step sees all rows."""
        size = self.config.batch_size
        return None if size is None or size >= self.data.rows else -(-self.data.rows // size)

    @property
    def unit(self) -> str:
        """Give the field's word for a step."""
        return "step" if self.updates_each_epoch is None else "epoch"


@dataclass(frozen=True)
class TrainResult(SetUp):
    """What a training came to; the fields are the keys of its JSON, `start` one in `config`."""

    fitline: str
    ending: StopReason
    steps: Count
    theta: Numbers
    cost: float | None
    minimum: Point
    excess: float | None
    trace_rule: TraceRule
    trace: Annotated[list[StepFacts], MinLen(1)]
    diagnosis: DiagnosisFacts | None
    coefficients: list[Coefficient]
    explained: list[UpdateFacts] | None = None
    minima: list[KindOfPoint] | None = None
    starts: list[StartFacts] | None = None

    @classmethod
    def of_run(
        cls, run: Run, explained: Sequence[Explanation] = (), every: int | None = None
    ) -> "TrainResult":
        """Tell of a run, whose steps are those to show: one in `every`, or the default."""
        training, minima = run.training, list(run.training.landscape.minima)
        before, of = SetUp.of(training), run.last.index + 1
        rule = shown_rule(1 if len(run.steps) == of else every)
        return cls(
            **{field.name: getattr(before, field.name) for field in fields(before)},
            fitline=__version__,
            ending=run.stop_reason,
            steps=run.last.index,
            theta=_listed(run.last.theta),
            cost=_finite(run.cost),
            minimum=Point.of(run.minimum),
            excess=_finite(run.excess),
            trace_rule=TraceRule(len(run.steps), of, rule),
            trace=[*map(StepFacts.of, run.steps)],
            diagnosis=DiagnosisFacts.of(diagnose(run)),
            coefficients=Coefficient.of_run(run),
            explained=[UpdateFacts.of(training, one) for one in explained] or None,
            minima=[*map(KindOfPoint.of, minima)] if run.restarts else None,
            starts=[StartFacts.of(one, minima) for one in run.restarts] or None,
        )

    def document(self) -> dict[str, Any]:
        """Give the JSON of the contract."""
        document = {"schema": SCHEMA, "command": "train", **asdict(self)}
        document["config"]["start"] = document["start"]
        document["cost_function"] = self.cost_function.document()
        document["landscape"] = self.landscape.document()
        document["ending"] = self.ending.value
        if self.diagnosis:
            document["diagnosis"]["kind"] = self.diagnosis.kind.value
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
        if any(len(theta) != length for theta in thetas):
            raise UnfitError(f"there are not {length} parameters everywhere")
        if any(start.minimum is not None and start.minimum >= minima for start in starts):
            raise UnfitError("a start ended in a minimum that is not listed")
        if (self.cost_function.name == "squared") != self.cost_function.is_squared:
            raise UnfitError("cost_function.scale is not that of its cost")
        memory = len(self.config.optimizer.init(np.zeros(length)))
        for update in self.explained or []:
            update.require_whole(length, memory)

    @property
    def model(self) -> LinearModel:
        """Give the model at the end, whose parameters may be infinite where it diverged."""
        theta = [math.inf if value is None else value for value in self.theta]
        data = self.data
        return LinearModel(tuple(data.x), data.y, np.array(theta), data.units, data.inputs)


@cache
def _adapter() -> "TypeAdapter[TrainResult]":
    from pydantic import TypeAdapter

    return TypeAdapter(TrainResult)


ALWAYS = (
    *("schema", "command", "fitline", "data", "config", "cost_function", "ending", "steps"),
    *("theta", "cost", "minimum", "excess", "curvature", "reason", "predicted_steps"),
    *("trace_rule", "trace", "theory", "landscape", "diagnosis", "coefficients"),
    "dependent",
)
KEYS = (*ALWAYS, "explained", "minima", "starts")
"""The keys of the JSON in their order; the last ones are there only where they were asked for."""
