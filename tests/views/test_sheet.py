"""A sheet looks as Rich would draw it, in a fraction of the time."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType
from rich.table import Table

from fitline.charts.text import Text
from fitline.views import report
from fitline.views.report import Sheet

CELLS = st.lists(
    st.sampled_from(["12.5", "−3", "θ0", "漢字", "e\u0301", "🏠", "\x1b[1m", " ", "[b]"])
)
ROW = st.tuples(*[CELLS.map("".join)] * 3)
ROWS = st.lists(ROW, max_size=4)


def drawn(drawing: RenderableType) -> str:
    console = Console(width=10_000, no_color=True, force_terminal=False)
    with console.capture() as capture:
        console.print(drawing)
    return capture.get()


def by_rich(header: Sequence[str], rows: Sequence[Sequence[str]], left: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in header:
        table.add_column(Text(name), justify="left" if name == left else "right", no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))
    return table


@given(ROW.map(lambda names: tuple(f"{place}{name}" for place, name in enumerate(names))), ROWS)
def test_a_sheet_has_the_characters_of_a_table_by_rich(
    header: tuple[str, ...], rows: list[tuple[str, ...]]
) -> None:
    sheet = Sheet(header, rows, left=(header[0],))
    assert drawn(sheet) == drawn(by_rich(header, rows, header[0]))


def test_many_rows_need_no_table_of_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which would take minutes for a million of them."""
    monkeypatch.setattr(report, "Table", None)
    text = drawn(Sheet(("step", "cost"), [(f"{row:,}", f"{row / 7}") for row in range(1000)]))
    assert text.count("\n") == 1001


def test_columns_of_one_name_are_told_apart() -> None:
    assert drawn(Sheet(("x", "x"), [("1", "2")])) == "x  x\n1  2\n"


@pytest.mark.parametrize("width", [1, 8, 11, 15, 40])
def test_spare_columns_that_are_not_there_change_nothing(width: int) -> None:
    def at_width(spare: list[str]) -> str:
        console = Console(width=width, no_color=True, force_terminal=False)
        with console.capture() as capture:
            console.print(Sheet(("a", "b", "c"), [("100", "200", "300")], spare), crop=False)
        return capture.get()

    assert at_width(["b", "nowhere", "c"]) == at_width(["b", "c"])


def test_what_is_left_out_of_blocks_is_named() -> None:
    console = Console(width=6, no_color=True, force_terminal=False)
    with console.capture() as capture:
        console.print(Sheet(("a", "b"), [("123456", "7")], spare=["b"]))
    assert " ".join(capture.get().split()).endswith("a wider termin al shows: b")
