"""Features made of columns: levels of text and formulas, whatever the kind of the table."""

import json
import math
import re
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from itertools import permutations
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from fitline import DataError, FileError, LinearModel, train
from fitline.data import Reading, Table, open_table
from fitline.data.predictions import Predictions

Write = Callable[..., str]
Refused = Callable[..., DataError]

HOUSES: list[tuple[float, str, float]] = [
    (1000, "old town", 100),
    (1500, "centre", 290),
    (1200, "north", 180),
    (2000, "centre", 390),
    (1700, "north", 240),
    (900, "centre", 160),
    (1100, " centre ", 205),
]
COLUMNS = ("sqft", "area", "price")
KINDS = ["csv", "jsonl", "parquet", "arrays"]


def table_of(kind: str, folder: Path, rows: Sequence[tuple[Any, ...]] = HOUSES) -> Any:
    """Write the rows as a table of this kind, or give them as arrays."""
    path = folder / f"table.{kind}"
    if kind == "arrays":
        return dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    if kind == "parquet":
        values = ", ".join(f"({x}, '{text}', {y})" for x, text, y in rows)
        named = f"(values {values}) as t({', '.join(COLUMNS)})"
        duckdb.sql(f"copy (from {named}) to '{path}'")
    elif kind == "jsonl":
        lines = (json.dumps(dict(zip(COLUMNS, row, strict=True))) for row in rows)
        path.write_text("".join(f"{line}\n" for line in lines))
    else:
        lines = (",".join(map(str, row)) for row in rows)
        path.write_text("".join(f"{line}\n" for line in [",".join(COLUMNS), *lines]))
    return str(path)


def design(table: Table) -> tuple[list[list[float]], list[float]]:
    moments = table.moments()
    rows = table.rows(moments)
    return rows.x.tolist(), rows.y.tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_text_becomes_a_feature_for_each_level_but_the_most_frequent(
    kind: str, tmp_path: Path
) -> None:
    table = open_table(table_of(kind, tmp_path), ["sqft", "area"], "price")
    assert table.columns == ("sqft", "area=north", "area=old town", "price")
    assert table.levels == {"area": ("centre", "north", "old town")}
    (_, north, old_town), _ = design(table)
    texts = [text.strip() for _, text, _ in HOUSES]
    assert north == [float(text == "north") for text in texts]
    assert old_town == [float(text == "old town") for text in texts]
    assert table.notes == ["area holds text: 'north', 'old town' are compared with 'centre'"]


def test_one_level_is_compared_with_the_base() -> None:
    table = open_table({"kind": ["a", "b", "a"], "y": [1, 2, 3]}, "kind", "y")
    table.moments()
    assert table.notes == ["kind holds text: 'b' is compared with 'a'"]


@pytest.mark.parametrize("kind", KINDS)
def test_formulas_of_columns_are_features_and_may_be_predicted(kind: str, tmp_path: Path) -> None:
    data = table_of(kind, tmp_path)
    table = open_table(data, ["sqft", "sqft^2", "log(sqft)"], "sqrt(price)")
    assert table.columns == ("sqft", "sqft^2", "log(sqft)", "sqrt(price)")
    x, y = design(table)
    sqft = [row[0] for row in HOUSES]
    assert x == [sqft, [v * v for v in sqft], [math.log(v) for v in sqft]]
    assert y == [math.sqrt(row[2]) for row in HOUSES]


def test_the_fit_of_levels_is_that_of_their_indicators(tmp_path: Path) -> None:
    run = train(table_of("csv", tmp_path), x=["sqft", "area"], y="price", learning_rate="auto")
    texts = [text.strip() for _, text, _ in HOUSES]
    ones = np.ones(len(HOUSES))
    columns = [ones, [row[0] for row in HOUSES]]
    columns += [[float(text == level) for text in texts] for level in ("north", "old town")]
    expected = np.linalg.lstsq(np.transpose(columns), [row[2] for row in HOUSES])[0]
    assert run.minimum.theta == pytest.approx(expected, rel=1e-9)


