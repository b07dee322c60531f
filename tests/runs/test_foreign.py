"""Runs and models from others are read, or refused in a sentence, and nothing else is touched."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fitline import FileError, FitlineError, GroupModels, LinearModel, train
from fitline.cli.resume import resume
from fitline.cli.show import show
from fitline.diagnosis import remedies
from fitline.diagnosis.diagnosis import diagnose
from fitline.files.run_parts import FILES, RUN
from fitline.results.train import TrainResult
from fitline.runs import Manifest, SavedRun, begin
from fitline.training import rate_choice
from fitline.views.report import as_json
from fitline.views.train import TrainReport

TABLE = "x,y\n1,2\n2,5\n3,6\n"
PLACES = [name for name in FILES if name != "history.parquet"]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save a run of five steps, which could go on; its history is a text."""
    folder = tmp_path_factory.mktemp("saved")
    table = folder / "table.csv"
    table.write_text(TABLE)
    run = train(str(table), steps=5, learning_rate=0.01, optimizer="adam", tolerance=0.1)
    training, manifest = run.training, Manifest.of(run.training, [str(table)])
    with begin(folder / "run", manifest, force=False) as saved:
        with saved.open_writer(training) as writer:
            for iterate in training.iterates():
                writer.see(training.step_of(iterate), iterate)
        report = TrainReport(TrainResult.of_run(run, diagnosis=diagnose(run)))
        saved.write_result(run, as_json(report))
    return folder / "run"


