"""A saved run goes on bit for bit, whatever was cut off."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitline import FileError, Step, StopReason, train
from fitline.optimize.iterate import Iterate
from fitline.optimize.optimizers import OPTIMIZERS
from fitline.results.train import step_columns
from fitline.runs import Manifest, RunWriter, SavedRun, begin, reopen
from fitline.runs.checkpoint import Checkpoint
from fitline.runs.history import History, lengthen, shorten, steps_before
from fitline.runs.run_folder import alone
from fitline.training import Training

NEIGHBOURHOODS = "data/two_neighbourhoods.csv"
START = np.zeros(2)


def prepared(**options: Any) -> Training:
    return train(NEIGHBOURHOODS, **{"steps": 30, "learning_rate": 0.01, **options}).training


def bits(here: Iterate) -> tuple[Any, ...]:
    arrays = (here.theta, here.gradient, *here.state)
    parts = [part.tolist() for part in arrays]
    return here.index, here.cost, here.sign_changes, here.stop_reason, parts


def take_steps(training: Training, writer: RunWriter, most: int | None = None) -> None:
    for iterate in islice(training.iterates(writer.after), most):
        writer.see(training.step_of(iterate), iterate)


@contextmanager
def begun(folder: Path, training: Training) -> Iterator[SavedRun]:
    with begin(folder, Manifest.of(training, None), force=False) as saved:
        yield saved


@pytest.mark.parametrize("batch_size", [None, 3])
@pytest.mark.parametrize("optimizer", [optimizer.name for optimizer in OPTIMIZERS])
def test_a_run_goes_on_from_any_checkpoint_to_the_same_bits(
    tmp_path: Path, optimizer: str, batch_size: int | None
) -> None:
    options = {"optimizer": optimizer, "batch_size": batch_size, "steps": 15}
    training = prepared(**options, schedule="exponential")
    whole = list(training.iterates())
    for step in whole[::3]:
        Checkpoint(step._replace(stop_reason=None), START, 0, {}).write(
            tmp_path / "checkpoint.json"
        )
        read = Checkpoint.load(tmp_path / "checkpoint.json")
        assert read is not None
        rest = list(training.iterates(read.iterate))
        assert list(map(bits, rest)) == list(map(bits, whole[step.index :]))


def test_what_was_written_after_the_checkpoint_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = prepared()
    for name, most in (("whole", None), ("cut", 20)):
        with begun(tmp_path / name, training) as saved, saved.open_writer(training) as writer:
            take_steps(training, writer, most)
    history = tmp_path / "cut" / "history.csv"
    with history.open("a") as stream:
        stream.write("20,1.5,2.5,3.5,4.5,5.5\n" * 99 + "21,1.2")
    (tmp_path / "cut" / ".checkpoint.json.x1").write_text("{")
    monkeypatch.setattr("fitline.runs.writer.BETWEEN_SECONDS", 0.0)
    with reopen(tmp_path / "cut") as saved, saved.open_writer(training) as writer:
        assert [step.index for step in writer.earlier] == [0, 1, 2, 3, 4, 5, 8, 16]
        take_steps(training, writer)
    for name in ("history.csv", "checkpoint.json"):
        assert (tmp_path / "cut" / name).read_text() == (tmp_path / "whole" / name).read_text()
    assert len(list((tmp_path / "cut").iterdir())) == 3


@pytest.mark.parametrize("change", [b"", b"step,theta0\n", b"x" * 700])
def test_a_history_that_does_not_reach_the_checkpoint_is_refused(
    tmp_path: Path, change: bytes
) -> None:
    training = prepared()
    with begun(tmp_path / "run", training) as saved, saved.open_writer(training) as writer:
        take_steps(training, writer)
    (tmp_path / "run" / "history.csv").write_bytes(change)
    with (
        pytest.raises(FileError, match=r"history\.csv: this is not what fitline wrote") as caught,
        reopen(tmp_path / "run") as saved,
        saved.open_writer(training),
    ):
        pass
    assert "remove checkpoint.json" in str(caught.value.hint)


@pytest.mark.parametrize("is_validated", [False, True])
def test_a_history_in_parquet_becomes_the_same_text_again(
    tmp_path: Path,
    is_validated: bool,  # noqa: FBT001
) -> None:
    text, parquet = tmp_path / "history.csv", tmp_path / "history.parquet"
    columns = step_columns(2, is_validated=is_validated)
    history = History(text, columns, 0)
    for index, value in enumerate([0.1, -1e-300, math.inf, -math.inf, math.nan, 1 / 3, 1e22]):
        theta = np.array([value, -value])
        unseen = value if is_validated else None
        history.write(Step(index, theta, value, value, value, validation_cost=unseen))
    history.close()
    before = text.read_bytes()
    shorten(text, parquet, columns)
    assert not text.exists()
    lengthen(parquet, text, columns, 6, history.size)
    assert text.read_bytes() == before
    assert [step.index for step in steps_before(text, columns, 6, history.size, 2)] == [0, 2, 4]


def test_a_run_that_fails_before_its_first_checkpoint_leaves_nothing(tmp_path: Path) -> None:
    training = prepared()
    with (
        pytest.raises(ZeroDivisionError),
        begun(tmp_path / "run", training) as saved,
        saved.open_writer(training) as writer,
    ):
        take_steps(training, writer, 1 // 0)
    assert not (tmp_path / "run").exists()


def test_a_run_that_goes_on_has_no_result_until_it_ends_again(tmp_path: Path) -> None:
    run = train(NEIGHBOURHOODS, steps=3)
    with begun(tmp_path / "run", run.training) as saved:
        saved.write_result(run, '{"ending": "steps", "steps": 3}')
    with reopen(tmp_path / "run") as saved:
        assert saved.stop_reason is StopReason.STEPS
        with saved.open_writer(run.training):
            pass
    assert SavedRun.load(tmp_path / "run").stop_reason is None


def test_another_process_is_kept_off(tmp_path: Path) -> None:
    with (
        alone(tmp_path),
        pytest.raises(FileError, match="another fitline is at work"),
        alone(tmp_path),
    ):
        pass
    with alone(tmp_path):
        pass


def test_a_checkpoint_of_another_start_is_not_gone_on_with(tmp_path: Path) -> None:
    training = prepared()
    with begun(tmp_path / "run", training) as saved, saved.open_writer(training) as writer:
        take_steps(training, writer)
    other = training.starting_at(training.start + 1)
    with reopen(tmp_path / "run") as saved, saved.open_writer(other) as writer:
        assert writer.after is None
        assert not (tmp_path / "run" / "checkpoint.json").exists()
