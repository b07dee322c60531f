"""A synthetic table is what was asked for, and nothing but the seed and the options decides it."""

import hashlib
import math
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from fitline import ConfigError, train
from fitline.data import engine
from fitline.data.synthetic import FORMATS, Sample, write_sample
from fitline.vector import Vector

HOUSES = Sample(
    rows=20_000,
    x=["sqft"],
    y="price",
    start=[500],
    stop=[4000],
    theta=[12_000, 136],
    noise=20_000,
    outliers=0,
    seed=7,
)


def drawn(sample: Sample, folder: Path) -> tuple[Vector, Vector]:
    """Write a table, and read its columns as NumPy does."""
    write_sample(sample, folder / "drawn.csv")
    x, y = np.loadtxt(folder / "drawn.csv", delimiter=",", skiprows=1, unpack=True)
    return x, y


def digest(sample: Sample, path: Path) -> str:
    write_sample(sample, path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_training_recovers_the_line_within_the_standard_errors(tmp_path: Path) -> None:
    x, _ = drawn(HOUSES, tmp_path)
    theta0, theta1 = train(tmp_path / "drawn.csv").model.theta
    spread = np.square(x - x.mean()).sum()
    slope_error = HOUSES.noise / math.sqrt(spread)
    intercept_error = HOUSES.noise * math.sqrt(1 / len(x) + x.mean() ** 2 / spread)
    assert abs(theta1 - HOUSES.theta[1]) < 3 * slope_error
    assert abs(theta0 - HOUSES.theta[0]) < 3 * intercept_error


def test_x_is_even_and_the_noise_normal(tmp_path: Path) -> None:
    x, y = drawn(HOUSES, tmp_path)
    error = (y - HOUSES.theta[0] - HOUSES.theta[1] * x) / HOUSES.noise
    assert len(x) == HOUSES.rows
    assert (x.min(), x.max()) == (500, 4000)
    assert np.histogram(x, 5)[0] == pytest.approx([4000] * 5, rel=0.06)
    for width, part in ((1, 0.6827), (2, 0.9545), (3, 0.9973)):
        assert np.mean(np.abs(error) < width) == pytest.approx(part, abs=0.01)
    assert np.corrcoef(x, error)[0, 1] == pytest.approx(0, abs=0.02)


def test_a_part_of_the_rows_lies_far_above(tmp_path: Path) -> None:
    sample = replace(HOUSES, outliers=0.1)
    x, y = drawn(sample, tmp_path)
    above = y - sample.theta[0] - sample.theta[1] * x
    is_far = above > 10 * sample.noise
    assert np.mean(is_far) == pytest.approx(0.1, abs=0.01)
    assert above[~is_far].max() < 6 * sample.noise


def test_without_noise_every_row_is_on_the_line(tmp_path: Path) -> None:
    x, y = drawn(replace(HOUSES, noise=0, theta=[12_000, math.pi]), tmp_path)
    assert np.array_equal(y, 12_000 + math.pi * x)


PLANE = replace(
    HOUSES, x=["a", "b", "c"], start=[0, -5, 500], stop=[1, 5, 4000], theta=[3, -2000, 40, 0.5]
)


def plane(sample: Sample, folder: Path) -> Vector:
    """Write a table of several features, and read its columns."""
    write_sample(sample, folder / "drawn.csv")
    return np.loadtxt(folder / "drawn.csv", delimiter=",", skiprows=1, unpack=True)


@pytest.mark.parametrize("correlation", [0, 0.5, 0.99])
def test_features_have_their_ranges_and_the_correlation_asked_for(
    tmp_path: Path, correlation: float
) -> None:
    *x, y = plane(replace(PLANE, correlation=correlation), tmp_path)
    for column, start, stop in zip(x, PLANE.start, PLANE.stop, strict=True):
        assert start <= column.min() < column.max() <= stop
        assert column.mean() == pytest.approx((start + stop) / 2, abs=0.02 * (stop - start))
    assert np.corrcoef(x)[np.triu_indices(3, 1)] == pytest.approx([correlation] * 3, abs=0.025)
    error = y - np.array(PLANE.theta) @ [np.ones(len(y)), *x]
    assert (error.mean(), error.std()) == pytest.approx((0, PLANE.noise), abs=400)


def test_outliers_lie_farther_above_the_plane_than_it_rises(tmp_path: Path) -> None:
    *x, y = plane(replace(PLANE, noise=10, outliers=0.1), tmp_path)
    above = y - np.array(PLANE.theta) @ [np.ones(len(y)), *x]
    rise = 2000 * 1 + 40 * 10 + 0.5 * 3500
    assert np.mean(above > rise - 60) == pytest.approx(0.1, abs=0.01)
    assert np.mean(above < 60) == pytest.approx(0.9, abs=0.01)


def test_without_noise_every_row_is_on_the_plane(tmp_path: Path) -> None:
    *x, y = plane(replace(PLANE, rows=2_000, noise=0, correlation=0.5), tmp_path)
    assert y == pytest.approx(np.array(PLANE.theta) @ [np.ones(len(y)), *x], rel=1e-12)


@pytest.mark.parametrize("width", [1e-300, 1e-3, 1, 1e9, 1e140])
def test_tables_of_any_size_keep_their_digits(tmp_path: Path, width: float) -> None:
    sample = replace(HOUSES, rows=1000, start=[0], stop=[width], theta=[0, 1], noise=width / 10)
    x, y = drawn(sample, tmp_path)
    assert len(set(x)) > 500
    assert np.std((y - x) / width) == pytest.approx(0.1, rel=0.1)


@pytest.mark.parametrize("ending", FORMATS)
def test_every_ending_holds_the_same_table(tmp_path: Path, ending: str) -> None:
    sample = replace(HOUSES, rows=100)
    write_sample(sample, tmp_path / f"drawn{ending}")
    x, _ = drawn(sample, tmp_path)
    moments = train(tmp_path / f"drawn{ending}", steps=0).training.moments
    assert moments.rows == 100
    assert moments.x_mean[0] == pytest.approx(x.mean(), rel=1e-15)


@pytest.fixture(scope="module")
def databases() -> Iterator[list[duckdb.DuckDBPyConnection]]:
    """Open a database of one thread, and one of three."""
    with ExitStack() as stack:
        configs = ({**engine.SETTINGS, "threads": threads} for threads in (1, 3))
        yield [stack.enter_context(duckdb.connect(config=config)) for config in configs]


@pytest.mark.parametrize("ending", FORMATS)
def test_the_number_of_threads_does_not_matter(
    tmp_path: Path,
    ending: str,
    databases: list[duckdb.DuckDBPyConnection],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sample = replace(HOUSES, rows=125_000)
    found = set()
    for database in databases:
        monkeypatch.setattr(engine, "connect", database.cursor)
        found.add(digest(sample, tmp_path / f"drawn{ending}"))
    assert len(found) == 1


def test_the_seed_alone_decides(tmp_path: Path) -> None:
    assert digest(HOUSES, tmp_path / "a.csv") == digest(HOUSES, tmp_path / "b.csv")
    assert digest(HOUSES, tmp_path / "a.csv") != digest(
        replace(HOUSES, seed=8), tmp_path / "b.csv"
    )


def test_a_table_stays_the_same_in_every_version(tmp_path: Path) -> None:
    write_sample(replace(HOUSES, rows=3), tmp_path / "drawn.csv")
    assert (tmp_path / "drawn.csv").read_text() == GOLDEN
    write_sample(replace(PLANE, rows=2, correlation=0.9), tmp_path / "drawn.csv")
    assert (tmp_path / "drawn.csv").read_text() == GOLDEN_PLANE


GOLDEN_PLANE = "a,b,c,price\n0.215,-2.59,932,-24640\n0.18,-2.72,1537,-17860\n"
GOLDEN = "sqft,price\n3658,472380\n3679,514170\n1207,150240\n"


def test_columns_may_have_any_name(tmp_path: Path) -> None:
    write_sample(replace(HOUSES, rows=5, x=['a "b", c'], y="größe '"), tmp_path / "a*[1].csv")
    assert train(tmp_path / "a*[1].csv", steps=0).model.x == ('a "b", c',)


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("a.xls", {}, "the ending of 'a.xls' names no format"),
        ("a.csv", {"start": [5], "stop": [5]}, "there is no sqft from 5 to 5"),
        ("a.csv", {"start": [-1e308], "stop": [1e308]}, "too large"),
        ("a.csv", {"theta": [0, 1e306]}, "too large"),
        ("a.csv", {"x": ["a", "A"], "start": [0, 0], "stop": [1, 1], "theta": [0, 1, 1]}, "'A'"),
        ("a.csv", {"y": "SQFT"}, "the columns are called 'sqft' and 'SQFT'"),
        ("a.csv", {"x": [""]}, "the columns are called '' and 'price'"),
        ("a.csv", {"x": ["\udcff"]}, "is not UTF-8 text"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(
    tmp_path: Path, name: str, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        write_sample(replace(HOUSES, **changes), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_the_engine_reads_the_parquet_in_the_order_of_the_csv(tmp_path: Path) -> None:
    x, _ = drawn(HOUSES, tmp_path)
    write_sample(HOUSES, tmp_path / "drawn.parquet")
    rows = duckdb.read_parquet(str(tmp_path / "drawn.parquet")).fetchnumpy()
    assert np.array_equal(rows["sqft"], x)
