"""Formulas of columns: what they mean, that Python and SQL agree, and what is advised."""

import math
import struct
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitline.data import engine, open_table, sql
from fitline.data.formulas import is_formula, parse, rules
from fitline.data.formulas.tree import Formula, NoValueError
from fitline.errors import ConfigError, DataError, FitlineError

COLUMNS = ["a", "b", "c"]
HOUSES = ["sqft", "price", "Lot Area", "1stFlr", "lot-area", "twin", "twin", "a+b", "we`ird"]
ROWS = 5

SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.0, -3.0, 0.5, 5e-324, -5e-324, 1e-310, 1e308, -1e308, 1e154]
CELLS = st.one_of(st.sampled_from(SPECIAL), st.floats(allow_nan=False, allow_infinity=False))

LEAVES = st.sampled_from([*COLUMNS, *COLUMNS, "0", "1", "2", "3", "0.5", "1e200", "5e-324", ".1"])


def texts(operators: str, functions: list[str], powers: list[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        LEAVES,
        lambda parts: st.one_of(
            st.builds("({}{}{})".format, parts, st.sampled_from(operators), parts),
            st.builds("{}({})".format, st.sampled_from(functions), parts),
            st.builds("({})^{}".format, parts, st.sampled_from(powers)),
        ),
        max_leaves=8,
    )


ARITHMETIC = texts("+-*/", ["-", "sqrt"], ["2", "3"])
TEXTS = texts("+-*/^", ["-", "sqrt", "log", "exp"], ["2", "3", "0.5", "-1", "0"])


def formula(text: str, columns: list[str] = COLUMNS) -> Formula:
    return parse("houses.csv", columns, text, "x")


def formulas(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Formula]:
    """Leave out constants, and what holds one without a value."""
    return texts.map(lambda text: f"({text})").filter(is_accepted).map(formula)


def is_accepted(text: str) -> bool:
    try:
        return bool(formula(text))
    except ConfigError:
        return False


def value_or_none(of: Formula, cells: dict[int, float]) -> float | None:
    try:
        return of.value(cells)
    except NoValueError:
        return None


def bits(value: float | None) -> bytes | None:
    return None if value is None else struct.pack("d", value)


@pytest.fixture(scope="module")
def database() -> Iterator[engine.Engine]:
    with engine.Engine() as database:
        yield database


# What a text means.


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a + b * c", 2 + 3 * 5),
        ("a*b+c", 2 * 3 + 5),
        ("a - b - c", 2 - 3 - 5),
        ("c / a / b", 5 / 2 / 3),
        ("c / (a / b)", 5 / (2 / 3)),
        ("-a^2", -4),
        ("(-a)^2", 4),
        ("-a * b", -6),
        ("a*-b", -6),
        ("a - -b", 5),
        ("--a", 2),
        ("2^3^a", 2**9),
        ("(2^3)^a", 8**2),
        ("a^-b", 0.125),
        ("2^-a^2", 0.0625),
        ("2^-a*b", 0.75),
        ("sqrt(a+a)", 2),
        ("log(exp(a))", 2),
        ("log (a) * 0 + 1", 1),
        (" ( a )\t+ 1e-3 ", 2.001),
        ("a + 1.5e+1 + .5 + 1.", 18.5),
        ("@1 * @3", 10),
        ("`a`*`c`", 10),
        ("(a)", 2),
    ],
)
def test_a_formula_is_read_as_in_a_textbook(text: str, value: float) -> None:
    assert formula(text).value({0: 2.0, 1: 3.0, 2: 5.0}) == value


def test_a_formula_keeps_its_text_and_the_places_of_its_columns() -> None:
    parsed = formula("  c*a + log( c ) ")
    assert parsed.text == "c*a + log( c )"
    assert parsed.places == (2, 0)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("größe^1", 0),
        ("a.b_c^1", 1),
        ("`a b`^1", 2),
        ("`we``ird`^1", 3),
        ("``^1", 4),
        ("log^1", 5),
        ("log(log)", 5),
        ("`log`+0", 5),
    ],
)
def test_any_name_can_stand_in_a_formula(text: str, place: int) -> None:
    names = ["größe", "a.b_c", "a b", "we`ird", "", "log"]
    assert formula(text, names).places == (place,)


