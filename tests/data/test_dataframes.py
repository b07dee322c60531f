"""Tables in memory: data frames, arrays with and without names, and what is none."""

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fitline
from fitline import LinearModel
from fitline.errors import DataError

SQFT, PRICE = [1000, 1500, 2000, 2500], [150_000, 210_000, 290_000, 350_000]
HOUSES = {"id": ["a", "b", "c", "d"], "price": PRICE, "sqft": SQFT}
PAIRS = list(zip(SQFT, PRICE, strict=True))
STRUCTURE = np.array(
    [(name, *pair) for name, pair in zip("abcd", PAIRS, strict=True)],
    dtype=[("id", "U1"), ("sqft", "i8"), ("price", "f8")],
)
ODD = pd.DataFrame(HOUSES, index=[7, 7, -1, 0])


def learned(*data: Any, **options: Any) -> tuple[list[str], str, list[float]]:
    """Train without a step, and give the names and the exact minimum of what was read."""
    run = fitline.train(*data, **{"theta0": 0, "theta1": 0, "steps": 0, **options})
    return list(run.model.x), run.model.y, run.minimum.theta.tolist()


def refusal(call: Callable[[], Any]) -> DataError:
    with pytest.raises(DataError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize(
    "data",
    [
        HOUSES,
        pd.DataFrame(HOUSES),
        ODD,
        pd.DataFrame(HOUSES).convert_dtypes(),
        pd.DataFrame(HOUSES).astype(object),
        pd.DataFrame(HOUSES).astype({"price": "Float64", "sqft": "Int64"}),
        pd.DataFrame(HOUSES).astype(str),
        pl.DataFrame(HOUSES),
        pl.DataFrame(HOUSES).cast({"price": pl.Decimal(12, 2), "sqft": pl.UInt16}),
        STRUCTURE,
        STRUCTURE.view(np.recarray),
        np.ma.array(STRUCTURE),
        {**HOUSES, "price": [Decimal(n) for n in PRICE], "sqft": [Fraction(n) for n in SQFT]},
        {**HOUSES, "price": pl.Series(PRICE), "sqft": pd.Series(SQFT, index=[3, 1, 2, 0])},
    ],
    ids=lambda data: type(data).__name__,
)
def test_a_table_with_names_is_read_by_them(data: Any) -> None:
    assert learned(data) == (["sqft"], "price", [12_000, 136])
    back = learned(data, x="price", y="sqft")
    # 68,000,000 = Σ Δx·Δy / n and 5,800,000,000 = Σ Δy² / n: y is 250,000 and x 1,750 on average.
    slope = Fraction(1_700_000 * 25, 5_800_000_000)
    assert back[2][1] == pytest.approx(float(slope), rel=1e-15)


@pytest.mark.parametrize(
    "data",
    [np.array(PAIRS), np.array(PAIRS, dtype=object), PAIRS, [list(p) for p in PAIRS]],
)
def test_an_array_without_names_has_numbered_columns(data: Any) -> None:
    assert learned(data) == (["c1"], "c2", [12_000, 136])
    assert learned(data, x="c2")[:2] == (["c2"], "c1")


def test_the_last_numbered_column_is_y_and_all_others_are_features() -> None:
    wide = np.column_stack([SQFT, [3, 1, 4, 1], PRICE])
    run = fitline.train(wide, theta=(0, 0, 0), steps=0)
    assert (run.model.x, run.model.y) == (("c1", "c2"), "c3")


def test_the_last_numbered_column_is_y_and_others_are_named() -> None:
    wide = np.column_stack([SQFT, [3, 1, 4, 1], PRICE])
    assert learned(wide, x="c1") == (["c1"], "c3", [12_000, 136])
    assert learned(wide, x="c3", y="c1")[:2] == (["c3"], "c1")


def test_columns_that_are_called_by_numbers_are_read() -> None:
    frame = pd.DataFrame(PAIRS)
    assert learned(frame) == (["0"], "1", [12_000, 136])
    assert fitline.train(frame).model.predict(frame) == pytest.approx(
        [148_000, 216_000, 284_000, 352_000]
    )


@pytest.mark.parametrize("make", [list, tuple, np.array, pd.Series, pl.Series, iter])
def test_two_arrays_are_a_table(make: Callable[[Any], Any]) -> None:
    assert learned(make(SQFT), make(PRICE)) == (["x"], "y", [12_000, 136])
    assert learned(x=make(SQFT), y=make(PRICE)) == (["x"], "y", [12_000, 136])
    assert learned(make(SQFT), y=make(PRICE)) == (["x"], "y", [12_000, 136])


def test_columns_keep_the_names_that_they_bring_along() -> None:
    named = (["sqft"], "price", [12_000, 136])
    for frame in (ODD, pl.DataFrame(HOUSES)):
        assert learned(frame["sqft"], frame["price"]) == named
        assert learned(frame[["sqft"]], frame[["price"]]) == named
        assert learned(frame, PRICE, x="sqft") == (["sqft"], "y", [12_000, 136])
    assert learned(ODD["sqft"], ODD["sqft"]) == (["sqft"], "y", [0, 1])
    assert learned(np.array(SQFT)[:, None], np.array(PRICE)[:, None])[2] == [12_000, 136]


def test_a_path_and_two_names_are_no_arrays() -> None:
    assert learned("data/houses.csv", "sqft", x="price")[:2] == (["price"], "sqft")
    assert learned(Path("data").glob("houses.csv"))[2] == [12_000, 136]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (5, "'int'"),
        (2.5, "'float'"),
        (True, "'bool'"),
        (b"data/houses.csv", "'bytes'"),
        ([], "'list' that is empty"),
        (SQFT, "'list'"),
        (["data/houses.csv", 5], "'list'"),
        ({1, 2}, "'set'"),
        (object(), "'object'"),
        (len, "'builtin_function_or_method'"),
        (io.StringIO("x,y\n1,2\n"), "_io.StringIO"),
        ((n for n in SQFT), "'generator'"),
        (np.array(SQFT), "'numpy.ndarray' of the shape (4,)"),
        (np.zeros((2, 2, 2)), "'numpy.ndarray' of the shape (2, 2, 2)"),
        (pd.Series(SQFT), "'pandas.Series' of the shape (4,)"),
        (pl.Series(SQFT), "'polars.Series' of the shape (4,)"),
        (pl.LazyFrame(HOUSES), "'polars.LazyFrame'"),
        ([[1, 2], [3]], "'list'"),
        (fitline.Config(), "'fitline.Config'"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_is_no_table_is_refused_by_its_type(data: Any, name: str) -> None:
    message = str(refusal(lambda: fitline.train(data)))
    assert "cannot read a table from an object of type" in message
    assert name in message
    assert "it takes a path" in message


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: fitline.train(SQFT, 5), "y is of type 'int'"),
        (lambda: fitline.train(SQFT, fitline.Config()), "y is of type 'Config'"),
        (lambda: fitline.train(x=SQFT), "y must be one too"),
        (lambda: fitline.train(x=SQFT, y="price"), "y must be one too"),
        (lambda: fitline.train(y=PRICE), "x must be one too"),
        (lambda: fitline.train("data/houses.csv", PRICE), "x must be one too"),
        (lambda: fitline.train("data/houses.csv", x=SQFT, y=PRICE), "name no other one"),
        (lambda: fitline.train(SQFT, PRICE[:3]), "x has 4 rows and y has 3 rows"),
        (lambda: fitline.train([], []), "0 rows cannot determine a line"),
        (lambda: fitline.train(SQFT, np.zeros((4, 2))), "y has 2 columns"),
        (lambda: fitline.train(pd.DataFrame()), "which columns are meant"),
        (lambda: fitline.train(pl.DataFrame({"x": [], "y": []})), "0 rows"),
    ],
)
def test_what_does_not_go_together_is_refused(call: Callable[[], Any], said: str) -> None:
    assert said in str(refusal(call))


