"""The functions of Python users give the records whose JSON the commands print."""

import json
import shlex
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import fitline
from fitline import Config, ConfigError, DataError, FitlineError, GroupModels, LinearModel
from fitline.cli import main
from fitline.optimize.optimizers import Adam
from fitline.reading import Reading

DATA = Path(__file__).parents[2] / "data"
TOWN, HOUSES, TWO = (
    str(DATA / f"{name}.csv") for name in ("town", "houses", "two_neighbourhoods")
)
OF_TOWN: dict[str, Any] = {"x": ["sqft", "beds", "year"], "y": "price"}
TOWN_WORDS = f"{TOWN} --x sqft,beds,year --y price"
CAUCHY = Config(cost="cauchy", cost_scale=50000, learning_rate="auto")
HILLS = f"{TWO} --cost cauchy --cost-scale 50000"
STEEP = Config(theta=[0, 100], learning_rate=0.3)

SAME: list[tuple[str, Callable[[], Any]]] = [
    ("train", lambda: fitline.train().result),
    (
        f"train {TOWN_WORDS} --learning-rate auto",
        lambda: fitline.train(TOWN, **OF_TOWN, learning_rate="auto").result,
    ),
    (f"train {HILLS} --starts 5", lambda: fitline.train(TWO, config=CAUCHY, starts=5).result),
    (f"summary {TOWN_WORDS}", lambda: fitline.summary(TOWN, **OF_TOWN)),
    (
        f"summary {TOWN_WORDS} --robust-errors hc3 --level 0.9",
        lambda: fitline.summary(TOWN, **OF_TOWN, robust_errors="hc3", level=0.9),
    ),
    ("evaluate --theta 0,100 --rows 4", lambda: fitline.evaluate(theta=[0, 100], rows=4)),
    (
        f"evaluate {TOWN_WORDS} --theta 0,100,5,0 --theta 1,2,3,4",
        lambda: fitline.evaluate(TOWN, [[0, 100, 5, 0], [1, 2, 3, 4]], **OF_TOWN),
    ),
    (
        f"evaluate {TOWN_WORDS} --theta 0,100,5,0 --worst 3",
        lambda: fitline.evaluate(TOWN, [0, 100, 5, 0], **OF_TOWN, worst=3),
    ),
    (
        f"evaluate {HILLS} --theta 0,100 --rows 0",
        lambda: fitline.evaluate(TWO, [0, 100], config=CAUCHY),
    ),
    (
        f"evaluate {TOWN} --model m.json --minimum --rows 2",
        lambda: fitline.evaluate(TOWN, model="m.json", minimum=True, rows=2),
    ),
    (
        f"evaluate {TOWN} --model m.json --model n.json",
        lambda: fitline.evaluate(TOWN, model=["m.json", Path("n.json")]),
    ),
    ("landscape", fitline.landscape),
    ("landscape --along theta0", lambda: fitline.landscape(along="theta0")),
    (
        "landscape --path --theta 0,100 --learning-rate 0.3",
        lambda: fitline.landscape(config=STEEP, path=True),
    ),
    (f"landscape {HILLS}", lambda: fitline.landscape(TWO, config=CAUCHY)),
    (
        f"landscape {TOWN_WORDS} --axes beds,theta0 --others fixed",
        lambda: fitline.landscape(TOWN, **OF_TOWN, axes=["beds", "theta0"], others="fixed"),
    ),
    (
        f"landscape {TOWN_WORDS} --along year",
        lambda: fitline.landscape(TOWN, **OF_TOWN, along="year"),
    ),
    (
        "compare --optimizer momentum,adam --learning-rate 0.1,auto --theta 0,100",
        lambda: fitline.compare(
            optimizer=["momentum", "adam"],
            learning_rate=[0.1, "auto"],
            config=Config(theta=[0, 100]),
        ),
    ),
    (
        f"compare {TOWN_WORDS} --l2 0,0.1,1 --folds 3",
        lambda: fitline.compare(TOWN, **OF_TOWN, l2=[0, 0.1, 1], config=Config(folds=3)),
    ),
    (f"predict {TOWN} --model m.json", lambda: fitline.predict("m.json", TOWN)),
    (f"predict {TOWN} --model g.json", lambda: fitline.predict(Path("g.json"), TOWN)),
    (
        "predict sqft=1500 beds=3 --model n.json --interval 0.95",
        lambda: fitline.predict("n.json", {"beds": [3], "sqft": [1500]}, interval=0.95),
    ),
]


