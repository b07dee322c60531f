"""Training: a table and a configuration become a run."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from . import __version__
from .config import Config, resolve
from .data import FOUR_HOUSES, Data, Progress, Table, open_table
from .data.frames import gather
from .errors import ConfigError, RangeError
from .formatting import number, theta_text
from .landscape.landscape import DRAWN_ROWS, Landscape
from .landscape.stationary import Stationary
from .memory import shortage
from .model import LinearModel
from .optimize import rates
from .optimize.batches import Batches
from .optimize.costs import Curvature, RobustCost, SquaredError
from .optimize.descent import Ending, Step, Stop, Way, descend
from .optimize.losses import LOSSES, Loss, Squared
from .optimize.moments import Moments
from .optimize.optimizers import GradientDescent
from .optimize.scaling import Scaling, Vector
from .optimize.schedules import AnySchedule, Constant, WarmUp
from .optimize.spread import deviation
from .optimize.stopping import Bowl, Hills

TRIED_STEPS = 1000
"""For so many steps a learning rate is tried before it is chosen."""

FEWEST_DIGITS = 1e-3
"""A robust cost whose scale is a smaller part of the spread of y has no digits for it."""

TRIED_UPDATES = 5000
"""With mini-batches a learning rate is tried for hardly more updates than these."""

FIRST_STEPS = 5
"""So many steps are shown one by one before they are thinned."""


@dataclass(frozen=True, eq=False)
class Training:
    """All that is known before the first step.

    `config` is resolved: its learning rate is a number and its start is set. `cost` is that of the
    landscape in the coordinates of `scaling`. `starts` has theta0 and theta1 of every start, in
    original units; the first is the configuration's.
    """

    table: Table
    landscape: Landscape
    config: Config
    scaling: Scaling
    cost: SquaredError | RobustCost
    way: Way
    starts: Sequence[Vector]
    reason: str = ""
    """Why the learning rate is this one, where it was chosen."""

    @property
    def moments(self) -> Moments:
        """Give the moments of the table."""
        return self.landscape.moments

    @property
    def start(self) -> Vector:
        """Give the parameters to start from, in original units."""
        return np.array([self.config.theta0, self.config.theta1], dtype=np.float64)

    @property
    def learning_rate(self) -> float:
        """Give the learning rate, chosen by now."""
        return self.way.learning_rate

    @cached_property
    def stop(self) -> Stop:
        """Tell when a walk ends."""
        landscape, config, ruler = self.landscape, self.config, self.scaling.ruler(self.moments)
        unit, bowl = self.moments.y_unit, SquaredError.of(self.moments, self.scaling)
        if isinstance(self.cost, SquaredError):
            ground = Bowl(bowl, ruler, config.tolerance)
            return Stop(config.steps, config.tolerance, ruler, ground)
        size = np.clip(self.cost.loss.scale, FEWEST_DIGITS * landscape.spread, unit)
        tolerance = config.tolerance * float(size) / unit
        hills = Hills(
            *(self.cost, bowl, ruler, unit, landscape.spread, tolerance),
            floor=lambda: landscape.lowest.cost,
        )
        level = -math.inf if self.curvature else hills.level
        return Stop(config.steps, tolerance, ruler, hills, level)

    @cached_property
    def curvature(self) -> Curvature | None:
        """Give the curvature in the coordinates that train, of a robust cost an upper bound."""
        return self.landscape.curvature(self.scaling)

    @cached_property
    def predicted_steps(self) -> float | None:
        """Tell how many steps the theory predicts; infinite where the rate is too large.

        Only plain descent on squared error, at a fixed rate, has such a theory.
        """
        way = self.way
        plain = isinstance(way.optimizer, GradientDescent) and isinstance(way.schedule, Constant)
        if not isinstance(self.cost, SquaredError) or not plain or way.line_search or way.batches:
            return None
        unit = float(np.linalg.inv(self.scaling.ruler(self.moments))[0, 0])
        return self.cost.steps_until(
            self.config.tolerance * unit, self.scaling.scaled(self.start), self.learning_rate
        )

    def steps(self) -> Iterator[Step]:
        """Walk downhill and give every step, its theta in original units."""
        return map(self.in_units, self.walk())

    def walk(self, after: Step | None = None) -> Iterator[Step]:
        """Walk downhill and give every step in the coordinates that train.

        To go on with a walk, give the step `after` which it goes on; that step is given again.
        """
        start = self.scaling.scaled(self.start)
        return descend(self.cost, self.way, start, self.stop, after)

    def last_step(self) -> Step:
        """Walk to the end, and give the last step, its theta in original units."""
        for step in self.walk():  # noqa: B007 - the last one is wanted
            pass
        return self.in_units(step)

    def in_units(self, step: Step) -> Step:
        """Turn a step of a walk into original units, from where none can go on to the bit."""
        with np.errstate(over="ignore", invalid="ignore"):
            theta, excess = self.scaling.original(step.theta), self._excess(step)
        return replace(step, theta=theta, excess=math.inf if math.isnan(excess) else excess)

    def _excess(self, step: Step) -> float:
        if isinstance(self.cost, SquaredError):
            return float(self.cost.excess(step.theta))
        return max(0.0, step.cost - self.landscape.lowest.cost)

    @cached_property
    def sampled(self) -> "Training":
        """Give this training on a random sample, where the rows are held and many."""
        if not self.landscape.is_sampled and not self.way.batches:
            return self
        seen, batches = replace(self.landscape, cost=self.landscape.drawn), self.way.batches
        if batches is not None:
            batches = replace(batches, cost=batches.cost.sample(DRAWN_ROWS))
        way = replace(self.way, batches=batches)
        return replace(self, landscape=seen, cost=seen.scaled(self.scaling), way=way)

    @property
    def is_sampled(self) -> bool:
        """Tell whether this is a training on a sample."""
        rows = self.way.batches.cost if self.way.batches else self.cost
        return isinstance(rows, RobustCost) and len(rows.y) < self.moments.rows

    @property
    def tried_steps(self) -> int:
        """Tell for how many steps, or epochs, a learning rate is tried at the most."""
        batches = self.way.batches
        epochs = 1 + TRIED_UPDATES // batches.each_epoch if batches else self.config.steps
        return min(self.config.steps, epochs)

    @property
    def rates_to_try(self) -> list[float]:
        """Give learning rates from ones that crawl to one that is certainly too large."""
        bowl = SquaredError.of(self.moments, self.scaling).curvature
        width = max(1.0, self.scaling.spread(self.moments)[1])
        height = self.moments.y_unit / width / self.way.unit
        known = rates.known_rate(self.config.optimizer, self.curvature)
        largest = rates.largest_to_try(self.config.optimizer, height, bowl)
        return rates.to_try(largest, known[0] if known else None)

    def try_rates(self, chosen: Sequence[float] = ()) -> Iterator[rates.Trial]:
        """Walk once with each of some learning rates, or with those to try."""
        stop = replace(self.stop, steps=self.tried_steps)
        start = self.scaling.scaled(self.start)
        for trial in rates.try_rates(
            self.cost, self.way, start, stop, chosen or self.rates_to_try
        ):
            yield replace(trial, last=self.in_units(trial.last))

    def at_rate(
        self, rate: float, reason: str = "", schedule: AnySchedule | None = None
    ) -> "Training":
        """Take another learning rate, and perhaps another schedule."""
        config, way = self.config, replace(self.way, learning_rate=rate)
        if schedule is not None:
            config, way = replace(config, schedule=schedule), replace(way, schedule=schedule)
        return replace(self, config=replace(config, learning_rate=rate), way=way, reason=reason)

    def starting_at(self, start: Vector) -> "Training":
        """Begin elsewhere, at parameters in original units."""
        theta0, theta1 = start.tolist()
        return replace(self, config=replace(self.config, theta0=theta0, theta1=theta1))

    def model(self, theta: Vector) -> LinearModel:
        """Name the parameters after the table's columns."""
        x, y = self.table.columns
        return LinearModel((x,), y, theta, self.table.units)


