"""JSON lines: one object a line."""

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from fitline.data import Reading, open_table
from fitline.data.cell_errors import trouble
from fitline.data.json_lines import JsonLines
from fitline.data.predictions import Predictions
from fitline.errors import DataError

Write = Callable[..., str]
Refused = Callable[..., DataError]

TWO = '{"x": 1, "y": 3}\n{"x": 2, "y": 5}\n'


def fitted(path: str, x: str = "x") -> tuple[int, float, float]:
    moments = open_table(path, x, "y").moments()
    return moments.rows, *moments.fit.theta


@pytest.mark.parametrize(
    "line",
    [
        '{"x": 3, "y": 7}',
        ' { "x":3,"y":7 } ',
        '{"y": 7, "x": 3}',
        '{"x": "3", "y": " 7 "}',
        '{"x": 3.0, "y": 70e-1, "z": null}',
        '{"x": 3, "y": 7, "z": {"x": [1, {"y": 2}]}}',
        '{"x": 3, "y": 7, "z": "größe Łódź 🙂"}',
        '{"x": 3, "y": 7, "z": "\\u0000 \\ud83d\\ude42"}',
        '{"\\u0078": 3, "y": 7}',
        '\n  \n{"x": 3, "y": 7}\n\n',
        '{"x": 3, "y": 7}\r',
    ],
)
def test_a_line_is_read_as_the_object_it_holds(write: Write, line: str) -> None:
    assert fitted(write(f"{TWO}{line}\n", "t.jsonl")) == (3, 1.0, 2.0)


@pytest.mark.parametrize("mark", ["\ufeff", "\n", "  "])
def test_what_stands_before_the_first_object_does_not_matter(write: Write, mark: str) -> None:
    assert fitted(write(mark + TWO, "t.jsonl")) == (2, 1.0, 2.0)


@pytest.mark.parametrize("mark", ["# of 2024", "  % by hand", "// {", "\ufeff#\n\n"])
@pytest.mark.parametrize("name", ["t.jsonl", "t.txt"])
def test_comments_above_objects_are_bad_rows(
    write: Write, refused: Refused, mark: str, name: str
) -> None:
    path = write(f"{mark}\n{TWO}", name)
    error = refused(path)
    assert (error.line, error.message) == (1, "the line is no JSON object")
    with open_table(path, reading=Reading(bad_rows="skip")) as table:
        assert table.moments().rows == 2


@pytest.mark.parametrize("name", ['it\'s "q"', "back\\slash", "Łódź", ""])
def test_a_key_may_have_any_name(write: Write, name: str) -> None:
    lines = [json.dumps({name: x, "y": 1 + 2 * x}, ensure_ascii=False) for x in range(3)]
    assert fitted(write("\n".join(lines), "t.jsonl"), name) == (3, 1.0, 2.0)


def test_keys_that_differ_in_case_only_are_different(write: Write) -> None:
    path = write('{"X": 1, "x": 9, "y": 3}\n{"X": 2, "x": 8, "y": 5}\n', "t.jsonl")
    assert fitted(path, "X") == (2, 1.0, 2.0)
    moments = open_table(path, "X", "x").moments()
    assert tuple(moments.fit.theta) == (10.0, -1.0)


