"""`fitline train --watch`: live in a terminal, and plain anywhere else."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fitline import LinearModel
from terminals import Terminal

Fitline = Callable[..., subprocess.CompletedProcess[str]]
WORDS = [sys.executable, "-m", "fitline", "train", "--theta0", "0", "--theta1", "100", "--watch"]


@pytest.fixture
def open_terminal() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_terminal(*words: str, keys: bool = True) -> Terminal:
        opened.append(Terminal(*WORDS, *words, keys=keys))
        return opened[-1]

    yield open_terminal
    for terminal in opened:
        terminal.close()


def test_the_run_is_shown_and_then_told(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal("--pace", "50", "--learning-rate", "0.4")
    assert terminal.read_to_the_end() == 0
    shown = [int(step) for step in re.findall(r"step (\d+)  θ0 = ", terminal.text)]
    assert shown[:3] == [0, 1, 2]
    assert shown[-1] == 18
    assert "fit          price = 12,000 + 136 × sqft" in terminal.text


def test_a_run_is_shown_where_no_keys_can_be_read(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal("--learning-rate", "0.5", keys=False)
    assert terminal.read_to_the_end() == 0
    assert "fit          price = 12,000 + 136 × sqft" in terminal.text


def test_the_space_bar_pauses_and_s_steps_and_q_ends(
    open_terminal: Callable[..., Terminal],
) -> None:
    terminal = open_terminal("--pace", "5")
    terminal.read_until("space pauses")
    terminal.type(" ")
    terminal.read_until("space goes on")
    paused_at = max(map(int, re.findall(r"step (\d+)  θ0", terminal.text)))
    terminal.type("s")
    terminal.read_until(f"step {paused_at + 1}  θ0")
    time.sleep(0.5)
    assert f"step {paused_at + 2}  θ0" not in terminal.text
    terminal.type("q")
    assert terminal.read_to_the_end() == 0
    assert "converged" in terminal.text


def test_ctrl_c_ends_a_paused_run_with_its_result(
    open_terminal: Callable[..., Terminal],
) -> None:
    terminal = open_terminal()
    terminal.read_until("space pauses")
    terminal.type(" ")
    terminal.read_until("space goes on")
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.read_to_the_end() == 130
    assert "interrupted" in terminal.text


def test_off_a_terminal_it_is_plain_training(fitline: Fitline) -> None:
    words = ["train", "--theta0", "0", "--theta1", "100"]
    watched, plain = fitline(*words, "--watch"), fitline(*words)
    assert watched.stdout == plain.stdout
    assert watched.stderr == plain.stderr


def test_where_the_terminal_is_gone_the_training_ends_with_its_model(
    open_terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    words = ("--pace", "5", "--learning-rate", "1e-5", "--steps", "1000000")
    terminal = open_terminal(*words, "--save", str(tmp_path / "m.json"))
    terminal.read_until("space pauses")
    terminal.hang_up()
    assert terminal.process.wait(30) != 0, "nothing could be printed"
    assert LinearModel.load(tmp_path / "m.json").x == ("sqft",)