@dataclass(frozen=True, eq=False)
class Arrival:
    """Where a walk from one of several starts ended, and which minimum that is."""

    start: Vector
    last: Step
    minimum: Stationary | None


@dataclass(frozen=True, eq=False)
class Run:
    """A training and the steps that it took, or those of them that were kept.

    Of several starts it is the walk that ended lowest; `arrivals` tells of all.
    """

    training: Training = field(repr=False)
    steps: Sequence[Step] = field(repr=False)
    ending: Ending
    arrivals: Sequence[Arrival] = field(default=(), repr=False)

    @property
    def last(self) -> Step:
        """Give the step where the training ended."""
        return self.steps[-1]

    @property
    def model(self) -> LinearModel:
        """Give what was learned."""
        return self.training.model(self.last.theta)

    @property
    def cost(self) -> float:
        """Give the cost of what was learned, in the units of y squared."""
        return self.last.cost

    @property
    def minimum(self) -> Stationary:
        """Give the global minimum, to compare with."""
        return self.training.landscape.lowest

    @property
    def reached(self) -> Stationary | None:
        """Give the minimum where the training ended, if it came so far."""
        return self.training.landscape.reached(self.last.theta)

    @property
    def excess(self) -> float:
        """Give how far above the minimum's cost the training ended."""
        return self.last.excess or 0.0

    def save(self, path: str | Path) -> None:
        """Write the model with its configuration and the fingerprint of its data, as JSON."""
        training = self.training
        data = {
            "source": training.table.source,
            "rows": training.moments.rows,
            "skipped": training.table.skipped,
            "fingerprint": training.moments.fingerprint,
        }
        about = {
            "fitline": __version__,
            "ending": self.ending.name.lower(),
            "steps": self.last.index,
            "cost": self.cost,
            "data": data,
            "config": asdict(training.config),
        }
        self.model.save(path, about)