def test_a_model_predicts_the_same_from_every_kind_of_table(tmp_path: Path) -> None:
    x = ["sqft", "area", "log(sqft)"]
    run = train(table_of("csv", tmp_path), x=x, y="price", learning_rate="auto")
    run.save(tmp_path / "model.json")
    model = LinearModel.load(tmp_path / "model.json")
    assert model.inputs == run.model.inputs
    frame = table_of("arrays", tmp_path)
    expected = run.model.predict(frame)
    assert model.predict(frame).tolist() == expected.tolist()
    for kind in ("csv", "jsonl", "parquet"):
        data = table_of(kind, tmp_path)
        table = open_table(data, model.inputs and model.inputs.known, to_predict=True)
        found = [row[-1] for row in Predictions(table, model.theta.tolist()).rows()]
        assert found == pytest.approx(expected, rel=1e-14)


WITHOUT_A_VALUE = [
    ("log(sqft-2)", 2, "log(sqft-2) has no value, since sqft-2 is 0"),
    ("1/(sqft-2)", 2, "1/(sqft-2) has no value, since sqft-2 is 0"),
    ("exp(sqft)", 1000, "exp(sqft) overflows a float64, since sqft is 1,000"),
    ("sqft^40", 1e9, "sqft^40 overflows a float64, since sqft is 1,000,000,000"),
]


@pytest.mark.parametrize(
    ("kind", "formula", "value", "said"),
    [(kind, *case) for nth, kind in enumerate(KINDS) for case in WITHOUT_A_VALUE[nth % 2 :: 2]],
)
def test_a_formula_without_a_value_makes_a_bad_row(
    kind: str, formula: str, value: float, said: str, tmp_path: Path
) -> None:
    rows = [(3, "a", 5), (4, "b", 6), (value, "a", 1), (5, "b", 9)]
    data, x = table_of(kind, tmp_path, rows), ["sqft", formula]
    with pytest.raises(DataError) as caught:
        open_table(data, x, "price").moments()
    error = caught.value
    assert error.message == said
    assert (error.line, error.column) == (4 if kind == "csv" else 3, formula)
    table = open_table(data, x, "price", Reading(bad_rows="skip"))
    assert table.moments().rows == 3
    assert (table.skipped, table.missing) == (1, 0)


def test_a_level_that_training_has_not_seen_is_a_bad_row(write: Write) -> None:
    path = write("area,sqft\nnorth,1\nsouth,2\n")
    known = {"sqft": (), "area": ("centre", "north")}
    table = open_table(path, known, to_predict=True)
    with pytest.raises(DataError) as caught:
        list(Predictions(table, [1.0, 2.0, 3.0]).rows())
    told = f"{path}, line 3: area is 'south', not one of the levels 'centre', 'north'"
    assert str(caught.value) == told


def test_a_missing_level_is_a_missing_value(write: Write) -> None:
    path = write("area,price\nnorth,1\nNA,2\nsouth,4\nnorth,2\n")
    table = open_table(path, "area", "price", Reading(missing="skip"))
    assert table.moments().rows == 3
    assert (table.columns, table.missing) == (("area=south", "price"), 1)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([f"label {nth}" for nth in range(101)], "'t' holds text of more than 100 levels"),
        (["a"] * 5, "'t' is 'a' in all rows, so it tells nothing"),
    ],
)
def test_text_that_is_no_feature_is_refused(
    write: Write, refused: Refused, cells: list[str], said: str
) -> None:
    path = write("t,y\n" + "".join(f"{cell},{nth}\n" for nth, cell in enumerate(cells)))
    error = refused(path, "t", "y")
    assert error.message.startswith(said)
    assert error.column == "t"


@pytest.mark.parametrize("cell", ["$1000", "01.02.2020", "12 %"])
def test_what_may_be_a_number_is_no_level(write: Write, refused: Refused, cell: str) -> None:
    error = refused(write(f"t;y\n{cell};1\n{cell};2\n"), "t", "y")
    assert "not a number" in str(error)


@pytest.mark.parametrize(
    "cells",
    [
        ("18-24", "25-34", "65+"),
        ("A+", "B-", "0+"),
        ("<5", "5-10", ">10"),
        ("2020/21", "2021/22", "2022/23"),
        ("1/2", "3/4", "1/4"),
        ("★", "★★", "★★★"),
        ("12345-678", "12345-679", "12345-680"),
        ("+", "%", "#"),
    ],
)
def test_groups_and_signs_are_levels(write: Write, cells: tuple[str, ...]) -> None:
    rows = "".join(f"{cell},{nth}\n" for nth, cell in enumerate(cells * 3))
    with open_table(write(f"t,y\n{rows}"), "t", "y") as table:
        table.moments()
        assert set(table.levels["t"]) == {*cells}


