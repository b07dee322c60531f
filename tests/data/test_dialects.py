"""However a table is written, its rows are used, or left out and named, each exactly once."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fitline.data import Reading, open_table
from fitline.errors import DataError

Write = Callable[..., str]
Refused = Callable[..., DataError]

BAD = ["none", "1__0", "--5", "0x10", "+-5", "1.2.3", "$5"]
MISSING = ["", "NA", "n/a", "NaN", "null", "-", "?", "."]
LABELS = ["a", "b c", "#", "%", "# x", "% y", "#1", "%a", ";", "|", ",", "# 7", "-", "1"]
TITLES = [
    ["Report of the year 2020"],
    ["Weights and their heights", "", "of everybody in town"],
    ["2024", "", ""],
]
GOOD = [(Fraction(1001, 4), Fraction(5)), (Fraction(3), Fraction(1, 2))]


@dataclass
class Drawn:
    """A table as it is written, with what must be found in it."""

    text: str
    options: dict[str, Any]
    good: list[tuple[Fraction, Fraction]] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)
    columns: tuple[str, str] = ("weight", "height")


@dataclass
class Style:
    """How a table is written."""

    draw: st.DrawFn
    delimiter: str
    quote: str
    marks: tuple[str, str]
    comment: str

    def number(self, value: Fraction) -> str:
        decimal, group = self.marks
        text = f"{float(value):,.4f}".rstrip("0").rstrip(".")
        return text.replace(",", "g").replace(".", decimal).replace("g", group)

    def row(self, cells: Sequence[str]) -> str:
        """Write a row; spaces may stand around cells, and runs of them are one delimiter.

        Tabs at its ends would be delimiters of empty cells, where tabs alone delimit other rows;
        where they alone delimit names, they do so everywhere.
        """
        blanks = " " if "weight" in cells else " \t"
        cells = [f"{self.quote}{cell}{self.quote}" for cell in cells]
        if self.delimiter == " ":
            between = self.draw(st.text(blanks, min_size=1, max_size=4))
            before, after = (self.draw(st.text(" ", max_size=2)) for _ in range(2))
            return before + between.join(cells) + after
        return (self.delimiter + self.draw(st.sampled_from(["", " ", "   "]))).join(cells)

    @property
    def missing(self) -> Sequence[str]:
        """What a cell may hold that means nothing; between spaces it cannot be empty."""
        return MISSING[1:] if self.delimiter == " " and not self.quote else MISSING

    @property
    def labels(self) -> Sequence[str]:
        """What a first cell of text may hold; comments begin with another mark.

        Where blanks delimit and tabs delimit most rows, `# 1 2` is a comment.
        """
        written = [label for label in LABELS if self.quote or self.delimiter not in label]
        if self.delimiter == " " and not self.quote:
            written = [label for label in written if label[0] not in "#%"]
        return [label for label in written if not self.comment or label[0] != self.comment]

    @property
    def no_rows(self) -> Sequence[str]:
        """Lines that are no rows."""
        remark = f"{self.comment} a remark, said in passing; and more"
        blanks = ["", " ", self.delimiter, self.delimiter * 2, '" "']
        return [*blanks, *([remark] if self.comment else [])]


@st.composite
def styles(draw: st.DrawFn) -> Style:
    delimiter = draw(st.sampled_from(",;\t| "))
    marks = [(".", ""), *([(",", ""), (",", ".")] if delimiter in ";\t|" else [])]
    quote, comment = draw(st.sampled_from(["", '"'])), draw(st.sampled_from(["", "#", "%"]))
    return Style(draw, delimiter, quote, draw(st.sampled_from(marks)), comment)


@st.composite
def tables(draw: st.DrawFn) -> Drawn:
    style, has_header = draw(styles()), draw(st.booleans())
    lines = draw(st.sampled_from([[], *TITLES])) if has_header else []
    lines = [*lines, *([f"{style.comment} made by hand, with care"] if style.comment else [])]
    labels = draw(st.sampled_from([(), style.labels]))
    names = [draw(st.sampled_from(["name"] if lines else ["name", "#"]))] if labels else []
    lines += [style.row([*names, "weight", "height"])] if has_header else []
    columns = ("weight", "height") if has_header else ("@2", "@3") if labels else ("@1", "@2")
    drawn = Drawn("", {} if has_header else {"header": False}, columns=columns)
    number = st.integers(-9_999_999, 9_999_999).map(lambda whole: Fraction(whole, 16))
    for x, y in [*GOOD, *draw(st.lists(st.tuples(number, number), min_size=3, max_size=9))]:
        cells, line = [style.number(x), style.number(y)], len(lines) + 1
        choice = labels if len(drawn.good) > 1 else labels[:1]
        label = [draw(st.sampled_from(choice))] if labels else []
        kinds = ["good"] * 6 + ["missing", "bad", "none"] * (len(drawn.good) > 1)
        kinds += ["short"] * (len(drawn.good) > 1 + len(drawn.bad))
        match draw(st.sampled_from(kinds)):
            case "good":
                drawn.good.append((x, y))
            case "missing":
                cells[draw(st.integers(0, 1))] = draw(st.sampled_from(style.missing))
                drawn.missing.append(line)
            case "bad":  # text in a first cell may be a row's label, and so may a comment
                place = draw(st.integers(1 if style.comment and not labels else 0, 1))
                cells[place] = draw(st.sampled_from(BAD))
                drawn.bad.append(line)
            case "short":
                label, cells = label and ["a"], cells[:1]
                drawn.bad.append(line)
            case _:
                lines.append(draw(st.sampled_from(style.no_rows)))
                continue
        lines.append(style.row([*label, *cells]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    drawn.text = end.join(lines) + draw(st.sampled_from(["", end]))
    return drawn


def line_of(rows: Sequence[tuple[Fraction, Fraction]]) -> tuple[Fraction, Fraction] | None:
    """Give the least-squares line, or None where x does not vary."""
    x, y = (sum(row[place] for row in rows) / len(rows) for place in (0, 1))
    xx = sum((row[0] - x) ** 2 for row in rows)
    if not xx:
        return None
    slope = sum((row[0] - x) * (row[1] - y) for row in rows) / xx
    return y - slope * x, slope


COLUMNS = ("@1", "@2")
TABS_AND_DECIMAL_COMMAS = "250,25\t5\n3\t0,5\n0,0625\n0,0625\n0,0625"
LINES_THAT_END_IN_CR = "weight,height\r250.25,5\r3,0.5\r+-5,0"


NAMED_BY_A_MARK = "#;weight;height\na;250,25;5\na;3;0,5\n#;0;0\na;0;0,0625\na;0,0625"
MARKED = [
    (Fraction(1001, 4), Fraction(5)),
    (Fraction(3), Fraction(1, 2)),
    (Fraction(0), Fraction(0)),
    (Fraction(0), Fraction(1, 16)),
]


@example(Drawn(TABS_AND_DECIMAL_COMMAS, {"header": False}, GOOD, [], [3, 4, 5], COLUMNS), "fail")
@example(Drawn(LINES_THAT_END_IN_CR, {}, GOOD, bad=[4]), "skip")
@example(Drawn(NAMED_BY_A_MARK, {}, MARKED, bad=[6]), "fail")
@settings(max_examples=20)
@given(tables(), st.sampled_from(["fail", "skip"]))
def test_every_dialect_gives_the_rows_and_the_line(
    tmp_path_factory: pytest.TempPathFactory, drawn: Drawn, missing: Any
) -> None:
    folder = tmp_path_factory.getbasetemp()
    path, rejects = folder / "drawn.txt", folder / "rejects.csv"
    path.write_text(drawn.text, encoding="utf-8", newline="")
    reading = Reading(bad_rows="skip", **drawn.options)
    table = open_table(str(path), *drawn.columns, reading, rejects=rejects)
    moments = table.moments()
    with rejects.open(newline="", encoding="utf-8") as stream:
        listed = [int(row["line"]) for row in csv.DictReader(stream)]
    assert listed == sorted(drawn.bad + drawn.missing)
    assert (moments.rows, table.skipped, table.missing) == (
        len(drawn.good),
        len(listed),
        len(drawn.missing),
    )
    line = line_of(drawn.good)
    if line is not None:
        assert tuple(moments.fit.theta) == pytest.approx(
            tuple(map(float, line)), rel=1e-13, abs=1e-9
        )
    stops = drawn.bad if missing == "skip" else listed
    table = open_table(str(path), *drawn.columns, Reading(missing=missing, **drawn.options))
    if stops:
        with pytest.raises(DataError) as caught:
            table.moments()
        assert f"line {stops[0]}: " in str(caught.value)
    else:
        assert table.moments().rows == len(drawn.good)