def landscape_of(
    table: Table, moments: Moments, config: Config, progress: Progress | None = None
) -> Landscape:
    """Look at a table whose moments have been read; a robust cost reads the rows as well.

    Raises ConfigError where squared error is given a scale, and DataError where the rows do not
    fit into memory.
    """
    if config.cost == "squared":
        if config.cost_scale is not None:
            raise ConfigError(
                "cost_scale: squared error has no scale",
                column="cost_scale",
                value=str(config.cost_scale),
                hint="choose a robust cost, such as huber or cauchy, or leave the scale out",
            )
        return Landscape.of_moments(moments)
    x, y = table.rows(moments, progress)
    if config.cost_scale is not None:
        _require_scale(config.cost_scale, LOSSES[config.cost], deviation(y))
    with table.arithmetic():
        return Landscape.of_rows(moments, config.cost, config.cost_scale, x, y)


SCALES = (1e-4, 1e6)
"""A scale lies between these parts of the spread of y; no other one tells anything."""


def _require_scale(scale: float, loss: type[Loss], spread: float) -> None:
    """Refuse a scale beside which all errors are large, or all are small."""
    low, high = min(SCALES[0], loss.least_scale) * spread, SCALES[1] * spread
    if not low <= scale <= high:
        raise ConfigError(
            f"cost_scale: {number(scale)} is not of the size of the errors",
            column="cost_scale",
            value=str(scale),
            hint=f"choose one between {number(low, 2)} and {number(high, 2)}, or leave it out",
        )


BYTES_A_START = 3000
"""About what a start takes, with the walk from it."""


def prepare(table: Table, landscape: Landscape, config: Config) -> Training:
    """Get ready for the first step.

    Raises RangeError where the cost at the start is too large for a float64.
    """
    moments = landscape.moments
    scaling = Scaling.of(config.scaling, moments)
    if told := config.starts > 1 and shortage(BYTES_A_START * config.starts):
        raise ConfigError(
            f"starts: {config.starts:,} starts {told}",
            column="starts",
            value=str(config.starts),
            hint="choose fewer: --starts 1000",
        )
    starts = random_starts(landscape, config.seed, config.starts)
    given = (config.theta0, config.theta1)
    starts[0] = np.array(
        [drawn if own is None else own for own, drawn in zip(given, starts[0], strict=True)]
    )
    cost = landscape.scaled(scaling)
    way = _way(table, landscape, scaling, cost, config)
    x, y = table.typed
    named = None if table.source == FOUR_HOUSES else table.source
    resolved = replace(
        config, data=named, x=x, y=y, learning_rate=way.learning_rate, cost_scale=landscape.scale
    )
    training = Training(table, landscape, resolved, scaling, cost, way, starts)
    training = training.starting_at(starts[0])
    _require_cost(training)
    return (
        _at_chosen_rate(training, config) if config.learning_rate in {None, "auto"} else training
    )