BAD_LINES = [
    ('{"x": 3}', "y", "", "y is missing"),
    ('{"x": 3, "y": null}', "y", "", "y is missing"),
    ('{"x": "", "y": 7}', "x", "", "x is missing"),
    ('{"x": "n/a", "y": 7}', "x", "n/a", "x is missing"),
    ('{"x": "none", "y": 7}', "x", "none", "x is 'none', not a number"),
    ('{"x": "1,5", "y": 7}', "x", "1,5", trouble("x", "1,5")),
    ('{"x": "1e400", "y": 7}', "x", "1e400", "x is '1e400', not a finite number"),
    ('{"x": NaN, "y": 7}', "x", "NaN", "x is missing"),
    ('{"x": Infinity, "y": 7}', "x", "Infinity", "x is 'Infinity', not a finite number"),
    ('{"x": [3], "y": 7}', "x", "[3]", "x is '[3]', not a number"),
    ("x,y", "", "", "the line is no JSON object"),
    ('{"x": 3, "y": 7', "", "", "the line is no JSON object"),
    ("[3, 7]", "", "", "the line is no JSON object"),
    ("3", "", "", "the line is no JSON object"),
    ("null", "", "", "the line is no JSON object"),
    ('{"x": 05, "y": 7}', "", "", "the line is no JSON object"),
    ("{}", "x", "", "x is missing"),
    ('{"x": 3, "y": 7} {"x": 4, "y": 9}', "", "", "the line is no JSON object"),
    ("{'x': 3, 'y': 7}", "", "", "the line is no JSON object"),
]


def skip(path: str) -> tuple[int, int, list[dict[str, str]]]:
    rejects = Path(path).with_suffix(".rejects")
    table = open_table(path, "x", "y", reading=Reading(bad_rows="skip"), rejects=rejects)
    used = table.moments().rows
    with rejects.open(newline="", encoding="utf-8") as stream:
        return used, table.skipped, list(csv.DictReader(stream))


def test_lines_that_cannot_be_used_are_skipped_and_kept(write: Write) -> None:
    lines = "\n\n".join(line for line, *_ in BAD_LINES)
    used, skipped, kept = skip(write(f'{TWO}{lines}\n{{"x": 3, "y": 7}}', "t.jsonl"))
    assert (used, skipped) == (3, len(BAD_LINES))
    assert [int(row["line"]) for row in kept] == [*range(3, 3 + 2 * len(BAD_LINES), 2)]
    places = [(row["column"], row["value"], row["reason"]) for row in kept]
    assert places == [tuple(expected) for _, *expected in BAD_LINES]


@pytest.mark.parametrize("first", ["5", "null", "[1, 2]", '"x', "x,y", "# x"])
def test_a_first_line_without_an_object_is_a_bad_row(write: Write, first: str) -> None:
    used, skipped, kept = skip(write(f"{first}\n{TWO}", "t.jsonl"))
    assert (used, skipped, [row["line"] for row in kept]) == (2, 1, ["1"])


def test_a_text_without_an_object_is_delimited_whatever_its_name(write: Write) -> None:
    assert fitted(write("x,y\n1,3\n2,5\n", "t.jsonl")) == (2, 1.0, 2.0)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_to_skip_and_comments_that_are_named_are_no_objects(write: Write, mark: str) -> None:
    lines = '{"x": 9, "y": 0}\n# a\n{"x": 1, "y": 3}\n # b\n{"x": 2, "y": 5}\nno\n'
    path = write(mark + lines, "t.jsonl")
    reading = Reading(skip=1, comment="#", bad_rows="skip")
    rejects = Path(path).with_name("rejects.csv")
    with open_table(path, "x", "y", reading, rejects=rejects) as table:
        moments = table.moments()
        assert (moments.rows, *moments.fit.theta) == (2, 1.0, 2.0)
        assert table.notes == [f"{path}: 3 lines left out by --skip or --comment"]
    assert rejects.read_text().splitlines()[1].startswith(f"{path},6,")


ENGINE_ONLY = {
    "a comma too many": '{"x": 3, "y": 7,}',
    "a comma too many within": '{"x": 3, "y": 7, "z": [1, 2,]}',
    "a constant that JSON does not know": '{"x": 3, "y": 7, "z": NaN}',
    "an integer of 5,000 digits": f'{{"x": 3, "y": 7, "z": {"9" * 5000}}}',
    "deep nesting": f'{{"x": 3, "y": 7, "z": {"[" * 5000}{"]" * 5000}}}',
}


@pytest.mark.parametrize("line", ENGINE_ONLY.values(), ids=ENGINE_ONLY)
def test_a_line_that_is_used_is_never_listed_as_bad(write: Write, line: str) -> None:
    used, skipped, kept = skip(write(f"{TWO}{line}\nx\n", "t.jsonl"))
    assert (used, skipped, [row["line"] for row in kept]) == (3, 1, ["4"])


