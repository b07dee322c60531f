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


def test_with_several_features_the_rate_to_take_is_the_one_that_theory_predicts(
    fitline: Fitline,
) -> None:
    words = (str(ROOT / "data/town.csv"), "--x", "sqft,beds,year", "--y", "price")
    found = document(fitline("rates", *words, "--format", "json"))
    trained = document(
        fitline("train", *words, "--learning-rate", "auto", "--format", "json", "--every", "500")
    )
    best = found["recommended"]
    assert best["steps"] == min(t["steps"] for t in found["trials"] if t["fate"] == "converges")
    assert best["steps"] == trained["steps"] == trained["theory"]["best_steps"]
    assert best["reason"].endswith(trained["reason"])
    assert trained["theory"]["best_rate"] < trained["curvature"]["best_rate"]


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


TREES = "girth,height,age,leaves,volume\n8.3,70,3,1,10.3\n8.6,65,1,4,10.3\n8.8,63,4,2,10.2\n"
TREES += "10.5,72,1,2,16.4\n10.7,81,5,9,18.8\n10.8,83,9,7,19.7\n11,66,2,5,15.6\n"


def by_hand(fitline: Fitline, x: str, *more: str) -> str:
    (fitline.folder / "trees.csv").write_text(TREES)  # type: ignore[attr-defined]
    words = ("trees.csv", "--x", x, "--y", "volume", "--explain", "1", "--steps", "1", *more)
    done = fitline("train", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_up_to_three_features_are_worked_out_row_by_row(fitline: Fitline) -> None:
    text = by_hand(
        fitline,
        "girth,height,age",
        *("--scaling", "none", "--learning-rate", "1e-5", "--theta", "1,2,3,4"),
    )
    assert "prediction  θ0 + θ1 × x1 + θ2 × x2 + θ3 × x3" in text
    assert "from θ0 = 1, θ1 = 2, θ2 = 3, θ3 = 4:" in text
    assert "row  girth  height  age  volume  prediction   error" in text
    assert text.count("row  girth") == 1
    assert "  1    8.3      70    3    10.3       239.6  −229.3" in text  # 1 + 16.6 + 210 + 12
    assert "  1    −229.3   −1,903.19     −16,051      −687.9" in text
    assert "… and 2 more rows, which the sums hold too" in text
    assert "had θ0, θ1, θ2 and θ3 moved one after the other, new θ1 would be" in text


def test_of_scaled_features_the_rows_are_shown_in_both_units(fitline: Fitline) -> None:
    text = by_hand(fitline, "girth,height", "--seed", "1")
    assert "x1'         (girth − 9.81429) / 1.09731\n" in text
    assert "row  girth  height  volume\n" in text
    assert "row        x1'        x2'        y'  prediction    error\n" in text
    assert "θ0'         θ0 + θ1 × 9.81429 + θ2 × 71.4286 − 14.4714" in text


def test_more_features_are_worked_out_in_one_table_of_their_sums(fitline: Fitline) -> None:
    text = by_hand(fitline, "girth,height,age,leaves", "--optimizer", "momentum", "--seed", "1")
    assert "Step 1 by hand, over 7 rows:" in text
    assert "feature            θ'  Σ error × x'     ∂J/∂θ'    new θ'      new θ\n" in text
    assert "∂J/∂θ'  −2/7 × Σ error × x', where x' of the intercept is 1" in text
    assert "new θ'  θ' + 0.1 × d" in text
    assert "error × x1'" not in text


def test_the_json_has_a_number_for_each_of_several_features(fitline: Fitline) -> None:
    (one,) = json.loads(by_hand(fitline, "girth,height", "--format", "json"))["explained"]
    lists = one["x_shift"], one["x_scale"], one["rows"][0]["x"], one["one_by_one"]["theta1"]
    assert [len(numbers) for numbers in lists] == [2, 2, 2, 2]
    assert one["own_rows"][0] == [8.3, 70, 10.3]