@pytest.fixture
def run(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the run, to do with as one likes; what would help it is not sought long."""
    monkeypatch.setattr(remedies, "LONG_STEPS", 10)
    monkeypatch.setattr(rate_choice, "TRIED_STEPS", 10)
    return Path(shutil.copytree(saved, tmp_path / "run"))


CONTEXT: Any = SimpleNamespace(obj=["resume", "run"], with_resource=lambda table: table)


def shown(run: Path) -> None:
    show(CONTEXT, str(run), format_="csv", quiet=True)


def resumed(run: Path) -> None:
    resume(CONTEXT, str(run), steps=9, output=str(run.parent / "resumed.csv"), quiet=True)


def begun_again(run: Path) -> None:
    manifest = Manifest.load(run)
    with begin(run, manifest, force=True):
        pytest.fail("a run was begun there")


def put_link(place: Path, victim: Path) -> None:
    place.symlink_to(victim)


def put_dangling_link(place: Path, victim: Path) -> None:
    place.symlink_to(victim.with_name("nowhere"))


def put_link_to_folder(place: Path, victim: Path) -> None:
    place.symlink_to(victim.parent)


def put_hard_link(place: Path, victim: Path) -> None:
    place.hardlink_to(victim)


def put_folder(place: Path, _: Path) -> None:
    place.mkdir()


def put_pipe(place: Path, _: Path) -> None:
    os.mkfifo(place)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


LINKS = [put_link, put_dangling_link, put_link_to_folder, put_folder, put_pipe]
COMMANDS = [shown, resumed, begun_again]


@pytest.mark.parametrize(
    ("name", "put", "command"),
    [
        (name, put, COMMANDS[(nth + place) % 3])
        for nth, name in enumerate(FILES)
        for place, put in enumerate([*LINKS, put_hard_link])
    ],
)
def test_what_is_no_file_of_the_run_is_neither_followed_nor_written_over(
    run: Path, name: str, put: Callable[[Path, Path], None], command: Callable[[Path], None]
) -> None:
    place, victim = run / name, run.parent / "victims" / "victim"
    victim.parent.mkdir()
    victim.write_bytes(place.read_bytes() if place.exists() else b"mine")
    place.unlink(missing_ok=True)
    put(place, victim)
    before, inside = contents(victim.parent), contents(run)
    if put is put_hard_link and command is shown:
        command(run)  # a copy made of hard links, as backups are, can be read
    else:
        with pytest.raises(FileError, match=rf"{name}: this is an? \w") as caught:
            command(run)
        assert caught.value.file == str(place)
        assert caught.value.hint
    assert (contents(victim.parent), contents(run)) == (before, inside)


def test_the_folder_itself_may_be_a_link(run: Path) -> None:
    link = run.with_name("link")
    link.symlink_to(run)
    shown(link)
    resumed(link)
    assert SavedRun.load(run).steps == 9


def test_a_link_put_there_during_the_run_is_not_followed(run: Path) -> None:
    victim = run.with_name("victim")
    victim.write_text("mine")
    whole = train(table_of(run), steps=9, learning_rate=0.01, optimizer="adam")
    saved = SavedRun.load(run)
    for name in ("result.json", "model.json"):
        (run / name).unlink()
        (run / name).symlink_to(victim)
    saved.write_result(whole, "{}")
    assert victim.read_text() == "mine"
    (run / "history.csv").unlink()
    (run / "history.csv").symlink_to(victim)
    with pytest.raises(FileError, match="symbolic link"), saved.open_writer(whole.training):
        pass
    assert victim.read_text() == "mine"


def table_of(run: Path) -> str:
    files = json.loads((run / RUN).read_text())["data"]["files"]
    return str(files[0])


DEEP, TWICE, GONE = "DEEP", "TWICE", "GONE"
WRONG = [None, [], {}, "", "text", True, -1, 1.5, 2**70, 10**400, float("nan"), DEEP, TWICE, GONE]


def places(part: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the way to every key, and to the first items of every list."""
    yield at
    if isinstance(part, dict):
        for key in part:
            yield from places(part[key], (*at, key))
    elif isinstance(part, list):
        for nth in range(min(2, len(part))):
            yield from places(part[nth], (*at, nth))


def mutated(text: str, at: tuple[Any, ...], wrong: Any) -> str:
    """Put something wrong in a place of a document."""
    document = {"": json.loads(text)}
    *way, last = ("", *at)
    part: Any = document
    for key in way:
        part = part[key]
    if wrong == GONE:
        del part[last]
    elif wrong == TWICE and isinstance(part, dict):
        part[f"{last}@"] = part[last]
    else:
        part[last] = wrong
    changed = json.dumps(document.get("", ""))
    return changed.replace('@":', '":').replace(f'"{DEEP}"', "[" * 50 + "]" * 50)


def wrong_values(name: str, nth: int, at: tuple[Any, ...]) -> list[Any]:
    """Give all, or for many keys of one kind every fifth or seventh, and the others for the next.

    Settings of one kind are read alike, and those of a checkpoint only compared.
    """
    each = 5 if name == "result.json" else 1
    if "config" in at:
        each = 7 if name == "checkpoint.json" else 5
    return WRONG[nth % each :: each]


@pytest.mark.parametrize("name", ["run.json", "checkpoint.json", "result.json"])
def test_every_key_may_hold_anything(run: Path, name: str) -> None:
    text = (run / name).read_text()
    for nth, at in enumerate(places(json.loads(text))):
        for wrong in wrong_values(name, nth, at):
            (run / name).write_text(mutated(text, at, wrong))
            try:
                shown(run)
            except FitlineError as error:
                blamed = "run.json" if "has changed since" in str(error) else name
                assert blamed in str(error), (at, wrong)  # noqa: PT017 - some are right


@pytest.mark.parametrize("name", ["run.json", "checkpoint.json", "result.json"])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (b"", "line 1, column 1: Expecting value"),
        (b"\xff{}", ""),
        (b"[" * 10**7, "nested more than 32 deep"),
        (b'{"a": ' * 40 + b"1" + b"}" * 40, "nested more than 32 deep"),
        (b'{"schema": 1, "schema": 1}', "the key 'schema' stands there twice"),
        (b'{"schema": 1' + b"0" * 399 + b"}", "a number in it has 400 digits"),
        (b'{"schema": 1' + b"0" * 5000 + b"}", "a number in it has thousands of digits"),
        (rb'{"a": "\ud800"}', "a text in it has half a character"),
        (b"3", "it is 3"),
    ],
    ids=["empty", "bytes", "brackets", "deep", "twice", "400", "5000", "half", "number"],
)
def test_what_is_no_document_is_refused_with_what_to_do(
    run: Path, name: str, wrong: bytes, said: str
) -> None:
    (run / name).write_bytes(wrong)
    with pytest.raises(FileError, match=f"{name}: this is not what fitline wrote") as caught:
        shown(run)
    assert said in caught.value.message
    assert caught.value.hint