@pytest.mark.parametrize("line", [BAD_LINES[0][0], BAD_LINES[3][0], "[]"])
def test_a_line_that_cannot_be_used_is_refused_with_its_place(
    write: Write, refused: Refused, line: str
) -> None:
    path = write(f"{TWO}\n{line}\n", "t.jsonl")
    error = refused(path)
    assert (error.file, error.line, error.unit) == (path, 4, "line")


@pytest.mark.parametrize(
    ("cell", "shown"), [("true", "true"), ("1e400", "1e400"), ('{"a": 1}', '{"a": 1}')]
)
def test_a_cell_is_shown_as_it_was_written(
    write: Write, refused: Refused, cell: str, shown: str
) -> None:
    error = refused(write(f'{TWO}{{"x": {cell}, "y": 7}}\n', "t.jsonl"))
    assert (error.column, error.value) == ("x", shown)


@pytest.mark.parametrize("cell", ['"1_000"', "1e400", "true"])
def test_a_cell_is_used_or_listed_never_both_nor_neither(write: Write, cell: str) -> None:
    used, skipped, kept = skip(write(f'{TWO}{{"x": {cell}, "y": 7}}\n[]\n', "t.jsonl"))
    assert (used + skipped, skipped) == (4, len(kept))


@pytest.mark.parametrize(
    "content",
    [
        '[{"x": 1, "y": 3}, {"x": 2, "y": 5}]',
        '[\n  {"x": 1, "y": 3},\n  {"x": 2, "y": 5}\n]\n',
        '{\n  "x": [1, 2],\n  "y": [3, 5]\n}\n',
    ],
)
def test_json_that_is_no_lines_says_so(write: Write, refused: Refused, content: str) -> None:
    error = refused(write(content, "t.json"))
    assert "line" in str(error)
    assert "JSON" in f"{error} {error.hint}"
    assert "It has \n" not in f"{error.message}\n"


@pytest.mark.parametrize(
    "line",
    [
        *(b'{"x": 3, "y": 7', b'{"x": 3, "y": 7} {"x": 4, "y": 9}', b"null", b"[]", b"5", b"//"),
        *(b'{"x": 3, "y": 7, "z": "\xff"}', b'{"x": 3, "y": 7}\r{"x": 4, "y": 9}', b'{"x": 05}'),
    ],
)
def test_a_line_that_is_no_object_is_bad_and_has_no_missing_value(
    write: Write, tmp_path: Path, line: bytes
) -> None:
    path = write(TWO.encode() + line + b"\n" + b'{"x": 3}\n', "t.jsonl")
    with pytest.raises(DataError) as caught:
        open_table(path, "x", "y", Reading(missing="skip")).moments()
    assert (caught.value.line, caught.value.message) == (3, "the line is no JSON object")
    rejects = tmp_path / "r.csv"
    table = open_table(path, "x", "y", Reading(bad_rows="skip"), rejects=rejects)
    assert (table.moments().rows, table.skipped, table.missing) == (2, 2, 1)
    with rejects.open(newline="") as stream:
        assert [row["line"] for row in csv.DictReader(stream)] == ["3", "4"]


def test_a_deep_object_without_the_columns_has_missing_values(
    write: Write, refused: Refused
) -> None:
    path = write(TWO + 50_000 * '{"a":' + "1" + 50_000 * "}" + "\n", "t.jsonl")
    error = refused(path)
    assert (error.line, error.message) == (3, "x is missing")
    table = open_table(path, "x", "y", Reading(missing="skip"))
    assert (table.moments().rows, table.missing) == (2, 1)