@pytest.mark.parametrize("name", ["a+b", "log(a)", "2*3", "`a`", "a b", "-", "@2", "a^"])
def test_the_very_name_of_a_column_is_no_formula(name: str) -> None:
    columns = ["a", "b", name]
    assert not is_formula(columns, name)
    parsed = formula(name, columns)
    assert (parsed.text, parsed.places, parsed.value({2: 7.0})) == (name, (2,), 7.0)


@pytest.mark.parametrize("text", ["a", "c", "@2", "no such", "sqft"])
def test_a_text_without_a_sign_is_no_formula(text: str) -> None:
    assert not is_formula(COLUMNS, text)


# Python and SQL.


@settings(max_examples=50)
@given(
    parsed=st.lists(formulas(TEXTS), min_size=5, max_size=5),
    rows=st.lists(st.tuples(*[CELLS] * 3), min_size=ROWS, max_size=ROWS),
    short=st.sampled_from([0, rules.SHORT]),
)
def test_the_engine_computes_the_bits_of_python(
    database: engine.Engine, parsed: list[Formula], rows: list[tuple[float, ...]], short: int
) -> None:
    cells = [dict(enumerate(row)) for row in rows]
    expected = [tuple(bits(value_or_none(one, row)) for one in parsed) for row in cells]
    table = np.array(rows).T
    database.register("arrays", {name: table[at] for at, name in enumerate(COLUMNS)})
    database.fetch("create or replace table stored as from arrays")  # with statistics
    constants = ", ".join(f"({', '.join(map(sql.number, row))})" for row in rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "SHORT", short)
        columns = [one.sql(dict(enumerate(COLUMNS))) for one in parsed]
    for source in ("arrays", "stored", f"(values {constants}) as t(a, b, c)"):
        found = database.fetch(f"select {', '.join(columns)} from {source}")
        found = [tuple(map(bits, values)) for values in found]
        assert found == expected, source


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("1/a^2", 1e200),
        ("1/exp(1/a)", 0.0),
        ("exp(-a^2)", 1e200),
        ("log(a)^0", 0.0),
        ("1^(a+a)", 1e308),
        ("(a*0 + 2)^(-a^2)", 1e200),
        ("0 * (a+a)", 1e308),
    ],
)
def test_a_step_without_a_value_is_lost_in_no_later_one(
    text: str, cell: float, database: engine.Engine
) -> None:
    parsed = formula(text)
    assert value_or_none(parsed, {0: cell}) is None
    assert np.isnan(parsed.of_arrays({0: np.array([cell])})).all()
    assert database.fetch(f"select {parsed.sql({0: sql.number(cell)})}") == [(None,)]


@pytest.mark.parametrize("text", ["a^0", "1^a", "a*0", "exp(a)", "-a", "a^2", "(a+b)^(b-b)"])
def test_an_empty_cell_gives_no_value(database: engine.Engine, text: str) -> None:
    query = f"select {formula(text).sql({0: 'null::double', 1: '1e0'})}"
    assert database.fetch(query) == [(None,)]