def _require_cost(training: Training) -> None:
    """Refuse a start so far out that nothing can be said of its cost."""
    with np.errstate(over="ignore", invalid="ignore"):
        start = training.scaling.scaled(training.start)
        squared = SquaredError.of(training.moments, training.scaling).value(start)
    if not np.isfinite(squared):
        raise RangeError.of(f"the squared error at the start, {theta_text(training.start)},")


def _way(
    table: Table,
    landscape: Landscape,
    scaling: Scaling,
    cost: SquaredError | RobustCost,
    config: Config,
) -> Way:
    """Put together how moves are made; mini-batches of squared error need the rows as well."""
    moments = landscape.moments
    batches = None
    if config.batch_size is not None and config.batch_size < moments.rows:
        rows = cost
        if isinstance(rows, SquaredError):
            x, y = table.rows(moments)
            rows = RobustCost.of(x[None, :], y, Squared(), moments).scaled(scaling)
        batches = Batches(rows, config.batch_size, config.seed)
    plain = isinstance(config.optimizer, GradientDescent)
    changes = config.warm_up or config.schedule.name != "constant"
    if config.line_search and (batches is not None or not plain or changes):
        raise ConfigError(
            "line_search: a line search finds the length of plain descent's steps on all rows",
            column="line_search",
            hint="leave out the other optimizer, the schedule, or the batches",
        )
    is_sized = config.optimizer.has_own_size and config.scaling != "none"
    return Way(
        config.optimizer,
        rates.USUAL if config.learning_rate in {None, "auto"} else float(config.learning_rate),
        WarmUp(config.warm_up, config.schedule) if config.warm_up else config.schedule,
        moments.y_unit if is_sized else 1.0,
        config.line_search,
        batches,
    )


def _at_chosen_rate(training: Training, config: Config) -> Training:
    """Choose a learning rate where none is given: by theory, or else by trying."""
    is_squared, way = isinstance(training.cost, SquaredError), training.way
    known = rates.known_rate(config.optimizer, training.curvature)
    if way.line_search or (is_squared and config.learning_rate is None):
        # A line search takes a rate for no more than the first length to try.
        is_usual = config.learning_rate is None or known is None
        return training.at_rate(rates.USUAL if is_usual or not known else known[0])
    if known and way.batches is not None:
        moments, scaling = training.moments, training.scaling
        ends = (np.array([moments.x_min, moments.x_max]) - scaling.shift[0]) / scaling.scale[0]
        return training.at_rate(*rates.calm_rate(config.optimizer, ends))
    may_shrink = way.batches is None and not config.warm_up and config.schedule.name == "constant"
    if may_shrink and not is_squared and not config.optimizer.has_own_size:
        return _first_to_arrive(training, known)
    return training.at_rate(*known) if known else training.at_rate(*_best_tried(training))


def _first_to_arrive(training: Training, known: tuple[float, str] | None) -> Training:
    """Try the fixed rate that theory knows, and then first steps across the table that shrink."""
    seen, optimizer = training.sampled, training.config.optimizer
    bowl = SquaredError.of(seen.moments, seen.scaling).curvature
    start, stop = seen.scaling.scaled(seen.start), replace(seen.stop, steps=TRIED_STEPS)
    long = rates.long_rate(optimizer, bowl, seen.landscape.scales_from(seen.start))
    tried = [training.at_rate(*known)] if known else []
    tried += [training.at_rate(long, rates.SHRINKS, schedule) for schedule in rates.SHRINKING]
    return tried[rates.first_to_arrive(seen.cost, [one.way for one in tried], start, stop)]