def test_a_name_that_two_columns_have_is_refused_where_it_is_meant() -> None:
    frame = pd.DataFrame([[1, 9, 2], [2, 9, 4], [3, 9, 7]], columns=["a", "b", "b"])
    assert "'b' appears 2 times" in str(refusal(lambda: fitline.train(frame, x="a", y="b")))
    frame.columns = ["x", "note", "note"]
    frame["y"] = [3, 5, 7]
    assert learned(frame, x="x", y="y")[2] == [1, 2]


NOTHING = [
    ("Int64", pd.Series([1, None, 3], dtype="Int64")),
    ("Float64", pd.Series([1, None, 3], dtype="Float64")),
    ("boolean", pd.Series([True, None, False], dtype="boolean")),
    ("object", pd.Series([1, None, 3], dtype=object)),
    ("NA", [1, pd.NA, 3]),
    ("NaN", [1, np.nan, 3]),
    ("polars", pl.Series([1, None, 3])),
    ("polars bool", pl.Series([True, None, False])),
    ("masked", np.ma.array([1, 2, 3], mask=[0, 1, 0])),
    ("masked bool", np.ma.array([True, True, False], mask=[0, 1, 0])),
]


@pytest.mark.parametrize("x", [x for _, x in NOTHING], ids=[name for name, _ in NOTHING])
def test_a_missing_cell_is_named_or_left_out(x: Any) -> None:
    table = {"x": x, "y": [1, 5, 7]}
    error = refusal(lambda: fitline.train(table, x="x", y="y"))
    assert (error.line, error.unit, error.column) == (2, "row", "x")
    run = fitline.train(table, x="x", y="y", bad_rows="skip", steps=0)
    assert (run.training.moments.rows, run.training.table.skipped) == (2, 1)
    assert np.isnan(run.model.predict({"x": x})).tolist() == [False, True, False]


