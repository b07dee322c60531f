"""Rows that are held out: chosen by a hash, never trained on, and measured at every step."""

from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from fitline import ConfigError, DataError, Run, StopReason, train
from fitline.data import open_table
from fitline.data.division import Holdout, row_fractions
from fitline.optimize.cost_names import CostName
from fitline.optimize.iterate import Iterate
from fitline.optimize.losses import LOSSES
from fitline.runs.checkpoint import Checkpoint
from fitline.vector import Vector

DRAW = np.random.default_rng(2)
X = np.round(DRAW.uniform(0, 1, 60), 3)
Y = np.round(np.sin(2 * np.pi * X) + 0.3 * DRAW.normal(size=60), 3)
TABLE = {"x": X, "y": Y}
PART, SEED = 0.3, 8
HELD = Holdout(PART, SEED).of(np.array([X, Y])) == 1
CURVE = ["x", "x^2", "x^3", "x^4", "x^5", "x^6", "x^7", "x^8"]
MOMENTUM: dict[str, Any] = {"optimizer": "momentum", "learning_rate": "auto", "steps": 1200}
MASK = 2**64 - 1


def splitmix64(numbers: list[float], seed: int) -> int:
    """Hash as the paper does, in whole numbers of Python."""
    state = seed
    for number in numbers:
        state ^= int(np.float64(number).view(np.uint64))
        state = (state + 0x9E3779B97F4A7C15) & MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & MASK
        state ^= state >> 31
    return state


def test_the_hash_is_splitmix64_of_the_bits_of_the_numbers() -> None:
    rows = DRAW.normal(size=(3, 50)) * 10.0 ** DRAW.integers(-300, 300, 50)
    expected = [(splitmix64(row, SEED) >> 11) / 2**53 for row in rows.T.tolist()]
    assert row_fractions(rows, SEED).tolist() == expected
    zeros = row_fractions(np.array([[0.0, -0.0], [1.0, 1.0]]), SEED)
    assert zeros[0] == zeros[1]


@pytest.mark.parametrize("part", [0.01, 0.2, 0.5, 0.9])
def test_about_the_part_that_was_asked_for_is_held_out(part: float) -> None:
    rows = np.array([np.arange(50_000.0), np.arange(50_000.0) ** 2])
    for seed in range(3):
        held = Holdout(part, seed).of(rows).mean()
        assert held == pytest.approx(part, abs=4 * np.sqrt(part * (1 - part) / 50_000))


def test_the_same_rows_are_held_out_in_every_order_and_format(tmp_path: Path) -> None:
    order = DRAW.permutation(60)
    np.savetxt(tmp_path / "t.csv", np.column_stack([X, Y])[order], "%.3f", ",", header="x,y",
               comments="")  # fmt: skip
    duckdb.sql(f"select * from '{tmp_path / 't.csv'}'").write_parquet(f"{tmp_path}/t.parquet")
    runs = [
        train(data, x="x", y="y", holdout=PART, seed=SEED, theta0=0, theta1=0)
        for data in (TABLE, tmp_path / "t.csv", tmp_path / "t.parquet")
    ]
    assert len({tuple(run.model.theta.tolist()) for run in runs}) == 1
    assert len({run.last.validation_cost for run in runs}) == 1
    assert runs[0].training.moments.rows == 60 - HELD.sum()


def test_powers_of_a_column_hold_out_the_rows_of_the_column() -> None:
    held = []
    for x in ("x", CURVE, "x^2", ["x^2", "x^3"]):
        with open_table(TABLE, x, "y") as table:
            moments = table.moments(division=Holdout(PART, SEED))
            held.append(table.rows(moments, held_out=True).y.tolist())
    assert held[0] == held[1] == Y[HELD].tolist()
    assert held[2] != held[0]
    assert held[3] != held[2]


@pytest.mark.parametrize("cost", ["squared", *LOSSES])
def test_each_step_has_the_cost_of_the_rows_that_it_has_not_seen(cost: CostName) -> None:
    run = train(TABLE, x="x", y="y", cost=cost, holdout=PART, seed=SEED, steps=20)
    scale = run.training.landscape.scale
    for step in run.steps:
        errors = Y - step.theta[0] - step.theta[1] * X
        losses = errors**2 if scale is None else LOSSES[cost](scale).value(errors)
        assert step.cost == pytest.approx(losses[~HELD].mean(), rel=1e-9)
        assert step.validation_cost == pytest.approx(losses[HELD].mean(), rel=1e-9)


@pytest.mark.parametrize(
    ("scaling", "cost", "batch_size"),
    [
        (scaling, cost, (None, 7)[(nth + place) % 2])
        for nth, scaling in enumerate(["standard", "minmax", "none"])
        for place, cost in enumerate(["squared", "huber"])
    ],
)
def test_nothing_is_learned_from_a_row_that_is_held_out(
    monkeypatch: pytest.MonkeyPatch, cost: CostName, scaling: Any, batch_size: int | None
) -> None:
    options: dict[str, Any] = {"cost": cost, "scaling": scaling, "batch_size": batch_size}
    monkeypatch.setattr(Holdout, "of", lambda _, columns: HELD[: columns.shape[1]].astype(int))
    walks = []
    for x, y in ((X, Y), (np.where(HELD, 1e6, X), np.where(HELD, -1e7, Y))):
        run = train({"x": x, "y": y}, x="x", y="y", holdout=PART, steps=25, **options)
        walks.append([step.theta.tolist() for step in run.steps])
    assert walks[0] == walks[1]
    alone = train({"x": X[~HELD], "y": Y[~HELD]}, x="x", y="y", steps=25, **options)
    assert [step.theta.tolist() for step in alone.steps] == walks[0]