@pytest.mark.usefixtures("short_look")
@pytest.mark.parametrize("odd", ["1", "5%", "1,5", "inf", "12:30", "+", "\x07"])
@pytest.mark.parametrize("place", [0, 7, 15])
def test_an_odd_cell_is_a_level_like_others_wherever_it_stands(
    write: Write, odd: str, place: int
) -> None:
    cells = [f'"{text}"' for text in ["m", "f", "m"] * 6]
    cells[place] = f'"{odd}"'
    rows = "".join(f"{cell},{nth % 7}\n" for nth, cell in enumerate(cells))
    with open_table(write(f"t,y\n{rows}"), "t", "y") as table:
        assert table.moments().rows == 18
        assert set(table.levels["t"]) == {"m", "f", odd}


def test_the_base_is_the_most_frequent_level_of_the_rows_that_are_used(write: Write) -> None:
    path = write("t,y\na,\na,\na,\na,1\na,2\nb,1\nb,2\nb,5\nc,6\n")
    with open_table(path, "t", "y", Reading(missing="skip")) as table:
        table.moments()
        assert table.levels == {"t": ("b", "a", "c")}


def test_a_quote_without_its_end_is_said_before_levels_are(write: Write, refused: Refused) -> None:
    error = refused(write('x,y,t\n0,0,a\n1,1,"\n2,4,b\n3,9,a\n4,1,b\n'), ["x", "t"], "y")
    assert error.message.startswith("the quotes do not match")
    assert error.line == 3


def test_bytes_are_the_text_that_they_hold() -> None:
    numbers, levels = np.array([b"1", b"2", b"4", b"3"]), [b"a", b"b", b"a", b"c"]
    data = {"x": numbers, "t": levels, "y": [1.0, 3, 2, 5]}
    with open_table(data, ["x", "t"], "y") as table:
        table.moments()
        assert table.columns == ("x", "t=b", "t=c", "y")


def test_a_column_that_was_not_named_is_no_text_feature(write: Write, refused: Refused) -> None:
    error = refused(write("name,price\na,1\nb,2\n"))
    assert "name is 'a', not a number" in str(error)


def test_what_a_formula_tells_is_predicted_beside_it(tmp_path: Path) -> None:
    data = table_of("csv", tmp_path)
    run = train(data, x=["sqft", "area"], y="2*log(price)-1", learning_rate="auto")
    run.save(tmp_path / "model.json")
    model = LinearModel.load(tmp_path / "model.json")
    assert model.told == "price"
    table = open_table(data, model.inputs and model.inputs.known, to_predict=True)
    predictions = Predictions(table, model.theta.tolist(), model.formulas)
    predictions.write(tmp_path / "out.parquet")
    assert predictions.header[-2:] == ["prediction", "predicted price"]
    rows = duckdb.sql(f"select * from '{tmp_path / 'out.parquet'}'").fetchall()
    assert [row[-2:] for row in rows] == [tuple(row[-2:]) for row in predictions.rows()]
    for *_, price, prediction, told in rows:
        assert told == pytest.approx(math.exp((prediction + 1) / 2), rel=1e-14)
        assert told == pytest.approx(price, rel=0.3)


@pytest.mark.parametrize("y", ["price^2 + price", "sqft + price", "2^price", "price * 0"])
def test_a_formula_that_tells_no_column_is_predicted_alone(y: str, tmp_path: Path) -> None:
    data = table_of("csv", tmp_path, [(row[0], str(row[2]), row[2]) for row in HOUSES])
    with open_table(data, "area", y.replace("2^price", "1.01^price")) as table:
        assert table.told == ""


@pytest.mark.parametrize("told", ["sqft", "x", "price^2"])
def test_a_model_that_tells_another_column_is_refused(told: str, tmp_path: Path) -> None:
    model = {"x": ["x"], "y": "log(price)", "theta": [1, 2], "told": told}
    (tmp_path / "m.json").write_text(json.dumps({"model": model}))
    with pytest.raises(FileError, match="does not tell"):
        LinearModel.load(tmp_path / "m.json")


@pytest.mark.parametrize("y", [None, "price"])
def test_a_column_that_a_model_knows_as_numbers_is_never_text(write: Write, y: str | None) -> None:
    path = write("sqft,price\na,1\nb,2\na,3\n")
    with open_table(path, {"sqft": ()}, y, to_predict=y is None) as table:
        assert table.columns[0] == "sqft"
    with open_table(path, "sqft", y, to_predict=y is None) as table:
        assert table.columns[0] == ("sqft=b" if y else "sqft")