def test_of_a_key_that_stands_twice_the_first_counts(write: Write) -> None:
    path = write(f'{TWO}{{"x": 3, "x": 4, "y": 7, "y": 0}}\n', "t.jsonl")
    assert fitted(path) == (3, 1.0, 2.0)
    path = write(f'{TWO}{{"x": 3, "x": 4, "y": 7}}\n{{"x": 9, "y": "no"}}\n', "u.jsonl")
    table = open_table(path, "x", "y", Reading(bad_rows="skip"))
    assert (table.moments().fit.theta[1], table.skipped) == (2.0, 1)


@pytest.mark.parametrize("cells", [['{"u":1}', '{"u":2}', '{"u":1}'], ['["a"]', '["b"]', '["a"]']])
def test_a_value_of_several_is_no_level(refused: Refused, write: Write, cells: list[str]) -> None:
    lines = [f'{{"x":{cell},"y":{nth}}}' for nth, cell in enumerate(cells)]
    assert "not a number" in str(refused(write("\n".join(lines), "t.jsonl"), "x", "y"))


@pytest.mark.parametrize(("decimal", "thousands"), [(",", "."), (",", None), (None, ",")])
def test_marks_are_those_of_texts_and_a_number_is_a_number(
    write: Write, decimal: str | None, thousands: str | None
) -> None:
    half = "0,5" if decimal else "0.5"
    lines = [f'{{"x":"{half}","y":1}}', '{"x":1.234,"y":2}', '{"x":-2.5e3,"y":4}', '{"x":7,"y":5}']
    reading = Reading(decimal=decimal, thousands=thousands)
    table = open_table(write("\n".join(lines), "t.jsonl"), "x", "y", reading)
    (x,) = table.rows(table.moments()).x
    assert x.tolist() == [0.5, 1.234, -2500.0, 7.0]


def test_the_marks_of_a_text_are_those_that_were_named(write: Write, refused: Refused) -> None:
    lines = '{"x":"1,5","y":1}\n{"x":"2.5","y":2}\n'
    error = refused(write(lines, "t.jsonl"), "x", "y", decimal=",")
    assert (error.line, error.value) == (2, "2.5")