BOOLEANS = [True, False, True, True, False]

DRESSES = {
    "list": BOOLEANS,
    "tuple": tuple(BOOLEANS),
    "list of NumPy": [np.bool_(cell) for cell in BOOLEANS],
    "NumPy": np.array(BOOLEANS),
    "NumPy objects": np.array(BOOLEANS, dtype=object),
    "NumPy, upright": np.array(BOOLEANS)[:, None],
    "NumPy, masked": np.ma.array(BOOLEANS),
    "bytes": [b"true" if cell else b"false" for cell in BOOLEANS],
    "pandas": pd.Series(BOOLEANS),
    "pandas boolean": pd.Series(BOOLEANS, dtype="boolean"),
    "pandas objects": pd.Series(BOOLEANS, dtype=object),
    "pandas categories": pd.Series(BOOLEANS, dtype="category"),
    "polars": pl.Series(BOOLEANS),
}

FRAMES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "mapping": lambda table: table,
    "pandas": pd.DataFrame,
    "pandas' own types": lambda table: pd.DataFrame(table).convert_dtypes(),
    "polars": pl.DataFrame,
    "structured": lambda table: np.array(
        [*zip(*table.values(), strict=True)], dtype=[("b", "?"), ("x", "i8"), ("y", "f8")]
    ),
}