@pytest.mark.parametrize(
    "inputs",
    [
        {"typed": ["z"], "columns": ["x"], "levels": {}},
        {"typed": ["x"], "columns": [], "levels": {}},
        {"typed": ["x", "x"], "columns": ["x"], "levels": {}},
        {"typed": ["log(z)"], "columns": ["x"], "levels": {}},
        {"typed": ["log("], "columns": ["x"], "levels": {}},
        {"typed": ["x"], "columns": ["x"], "levels": {"x": ["a"]}},
        {"typed": ["x"], "columns": ["x"], "levels": {"x": []}},
        {"typed": ["x"], "columns": ["x"], "levels": {"x": [1, 2]}},
        {"typed": ["x"], "columns": ["x"], "levels": []},
        {"typed": "x", "columns": ["x"], "levels": {}},
        [],
        "x",
    ],
)
def test_a_model_whose_inputs_do_not_make_its_features_is_refused(
    inputs: Any, tmp_path: Path
) -> None:
    model = {"x": ["x"], "y": "y", "theta": [1, 2], "inputs": inputs}
    (tmp_path / "m.json").write_text(json.dumps({"model": model}))
    with pytest.raises(FileError, match="holds no model"):
        LinearModel.load(tmp_path / "m.json")


def test_a_column_whose_first_cells_are_missing_is_text_by_the_others(write: Write) -> None:
    rows = [",1"] * 150 + ["a,2", "b,3", "a,4"]
    path = write("\n".join(["k,y", *rows, ""]))
    table = open_table(path, "k", "y", Reading(missing="skip"))
    assert (table.columns, table.moments().rows) == (("k=b", "y"), 3)


def test_an_equation_multiplies_sums_in_parentheses(write: Write) -> None:
    path = write("a,b-c,y\n1,2,3\n2,5,4\n4,1,9\n3,3,3\n7,2,1\n")
    x = ["a-1", "log(a+1)", "`b-c`^2", "b-c"]
    run = train(path, x=x, y="y", theta=(0, 1, 2, 3, 4), steps=0)
    assert run.model.equation == "y = 0 + 1 × (a-1) + 2 × log(a+1) + 3 × `b-c`^2 + 4 × b-c"


def test_a_level_that_occurs_in_skipped_rows_alone_is_no_level(write: Write) -> None:
    path = write("k,y\nz,\nz,\nz,x\na,1\na,2\nb,5\nb,6\nc,\n")
    table = open_table(path, "k", "y", Reading(bad_rows="skip"))
    assert table.moments().rows == 4
    assert (table.columns, table.levels) == (("k=b", "y"), {"k": ("a", "b")})
    known = open_table(path, {"k": ("a", "b", "c")}, "y", Reading(bad_rows="skip"))
    known.moments()
    assert known.columns == ("k=b", "k=c", "y")


@pytest.mark.parametrize("cells", [[0, 1], [0.0], [7], [True], ["z"]])
def test_a_number_is_no_place_of_a_level(cells: list[Any], tmp_path: Path) -> None:
    model = {"x": ["k=b"], "y": "y", "theta": [1, 2]}
    inputs = {"typed": ["k"], "columns": ["k"], "levels": {"k": ["a", "b"]}}
    (tmp_path / "m.json").write_text(json.dumps({"model": model | {"inputs": inputs}}))
    loaded = LinearModel.load(tmp_path / "m.json")
    assert loaded.predict({"k": ["a", "b"]}).tolist() == [1, 3]
    with pytest.raises(DataError, match="not one of the levels 'a', 'b'"):
        loaded.predict({"k": cells})


@pytest.mark.parametrize(
    ("header", "formula", "values"),
    [
        (",a,y", "log(@1)", [1, 2, 3]),
        ("x,@1,y", "log(@1)", [2, 5, 3]),
        ("x,@1,y", "log(@2)", [2, 5, 3]),
        ("x,a,y", "log(@1)", [1, 2, 3]),
        ("`,a,y", "log(@1)", [1, 2, 3]),
    ],
)
def test_a_place_in_a_formula_means_what_it_means_alone(
    write: Write, header: str, formula: str, values: list[float]
) -> None:
    table = open_table(write(f"{header}\n1,2,3\n2,5,4\n3,3,9\n"), formula, "y")
    (x,), _ = design(table)
    assert x == [math.log(value) for value in values]