@pytest.mark.parametrize(
    ("text", "product"), [("a^2", lambda a: a * a), ("a^3", lambda a: a * a * a)]
)
def test_a_square_and_a_cube_are_products(
    text: str, product: Callable[[float], float], database: engine.Engine
) -> None:
    cells = np.random.default_rng(1).uniform(-1e3, 1e3, 2_000)
    expected = [product(cell) for cell in cells.tolist()]
    assert expected != [math.pow(cell, int(text[-1])) for cell in cells.tolist()]
    assert [formula(text).value({0: cell}) for cell in cells.tolist()] == expected
    assert formula(text).of_arrays({0: cells}).tolist() == expected
    database.register("cells", {"a": cells})
    query = f"select {formula(text).sql({0: 'a'})} from cells"
    assert [value for (value,) in database.fetch(query)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50 + "a" + "^2)" * 50,
        "1/(a+" * 33 + "b" + ")" * 33,
        "exp(" * 50 + "a" + ")" * 50,
        "sqrt(" * 50 + "a" + ")" * 50,
        "a^" * 50 + "b",
        "a" + "+a" * 100,
        "-" * 100 + "a",
    ],
)
def test_a_deep_formula_becomes_sql_of_moderate_length(database: engine.Engine, text: str) -> None:
    query = formula(text).sql({0: "a", 1: "b"})
    assert len(query) < 100 * rules.SHORT
    assert len(database.fetch(f"select {query} from (select 1e0 as a, 2e0 as b)")) == 1


# Arrays.


@settings(max_examples=100)
@given(
    parsed=formulas(ARITHMETIC),
    rows=st.lists(st.tuples(*[CELLS] * 3), min_size=ROWS, max_size=ROWS),
)
def test_arithmetic_of_arrays_gives_the_bits_of_python(
    parsed: Formula, rows: list[tuple[float, ...]]
) -> None:
    found = parsed.of_arrays(dict(enumerate(np.array(rows).T)))
    expected = [value_or_none(parsed, dict(enumerate(row))) for row in rows]
    assert [None if math.isnan(value) else bits(value) for value in found] == [
        bits(value) for value in expected
    ]


@settings(max_examples=300)
@given(
    text=st.sampled_from(["log(a)", "exp(a)", "a^b", "a^0.5", "a^-1", "2^b", "a^0", "1^b"]),
    row=st.tuples(CELLS | st.floats(-750, 750), CELLS | st.integers(-9, 9).map(float)),
)
def test_functions_of_arrays_miss_the_last_bit_at_most(
    text: str, row: tuple[float, float]
) -> None:
    parsed = formula(text)
    (found,) = parsed.of_arrays({0: np.array(row[:1]), 1: np.array(row[1:])})
    value = value_or_none(parsed, dict(enumerate(row)))
    if value is None:
        assert math.isnan(found)
    else:
        assert abs(found - value) <= math.ulp(value)


# Why there is no value.


@pytest.mark.parametrize(
    ("text", "cells", "message"),
    [
        ("log(a)", (-3.0,), "log(a) has no value, since a is −3"),
        ("log( `a` )", (0.0,), "log( `a` ) has no value, since `a` is 0"),
        ("1 + sqrt(a-b)/2", (1.0, 2.0), "sqrt(a-b) has no value, since a-b is −1"),
        ("1/(a-b)", (2.0, 2.0), "1/(a-b) has no value, since a-b is 0"),
        ("a/b", (2.0, 0.0), "a/b has no value, since a is 2 and b is 0"),
        ("a^b", (-8.0, 0.5), "a^b has no value, since a is −8 and b is 0.5"),
        ("a^-1", (0.0,), "a^-1 has no value, since a is 0"),
        ("exp(a)", (1000.0,), "exp(a) overflows a float64, since a is 1,000"),
        ("2*a^2", (1e200,), "a^2 overflows a float64, since a is 1e200"),
        ("(a+a)*0", (1e308,), "a+a overflows a float64, since a is 1e308"),
        ("a^b", (10.0, 400.0), "a^b overflows a float64, since a is 10 and b is 400"),
    ],
)
def test_what_has_no_value_says_why(text: str, cells: tuple[float, ...], message: str) -> None:
    with pytest.raises(NoValueError) as error:
        formula(text).value(dict(enumerate(cells)))
    assert str(error.value) == message