def test_a_file_that_is_far_too_long_is_not_read(run: Path) -> None:
    with (run / "run.json").open("r+b") as stream:
        stream.truncate(2**40)
    with pytest.raises(FileError, match="it has more than 16,777,216 bytes"):
        shown(run)


@pytest.mark.parametrize("name", ["run.json", "checkpoint.json"])
def test_a_run_goes_on_or_says_why_not_whatever_its_keys_hold(
    run: Path, saved: Path, name: str
) -> None:
    text = (saved / name).read_text()
    for nth, at in enumerate(places(json.loads(text))):
        shutil.copytree(saved, run, dirs_exist_ok=True)
        (run / name).write_text(mutated(text, at, WRONG[nth % len(WRONG)]))
        with suppress(FitlineError, typer.Exit):
            resumed(run)


NUMBERS = "1.0 as theta1, 1.0 as cost, 1.0 as gradient_norm, 1.0 as excess from range(6)"
NO_HISTORY = "it is no Parquet file with these columns"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (None, NO_HISTORY),
        ("select 1 as a", "it has 1 rows, not 6"),
        ("select range as a from range(6)", NO_HISTORY),
        (f"select range as step, 'a' as theta0, {NUMBERS}", NO_HISTORY),
        (f"select range as step, null as theta0, {NUMBERS}", "step 5 does not begin after"),
        ("select 1.0 as step from range(1000000)", "it has 1,000,000 rows, not 6"),
    ],
)
def test_a_history_in_parquet_that_is_another_is_refused_and_left(
    run: Path, query: str | None, said: str
) -> None:
    (run / "history.csv").unlink()
    parquet = run / "history.parquet"
    if query is None:
        parquet.write_bytes(b"PAR1 and so on")
    else:
        duckdb.sql(f"copy ({query}) to '{parquet}' (format parquet)")
    before = contents(run)
    with pytest.raises(FileError, match=rf"history\.parquet: this is not .*{said}") as caught:
        resumed(run)
    assert "remove checkpoint.json" in str(caught.value.hint)
    assert contents(run) == before | {RUN: (run / RUN).read_bytes()}


def test_a_history_of_zeros_without_end_is_not_read(run: Path) -> None:
    with (run / "history.csv").open("wb") as stream:
        stream.truncate(2**40)
    with pytest.raises(FileError, match=r"history\.csv: this is not what fitline wrote"):
        resumed(run)