def test_features_of_one_name_have_their_places_in_theirs() -> None:
    data = pd.DataFrame([[1, 2, "u", 3], [2, 1, "v", 5], [3, 4, "u", 4]], columns=[*"aaby"])
    table = open_table(data, ["@1", "@2", "b"], "y")
    assert table.columns == ("a @1", "a @2", "b=v", "y")
    assert table.inputs is not None
    assert table.inputs.typed == ("@1", "@2", "b")
    assert open_table(data, ["@2", "b"], "y").columns == ("a", "b=v", "y")
    model = train(data, x=["@1", "@2"], y="y").model
    assert (
        model.predict(data).tolist() == model.predict(np.array([[1, 2], [2, 1], [3, 4]])).tolist()
    )


SPELLED = {
    "a formula": ("a,y\n2,1\n4,2\n6,5\n", "log(a)", "a,log(a),y\n2,100,1\n4,200,2\n6,300,5\n"),
    "a column": ("a,log(a),y\n2,100,1\n4,200,2\n6,300,5\n", "log(a)", "a,y\n2,1\n4,2\n6,5\n"),
    "a name": ("lot-size,y\n1,3\n2,5\n4,4\n", "lot-size", "lot,size,y\n9,1,3\n8,2,5\n"),
}


@pytest.mark.parametrize("kind", SPELLED)
def test_a_model_tells_a_formula_from_a_column_of_the_same_name(
    kind: str, write: Write, tmp_path: Path
) -> None:
    own, x, other = SPELLED[kind]
    run = train(write(own, "own.csv"), x=x, y="y", learning_rate="auto")
    run.save(tmp_path / "m.json")
    model = LinearModel.load(tmp_path / "m.json")
    assert model.known == run.model.known
    path = write(other, "other.csv")
    if kind != "a formula":
        with pytest.raises(DataError, match=f"no column '{re.escape(x)}'"):
            open_table(path, model.known, to_predict=True)
        return
    table = open_table(path, model.known, to_predict=True)
    found = [row[-1] for row in Predictions(table, model.theta.tolist()).rows()]
    expected = model.predict({"a": [2, 4, 6], "log(a)": [100, 200, 300]})
    assert found == pytest.approx(expected, rel=1e-14)
    assert expected == pytest.approx(model.predict({"a": [2, 4, 6]}))


def test_a_formula_that_is_predicted_is_no_column_of_its_name(
    write: Write, tmp_path: Path
) -> None:
    run = train(write("a,y\n2,1\n4,2\n6,5\n", "own.csv"), x="a", y="log(y)")
    run.save(tmp_path / "m.json")
    model = LinearModel.load(tmp_path / "m.json")
    path = write("a,log(y),y\n2,100,1\n4,200,2\n6,300,5\n", "other.csv")
    table = open_table(path, model.known, model.target)
    assert table.moments().fit.theta.tolist() == run.minimum.theta.tolist()


def test_dates_in_a_column_whose_name_appears_twice_are_predicted_from() -> None:
    days = ["2020-01-01", "2020-01-03", "2020-01-02"]
    data = pd.DataFrame({"d": days, "d ": [1, 5, 2], "y": [3, 7, 5]}).rename(columns=str.strip)
    model = train(data, x="@1", y="y", learning_rate="auto").model
    assert model.predict(data) == pytest.approx([3, 7, 5])


NUMBERS = ["tinyint", "bigint", "ubigint", "hugeint", "float", "double", "decimal(5, 2)"]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "arrays", *NUMBERS])
def test_a_number_is_no_level_but_by_its_text_and_no_date(tmp_path: Path, kind: str) -> None:
    """Whatever the type of the column is, here of Parquet."""
    rows, seven, eight = [(0, "7", 0), (1, "8", 1)], "7", "8"
    if kind in NUMBERS:
        data: Any = str(tmp_path / "table.parquet")
        of_kind = f"range as sqft, (range + 7)::{kind} as area, range as price from range(2)"
        duckdb.sql(f"copy (select {of_kind}) to '{data}'")
        (seven, eight) = (
            duckdb.sql(f"select area::varchar from '{data}'").fetchnumpy().popitem()[1]
        )
    else:
        data = table_of(kind, tmp_path, rows)
    if kind == "arrays":
        data, seven, eight = {**data, "area": np.array([7, 8])}, "7.0", "8.0"

    def told(x: Any, **known: Any) -> str:
        with pytest.raises(DataError) as caught:
            open_table(data, x, "price", **known).moments()
        return str(caught.value)

    assert f"area is '{seven}', not one of the levels 'A', 'B'" in told({"area": "AB", "sqft": ()})
    assert f"area is '{seven}', not a date" in told(["area", "sqft"], dates=["area"])

    if kind == "arrays":  # predictions of these are made in memory
        return
    levels = {"area": ("A", eight, seven), "sqft": ()}
    predictions = Predictions(open_table(data, levels, to_predict=True), [10, 1, 2, 4])
    assert [row[-1] for row in predictions.pairs()] == [12, 15]
    predictions.write(str(tmp_path / "out.parquet"))
    written = duckdb.sql(f"select prediction from '{tmp_path / 'out.parquet'}'")
    assert written.fetchall() == [(12,), (15,)]


