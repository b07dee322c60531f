"""What a training came to is told in plain values, and read again as it was."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from itertools import cycle
from typing import Any

import pytest

from fitline import Run, StopReason, train
from fitline.derivation import explain
from fitline.diagnosis import remedies
from fitline.diagnosis.diagnosis import Diagnosis, diagnose
from fitline.files.json_documents import UnfitError
from fitline.results.train import TrainResult
from fitline.views.report import as_json, as_markdown
from fitline.views.train import TrainReport

HILLS = {"data": "data/two_neighbourhoods.csv", "cost": "cauchy"}
PLANE = {"a": [1.0, 2, 3, 4], "b": [1.0, 4, 9, 17], "y": [2.0, 3, 5, 9]}
CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "adam": {"optimizer": "adam", "steps": 20, "tolerance": 0.01},
    "batches": {"batch_size": 2, "steps": 5, "schedule": "exponential", "warm_up": 3},
    "diverged": {"learning_rate": 1.2},
    "overflow": {"learning_rate": 1e300},
    "line search": {"line_search": True, "scaling": "minmax"},
    "several": {"data": PLANE, "x": ["a", "b"], "y": "y", "theta0": None, "theta1": None},
    "unscaled": {"scaling": "none", "learning_rate": 1e-7, "steps": 50},
    "hills": {**HILLS, "starts": 6},
    "plateau": {"cost": "cauchy", "cost_scale": 50, "learning_rate": 0.1, "steps": 100},
    "corner": {**HILLS, "cost": "absolute"},
}


@cache
def run(case: str) -> Run:
    return train(**{"theta0": 0.0, "theta1": 100.0, **CASES[case]})


@cache
def diagnosis(case: str) -> Diagnosis | None:
    """Diagnose a run, and do not try long what would help it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remedies, "LONG_STEPS", 1000)
        return diagnose(run(case))


@cache
def result(case: str, explained: int = 0) -> TrainResult:
    ended, with_summary = run(case), case in {"plain", "several"}
    explanations = explain(ended.training, explained)
    found = diagnosis(case)
    return TrainResult.of_run(ended, explanations, diagnosis=found, with_summary=with_summary)


@cache
def written(case: str, explained: int = 0) -> str:
    return as_json(TrainReport(result(case, explained)))


@pytest.mark.parametrize(
    ("case", "explained"), [(case, 0 if case in {"plain", "overflow"} else 2) for case in CASES]
)
def test_a_result_is_read_again_as_it_was(case: str, explained: int) -> None:
    first, text = result(case, explained), written(case, explained)
    again = TrainResult.from_document(json.loads(text))
    assert again == first
    assert as_json(TrainReport(again)) == text
    assert as_markdown(TrainReport(again)) == as_markdown(TrainReport(first))


WRONG: dict[str, Any] = {
    "trace": [],
    "theta": [1.0],
    "ending": "bored",
    "steps": -1,
    "cost": "much",
    "config": {"steps": 1},
    "data": {"x": []},
    "minimum": None,
}


@pytest.mark.parametrize("key", WRONG)
def test_what_is_no_result_is_refused_by_its_key(key: str) -> None:
    document = result("hills").document()
    with pytest.raises(UnfitError):
        TrainResult.from_document({**document, key: WRONG[key]})


def lists(part: Any) -> Iterator[list[Any]]:
    """Give every list of a document, however deep, in the first items of a list."""
    if isinstance(part, list):
        yield part
    inner = part.values() if isinstance(part, dict) else part[:2] if isinstance(part, list) else ()
    for one in inner:
        yield from lists(one)


CHANGES: list[Callable[[list[Any]], object]] = [
    lambda one: one.clear(),
    lambda one: one and one.pop(),
    lambda one: one and one.append(one[-1]),
]


@pytest.mark.parametrize("change", CHANGES, ids=["empty", "shorter", "longer"])
@pytest.mark.parametrize("case", ["several", "hills", "adam"])
def test_whatever_the_length_of_a_list_a_result_is_shown_or_refused(
    case: str, change: Callable[[list[Any]], object]
) -> None:
    document = json.loads(written(case, 1))
    document["trace"] = document["trace"][-2:]
    for one in [*lists(document)]:
        right = [*one]
        change(one)
        with suppress(UnfitError):
            as_markdown(TrainReport(TrainResult.from_document(document)))
        one[:] = right


