"""The same table gives the same bits, in whatever order, format and number of threads."""

from pathlib import Path

import duckdb
import numpy as np
import pytest

from fitline.data import engine, open_table
from fitline.optimize.exact_sums import CUT_AT_ONCE

ROWS = CUT_AT_ONCE + 3_000
FEATURES = ["x1", "x2", "x3"]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> list[list[Path]]:
    """Write one table in five orders, each as CSV and as Parquet."""
    folder, draw = tmp_path_factory.mktemp("orders"), np.random.default_rng(2)
    x = np.round(draw.normal(size=(3, ROWS)) * [[1e-3], [1.0], [1e6]], 7)
    y = x.sum(axis=0) + np.round(draw.normal(size=ROWS), 3)
    places = np.arange(ROWS)
    orders = [places, places[::-1], x[0].argsort(), y.argsort(), draw.permutation(ROWS)]
    files = [[folder / f"{nth}.{kind}" for kind in ("csv", "parquet")] for nth in range(5)]
    with duckdb.connect() as database:
        for order, written in zip(orders, files, strict=True):
            columns = dict(zip([*FEATURES, "y"], [*x[:, order], y[order]], strict=True))
            database.register("rows", columns)
            for path in written:
                database.execute(f"copy rows to '{path}'")
    return files


def test_a_table_has_the_same_bits_in_every_order_format_and_number_of_threads(
    tables: list[list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = set()
    for threads in (1, 2, 3):
        with duckdb.connect(config={**engine.SETTINGS, "threads": threads}) as database:
            monkeypatch.setattr(engine, "connect", database.cursor)
            for nth, files in enumerate(tables):
                with open_table(files[(nth + threads) % 2], FEATURES, "y") as table:
                    moments = table.moments()
                fit = moments.fit
                parts = [fit.theta, fit.unit_triangular, fit.weights, moments.x_variance]
                found.add(b"".join(part.tobytes() for part in parts) + repr(fit.floor).encode())
    assert len(found) == 1