def test_values_are_not_looked_through_where_no_other_file_writes_them_otherwise(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def texts(*_: object) -> None:
        pytest.fail("every value was read")

    monkeypatch.setattr(JsonLines, "texts", texts)
    assert fitted(write(TWO, "a.jsonl")) == pytest.approx((2, 1, 2))


@pytest.mark.parametrize("key", ["z", "größe", "a.b (c)", 'say "z"', "z'"])
@pytest.mark.parametrize(
    "number",
    ["0.12345678901234567890", "-123456789.123456789012", "0.10000000000000000001", "2.5e-7",
     "1.2345678901234567890e30", "12345678901234567890123", "7", "-0", "1e-400", "2.4e-324"],
)  # fmt: skip
def test_no_digit_of_another_column_is_lost(write: Write, key: str, number: str) -> None:
    name = json.dumps(key, ensure_ascii=False)
    nested = f'{{"o": {{"a": 3}}, "a": 1, {name}: {number}}}\n'
    path = write(f'{nested}{{"a": 2, {name} : 0.5, "o": {{{name}: 1}}}}\n', "t.jsonl")
    with open_table(path, "a", None, to_predict=True) as table:
        rows = [dict(zip(table.parts[0].columns, row, strict=False)) for row in
                Predictions(table, [0, 1]).rows()]  # fmt: skip
    written = rows[0][key]
    assert '"' in key or (Decimal(written), written[0]) == (Decimal(number), number[0])
    assert (rows[0]["a"], rows[1]["a"], rows[1][key]) == ("1", "2", "0.5")


@pytest.mark.parametrize("long", ["123456789.123456789012345", "12345678901234567890.5", "-0"])
def test_no_digit_within_a_value_is_lost(write: Write, long: str) -> None:
    values = [
        f'{{"id": {long}}}',
        f'[{long}, "{long}", {{"a": [1e400, 1.10]}}]',
        '{"b": 1, "b": 2}',
    ]
    lines = [f'{{"a": {nth}, "n": {value}}}' for nth, value in enumerate(values)]
    path = write("\n".join([*lines, '{"a": 3, "n": [true, null, "ö"]}']), "t.jsonl")
    for name in ("out.csv", "out.parquet"):
        with open_table(path, "a", None, to_predict=True) as table:
            Predictions(table, [0, 1]).write(f"{path}.{name}")
        copied = duckdb.sql(f"select n from '{path}.{name}'").fetchall()
        assert [n for (n,) in copied] == [*values, '[true, null, "ö"]']


@pytest.mark.parametrize(
    "numbers",
    [
        ("1.10", "1.1"),
        ("1e2", "100"),
        ("1.0", "1.00"),
        ("0.1234567890123456789", "0.12345678901234567"),
    ],
)
@pytest.mark.parametrize("nested", ["", '"n": {"v": 1.1}, '])
def test_a_level_is_a_number_as_it_is_written(
    write: Write, numbers: tuple[str, str], nested: str
) -> None:
    """The same cells in CSV and in JSON lines are the same levels."""
    cells = [("beta", nth % 2) for nth in range(120)]
    cells += [
        (number, 10 * nth + place) for nth in range(3) for place, number in enumerate(numbers)
    ]
    rows = ["v,y", *(f"{v},{y}" for v, y in cells)]
    lines = [f'{{{nested}"v": {v}, "y": {y}}}'.replace("beta", '"beta"') for v, y in cells]
    fits, levels = [], ["beta", *sorted(numbers)]
    for name, text in (("t.csv", rows), ("t.jsonl", lines)):
        path = write("\n".join(text), name)
        with open_table(path, "v", "y") as table:
            fits.append(table.moments().fit.theta.tolist())
            assert [*table.levels["v"]] == levels
        with open_table(path, {"v": levels}, to_predict=True) as table:
            place = table.parts[0].columns.index("v")
            assert [row[place] for row in Predictions(table, fits[0]).rows()] == [
                v for v, _ in cells
            ]
    assert fits[0] == fits[1]


@pytest.mark.parametrize("key", [r"num\u00e9ro", r"say \"n\"", r"a\\b", r"a\/b", r"\u0061"])
def test_an_escape_in_a_key_changes_no_number(write: Write, key: str) -> None:
    name, numbers = json.loads(f'"{key}"'), ["0.1234567890123456789", "1.10", "1.1", "-0"]
    plain = json.dumps(name, ensure_ascii=False)[1:-1]
    lines = [
        f'{{"{(key, plain)[nth % 2]}": {numbers[nth // 2 % 4]}, "x": {nth}, "y": {nth * nth}}}'
        for nth in range(16)
    ]
    path = write("\n".join(lines), "t.jsonl")
    with open_table(path, "x", None, to_predict=True) as table:
        place = table.parts[0].columns.index(name)
        copied = [row[place] for row in Predictions(table, [0, 1]).rows()]
    assert copied == [numbers[nth // 2 % 4] for nth in range(16)]
    with open_table(path, "x", "y", by=name) as table:
        assert table.grouping
        assert sorted(table.grouping.names) == sorted(numbers)


NESTED = ['["v1.2","a.b"]', "[1.5,2.5]", '{"v.1":1.5}', "[[0.5]]"]


@pytest.mark.parametrize("value", NESTED)
def test_marks_change_nothing_within_a_value(write: Write, value: str) -> None:
    path = write(f'{{"x": "1,5", "n": {value}}}\n{{"x": 2.5, "n": [1,5]}}\n', "t.jsonl")
    with open_table(path, "x", reading=Reading(decimal=","), to_predict=True) as table:
        rows = [*Predictions(table, (0.0, 1.0)).rows()]
    assert rows == [("1,5", value, "1,5"), ("2,5", "[1,5]", "2,5")]


def test_numbers_within_a_value_are_shown_as_numbers(write: Write, refused: Refused) -> None:
    error = refused(write(f'{{"x": [1.50, {{"a": 2.5}}], "y": 2}}\n{TWO}', "t.jsonl"), "x", "y")
    assert error.value == '[1.50, {"a": 2.5}]'