def holders(part: Any) -> Iterator[tuple[Any, Any]]:
    """Give every place of a number in a document, in the first items of a list."""
    items = part.items() if isinstance(part, dict) else enumerate(part[:2])
    for key, value in items:
        if isinstance(value, dict | list):
            yield from holders(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield part, key


@pytest.mark.parametrize("case", ["several", "hills", "adam"])
def test_whatever_its_numbers_a_result_is_shown_or_refused(case: str) -> None:
    document = json.loads(written(case, 1))
    document["trace"] = document["trace"][-2:]
    for (holder, key), wrong in zip([*holders(document)], cycle([0, 1e308, 5e-324]), strict=False):
        right = holder[key]
        for value in (-1, wrong):
            holder[key] = value
            with suppress(UnfitError):
                as_markdown(TrainReport(TrainResult.from_document(document)))
        holder[key] = right


@pytest.mark.parametrize(
    "settings",
    [{"learning_rate": {}}, {"optimizer": {"a": 1}}, {"schedule": {}}, {"anything": 1}, {"a": {}}],
)
def test_a_remedy_is_of_settings(settings: dict[str, Any]) -> None:
    document = json.loads(written("unscaled"))
    assert document["diagnosis"]["remedy"]
    document["diagnosis"]["remedy"]["settings"] = settings
    with pytest.raises(UnfitError, match="settings"):
        TrainResult.from_document(document)


WRONG_VALUES: list[Any] = [None, [], {}, {"a": 1}, [1.0], "", "text", True, -1, 1.5]


def every_place(part: Any) -> Iterator[tuple[Any, Any]]:
    """Give every place of a document, in the first items of a list."""
    items = part.items() if isinstance(part, dict) else enumerate(part[:2])
    for key, value in items:
        yield part, key
        if isinstance(value, dict | list):
            yield from every_place(value)


def test_whatever_stands_in_its_places_a_result_is_shown_or_refused() -> None:
    document = json.loads(written("unscaled", 1))
    document["trace"] = document["trace"][-2:]
    for holder, key in [*every_place(document)]:
        right = holder[key]
        for value in WRONG_VALUES:
            holder[key] = value
            with suppress(UnfitError):
                as_markdown(TrainReport(TrainResult.from_document(document)))
        holder[key] = right


def test_a_start_must_end_in_a_minimum_that_is_listed() -> None:
    document = result("hills").document()
    document["starts"][0]["minimum"] = len(document["minima"])
    with pytest.raises(UnfitError, match="not listed"):
        TrainResult.from_document(document)


def test_numbers_that_are_not_finite_are_null() -> None:
    found = result("overflow")
    assert found.ending is StopReason.DIVERGED
    assert found.document()["cost"] is None
    assert "overflow" in as_markdown(TrainReport(found))


MISFITS: dict[str, Any] = {
    "theta": lambda one: one["theta"].append(1.0),
    "sums": lambda one: one["sums"].append(1.0),
    "gradient": lambda one: one["gradient"].pop(),
    "direction": lambda one: one["direction"].pop(),
    "new_theta": lambda one: one["new_theta"].pop(),
    "original_theta": lambda one: one["original_theta"].pop(),
    "sequential": lambda one: one["one_by_one"]["gradient"].clear(),
    "rows": lambda one: one["rows"].pop(),
    "own_rows": lambda one: one["own_rows"][0].pop(),
    "state": lambda one: one["state"].pop(),
    "new_state": lambda one: one["new_state"][0].pop(),
}


FOR_EACH = {
    "x_shift": lambda one: one["x_shift"].append(1.0),
    "x_scale": lambda one: one["x_scale"].pop(),
    "x": lambda one: one["rows"][0]["x"].pop(),
    "theta1": lambda one: one["one_by_one"].update(theta1=1.0),
}


@pytest.mark.parametrize("part", FOR_EACH)
def test_an_update_has_a_number_for_each_of_several_features(part: str) -> None:
    document = json.loads(written("several", 2))
    FOR_EACH[part](document["explained"][1])
    with pytest.raises(UnfitError, match="explained"):
        TrainResult.from_document(document)


@pytest.mark.parametrize("part", MISFITS)
def test_an_update_of_other_lengths_is_refused(part: str) -> None:
    document = json.loads(written("adam", 2))
    MISFITS[part](document["explained"][1])
    with pytest.raises(UnfitError, match="explained"):
        TrainResult.from_document(document)


def test_a_scale_is_that_of_a_robust_cost() -> None:
    document = json.loads(written("plain"))
    document["cost_function"]["scale"] = 1.0
    with pytest.raises(UnfitError, match="scale"):
        TrainResult.from_document(document)