@pytest.mark.parametrize(
    ("booleans", "frame"),
    [
        *((booleans, "mapping") for booleans in DRESSES.values()),
        *((BOOLEANS, frame) for frame in FRAMES),
    ],
    ids=[*DRESSES, *(f"in {frame}" for frame in FRAMES)],
)
def test_booleans_are_the_texts_that_stand_in_files(
    tmp_path: Path, booleans: Any, frame: str
) -> None:
    rows = [*zip(BOOLEANS, [1, 2, 3, 4, 5], [1, 3, 2, 5, 4], strict=True)]
    path = tmp_path / "table.csv"
    path.write_text("b,x,y\n" + "".join(f"{b},{x},{y}\n".lower() for b, x, y in rows))
    table = FRAMES[frame]({"b": booleans, "x": [1, 2, 3, 4, 5], "y": [1, 3, 2, 5, 4]})
    settings: dict[str, Any] = {"x": ["b", "x"], "y": "y", "steps": 3}
    of_file, own = fitline.train(str(path), **settings), fitline.train(table, **settings)
    assert own.model.x == of_file.model.x == ("b=false", "x")
    assert own.model.theta.tolist() == of_file.model.theta.tolist()
    texts = {"b": [str(cell).lower() for cell in BOOLEANS], "x": [1, 2, 3, 4, 5]}
    assert own.model.predict(table).tolist() == of_file.model.predict(texts).tolist()


@pytest.mark.parametrize("booleans", DRESSES.values(), ids=DRESSES)
@pytest.mark.parametrize(
    "names", [{"x": "x", "y": "b"}, {"x": "x", "y": "y", "weight": "b"}], ids=["y", "weight"]
)
def test_booleans_are_no_y_and_no_weight(
    tmp_path: Path, booleans: Any, names: dict[str, str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("x,b,y\n1,true,3\n2,false,5\n3,true,8\n4,true,8\n5,false,9\n")
    of_file = refusal(lambda: fitline.train(str(path), **names))
    table = {"x": [1, 2, 3, 4, 5], "b": booleans, "y": [3, 5, 8, 8, 9]}
    own = refusal(lambda: fitline.train(table, **names))
    assert own.column == of_file.column == "b"
    assert own.value == of_file.value == "true"
    assert "b is 'true', not a number" in str(own)
    assert "b is 'true', not a number" in str(of_file)


def test_booleans_in_an_array_of_rows_are_texts() -> None:
    rows = [*map(list, zip(BOOLEANS, [1, 3, 2, 5, 4], strict=True))]
    for table in (rows, np.array(rows, dtype=object)):
        model = fitline.train(table, x="c1", y="c2", steps=0).model
        assert model.x == ("c1=false",)
        assert model.predict({"c1": [True, False]}).tolist() == [*model.theta.cumsum()]
    both = np.array([BOOLEANS, BOOLEANS]).T
    assert "c2 is 'true', not a number" in str(refusal(lambda: fitline.train(both)))


def test_numbers_are_predicted_for_no_booleans() -> None:
    for x in ([True], np.array([True]), {"sqft": [True]}, [[True]], [1500, True]):
        error = refusal(lambda x=x: MODEL.predict(x))
        assert "sqft is 'true', not a number" in str(error)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("none", "x is 'none', not a number"),
        ("", "x is missing"),
        ("1,000", "x is '1,000', not a number"),
        (dt.date(2020, 1, 2), "x is '2020-01-02', not a number"),
        ([1, 2], "x is '[1, 2]', not a number"),
        (b"c", "not a number"),
        (Decimal("Infinity"), "x is 'Infinity', not a finite number"),
        (1 + 2j, "x is '(1+2j)', not a number"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(cell: object, said: str) -> None:
    x = np.array([1, 2, None, 4], dtype=object)
    x[2] = cell
    error = refusal(lambda: fitline.train({"x": x, "y": [1, 2, 3, 4]}))
    assert str(error) == f"arrays, row 3: {said}" or said in str(error)
    assert (error.line, error.column) == (3, "x")


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (np.array([1, 2], dtype="timedelta64[D]"), "timedelta64"),
        ([1j, 2], "complex128"),
    ],
)
def test_a_column_of_another_type_is_refused_by_its_type(column: Any, kind: str) -> None:
    message = str(refusal(lambda: fitline.train({"x": column, "y": [1, 2]})))
    assert "x holds" in message
    assert "not numbers" in message
    assert kind in message


MODEL = fitline.LinearModel(("sqft",), "price", np.array([50_000.0, 100.0]))
THREE = {"price": [9, 9, 9], "sqft": [0, 1000, 1500], "note": ["?", "a", None]}


@pytest.mark.parametrize(
    "rows",
    [
        THREE,
        pd.DataFrame(THREE, index=[5, 5, 1]),
        pl.DataFrame(THREE),
        np.array([(9, 0), (9, 1000), (9, 1500)], dtype=[("price", "i4"), ("sqft", "i4")]),
        pd.DataFrame(THREE)["sqft"],
        pl.Series(THREE["sqft"]),
        np.array(THREE["sqft"]),
        np.array(THREE["sqft"])[:, None],
        [[0], [1000], [1500]],
        iter([0, 1000, 1500]),
    ],
    ids=lambda rows: type(rows).__name__,
)
def test_a_model_predicts_one_number_a_row(rows: Any) -> None:
    assert MODEL.predict(rows).tolist() == [50_000, 150_000, 200_000]


@pytest.mark.parametrize("make", [dict, pd.DataFrame, pl.DataFrame])
def test_a_model_names_the_column_that_is_not_there(make: Callable[[Any], Any]) -> None:
    error = refusal(lambda: MODEL.predict(make({"x": [1, 2, 3], "y": [2, 4, 7]})))
    assert "no column 'sqft'; it has 'x', 'y'" in str(error)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (np.zeros((3, 2)), "x has the shape (3, 2), and must have the shape (rows,) or (rows, 1)"),
        (np.zeros((1, 2)), "x has the shape (1, 2)"),
        (np.zeros((3, 0)), "x has the shape (3, 0)"),
        (np.zeros((2, 2, 2)), "x has the shape (2, 2, 2)"),
        (1500, "x is '1500', and must have the shape (rows,)"),
        ("1500", "x is '1500'"),
        (["1500", "big"], "row 2: sqft is 'big', not a number"),
        (pd.DataFrame({"sqft": [1, "big"]}), "row 2: sqft is 'big', not a number"),
        (pd.DataFrame([[1, 2]], columns=["sqft", "sqft"]), "'sqft' appears 2 times"),
    ],
)
def test_a_model_refuses_what_does_not_fit(rows: Any, said: str) -> None:
    assert said in str(refusal(lambda: MODEL.predict(rows)))