# Inverses.


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a", -3.5),
        ("log(a)", 350_000.0),
        ("log(a+1)", 0.5),
        ("exp(a/100)", -20.0),
        ("sqrt(a)", 42.0),
        ("a^2", 7.0),
        ("a^3", -7.0),
        ("a^5", -7.0),
        ("a^-3", -7.0),
        ("a^-2", 7.0),
        ("a^(1/3)", 7.0),
        ("5 - a", 7.0),
        ("5 / a", 7.0),
        ("a / 5 - 3", 7.0),
        ("-(a * 2 + 3)^2", 7.0),
        ("2 * log(a / 1000) - 1", 350_000.0),
    ],
)
def test_an_inverse_undoes_a_formula(text: str, cell: float) -> None:
    parsed = formula(text)
    assert parsed.is_invertible
    value = parsed.value({0: cell})
    assert parsed.inverse(value) == pytest.approx(cell, rel=1e-13)
    assert told_by_sql(parsed, value) == pytest.approx(cell, rel=1e-13)


def told_by_sql(parsed: Formula, value: float) -> float | None:
    query = f"select {parsed.inverse_sql('v')} from (select {sql.number(value)} as v)"
    with engine.Engine() as database:
        ((found,),) = database.fetch(query)
    return found


BRANCHES = ["a^2", "a^-2", "1/a^4", "(a-1)^2", "log(a+9)^2", "exp(a)^2", "sqrt(a^2)", "2-(a^3)^2"]


@pytest.mark.parametrize("cells", [(2, 3, 5), (2, -3, 5), (-2, -3, -5), (0.5, 0.25, 4)], ids=str)
@pytest.mark.parametrize("text", [*BRANCHES, "a^3", "log(a+9)"])
def test_a_column_is_told_where_undoing_y_gives_it_in_every_row(
    text: str, cells: Sequence[float]
) -> None:
    parsed = formula(text)
    back = [parsed.inverse(parsed.value({0: float(cell)})) for cell in cells]
    with open_table({"x": [1, 2, 4], "a": cells}, "x", text) as table:
        assert table.told == "a"
        assert table.told_for_sure == ("a" if back == pytest.approx(cells) else "")


@pytest.mark.parametrize("text", ["a+b", "a*a", "a+a", "a-log(a)", "2^a", "a*0", "a^0", "0/a"])
def test_what_does_not_tell_the_column_is_not_invertible(text: str) -> None:
    assert not formula(text).is_invertible
    assert formula(text).inverse(1.0) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sqrt(a)", -2.0),
        ("a^2", -4.0),
        ("a^0.5", -3.0),
        ("exp(a)", 0.0),
        ("exp(a)", -1.0),
        ("1/a", 0.0),
        ("a^-1", 0.0),
        ("log(a)", 1000.0),
        ("a-1e308", 1.7e308),
        ("1/(1/a)", 5e-324),
    ],
)
def test_a_value_that_the_formula_never_has_comes_from_no_column(text: str, value: float) -> None:
    assert formula(text).is_invertible
    assert formula(text).inverse(value) is None
    assert told_by_sql(formula(text), value) is None


# What is refused, and what is advised.


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(sqft", "no ')' closes the parenthesis, character 1 of '(sqft'"),
        ("2*log((sqft)", "no ')' closes the parenthesis, character 6 of '2*log((sqft)'"),
        ("sqft)", "no parenthesis is open for ')', character 5 of 'sqft)'"),
        ("sqft *", "a number or column is missing at the end of 'sqft *'"),
        ("log()", "a number or column is missing before ')', character 5 of 'log()'"),
        ("()", "a number or column is missing before ')', character 2 of '()'"),
        ("+sqft", "a number or column is missing before '+', character 1 of '+sqft'"),
        ("2sqft+1", "an operator is missing before 'sqft', character 2 of '2sqft+1'"),
        ("(sqft price)", "an operator is missing before 'price', character 7 of '(sqft price)'"),
        ("(sqft)(2)", "an operator is missing before '(', character 7 of '(sqft)(2)'"),
        ("sqft + $", "unexpected '$', character 8 of 'sqft + $'"),
        ("log(sqft, 2)", "unexpected ',', character 9 of 'log(sqft, 2)'"),
        ("`sqft + 1", "unexpected '`', character 1 of '`sqft + 1'"),
        ("sin(sqft)", "no function 'sin'; there are log, exp and sqrt"),
        ("2 * 3", "'2 * 3' is the same in every row; name a column in it"),
        ("sqft + 1/0", "1/0 has no value"),
        ("sqft/0", "sqft/0 has no value"),
        ("2 * (`Lot Area` / (1 - 1))", "`Lot Area` / (1 - 1) has no value"),
        ("sqft + exp(1e4)", "exp(1e4) overflows a float64"),
        ("sqft * 1e999", "'1e999' is beyond the largest float64, 1.8e308"),
        ("-" * 101 + "sqft", "a formula has at most 100 operators and parentheses"),
        ("sqft+" + "1" * 1000, "a formula has at most 1,000 characters"),
    ],
)
def test_what_is_no_formula_is_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        formula(text, HOUSES)
    assert str(error.value) == f"--x: {message}"
    assert (error.value.column, error.value.value) == ("x", text)


