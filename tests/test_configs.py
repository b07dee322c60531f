"""Every configuration in configs/ shows what it says."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from fitline import Run, StopReason, train
from fitline.cli import main
from fitline.config import load, resolve

Done = CompletedProcess[str]
Typed = Callable[[str], Done]
ROOT = Path(__file__).parents[1]
CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))
COMMANDS = {
    command
    for path in CONFIGS
    for command in re.findall(r"fitline [a-z]+ -c configs/.*", path.read_text())
}


def trained(name: str, **options: object) -> Run:
    return train(config=resolve(load(ROOT / f"configs/{name}.yaml"), flags=options))


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Run a command where the configurations are."""
    monkeypatch.chdir(ROOT)

    def typed(command: str) -> Done:
        return Done(command, main(shlex.split(command)[1:]), *capsys.readouterr())

    return typed


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_a_configuration_begins_with_its_sentence_and_what_to_type(path: Path) -> None:
    _, sentence, command = path.read_text().splitlines()[:3]
    assert re.match("# [A-Z].*", sentence)
    assert f"-c configs/{path.name}" in sentence + command


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_that_a_configuration_names_runs(typed: Typed, command: str) -> None:
    done = typed(command)
    assert done.returncode == (4 if "diverging" in command else 0), done.stderr
    assert done.stdout


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_the_documentation_names_every_configuration(path: Path) -> None:
    pages = [page.read_text() for page in (ROOT / "docs").rglob("*.md")]
    assert any(f"configs/{path.name}" in page for page in pages)


def test_a_good_rate_converges_and_its_neighbours_take_three_times_as_long() -> None:
    steps = [trained("good_rate", learning_rate=rate).last.index for rate in (0.2, 0.4, 0.8)]
    assert steps == [56, 18, 56]
    assert (trained("good_rate").stop_reason, trained("good_rate").last.index) == (
        StopReason.CONVERGED,
        18,
    )


def test_a_crawling_rate_goes_downhill_at_every_step_and_does_not_arrive() -> None:
    run = trained("crawling_rate")
    costs = [step.cost for step in run.steps]
    assert run.stop_reason is StopReason.STEPS
    assert costs == sorted(costs, reverse=True)
    assert run.excess > 100 * run.minimum.cost


def test_a_diverging_rate_goes_uphill_at_every_step() -> None:
    run = trained("diverging_rate")
    costs = [step.cost for step in run.steps]
    assert run.stop_reason is StopReason.DIVERGED
    assert costs == sorted(costs)
    assert (
        trained("diverging_rate", learning_rate=0.99, steps=2000).stop_reason
        is StopReason.CONVERGED
    )
    assert trained("diverging_rate", learning_rate=1).stop_reason is StopReason.STEPS


def test_scaling_turns_a_billion_steps_into_one() -> None:
    unscaled, scaled = trained("unscaled"), trained("scaled")
    assert unscaled.stop_reason is StopReason.STEPS
    assert (unscaled.training.predicted_steps or 0) > 1e9
    assert (scaled.stop_reason, scaled.last.index) == (StopReason.CONVERGED, 1)
    assert scaled.training.start.tolist() == unscaled.training.start.tolist()


def test_one_parameter_stays_where_the_file_puts_it(typed: Typed) -> None:
    command = "fitline landscape -c configs/one_parameter.yaml --along theta1"
    shown = typed(command).stdout
    assert "while θ0 stays 0:" in shown
    assert "both must move together" in shown
    assert "while θ0 stays 50,000:" in typed(f"{command} --theta0 50000").stdout


def test_some_starts_end_in_a_local_minimum() -> None:
    run = trained("local_minima")
    kinds = {restart.minimum.kind for restart in run.restarts if restart.minimum}
    assert len(run.restarts) == 20
    assert kinds == {"global", "local"}
    assert run.reached == run.minimum


def test_the_race_ends_in_its_order() -> None:
    adam, momentum, descent = (
        trained(f"valley_{name}") for name in ("adam", "momentum", "descent")
    )
    assert (adam.stop_reason, momentum.stop_reason) == (StopReason.CONVERGED, StopReason.CONVERGED)
    assert adam.last.index < momentum.last.index < 1000
    assert descent.stop_reason is StopReason.STEPS
    starts = {tuple(run.training.start) for run in (adam, momentum, descent)}
    assert len(starts) == 1


def test_overfitting_lowers_the_cost_and_raises_that_of_the_rows_held_out() -> None:
    powers = ["x", *(f"x^{power}" for power in range(2, 10))]
    line, cubic, wavy = (trained("overfitting", x=tuple(powers[:degree])) for degree in (1, 3, 9))
    assert line.cost > cubic.cost > wavy.cost
    unseen = [run.last.validation_cost or 0.0 for run in (line, cubic, wavy)]
    assert unseen[0] > unseen[2] > 1.5 * unseen[1]
    best = trained("overfitting", patience=1000)
    assert best.stop_reason is StopReason.EARLY
    assert 1.5 * (best.last.validation_cost or 0.0) < unseen[2]