def test_a_model_of_several_features_takes_them_in_its_own_order() -> None:
    model = fitline.LinearModel(("a", "b"), "y", np.array([1.0, 2.0, 3.0]))
    frame = pd.DataFrame({"b": [100, 200], "n": ["?", "?"], "a": [10, 20]})
    assert model.predict(frame).tolist() == model.predict([[10, 100], [20, 200]]).tolist()
    assert model.predict(frame).tolist() == [321, 641]
    assert "(rows, 2): the model has 2 features, 'a', 'b'" in str(
        refusal(lambda: model.predict([10, 100]))
    )
    assert "one length" in str(refusal(lambda: model.predict({"a": [1, 2], "b": [1]})))


@settings(max_examples=15)
@given(st.lists(st.tuples(*[st.integers(-999, 999)] * 2), min_size=2, max_size=20))
def test_every_way_to_give_a_table_gives_the_same_line(rows: list[tuple[int, int]]) -> None:
    xs, ys = [x for x, _ in rows], [y for _, y in rows]
    if len(set(xs)) == 1:
        return
    named = {"x": xs, "y": ys}
    ways = [(named,), (pd.DataFrame(named),), (pl.DataFrame(named),), (np.array(rows),), (xs, ys)]
    found = [learned(*way)[2] for way in ways]
    n, sx, sy = len(rows), sum(xs), sum(ys)
    slope = Fraction(
        n * sum(x * y for x, y in rows) - sx * sy, n * sum(x * x for x in xs) - sx * sx
    )
    right = [float((sy - slope * sx) / n), float(slope)]
    assert found == [pytest.approx(right, rel=1e-12, abs=1e-12)] * len(ways)
    assert all(one == found[0] for one in found)