@pytest.fixture(scope="module", autouse=True)
def _models(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Save a model of levels, one with intervals, and those of groups, in an empty folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("models"))
        auto = f"{TOWN} --y price --learning-rate auto -q -o r.txt"
        for words in (
            f"train {auto} --x sqft,neighbourhood --save m.json",
            f"train {auto} --x sqft,beds --save n.json",
            f"train {auto} --x sqft --by neighbourhood --save g.json",
        ):
            assert main(shlex.split(words)) == 0
        yield


def told(document: dict[str, Any]) -> Any:
    """Leave out the time that runs took, and how a command calls itself."""
    for run in document.get("runs", []):
        del run["seconds"]
    return json.loads(json.dumps(document))


@pytest.mark.parametrize(("words", "call"), SAME, ids=[words for words, _ in SAME])
def test_a_function_answers_as_the_command_does(
    words: str, call: Callable[[], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*shlex.split(words), "--format", "json"]) == 0
    assert told(call().document()) == told(json.loads(capsys.readouterr().out))


def test_a_model_is_taken_in_every_form() -> None:
    run = fitline.train(TOWN, x=["sqft", "beds"], y="price", learning_rate="auto")
    run.save("own.json")
    forms: list[Any] = [run, run.model, "own.json", Path("own.json"), fitline.load("own.json")]
    costs = {fitline.evaluate(TOWN, model=one).points[0].cost for one in forms}
    assert costs == {run.cost}
    new = {"sqft": [1500, 900], "beds": [3, 2]}
    found = {tuple(fitline.predict(one, new).predictions) for one in forms}
    assert found == {tuple(run.model.predict(new))}
    groups = fitline.load("g.json")
    assert isinstance(groups, GroupModels)
    rows = {"sqft": [1500], "neighbourhood": ["Harbour"]}
    assert fitline.predict(groups, rows).predictions == groups.predict(rows).tolist()


def test_a_model_without_a_table_is_measured_on_its_own() -> None:
    run = fitline.train(str(TWO), learning_rate="auto")
    run.save("two.json")
    for model in (run, "two.json"):
        assert fitline.evaluate(model=model).points[0].cost == run.last.cost
    assert fitline.evaluate(model=fitline.train()).data.rows == 4
    Path("arrays").write_text("x,y\n1,2\n2,4\n3,7\n")  # tables in memory are called so
    for unknown in (LINE, fitline.train([1, 2, 3], [2, 4, 7])):
        with pytest.raises(ConfigError) as caught:
            fitline.evaluate(model=unknown)
        hint = "hint: name a table: fitline.evaluate(table, model=model)"
        assert traceback.format_exception(caught.value)[-1].strip() == hint


def test_tables_in_memory_are_taken_by_every_function() -> None:
    draw = np.random.default_rng(3)
    table = {"a": draw.normal(size=40), "b": draw.normal(size=40)}
    table["y"] = 3 * table["a"] - table["b"] + draw.normal(size=40)
    line = LinearModel(("a", "b"), "y", np.array([0.0, 3, -1]))
    residuals = table["y"] - line.predict(table)
    point = fitline.evaluate(table, model=line).points[0]
    assert point.rmse == pytest.approx(np.sqrt(np.mean(residuals**2)), rel=1e-12)
    assert point.mae == pytest.approx(np.mean(np.abs(residuals)), rel=1e-12)
    typed = fitline.evaluate(table, line.theta, y="y", x=["a", "b"]).points[0]
    assert typed.rmse == pytest.approx(point.rmse, rel=1e-12)
    (lowest,) = fitline.landscape(table, "y", x=["a", "b"]).points
    exact = np.linalg.lstsq(np.column_stack([np.ones(40), table["a"], table["b"]]), table["y"])[0]
    np.testing.assert_allclose(lowest.theta, exact, rtol=1e-10)
    runs = fitline.compare(table, "y", x=["a", "b"], scaling=["standard", "none"]).runs
    assert [run.name for run in runs] == ["standard", "none"]


def test_whole_configurations_are_compared_by_their_names() -> None:
    configs = {"small": Config(learning_rate=0.01), "good": Config(learning_rate=0.5)}
    found = fitline.compare(configs=configs)
    assert (found.best.name, [run.name for run in found.runs]) == ("good", ["small", "good"])