def test_a_level_of_rows_without_a_value_makes_no_row_bad(write: Write, tmp_path: Path) -> None:
    rejects = str(tmp_path / "rejects.csv")
    path = write("x,t,y\n1,A,2\n2,B,3\n,C,4\n3,A,5\n4,B,7\n")
    table = open_table(path, ("x", "t"), "y", Reading(missing="skip"), rejects=rejects)
    assert table.moments().rows == 4
    assert (table.missing, table.levels) == (1, {"t": ("A", "B")})
    assert Path(rejects).read_text().splitlines()[1].endswith(",4,x,,x is missing")


NAMES_ALIKE = {
    "t,t=A": {"t": ["A", "B", "A", "B", "B", "C", "B"], "t=A": [1.0, 2, 3, 4, 9, 5, 7]},
    "t,t=A as text": {"t": ["A=A", "B", "B", "C"] * 2, "t=A": ["A", "B", "C", "B"] * 2},
    "a line end": {"t\nu": ["A", "B", "B", "C"] * 2, "t\nu=A": [1.0, 2, 4, 9, 3, 5, 1, 7]},
}


@pytest.mark.parametrize("case", NAMES_ALIKE)
def test_a_model_whose_features_would_have_one_name_is_saved_and_loaded(
    case: str, tmp_path: Path
) -> None:
    columns = NAMES_ALIKE[case]
    y = [2.0, 5, 4, 1, 3, 5, 1, 6][: len(next(iter(columns.values())))]
    model = train({**columns, "y": y}, x=tuple(columns), y="y", steps=9).model
    assert any(re.search(r" @\d", name) for name in model.x)
    model.save(tmp_path / "model.json")
    again = LinearModel.load(tmp_path / "model.json")
    assert again.predict(columns).tolist() == model.predict(columns).tolist()


def test_a_column_at_a_place_must_have_the_name_that_it_had(tmp_path: Path, write: Write) -> None:
    path = write("h,h,y\n1,2,3\n2,5,5\n3,6,7\n4,8,1\n")
    model = train(path, x=("@1", "@2"), y="y", steps=9).model
    model.save(tmp_path / "model.json")
    inputs = LinearModel.load(tmp_path / "model.json").inputs
    assert inputs is not None
    inputs.require_names("other.csv", ("h", "h", "z"))
    with pytest.raises(DataError, match=r"column 1 is 'y', and of the table .* it is 'h'"):
        inputs.require_names("other.csv", ("y", "h", "h"))


def test_of_columns_of_one_name_a_model_takes_the_one_that_it_knows(write: Write) -> None:
    columns = ["z", "h", "k", "h", "z", "y"]
    path = write(",".join(columns) + "\n1,2,3,4,5,6\n2,5,5,1,2,3\n3,6,7,9,2,1\n")
    with open_table(path, ["@4", "k"], "y") as table:
        inputs = table.inputs
    assert inputs is not None
    assert inputs.places == {"@2": "h", "@4": "h"}
    for order in set(permutations(columns)):
        is_same = order[1] == order[3] == "h"
        with nullcontext() if is_same else pytest.raises(DataError, match="is 'h'"):
            inputs.require_names("other.csv", order)
    with pytest.raises(DataError, match="column 4 is missing, and of the table"):
        inputs.require_names("other.csv", ["k", "h", "y"])


@pytest.mark.parametrize("text", ['x,y,n\n\r\na""', 'x,y,n\n"1,2,a\n3,4,b\n5,\r6,\n'])
def test_text_in_rows_of_which_none_can_be_read_has_no_levels(
    refused: Refused, write: Write, text: str
) -> None:
    assert refused(write(text), "x", "y").message