def _best_tried(training: Training) -> tuple[float, str]:
    """Try rates, with as many steps for every --steps: a run that goes on has the same one."""
    whole = replace(training.sampled, way=replace(training.way, batches=None))
    whole = replace(whole, config=replace(whole.config, steps=TRIED_STEPS))
    trials = list(whole.try_rates())
    return rates.best_of(trials).rate, f"the best of {len(trials)} that were tried"


def scout(training: Training) -> Iterator[Arrival]:
    """Walk from every start, and tell where each walk ended."""
    for start in training.starts:
        last = training.starting_at(start).last_step()
        yield Arrival(start, last, training.landscape.reached(last.theta))


def lowest(arrivals: Sequence[Arrival]) -> Arrival:
    """Choose the walk that ended lowest, the first of those that ended equally low."""
    costs = np.array([arrival.last.cost for arrival in arrivals])
    costs[np.isnan(costs)] = np.inf
    return arrivals[int(np.argmax(costs <= costs.min() * (1 + ALIKE)))]


ALIKE = 1e-12
"""Costs that differ by no more than this part differ by rounding alone."""


def is_shown(step: Step, every: int | None = None) -> bool:
    """Choose the first steps, then those at powers of two, and the last; or one in `every`."""
    return step.ending is not None or is_shown_at(step.index, every)


def is_shown_at(index: int, every: int | None = None) -> bool:
    """Choose a step by its index, as `is_shown` does, unless it is the last one."""
    if every is not None:
        return index % every == 0
    return index <= FIRST_STEPS or index & (index - 1) == 0


def shown_rule(every: int | None = None) -> str:
    """Say which steps `is_shown` chooses.

    >>> shown_rule(), shown_rule(10)
    ('steps 0 to 5, those at powers of two, and the last', 'one step in 10, and the last')
    """
    if every is None:
        return f"steps 0 to {FIRST_STEPS}, those at powers of two, and the last"
    return f"one step in {every}, and the last" if every > 1 else "every step"


def train(
    data: Data = None,
    y: Any = None,
    *,
    x: Any = None,
    config: Config | None = None,
    **options: Any,
) -> Run:
    """Train a line on a table and keep every step.

    `data` is a path, a glob, `-` or several of them; or a mapping of arrays, a pandas or polars
    data frame, an array of the shape (rows, columns); left out, the built-in four houses. `x` and
    `y` name its columns. Or they are arrays themselves: `train(x, y)`, `train(x=…, y=…)`.
    `options` are the other fields of `Config`, and win over `config`. Raises DataError and
    ConfigError.

    >>> run = train(theta0=0, theta1=100)
    >>> run.model.equation, run.ending.name, len(run.steps)
    ('price = 12,000 + 136 × sqft', 'CONVERGED', 129)
    >>> train([1, 2, 3], [2, 4, 7]).model.equation
    'y = −0.666667 + 2.5 × x'
    """
    data, names = gather(data, x, y)
    config = resolve({**asdict(config or Config()), **names, **options})
    table = open_table(config.data if data is None else data, config.x, config.y, config)
    training = prepare(table, landscape_of(table, table.moments(), config), config)
    arrivals = list(scout(training)) if config.starts > 1 else []
    if arrivals:
        training = training.starting_at(lowest(arrivals).start)
    steps = list(training.steps())
    return Run(training, steps, steps[-1].ending or Ending.INTERRUPTED, arrivals)


def random_starts(landscape: Landscape, seed: int, starts: int = 1) -> list[Vector]:
    """Draw lines across the data: their heights at the middle and their steepness are random.

    Both are within two standard deviations of y from a flat line through the mean; of a robust
    cost, all of these are taken without the outliers.
    """
    (x_middle, x_spread), (y_middle, y_spread) = landscape.extent
    reach = 2 * y_spread
    draw = random.Random(seed)  # noqa: S311 - a start is no secret
    drawn = []
    for _ in range(starts):
        height, steepness = draw.uniform(-reach, reach), draw.uniform(-reach, reach)
        slope = steepness / x_spread
        drawn.append(np.array([y_middle + height - slope * x_middle, slope]))
    return drawn
