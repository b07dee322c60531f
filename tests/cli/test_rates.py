"""`fitline rates` as a process, and `fitline train --explain`."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Fitline = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
NEIGHBOURHOODS = str(ROOT / "data/two_neighbourhoods.csv")
START = ("--theta0", "0", "--theta1", "100")


def document(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_json_names_the_rate_to_take(fitline: Fitline) -> None:
    found = document(fitline("rates", *START, "--format", "json"))
    keys = ["schema", "command", "data", "config", "cost_function", "sampled_rows", "trials"]
    assert list(found) == [*keys, "recommended"]
    assert (found["schema"], found["command"]) == (1, "rates")
    assert (found["recommended"]["rate"], found["recommended"]["steps"]) == (0.5, 1)
    assert "best fixed rate" in found["recommended"]["reason"]
    assert list(found["trials"][0]) == ["rate", "fate", "steps", "cost", "excess", "outcome"]
    assert found["trials"][0]["fate"] == "crawls"
    assert found["trials"][-1]["fate"] == "diverges"
    assert found["sampled_rows"] is None


def test_the_rate_to_take_trains_in_as_many_steps_as_said(fitline: Fitline) -> None:
    words = (*START, "--scaling", "minmax")
    best = document(fitline("rates", *words, "--format", "json"))["recommended"]
    rate = ("--learning-rate", str(best["rate"]))
    trained = document(fitline("train", *words, *rate, "--format", "json"))
    assert (trained["ending"], trained["steps"]) == ("converged", best["steps"])


def test_ones_own_rates_are_tried_and_no_others(fitline: Fitline) -> None:
    done = fitline("rates", *START, "--rates", "0.3,0.1", "--format", "csv")
    header, *rows = csv.reader(io.StringIO(done.stdout))
    assert header == ["rate", "fate", "steps", "cost", "excess", "outcome"]
    assert [row[:3] for row in rows] == [["0.1", "converges", "128"], ["0.3", "converges", "31"]]


def test_where_all_diverge_none_is_recommended(fitline: Fitline) -> None:
    found = document(fitline("rates", "--rates", "2,3", "--format", "json"))
    assert found["recommended"] is None
    assert "all diverge" in fitline("rates", "--rates", "2,3").stdout


def test_the_words_say_what_to_type(fitline: Fitline) -> None:
    text = fitline("rates", *START).stdout
    assert "take  --learning-rate 0.5: it converges in 1 step, the fewest" in text
    assert "\n◆ 0.5     converges       1              0\n" in text


@pytest.mark.parametrize(
    "words",
    [
        ("--optimizer", "adam", "--schedule", "inverse_time"),
        ("--cost", "huber", "--scaling", "none"),
        ("--batch-size", "2"),
        ("--cost", "absolute", "--warm-up", "5"),
    ],
)
def test_every_way_downhill_has_a_rate_to_take(fitline: Fitline, words: tuple[str, ...]) -> None:
    found = document(fitline("rates", *START, *words, "--steps", "20", "--format", "json"))
    assert found["recommended"]["rate"] in [trial["rate"] for trial in found["trials"]]
    assert found["recommended"]["reason"]


def test_a_robust_cost_of_many_rows_is_tried_on_a_sample(fitline: Fitline, tmp_path: Path) -> None:
    rows = "\n".join(f"{x % 97},{(x * 7919) % 101 + x % 97}" for x in range(20_500))
    (tmp_path / "many.csv").write_text(f"x,y\n{rows}\n")
    words = ("many.csv", "--cost", "huber", "--rates", "0.5", "--steps", "20")
    assert document(fitline("rates", *words, "--format", "json"))["sampled_rows"] == 20_000
    assert "on 20,000 of the 20,500 rows, taken at random" in fitline("rates", *words).stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--rates", "0.1,fast"), "--rates is '0.1,fast', not numbers above 0"),
        (("--rates", "0"), "--rates is '0'"),
        (("--rates", "nan"), "--rates is 'nan'"),
        (("--line-search",), "there is no rate to look for"),
    ],
)
def test_what_is_no_rate_is_said(fitline: Fitline, words: tuple[str, ...], told: str) -> None:
    done = fitline("rates", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_explained_steps_are_in_the_json_to_the_last_digit(fitline: Fitline) -> None:
    words = (*START, "--scaling", "none", "--learning-rate", "1e-7", "--explain", "2")
    found = document(fitline("train", *words, "--format", "json"))
    one, two = found["explained"]
    assert one["sums"] == pytest.approx([300_000, 570_000_000])
    assert one["gradient"] == pytest.approx([-150_000, -285_000_000])
    assert one["new_theta"] == pytest.approx([0.015, 128.5])
    assert one["rows"][0]["prediction"] == 100_000
    assert one["one_by_one"]["theta1"] == pytest.approx(100 + 28.49999475)
    assert two["theta"] == one["new_theta"]
    assert [two["original_theta"], found["trace"][1]["theta"]] == [
        found["trace"][2]["theta"],
        one["original_theta"],
    ]


def test_explained_steps_stand_between_the_set_up_and_the_steps(fitline: Fitline) -> None:
    text = fitline("train", *START, "--explain", "1").stdout
    theory, by_hand = text.index("predicted"), text.index("Step 1 by hand")
    assert theory < by_hand < text.index("step        θ0")
    assert "new θ0'            −75,000 − 0.1 × (−150,000) = −60,000" in text
    assert "∂J/∂θ1'            −2/4 × 80,498.4 = −40,249.2" in text
    plain = fitline("train", *START, "--format", "csv").stdout
    assert fitline("train", *START, "--explain", "1", "--format", "csv").stdout == plain


def test_many_rows_are_counted_beneath_those_that_are_shown(fitline: Fitline) -> None:
    text = fitline("train", NEIGHBOURHOODS, "--explain", "1").stdout
    assert "… and 15 more rows, which the sums hold too" in text
    assert "all 20:" in text
