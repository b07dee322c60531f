"""Several files as one table: the first that was named decides, and rows stay in its order."""

from collections.abc import Callable
from functools import cache
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from fitline import DataError
from fitline.data import Reading, open_table
from fitline.data.predictions import Predictions

Write = Callable[..., str]
ROWS = [(1.0, 2.0), (2.0, 4.0), (3.0, 7.0), (4.0, 8.0)]
KINDS = ["csv", "semicolons.csv", "jsonl", "parquet"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], list[str]]:
    """Write the first rows in columns x, y in one file, and the others in y, x in another."""
    folder = tmp_path_factory.mktemp("files")

    @cache
    def file(name: str, columns: str, start: int) -> str:
        cells = [dict(zip("xy", row, strict=True)) for row in ROWS[start : start + 2]]
        frame = pl.DataFrame(cells).select(*columns)
        path = str(folder / name)
        if name.endswith("parquet"):
            frame.write_parquet(path)
        elif name.endswith("jsonl"):
            frame.write_ndjson(path)
        else:
            frame.write_csv(path, separator=";" if "semicolons" in name else ",")
        return path

    def files(first: str, second: str) -> list[str]:
        return [file(f"1.{first}", "xy", 0), file(f"2.{second}", "yx", 2)]

    return files


@pytest.mark.parametrize("second", KINDS)
@pytest.mark.parametrize("first", KINDS)
def test_columns_and_their_order_are_those_of_the_first_file(
    files: Callable[[str, str], list[str]], first: str, second: str
) -> None:
    paths = files(first, second)
    table = open_table(paths)
    rows = table.rows(table.moments())
    assert [*zip(rows.x[0].tolist(), rows.y.tolist(), strict=True)] == ROWS
    with_formula = [(x, x, y) for x, y in ROWS]
    assert open_table(paths, ["@1", "@1+0"], "@2").head(9) == with_formula
    predictions = Predictions(open_table(paths, "@1", to_predict=True), [0.0, 1.0])
    assert predictions.header[:2] == ["x", "y"]
    assert [row[-1] for row in predictions.rows()] == [x for x, _ in ROWS]


def test_files_of_other_kinds_between_alike_ones_keep_their_place(write: Write) -> None:
    paths = [
        write("x,y\n1,2\n", "a.csv"),
        write("x;y\n2;4\n", "b.csv"),
        write("x,y\n3,7\n", "c.csv"),
    ]
    table = open_table(paths, "x", "y")
    assert table.rows(table.moments()).y.tolist() == [2.0, 4.0, 7.0]


def test_a_place_that_holds_another_column_elsewhere_is_refused(write: Write) -> None:
    paths = [write("h,h,y\n1,5,2\n2,3,4\n", "a.csv"), write("y,h,h\n1,5,2\n2,3,4\n", "b.csv")]
    assert open_table([paths[0], paths[0]], "@1", "y").moments().rows == 4
    with pytest.raises(DataError, match=r"column @1 is 'y', and of .* it is 'h'"):
        open_table(paths, "@1", "@3")


