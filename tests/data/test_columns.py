"""Which columns are meant, and what is said where that cannot be told."""

from collections.abc import Callable

import pytest

from fitline.data import open_table
from fitline.data.columns import choose, choose_x
from fitline.errors import DataError

Write = Callable[..., str]
Refused = Callable[..., DataError]


@pytest.mark.parametrize(
    ("header", "x", "y", "chosen"),
    [
        ("sqft,price", None, None, ("sqft", "price")),
        ("price,rooms,sqft", None, None, ("sqft", "price")),
        ("sqft,price,x", "x", None, ("x", "price")),
        ("sqft,price,y", None, "y", ("sqft", "y")),
        ("a,b", None, None, ("a", "b")),
        ("a,b", "b", None, ("b", "a")),
        ("a,b", None, "a", ("b", "a")),
        ("a,b,c", "c", "a", ("c", "a")),
        ("price,sqft", "price", "sqft", ("price", "sqft")),
        (",b", None, None, ("", "b")),
    ],
)
def test_columns_are_chosen_by_name_or_of_two(
    header: str, x: str | None, y: str | None, chosen: tuple[str, str]
) -> None:
    assert choose("t.csv", header.split(","), x, y) == chosen


@pytest.mark.parametrize(
    ("header", "chosen"), [("a,sqft,b", "sqft"), ("a,b", "a"), ("a", "a"), ("b,sqft", "sqft")]
)
def test_to_predict_one_column_is_chosen(header: str, chosen: str) -> None:
    assert choose_x("t.csv", header.split(","), None) == chosen


@pytest.mark.parametrize("header", ["sqft,price", "price,rooms,sqft", "x,y"])
def test_a_table_knows_its_columns(write: Write, header: str) -> None:
    path = write(f"{header}\n1,2,3\n4,5,7\n")
    chosen = choose(path, header.split(","), None, None)
    assert open_table(path).columns == chosen
    assert open_table(path, to_predict=True).columns == chosen[:1]


@pytest.mark.parametrize("flag", ["x", "y"])
def test_a_missing_column_is_named_with_those_that_are_there(
    write: Write, refused: Refused, flag: str
) -> None:
    path = write("sqft,price\n1,2\n3,4\n")
    error = refused(path, **{flag: "sqfeet"})
    assert str(error) == f"{path}: no column 'sqfeet'; it has 'sqft', 'price'"
    assert error.hint == f"did you mean --{flag} sqft?"
    assert error.column == "sqfeet"


@pytest.mark.parametrize(
    ("typed", "header", "meant"),
    [
        ("X", "x,y,z", "x"),
        ("Living area", "living area,y,z", "'living area'"),
        ("its", "it's,y,z", "'it'\\''s'"),
        ("zzz", "x,y,abc", None),
    ],
)
def test_a_near_name_is_proposed_as_it_is_typed(
    typed: str, header: str, meant: str | None
) -> None:
    with pytest.raises(DataError) as caught:
        choose("t.csv", header.split(","), typed, "y")
    proposed = f"did you mean --x {meant}?" if meant else "name one of these with --x"
    assert caught.value.hint == proposed


def test_a_doubt_lists_the_columns_and_the_options(write: Write, refused: Refused) -> None:
    error = refused(write("a,b,c\n1,2,3\n"))
    assert error.message == "which columns are meant? It has 'a', 'b', 'c'"
    assert error.hint == "name them with --x and --y"
    assert refused(write("a,b,c\n1,2,3\n"), "a").hint == "name them with --y"


def test_a_long_list_of_columns_is_cut(write: Write, refused: Refused) -> None:
    error = refused(write(",".join(f"column{place}" for place in range(100)) + "\n"))
    assert error.message.endswith("'column11' and 88 more")


def test_a_long_name_is_cut(write: Write, refused: Refused) -> None:
    assert len(str(refused(write("a" * 100_000 + ",b,c\n1,2,3\n")))) < 2_000


def test_a_table_without_names_is_told_what_the_first_line_is_for(
    write: Write, refused: Refused
) -> None:
    error = refused(write("1000,150000\n2000,-4.5\n"), "sqft", "price")
    assert "--no-header" in (error.hint or "")


def test_x_and_y_must_be_two_columns(write: Write, refused: Refused) -> None:
    error = refused(write("a,b\n1,2\n"), "a", "a")
    assert error.message == "x and y are both 'a'; a line needs two columns"


@pytest.mark.parametrize("header", ["a,b,a", "a, a ,b", '"a",a,b'])
def test_a_name_that_appears_twice_is_refused(write: Write, refused: Refused, header: str) -> None:
    error = refused(write(f"{header}\n1,2,3\n4,5,6\n"), "a", "b")
    assert (error.message, error.line) == ("the column 'a' appears 2 times", 1)


def test_another_name_may_appear_twice(write: Write) -> None:
    moments = open_table(write("a,n,b,n\n1,0,3,0\n2,0,5,0\n"), "a", "b").moments()
    assert tuple(moments.fit.theta) == (1.0, 2.0)


def test_files_that_miss_a_column_are_named(write: Write, refused: Refused) -> None:
    first, second = write("a,b\n1,2\n", "first.csv"), write("a,c\n1,2\n", "second.csv")
    assert refused([first, second], "a", "b").file == second


def test_files_of_two_columns_in_another_order_are_the_same_table(write: Write) -> None:
    first, second = write("a,b\n1,3\n", "1.csv"), write("b,a\n5,2\n", "2.csv")
    moments = open_table([first, second]).moments()
    assert tuple(moments.fit.theta) == (1.0, 2.0)