MODEL = {"model": {"x": ["sqft"], "y": "price", "theta": [1.0, 2.0], "units": {}}, "config": {}}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tmp_path / "model.json"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"model": {"x": "ab", "y": "b", "theta": [1, 2, 3]}}', "model.x is 'ab'"),
        ('{"model": {"x": [], "y": "b", "theta": [1]}}', "theta has 1 number for 0 columns"),
        ('{"model": {"x": ["a"], "y": "b", "theta": [1, 2, 3]}}', "theta has 3 numbers for 1 col"),
        ('{"model": {"x": ["a"], "y": "b", "theta": [[1, 2]]}}', "model.theta[0] is [1, 2]"),
        ('{"model": {"x": ["a"], "y": "b", "theta": [1, true]}}', "model.theta[1] is True"),
        ('{"model": {"x": ["a"], "y": 3, "theta": [1, 2]}}', "model.y is 3"),
        ('{"model": {"x": ["a"], "theta": [1, 2]}}', "model.y is missing"),
        ('{"model": {"x": ["a"], "y": "b", "theta": [1, NaN]}}', "a number in it is nan"),
        ('{"model": {"x": ["a"], "y": "b", "theta": [1, 1e999]}}', "a number in it is inf"),
        (f'{{"model": {{"x": ["a"], "y": "b", "theta": [1, {10**399}]}}}}', "has 400 digits"),
        ('{"schema": 2, "model": {"x": ["a"], "y": "b", "theta": [1, 2]}}', "schema is 2"),
        ('{"model": 1, "model": 2}', "the key 'model' stands there twice"),
        ("[" * 10**5, "nested more than 32 deep"),
        ('{"model": {"x": ["a"], "y": "b", "theta": [1, 2]}, "config": 3}', "config is 3"),
        ('{"model": {"x": ["a"], "y": "b", "theta": [1, 2]}, "data": {"source": 3}}', "source is"),
    ],
)  # fmt: skip
def test_a_model_that_is_none_is_refused_in_a_sentence(model: Path, text: str, said: str) -> None:
    model.write_text(text)
    with pytest.raises(FileError) as caught:
        LinearModel.load(model)
    assert said in caught.value.message
    assert (caught.value.file, caught.value.hint) == (
        str(model),
        "a model is what fitline train --save FILE.json writes",
    )


OF_LOT = {"feature": "sqft", "constant": 0, "equals": {"lot": 2}}
OF_GROUPS: dict[str, Any] = {
    "model": {
        "x": ["sqft"],
        "y": "price",
        "units": {},
        "groups": {"by": "town", "theta": {"Harbour": [1.0, 2.0], "Old Town": [3, 4]}},
    }
}


@pytest.mark.parametrize(
    ("at", "wrong", "said"),
    [
        (("groups",), None, "model.theta is missing"),
        (("groups",), {}, "model.groups.by is missing"),
        (("groups", "by"), 3, "model.groups.by is 3"),
        (("groups", "by"), "sqft", "'sqft' tells groups apart, and is a feature or y already"),
        (("groups", "by"), "price", "'price' tells groups apart, and is a feature or y already"),
        (("groups", "theta"), {}, "model.groups.theta is empty"),
        (("groups", "theta"), [1, 2], "model.groups.theta is [1, 2]"),
        (("groups", "theta", "Harbour"), [1], "theta of 'Harbour' has 1 number for 1 column"),
        (("groups", "theta", "Old Town"), [1, 2, 3], "theta of 'Old Town' has 3 numbers"),
        (("groups", "theta", "Old Town"), "ab", "model.groups.theta.Old Town is 'ab'"),
        (("groups", "theta", "Old Town"), [1, True], "model.groups.theta.Old Town[1] is True"),
        (("groups", "theta", "Old Town"), [1, float("nan")], "a number in it is nan"),
        (("groups", "theta", "Old Town"), [1, float("inf")], "a number in it is inf"),
        (("groups", "theta"), {" a": [1, 2]}, "no group is called ' a'"),
        (("groups", "theta"), {"": [1, 2]}, "no group is called ''"),
        (("theta",), [1, 2], "model.theta and model.groups are both there"),
        (("groups", "lacking"), 5, "model.groups.lacking is 5"),
        (("groups", "lacking"), {"Harbour": 5}, "model.groups.lacking.Harbour is 5"),
        (("groups", "lacking"), {"Harbour": {"t": ["p"]}}, "'Harbour' lacks levels that are not"),
        (("groups", "lacking"), {"Sea": {}}, "'Sea' lacks levels that are not there"),
        (("groups", "dependent"), 5, "model.groups.dependent is 5"),
        (("groups", "dependent"), {"Sea": []}, "no group 'Sea' has dependent features"),
        (("groups", "dependent"), {"Harbour": [OF_LOT]}, "dependent features are another's"),
        (("dependent",), 5, "model.dependent is 5"),
        (("dependent",), [{"feature": "sqft"}], "model.dependent[0].constant is missing"),
        (("dependent",), [OF_LOT], "its dependent features are another's"),
        (("groups", "theta", "Harbour"), [None, 1], "theta of 'Harbour' begins with null"),
        (("intercept",), False, "theta of 'Harbour' begins with 1, and intercept is false"),
        (("x",), [], "theta of 'Harbour' has 2 numbers for 0 columns"),
    ],
)
def test_models_of_groups_that_are_none_are_refused_in_a_sentence(
    model: Path, at: tuple[Any, ...], wrong: object, said: str
) -> None:
    model.write_text(json.dumps(OF_GROUPS))
    assert GroupModels.load(model).names == ("Harbour", "Old Town")
    model.write_text(mutated(json.dumps(OF_GROUPS), ("model", *at), wrong))
    for load in (GroupModels.load, LinearModel.load):
        with pytest.raises(FileError) as caught:
            load(model)
        assert said in caught.value.message
        assert (caught.value.file, caught.value.hint) == (
            str(model),
            "a model is what fitline train --save FILE.json writes",
        )