COMMAS = Reading(decimal=",")
LINE = LinearModel(("x",), "y", [1, 2])  # type: ignore[arg-type]
REFUSED: list[tuple[Callable[[], Any], str]] = [
    (fitline.evaluate, "theta and model: one of them"),
    (lambda: fitline.evaluate(theta=[1, 2], model="m.json"), "theta and model: one of them"),
    (lambda: fitline.evaluate(theta=[1, 2, 3]), "theta has 3 numbers, and must have 2"),
    (lambda: fitline.evaluate(theta=["a", 2]), "not finite numbers"),  # type: ignore[list-item]
    (lambda: fitline.evaluate(theta=[1, float("nan")]), "not finite numbers"),
    (lambda: fitline.evaluate(TOWN, model="g.json"), "one for each group"),
    (
        lambda: fitline.evaluate(
            TOWN, model=["m.json", LinearModel(("sqft",), "price", [1, 2], reading=COMMAS)]
        ),
        "they read their tables in different ways",
    ),
    (lambda: fitline.evaluate(TOWN, model=[5]), "model is of type 'int'"),  # type: ignore[list-item]
    (lambda: fitline.evaluate(HOUSES, model="m.json"), "no column 'neighbourhood'"),
    (lambda: fitline.evaluate(theta=[1, 2], config="c.yaml"), "not a Config"),  # type: ignore[arg-type]
    (lambda: fitline.predict(5, TOWN), "model is of type 'int'"),  # type: ignore[arg-type]
    (lambda: fitline.predict("g.json", TOWN, interval=0.95), "one for each group"),
    (lambda: fitline.predict("m.json", TOWN, interval=95.0), "not a number between 0 and 1"),
    (lambda: fitline.predict("nosuch.json", TOWN), "cannot be read"),
    (lambda: fitline.landscape(along="sqft", path=True), "two pictures"),  # type: ignore[call-overload]
    (lambda: fitline.landscape(TOWN, **OF_TOWN, axes=["sqft", "nosuch"]), "no feature 'nosuch'"),
    (lambda: fitline.landscape(TWO, config=CAUCHY, others="best"), "the others are fixed"),
    (lambda: fitline.compare(configs={"a": Config()}, l2=[1]), "configs has all settings"),
    (
        lambda: fitline.compare(configs={"a": Config(), "b": Config(cost="huber")}),
        "costs of different kinds",
    ),
    (lambda: fitline.compare(configs={"a": 5}), "of type 'int', not a Config"),  # type: ignore[dict-item]
    (lambda: fitline.compare(configs=[Config()]), "'list', not a dict of Configs"),  # type: ignore[arg-type]
    (lambda: fitline.compare(learning_rate=np.array([1j])), "expected a number above 0"),  # type: ignore[arg-type]
    (lambda: fitline.train(theta=[np.complex64(1j), 2]), "theta: expected a list"),  # type: ignore[list-item]
    (lambda: fitline.train([[np.complex128(1j), 2], [3, 4], [5, 7]]), "c1 is '1j', not a number"),
    (lambda: fitline.train({"x": [1j, None, 2], "y": [1, 2, 4]}), "x is '1j', not a number"),
    (lambda: fitline.evaluate(theta=np.array([1j, 1])), "not finite numbers"),  # type: ignore[arg-type]
    (lambda: LinearModel(("x",), "y", np.array([1j, 1])), "not numbers"),  # type: ignore[arg-type]
    (lambda: GroupModels("g", [LINE]), "'list', not a dict by the names of groups"),  # type: ignore[arg-type]
    (lambda: GroupModels("g", {"a": LINE}, lacking=["x"]), "lacking is of type 'list'"),  # type: ignore[arg-type]
    (lambda: GroupModels("g", {"a": LINE}, lacking={"a": ["x"]}), "lacking['a'] is"),  # type: ignore[dict-item]
    (lambda: LinearModel(("x",), 5, [1, 2]), "y is 5, not the name of a column"),  # type: ignore[arg-type]
    (lambda: LinearModel("x", "y", [1, 2]), "x is 'x', not the names of features"),  # type: ignore[arg-type]
    (lambda: LinearModel(("x",), "y", [1, 2], inputs=5), "inputs is 5, not the inputs"),  # type: ignore[arg-type]
    (lambda: fitline.landscape(axes=0), "0 is no name of a feature"),  # type: ignore[call-overload]
    (lambda: fitline.compare(optimizer=[]), "there is no value"),
    (lambda: fitline.landscape(along=5), "5 is no name of a feature"),  # type: ignore[call-overload]
    (lambda: fitline.evaluate(theta=[1, 2], rows=-1), "rows is -1, not a number of rows"),
    (lambda: fitline.evaluate(theta=[1, 2], worst="a"), "worst is 'a'"),  # type: ignore[arg-type]
    (
        lambda: fitline.evaluate(TOWN, model=fitline.load("g.json")),  # type: ignore[arg-type]
        "of type 'GroupModels'",
    ),
    (lambda: fitline.landscape(TOWN, **OF_TOWN, axes=["sqft"]), "not the names of two parameters"),
    (lambda: fitline.landscape(TOWN, **OF_TOWN, axes="sqft"), "not the names of two parameters"),
    (lambda: fitline.landscape(TOWN, **OF_TOWN, axes=["beds", "θ2"]), "names of two parameters"),
    (lambda: fitline.landscape(TOWN, **OF_TOWN, axes=[*"abc"]), "no feature 'a'"),
    (
        lambda: fitline.landscape(TOWN, **OF_TOWN, others="fxied"),  # type: ignore[call-overload]
        "neither 'best' nor 'fixed'",
    ),
    (lambda: fitline.train(theta=[True, 2]), "theta: expected"),
    (lambda: fitline.evaluate(theta=[10**400, 1]), "not finite numbers"),
    (lambda: LinearModel(("x",), "y", [10**400, 1]), "not numbers"),  # type: ignore[arg-type]
    (lambda: fitline.summary(robust_errors=[1]), "not 'hc3'"),  # type: ignore[arg-type]
    (lambda: fitline.landscape(others=[1]), "neither 'best'"),  # type: ignore[call-overload]
    (lambda: fitline.train().save(3), "not the name of a file"),  # type: ignore[arg-type]
    (lambda: fitline.load(5), "of type 'int', not the name of a file"),  # type: ignore[arg-type]
    (lambda: fitline.load(HOUSES), "holds no model"),
]


