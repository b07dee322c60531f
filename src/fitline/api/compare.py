"""`fitline.compare`: several trainings side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal, TypeAlias, TypeVar

from fitline.comparison import (
    combinations,
    compete,
    new_name,
    require_comparable,
    require_one_reading,
)
from fitline.config import Config, resolve
from fitline.data import Data, open_table
from fitline.errors import ConfigError
from fitline.optimize.optimizers import AnyOptimizer
from fitline.optimize.scaling import Kind
from fitline.optimize.schedules import AnySchedule
from fitline.results.compare import CompareResult
from fitline.training import landscape_of, moments_of, weights_of

from .tables import gathered

Value = TypeVar("Value")
OneOrSeveral: TypeAlias = Value | Sequence[Value] | None


def compare(  # noqa: PLR0913 - every setting of which several values may be given
    data: Data = None,
    y: Any = None,
    *,
    x: Any = None,
    configs: Mapping[str, Config] | None = None,
    config: Config | None = None,
    optimizer: OneOrSeveral[AnyOptimizer | Mapping[str, Any] | str] = None,
    learning_rate: OneOrSeveral[float | Literal["auto"]] = None,
    scaling: OneOrSeveral[Kind] = None,
    schedule: OneOrSeveral[AnySchedule | Mapping[str, Any] | str] = None,
    batch_size: OneOrSeveral[int] = None,
    l2: OneOrSeveral[float] = None,
    l1: OneOrSeveral[float] = None,
) -> CompareResult:
    """Train with several settings, and tell which is best, as `fitline compare` does.

    `data`, `x` and `y` are those of `train`. Settings of which several values are given are
    combined with one another, and win over `config`; or `configs` has whole configurations by the
    names of the trainings. All begin at the same start, unless a configuration has one of its own.
    Raises DataError, ConfigError, and UsageError where trainings cannot be compared.

    >>> found = compare(learning_rate=[0.01, 0.1], config=Config(theta=[0, 100]))
    >>> found.best.name, {run.name: run.steps for run in found.runs}
    ('0.1', {'0.01': 1000, '0.1': 128})
    """
    given = {
        "optimizer": optimizer,
        "learning_rate": learning_rate,
        "scaling": scaling,
        "schedule": schedule,
        "batch_size": batch_size,
        "l2": l2,
        "l1": l1,
    }
    varied = {name: _several(value) for name, value in given.items() if value is not None}
    if configs and (varied or config):
        raise ConfigError("configs has all settings; leave the others out", column="configs")
    source, base = gathered(data, x, y, config)
    trained = _given(configs, base) if configs else _combined(base, varied)
    require_one_reading(trained)
    require_comparable(trained)
    first = next(iter(trained.values()))
    weights = weights_of(first)
    with open_table(source, first.x, first.y, first, weights=weights) as table:
        landscape = landscape_of(table, moments_of(table, first), first)
        return CompareResult.of(table, [*compete(table, landscape, trained)])


def _several(value: Any) -> Sequence[Any]:
    is_one = isinstance(value, str | Mapping) or not hasattr(value, "__iter__")
    values = [value] if is_one else [*value]
    if not values:
        raise ConfigError("of a setting that is given as a list there is no value in it")
    return values


def _given(configs: Mapping[str, Config], base: Config) -> dict[str, Config]:
    """Give each configuration the columns that were named."""
    if not isinstance(configs, Mapping):
        raise ConfigError(
            f"configs is of type {type(configs).__name__!r}, not a dict of Configs by their names"
        )
    for name, one in configs.items():
        if not isinstance(one, Config):
            raise ConfigError(f"configs[{name!r}] is of type {type(one).__name__!r}, not a Config")
    named = {"x": base.x, "y": base.y}
    return {name: resolve({**asdict(one), **named}) for name, one in configs.items()}


def _combined(base: Config, varied: Mapping[str, Sequence[Any]]) -> dict[str, Config]:
    """Combine all values with one another; a training is called by those that differ."""
    found: dict[str, Config] = {}
    for chosen in combinations(varied):
        words = [_word(name, value) for name, value in chosen.items() if len(varied[name]) > 1]
        name = new_name(", ".join(words) or "these settings", found)
        found[name] = resolve({**asdict(base), **chosen})
    return found


def _word(name: str, value: Any) -> str:
    text = str(getattr(value, "name", value))
    return f"{name} {text}" if name in {"l2", "l1"} else text