@pytest.mark.parametrize("text", ["", "   ", "nope", "log(nope)", "`nope`", "@10*2", "twin^2"])
def test_a_name_that_is_no_column_or_two_is_refused_as_ever(text: str) -> None:
    with pytest.raises(DataError, match=r"no column|appears 2 times") as error:
        formula(text, HOUSES)
    assert error.value.file == "houses.csv"


def test_columns_of_one_name_are_told_apart_by_their_places() -> None:
    with pytest.raises(DataError) as error:
        formula("log(twin)", HOUSES)
    assert error.value.hint == "choose one by its place: --x @6 or @7"
    assert formula("log(@7)", HOUSES).places == (6,)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ln(sqft)", "'log(sqft)'"),
        ("LOG(sqft)", "'log(sqft)'"),
        ("sqroot(sqft)", "'sqrt(sqft)'"),
        ("ln(Sqft)**2 / prize", "'log(sqft)^2 / price'"),
        ("log(sqfeet)", "'log(sqft)'"),
        ("log(Lot Area)", "'log(`Lot Area`)'"),
        ("1stFlr^2", "'`1stFlr`^2'"),
        ("lot-area * 2", "'`lot-area` * 2'"),
        ("2 * we`ird", "'2 * `we``ird`'"),
        ("lot-aera", "lot-area"),
        ("`Lot Aera`^2", "'`Lot Area`^2'"),
        ("`Lot Area`**2", "'`Lot Area`^2'"),
        ("sqft × 2", "'sqft * 2'"),
    ],
)
def test_what_is_advised_is_a_formula(text: str, meant: str) -> None:
    with pytest.raises(FitlineError) as error:
        formula(text, HOUSES)
    assert error.value.hint == f"did you mean --x {meant}?"
    assert formula(meant.strip("'"), HOUSES).places


def test_no_column_is_advised_for_a_formula_of_it() -> None:
    with pytest.raises(ConfigError) as error:
        formula("`Lot Area`/0", HOUSES)
    assert error.value.hint is None


@settings(max_examples=400)
@given(st.text("abx`@(()) +-*/^.12eé\n$", max_size=40) | st.text(max_size=20))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    try:
        parsed = formula(text)
    except (ConfigError, DataError):
        return
    assert parsed.places
    assert len(parsed.places) <= len(COLUMNS)


@pytest.mark.parametrize("sign", ["(", "log(", "-", "a^", "a^-", "a+", "a-(", "2^("])
@pytest.mark.parametrize("times", [99, 100, 101, 250, 5000])
def test_no_depth_is_too_much(sign: str, times: int, database: engine.Engine) -> None:
    text = sign * times + "a" + ")" * (times * sign.count("("))
    try:
        parsed = formula(text)
    except ConfigError:
        assert times > 50  # 100 signs are allowed
        return
    assert parsed.places == (0,)
    value_or_none(parsed, {0: 1.0})
    database.fetch(f"select {parsed.sql({0: '1e0'})}")
    assert parsed.of_arrays({0: np.ones(2)}).shape == (2,)
    assert parsed.inverse(1.0) is None or parsed.is_invertible
