"""From what is typed for x to columns: lists, patterns, places."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from fitline.data import open_table
from fitline.data.cells import Parsing
from fitline.data.selection import Selection, select
from fitline.errors import DataError

Write = Callable[..., str]
Refused = Callable[..., DataError]

COLUMNS = ["id", "sqft", "beds", "area_1", "area_2", "kind", "price"]
TEXTS = {"id", "kind"}


def part_of(columns: Sequence[str]) -> Any:
    """Give a part whose first cells are numbers but in columns of text."""
    return SimpleNamespace(
        name="t.csv",
        columns=tuple(columns),
        parsing=Parsing(),
        is_text=lambda *_: True,
        head=lambda place: ["a" if columns[place] in TEXTS else "1"],
    )


def selected(*typed: str, y: str = "price", columns: Sequence[str] = COLUMNS) -> Selection:
    return select(part_of(columns), typed, y, None, to_predict=False)


@pytest.mark.parametrize(
    ("typed", "x"),
    [
        (("sqft",), "sqft"),
        (("sqft", "beds"), "sqft beds"),
        (("sqft,beds", "area_1"), "sqft beds area_1"),
        ((" sqft , beds ",), "sqft beds"),
        (("area_*",), "area_1 area_2"),
        (("area_?", "sqft"), "area_1 area_2 sqft"),
        (("area_[13]",), "area_1"),
        (("*",), "sqft beds area_1 area_2"),
        (("beds", "*"), "beds sqft area_1 area_2"),
        (("*", "beds"), "sqft area_1 area_2 beds"),
        (("@2,@3",), "@2 @3"),
        (("@2", "*"), "@2 beds area_1 area_2"),
    ],
)
def test_lists_and_patterns_are_taken_apart(typed: tuple[str, ...], x: str) -> None:
    assert selected(*typed).x == tuple(x.split())


def test_what_is_a_columns_very_name_is_that_column() -> None:
    columns = ["a,b", "a*", "a", "ab", "price"]
    assert selected("a,b", columns=columns).x == ("a,b",)
    assert selected("a*", columns=columns).x == ("a*",)
    assert selected("a?", columns=columns).x == ("a*", "ab")


def test_a_pattern_passes_over_text_and_y_and_says_so(write: Write, refused: Refused) -> None:
    assert selected("*").passed_over == ("id", "kind")
    assert "price" in selected("*", y="sqft").x
    path = write("id,a,b,kind,price\nx,1,2,u,3\ny,2,4,v,5\nz,4,1,w,9\n")
    table = open_table(path, "*", "price")
    assert table.columns == ("a", "b", "price")
    assert table.notes == ["'id', 'kind' hold text, and are no features"]
    assert open_table(path, "[ai]*", "price").notes == ["'id' holds text, and is no feature"]
    assert str(refused(path, "kin*", "price")).endswith(
        "no column that matches 'kin*' holds numbers; 'kind' holds text"
    )
    assert "no column matches 'z*'; it has 'id'" in str(refused(path, "z*", "price"))


@pytest.mark.parametrize(
    ("x", "y", "taken"),
    [
        ("pr*", "price", "'price'"),
        ("pr*", "log(price)", "'price'"),
        ("pr*,i*", "price/id", "'id', 'price'"),
    ],
)
def test_a_pattern_that_matches_only_columns_of_y_leaves_no_feature(
    write: Write, refused: Refused, x: str, y: str, taken: str
) -> None:
    told = str(refused(write("id,price,size\n1,2,3\n2,3,4\n"), x, y))
    assert "no column is left for 'pr*'" in told
    assert told.endswith(f"y takes {taken}")


def test_columns_of_one_name_are_told_apart_by_their_places() -> None:
    assert selected("a*", columns=["a", "b", "a", "price"]).x == ("@1", "@3")


@pytest.mark.parametrize(
    ("columns", "x", "y"),
    [
        ("a b price", "a b", "price"),
        ("a b price target", "a b", "price"),
        ("a b Target c", "a b", "Target"),
        ("a b c", "a b", "c"),
    ],
)
def test_y_is_the_target_or_what_is_left(columns: str, x: str, y: str) -> None:
    chosen = select(part_of(columns.split()), x.split(), None, None, to_predict=False)
    assert (chosen.x, chosen.y) == (tuple(x.split()), y)


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        ("a b", None, "which column is to be predicted? It has 'a', 'b', 'c', 'd'"),
        ("a b a", "d", "the feature 'a' is named twice"),
        ("a @1", "d", "the feature '@1' is named twice"),
        ("a b", "b", "'b' is to be predicted, so it cannot be a feature as well"),
        ("a z", "b", "no column 'z'; it has 'a', 'b', 'c', 'd'"),
        ("a @9", "b", "no column '@9'; it has 'a', 'b', 'c', 'd'"),
    ],
)
def test_a_doubt_about_features_is_an_error(
    write: Write, refused: Refused, x: str, y: str | None, said: str
) -> None:
    error = refused(write("a,b,c,d\n1,2,3,4\n5,6,7,9\n"), x.split(), y)
    assert error.message == said
    assert error.hint


@pytest.mark.parametrize(
    ("x", "hint"),
    [
        ("`a (cm)`**2", "did you mean --x '`a (cm)`^2'?"),
        ("d**2", "did you mean --x 'd^2'?"),
        ("a (cm),b, left", "a name with a comma has an --x of its own: --x 'b, left'"),
        ("b, left,d", "a name with a comma has an --x of its own: --x 'b, left'"),
    ],
)
def test_what_is_meant_by_a_pattern_or_a_list_is_advised(
    write: Write, refused: Refused, x: str, hint: str
) -> None:
    error = refused(write('a (cm),"b, left",d,y\n1,2,3,4\n5,6,7,9\n'), [x], "y")
    assert error.hint == hint


def test_a_name_with_a_comma_has_an_x_of_its_own_or_backticks(write: Write) -> None:
    file = write('a (cm),"b, left",d,y\n1,2,3,4\n5,6,7,9\n')
    assert open_table(file, ["a (cm),d", "b, left"], "y").columns[:3] == ("a (cm)", "d", "b, left")
    assert open_table(file, "a (cm),`b, left`", "y").columns[:2] == ("a (cm)", "`b, left`")


@pytest.mark.parametrize(
    ("text", "y", "x"),
    [
        ("a,y\n1,2\n2,4\n3,7\n", "log(y)", "a"),
        ("sqft,price,n\n1,2,0\n2,4,1\n3,7,0\n", "log(price)", "sqft"),
        ("sqft,price\n1,2\n2,4\n3,7\n", "price/1000 + price^2", "sqft"),
    ],
)
def test_x_is_chosen_beside_a_formula_for_y_too(write: Write, text: str, y: str, x: str) -> None:
    with open_table(write(text), None, y) as table:
        assert table.columns[0] == x


@pytest.mark.parametrize(
    ("text", "y"), [("a,b,y\n1,2,3\n2,3,4\n", "log(y)"), ("a,y\n1,2\n2,3\n", "log(a) + y")]
)
def test_where_x_is_in_doubt_beside_a_formula_it_is_asked_for(
    write: Write, text: str, y: str
) -> None:
    with pytest.raises(DataError) as caught, open_table(write(text), None, y):
        pass
    assert "--x" in (caught.value.hint or "")