def test_the_fit_is_the_one_of_the_other_rows_and_the_table_is_known_again() -> None:
    run = train(TABLE, x=CURVE[:3], y="y", holdout=PART, seed=SEED)
    design = np.column_stack([np.ones(60), X, X**2, X**3])
    fit = np.linalg.lstsq(design[~HELD], Y[~HELD])[0]
    np.testing.assert_allclose(run.minimum.theta, fit, rtol=1e-9)
    with open_table(TABLE, CURVE[:3], "y") as table:
        assert run.training.moments.fingerprint == table.moments().fingerprint


@cache
def curved(**options: Any) -> Run:
    return train(TABLE, x=CURVE, y="y", **{**MOMENTUM, "holdout": PART, "seed": SEED, **options})


def validation_costs(run: Run) -> Vector:
    return np.array([step.validation_cost for step in run.steps])


@pytest.mark.parametrize("patience", [1, 50, 400])
@pytest.mark.parametrize("cost", ["squared", "huber"])
def test_descent_stops_early_and_keeps_the_best_step(cost: CostName, patience: int) -> None:
    whole, run = validation_costs(curved(cost=cost)), curved(cost=cost, patience=patience)
    best = 0
    for index, value in enumerate(whole):
        best = index if value < whole[best] else best
        if index - best == patience:
            break
    assert (run.stop_reason, run.last.index) == (StopReason.EARLY, best)
    assert [step.index for step in run.steps] == [*range(best + 1)]
    np.testing.assert_allclose(validation_costs(run), whole[: best + 1], rtol=1e-12)
    taken = [iterate.index for iterate in run.training.iterates()]
    assert (taken[-1], max(taken)) == (best, best + patience)


def test_a_run_that_converges_at_its_best_step_has_not_stopped_early() -> None:
    run = train(TABLE, x="x", y="y", holdout=PART, seed=1, patience=30, learning_rate=0.5)
    assert run.stop_reason is StopReason.CONVERGED


@pytest.mark.parametrize("steps", [1, 3, 4, 20, 320, 350])
def test_a_run_at_its_step_limit_has_not_stopped_early(steps: int) -> None:
    whole = curved(learning_rate=0.1, patience=60)
    run = curved(learning_rate=0.1, patience=60, steps=steps)
    if steps >= whole.last.index + 60:
        assert run.stop_reason is StopReason.EARLY
        return
    assert (run.stop_reason, run.last.index) == (StopReason.STEPS, steps)
    training = replace(run.training, config=whole.training.config)
    (end,) = islice(run.training.iterates(), steps, None)
    after = list(training.iterates(end))
    assert (after[-1].stop_reason, after[-1].index) == (StopReason.EARLY, whole.last.index)
    assert after[-1].theta.tolist() == list(whole.training.iterates())[-1].theta.tolist()


def bits(here: Iterate) -> tuple[Any, ...]:
    kept = here.kept and (here.kept.index, here.kept.theta.tolist(), here.kept.cost)
    return here.index, here.theta.tolist(), here.cost, here.stop_reason, kept


def test_a_run_that_waits_goes_on_from_any_checkpoint_to_the_same_bits(tmp_path: Path) -> None:
    training = curved(patience=60).training
    whole = list(training.iterates())
    assert whole[-1].index < whole[-2].index
    for step in whole[: -2 : len(whole) // 5]:
        Checkpoint(step, training.start, 0, {}).write(tmp_path / "checkpoint.json")
        read = Checkpoint.load(tmp_path / "checkpoint.json")
        assert read is not None
        after = list(training.iterates(read.iterate))
        assert [*map(bits, after)] == [*map(bits, whole[step.index :])]


def test_what_cannot_be_held_out_is_refused() -> None:
    with pytest.raises(ConfigError, match="no validation cost without rows"):
        train(TABLE, x="x", y="y", patience=3)
    with pytest.raises(DataError, match="of its 4 rows none is held out"):
        train(holdout=0.01)
    with pytest.raises(DataError, match=r"cannot determine a line; .* \(\d rows held out\)"):
        train(holdout=0.99)
    for part in (0.0, 1.0, -0.1):
        with pytest.raises(ConfigError, match="holdout"):
            train(TABLE, x="x", y="y", holdout=part)


def test_the_head_and_samples_are_of_the_rows_that_are_trained_on() -> None:
    with open_table(TABLE, "x", "y") as table:
        moments = table.moments(division=Holdout(PART, SEED))
        seen = {*zip(X[~HELD].tolist(), Y[~HELD].tolist(), strict=True)}
        assert len(head := table.head(9)) == 9
        assert {*head} <= seen
        for rows in (5, 20, 60):
            x, y = table.sample(moments, rows, seed=1)
            assert {*zip(x[0].tolist(), y.tolist(), strict=True)} <= seen
            assert len(y) <= max(rows + 6, 60 - HELD.sum())
        assert len(list(islice(table.rows(moments, held_out=True).y, 99))) == HELD.sum()