@pytest.mark.parametrize(
    ("put", "said"),
    [(put_folder, "it is a folder, not a file"), (put_pipe, "it is a pipe, not a file")],
)
def test_a_model_is_a_file(model: Path, put: Callable[[Path, Path], None], said: str) -> None:
    put(model, model)
    with pytest.raises(FileError, match=f"cannot be read: {said}"):
        LinearModel.load(model)


LETTERS = st.text(max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | LETTERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LETTERS, inner, max_size=2),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([*places(MODEL)][1:]), JSON)
def test_a_model_with_anything_in_it_is_a_model_or_a_sentence(
    model: Path, at: tuple[Any, ...], anything: object
) -> None:
    model.write_text(mutated(json.dumps(MODEL), at, anything), errors="surrogatepass")
    try:
        loaded = LinearModel.load(model)
    except FileError as error:
        assert error.file == str(model)  # noqa: PT017 - many are right
    else:
        assert len(loaded.theta) == 1 + len(loaded.x) > 1
        assert all(isinstance(name, str) for name in (*loaded.x, loaded.y))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([*places(OF_GROUPS)][1:]), JSON)
def test_models_of_groups_with_anything_in_them_are_models_or_a_sentence(
    model: Path, at: tuple[Any, ...], anything: object
) -> None:
    model.write_text(mutated(json.dumps(OF_GROUPS), at, anything), errors="surrogatepass")
    try:
        loaded = GroupModels.load(model)
    except FileError as error:
        assert error.file == str(model)  # noqa: PT017 - many are right
    else:
        assert loaded.theta.shape == (len(loaded.names), 1 + len(loaded.x))


@pytest.mark.parametrize(
    ("at", "wrong", "said"),
    [
        (("step", "cost"), 2**70, "step.cost is 1.18"),
        (("step", "cost"), -1, "step.cost is -1"),
        (("step", "cost"), 0.0, "step.cost is 0.0, and at step.theta it is "),
        (("step", "theta", 0), 1e308, "and at step.theta it is inf"),
        (("step", "theta", 0), float("inf"), "and at step.theta it is "),
        (("step", "state"), [[1, 2]], "step.state has 1 parts, not 4"),
        (("step", "state"), [[1, 2, 3]] * 3, ""),
        (("history_bytes",), 100, "step 5 does not begin after 100 bytes"),
    ],
)
@pytest.mark.parametrize("command", [shown, resumed])
def test_a_checkpoint_that_is_not_of_its_table_is_refused(
    run: Path, at: tuple[Any, ...], wrong: object, said: str, command: Callable[[Path], None]
) -> None:
    (run / "result.json").unlink()
    checkpoint = run / "checkpoint.json"
    checkpoint.write_text(mutated(checkpoint.read_text(), at, wrong))
    with pytest.raises(FileError, match="this is not what fitline wrote") as caught:
        command(run)
    assert said in caught.value.message
