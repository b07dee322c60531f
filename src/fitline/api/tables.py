"""A table as Python users give it, opened to be asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from fitline.config import Config, resolve
from fitline.data import Data, Table, open_table
from fitline.data.dataframes import gather
from fitline.errors import ConfigError
from fitline.training import weights_of


def gathered(
    data: Data, x: Any, y: Any, config: Config | None, **settings: Any
) -> tuple[Data, Config]:
    """Put a table and its settings together; those that are None are left to `config`.

    Raises DataError where x and y make no table, and ConfigError where settings are none.
    """
    if not isinstance(config, Config | None):
        raise ConfigError(
            f"config is of type {type(config).__name__!r}, not a Config",
            hint="write config=fitline.Config(steps=500), or each setting by its name",
        )
    data, names = gather(data, x, y)
    given = {name: value for name, value in settings.items() if value is not None}
    config = resolve({**asdict(config or Config()), **names, **given})
    return config.data if data is None else data, config


@contextmanager
def opened(
    data: Data, x: Any, y: Any, config: Config | None, **settings: Any
) -> Iterator[tuple[Table, Config]]:
    """Open a table for as long as it is asked."""
    source, config = gathered(data, x, y, config, **settings)
    with open_table(source, config.x, config.y, config, weights=weights_of(config)) as table:
        yield table, config