class Stream:
    """Columns as an Arrow stream, and nothing more."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


class Exchanged:
    """Columns by the older protocol, and nothing more."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def __dataframe__(self, **options: Any) -> object:
        return self._frame.__dataframe__(**options)


MOMENTS = [dt.datetime(2024, 3, day, hour) for day, hour in ((1, 0), (3, 12), (3, 18), (9, 6))]  # noqa: DTZ001
TYPED = pl.DataFrame(
    {
        "day": [dt.date(2024, 3, day) for day in (1, 3, 8, 9)],
        "time": MOMENTS,
        "kind": pl.Series(["b", "a", "b", "c"], dtype=pl.Categorical),
        "n": [1, 2, None, 4],
        "y": [1.5, 2.0, 3.25, 7.0],
    }
)
WAYS: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda frame: frame,
    "pandas": lambda frame: pd.DataFrame(
        {
            **{name: frame[name].to_list() for name in ("n", "y")},
            **{name: pd.to_datetime(pd.Series(frame[name].to_list())) for name in ("day", "time")},
            "kind": pd.Series(frame["kind"].to_list(), dtype="category"),
        }
    ),
    "pandas with a zone": lambda frame: pd.DataFrame(
        {
            "day": pd.to_datetime(pd.Series(frame["day"].to_list())),
            "time": pd.to_datetime(pd.Series(frame["time"].to_list())).dt.tz_localize("UTC"),
            **{name: frame[name].to_list() for name in ("kind", "n", "y")},
        }
    ),
    "arrays": lambda frame: {name: frame[name].to_numpy() for name in frame.columns},
    "masked arrays": lambda frame: {
        name: np.ma.masked_array(frame[name].to_numpy(), frame[name].is_null().to_numpy())
        for name in frame.columns
    },
    "a stream": Stream,
    "a table exchanged": lambda frame: Exchanged(WAYS["pandas"](frame)),
}


@pytest.fixture(scope="module")
def of_parquet(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., LinearModel]:
    """Train on the same rows in a file, once with each choice."""
    table = tmp_path_factory.mktemp("typed") / "t.parquet"
    TYPED.write_parquet(table)

    @cache
    def trained(x: str, **options: Any) -> LinearModel:
        chosen = {"x": x.split(","), "y": "y", "steps": 3, "missing": "skip", **options}
        return fitline.train(table, **chosen).model

    return trained


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("x", "options"),
    [
        *((x, {}) for x in ("day", "time", "kind", "n", "day,kind")),
        *((x, {"date_format": "%d.%m.%Y"}) for x in ("day", "time", "n")),
    ],
)
def test_dates_and_categories_are_those_of_a_file(
    of_parquet: Callable[..., LinearModel], way: str, options: dict[str, Any], x: str
) -> None:
    wanted = of_parquet(x, **options)
    chosen = {"x": x.split(","), "y": "y", "steps": 3, "missing": "skip", **options}
    found = fitline.train(WAYS[way](TYPED), **chosen).model
    assert (found.x, dict(found.units)) == (wanted.x, dict(wanted.units))
    assert found.theta.tolist() == wanted.theta.tolist()
    rows = WAYS[way](TYPED[:2])
    assert found.predict(rows).tolist() == wanted.predict(rows).tolist()


def test_a_stream_is_read_once() -> None:
    reads = []

    class Once(Stream):
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            reads.append(requested_schema)
            return super().__arrow_c_stream__(requested_schema)

    assert fitline.train(Once(TYPED), x="day", y="y").model.x == ("day",)
    assert len(reads) == 1