@pytest.mark.parametrize(("call", "said"), REFUSED)
def test_what_cannot_be_asked_is_refused_in_a_sentence(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(FitlineError) as caught:
        call()
    assert said in str(caught.value)
    assert isinstance(caught.value, ConfigError | DataError | FitlineError)


def test_what_can_be_read_once_only_is_predicted_in_full() -> None:
    line = LinearModel(("t",), "y", np.array([1.0, 2]))
    frame = pl.DataFrame({"t": [1, 2, 3], "y": [1, 3, 7]})

    class Once:
        """An Arrow stream that can be read once, and by rows as well."""

        def __init__(self) -> None:
            self._stream = frame.__arrow_c_stream__()

        def __iter__(self) -> Iterator[object]:
            return iter(())

        def __next__(self) -> object:
            raise StopIteration

        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return self._stream

    for data in (Once(), iter([1, 2, 3]), (n for n in (1, 2, 3)), frame):
        assert fitline.predict(line, data).predictions == [3, 5, 7]
    assert fitline.train(Once(), x="t", y="y", steps=0).training.moments.rows == 3


@pytest.mark.parametrize("rows", ["t,y\n1,1\n,3\n", "t,y\n1,1\nzz,3\n"])
def test_each_prediction_stands_at_the_place_of_its_row(rows: str) -> None:
    Path("b.csv").write_text("t,y\n1,1\n2,3.5\n3,\n4,x\n5,6\n")
    skipping = ["--bad-rows", "skip", "--save", "b.json", "-q", "-o", "b.txt"]
    assert main(["train", "b.csv", *skipping]) == 0
    Path("new.csv").write_text(rows)
    for model in ("b.json", fitline.load("b.json")):
        for data in ("new.csv", {"t": [1, None]}, [1, None], np.array([1, np.nan])):
            with pytest.raises(DataError, match="t is "):
                fitline.predict(model, data)


def test_a_group_that_is_missing_is_named() -> None:
    with pytest.raises(DataError, match="row 2: neighbourhood is missing"):
        fitline.predict("g.json", {"sqft": [1, 2], "neighbourhood": ["Harbour", None]})


def test_what_no_engine_reads_of_a_stream_is_refused() -> None:
    class Broken:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return pl.DataFrame({"t": pl.Series([1], dtype=pl.Int128)}).__arrow_c_stream__()

    with pytest.raises(DataError, match="its Arrow stream cannot be read"):
        fitline.predict(LinearModel(("t",), "y", np.array([1.0, 2])), Broken())


def test_what_diverged_is_null_in_a_document() -> None:
    wild = Config(scaling="none", steps=3)
    document = fitline.compare(learning_rate=[1e308, 0.1], config=wild).document()
    json.dumps(document, allow_nan=False)
    assert None in document["runs"][0]["theta"]


def test_settings_of_one_name_are_all_trained() -> None:
    optimizers = [{"name": "adam", "beta1": 0.8}, Adam(), Adam(beta1=0.5)]
    found = fitline.compare(optimizer=optimizers, config=Config(steps=5))
    assert [run.config.optimizer.beta1 for run in found.runs] == [0.8, 0.9, 0.5]  # type: ignore[union-attr]
    assert len({run.name for run in found.runs}) == len(optimizers)