@pytest.mark.parametrize("order", [("jan", "feb"), ("feb", "jan"), ("jan", "mar")])
def test_what_one_file_tells_of_numbers_holds_for_all(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    tables = {
        "jan": "x;y\n1.234,5;2\n2.000;3\n3.100;5\n",
        "feb": "x;y\n1.234;2\n2.345;3\n",
        "mar": "x;y\n12.5;2\n7.25;3\n",
    }
    for name in order:
        (tmp_path / f"{name}.csv").write_text(tables[name])
    files = [str(tmp_path / f"{name}.csv") for name in order]
    with open_table(files, "x", "y") as table:
        found = [x for x, _ in table.head(9)]
    notes = [note for note in table.notes if "'1.234' is read as 1234, as " in note]
    assert len(notes) == ("feb" in order)
    values = {"jan": [1234.5, 2000, 3100], "feb": [1234, 2345], "mar": [12.5, 7.25]}
    assert found == [value for name in order for value in values[name]]


def test_points_that_may_part_thousands_are_noted_unless_another_file_tells(
    tmp_path: Path,
) -> None:
    doubtful, plain = tmp_path / "doubtful.csv", tmp_path / "plain.csv"
    doubtful.write_text("x;y\n950;1\n1.080;2\n")
    plain.write_text("x;y\n1.25;1\n2.5;2\n")
    note = f"{doubtful}: '1.080' is read as 1.08; --decimal , --thousands . reads it as 1080"
    cases = [([doubtful], {}), ([doubtful], {"decimal": "."}), ([doubtful, plain], {})]
    found = []
    for files, marks in cases:
        with open_table(list(map(str, files)), "x", "y", Reading(**marks)) as table:
            found.append(note in table.notes)
    assert found == [True, False, False]


NOTATIONS = {
    "thousands": "x;y\n1.234,5;2\n2.345,5;6\n",
    "decimal commas": "x;y\n1,5;5\n2,55;6\n",
    "points": "x;y\n1.5;5\n2.55;6\n",
    "commas": "x,y\n1.5,5\n2.55,6\n",
    "doubtful": "x;y\n1.234;5\n2.345;6\n",
    "whole": "x;y\n1;5\n2;6\n",
}


@pytest.fixture(scope="module")
def notations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a file in each of these notations."""
    folder = tmp_path_factory.mktemp("notations")
    for name, text in NOTATIONS.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


@pytest.mark.parametrize(
    "order",
    [some[nth:] + some[:nth] for some in combinations(NOTATIONS, 3) for nth in range(3)],
)
def test_files_that_contradict_each_other_do_not_decide_about_a_third(
    notations: Path, order: tuple[str, ...]
) -> None:
    files = [str(notations / f"{name}.csv") for name in order]
    has_commas = bool({"thousands", "decimal commas"} & {*order})
    if "doubtful" in order and has_commas and {"points", "commas"} & {*order}:
        with pytest.raises(DataError, match=r"'1\.234' may be several numbers") as caught:
            open_table(files, "x", "y")
        assert caught.value.file == str(notations / "doubtful.csv")
        return
    with open_table(files, "x", "y") as table:
        x = [x for x, _ in table.head(6)]
    doubtful = [1234, 2345] if has_commas else [1.234, 2.345]
    known = {"thousands": [1234.5, 2345.5], "doubtful": doubtful, "whole": [1, 2]}
    assert x == [value for name in order for value in known.get(name, [1.5, 2.55])]


@pytest.mark.parametrize("before", [2, 99, 100, 400])
@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_a_doubtful_number_anywhere_is_written_as_other_files_write_them(
    write: Write, before: int, order: slice
) -> None:
    whole = write("x;y\n" + "2;5\n" * before + "1.500;6\n", "whole.csv")
    told = write("x;y\n1,5;2\n2,5;3\n", "told.csv")
    with open_table([whole, told][order], "x", "y") as table:
        rows = table.head(9999)
        assert (1500.0, 6.0) in rows
        assert (1.5, 2.0) in rows
        assert sum("told.csv writes numbers" in note for note in table.notes) == 1
    if before == 2:  # within the first lines a point is sure, and each file keeps its own way
        return
    points = write("x;y\n" + "2;5\n" * before + "1.5;6\n", "whole.csv")
    with pytest.raises(DataError) as caught:
        open_table([points, told][order], "x", "y").moments()
    assert (caught.value.file, caught.value.line) == (points, before + 2)


@pytest.mark.parametrize("before", [2, 99, 100, 400])
@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_a_doubtful_text_anywhere_is_refused_beside_decimal_commas(
    write: Write, tmp_path: Path, kind: str, before: int
) -> None:
    told, other = write("x;y\n1,5;2\n2,5;3\n", "told.csv"), tmp_path / f"other.{kind}"
    frame = pl.DataFrame({"x": ["2"] * before + ["1.500"], "y": [5] * (before + 1)})
    (frame.write_ndjson if kind == "jsonl" else frame.write_parquet)(str(other))
    with pytest.raises(DataError, match=r"'1\.500' may be several numbers"):
        open_table([told, str(other)], "x", "y")


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
@pytest.mark.parametrize("told", ["x;y\n1.500,5;2\n2.000;3\n", "x;y\n60,5;150\n82;201,5\n"])
def test_a_text_that_may_be_another_number_beside_other_files_is_refused(
    write: Write, tmp_path: Path, kind: str, told: str
) -> None:
    csv, other = write(told, "told.csv"), tmp_path / f"other.{kind}"

    def read(*cells: str | float) -> list[float]:
        pl_frame = pl.DataFrame({"x": cells, "y": [5] * len(cells)})
        (pl_frame.write_ndjson if kind == "jsonl" else pl_frame.write_parquet)(str(other))
        with open_table([csv, str(other)], "x", "y") as table:
            return [x for x, _ in table.head(9)][2:]

    with pytest.raises(DataError, match=r"'1\.750' may be several numbers, since") as caught:
        read("1.750", "2.250")
    assert (caught.value.file, caught.value.column) == (str(other), "x")
    assert read("1.5", "2.25") == [1.5, 2.25]
    assert read(1.75, 1.125) == [1.75, 1.125]
    with open_table([csv, str(other)], "x", "y", Reading(decimal=",", thousands=".")) as table:
        assert [x for x, _ in table.head(9)][2:] == [1.75, 1.125]
