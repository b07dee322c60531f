"""From what is typed for x and y to columns and formulas: lists with commas, and patterns."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from fitline.errors import ConfigError, DataError
from fitline.formatting import listed, quoted

from .columns import choose, choose_x, place_of, require, target_of, typed_as
from .dates import Dates
from .formulas import ColumnText, FormulaText, is_formula, parse

if TYPE_CHECKING:
    from .parts import Part

COMMA = re.compile(r",(?=(?:[^`]*`[^`]*`)*[^`]*$)")
"""A comma that stands outside of backticks."""

WILD = re.compile(r"[*?]|\[.+\]")


@dataclass(frozen=True)
class Selection:
    """Features and y, None where nothing is known of it, as each would be typed.

    Patterns passed over columns of text, whose names are given as well.
    """

    x: tuple[str, ...]
    y: str | None
    passed_over: tuple[str, ...] = ()

    def named(self, columns: Sequence[str]) -> "Selection":
        """Call columns at places by their names, where no others have the same."""

        def name(typed: str) -> str:
            place = place_of(columns, typed)
            return typed if place is None else typed_as(columns, place)

        y = None if self.y is None else name(self.y)
        return Selection(tuple(map(name, self.x)), y, self.passed_over)


def select(
    part: "Part",
    x: Sequence[str],
    y: str | None,
    dates: Dates | None,
    apart: Sequence[str] = (),
    *,
    to_predict: bool,
) -> Selection:
    """Choose the features and y of a table; `dates` tells how dates are written.

    What is a column's very name stands for that column. A pattern means the columns that match it
    and hold numbers, y, those that are kept `apart` and those named already excepted. Raises
    DataError where that leaves a doubt, and ConfigError where a formula is none.
    """
    file, columns = part.name, part.columns
    expanded = _Expansion(part, y)
    expanded.taken.update(place_of(columns, typed) for typed in apart)
    expanded.take([name for text in x for name in _split(file, columns, text)])
    named = tuple(expanded.x)
    has_formula = any(is_formula(columns, text) for text in (*named, y or ""))
    if not named and y is not None and is_formula(columns, y):
        source, *_ = places_of(file, columns, y, "y")
        named = (choose(file, columns, None, typed_as(columns, source), dates)[0],)
    only = named[0] if named else None
    if len(named) > 1 or has_formula:
        named, y = _several(part, named, y, dates, to_predict=to_predict)
    elif to_predict:
        named, y = (choose_x(file, columns, only, dates),), None
    else:
        only, y = choose(file, columns, only, y, dates)
        named = (only,)
    return Selection(named, y, tuple(expanded.passed_over))


def places_of(
    file: str, columns: Sequence[str], typed: str, flag: str, dates: Dates | None = None
) -> tuple[int, ...]:
    """Give the columns of which a column or a formula is made.

    Raises DataError where one is not there, and ConfigError where a formula is none.
    """
    if is_formula(columns, typed):
        return parse(file, columns, typed, flag).places
    require(file, columns, typed, flag, dates)
    return (place_of(columns, typed) or 0,)


def split(text: str) -> list[str]:
    """Part a list at its commas.

    >>> split("sqft, `a,b`"), split(",")
    (['sqft', '`a,b`'], [','])
    """
    return [name for name in map(str.strip, COMMA.split(text)) if name] or [text]


def _split(file: str, columns: Sequence[str], text: str) -> list[str]:
    """Part a list at its commas, unless it is the name of a column.

    Raises DataError where that cuts a name of a column that has a comma itself.
    """
    if _is_certain(columns, text):
        return [text]
    names = split(text)
    for column in columns:
        if "," in column and column in text and f"`{column}`" not in text:
            part = next((name for name in names if name in column and name not in columns), None)
            if part is not None:
                raise DataError(
                    f"no column {quoted(part)}; it has {listed(columns)}",
                    file=file,
                    column=part,
                    hint=f"a name with a comma has an --x of its own: --x {shlex.quote(column)}",
                )
    return names


def _is_certain(columns: Sequence[str], text: str) -> bool:
    """Tell whether a text is known to be one feature: by a model, or as the name of a column."""
    return isinstance(text, FormulaText | ColumnText) or place_of(columns, text) is not None


class _Expansion:
    """The features of a table, patterns taken apart."""

    def __init__(self, part: "Part", y: str | None) -> None:
        self.part, self.file, self.columns = part, part.name, part.columns
        self.x: list[str] = []
        self.passed_over: dict[str, None] = {}
        if y is None:
            self.taken: set[int | None] = {target_of(self.columns)}
        elif is_formula(self.columns, y):
            self.taken = {*places_of(self.file, self.columns, y, "y")}
        else:
            self.taken = {place_of(self.columns, y)}

    def take(self, names: Sequence[str]) -> None:
        """Take names, formulas and patterns for features."""
        self.taken |= {place_of(self.columns, name) for name in names}
        for name in names:
            if not _is_certain(self.columns, name) and self._is_pattern(name):
                self._take_matching(name)
            else:
                self.x.append(name)
        if names and not self.x:
            of_y = [name for place, name in enumerate(self.columns) if place in self.taken]
            raise DataError(
                f"no column is left for {listed(names)}; y takes {listed(of_y)}",
                file=self.file,
                column=names[0],
                hint="name another column with --x",
            )

    def _is_pattern(self, name: str) -> bool:
        """Tell a pattern from a formula with a product, and from the name of no column."""
        if not WILD.search(name):
            return False
        try:
            parse(self.file, self.columns, name, "x")
        except (ConfigError, DataError):
            return True
        return not is_formula(self.columns, name)

    def _take_matching(self, pattern: str) -> None:
        columns = self.columns
        matching = [place for place, name in enumerate(columns) if fnmatchcase(name, pattern)]
        numbers = [place for place in matching if _holds_numbers(self.part, place)]
        texts = [columns[place] for place in matching if place not in numbers]
        found = [place for place in numbers if place not in self.taken]
        if not found and (texts or not matching):
            raise self._nothing(pattern, texts)
        self.passed_over |= dict.fromkeys(texts)
        self.taken.update(found)
        self.x += [typed_as(columns, place) for place in found]

    def _nothing(self, pattern: str, texts: Sequence[str]) -> DataError:
        told = f"no column matches {quoted(pattern)}; it has {listed(self.columns)}"
        if texts:
            hold = "holds" if len(texts) == 1 else "hold"
            told = (
                f"no column that matches {quoted(pattern)} holds numbers; {listed(texts)} {hold}"
            )
            told += " text"
        return DataError(told, file=self.file, column=pattern, hint=self._meant(pattern))

    def _meant(self, pattern: str) -> str | None:
        """Propose the formula that may be meant, such as sqft^2 for sqft**2."""
        try:
            parse(self.file, self.columns, pattern, "x")
        except (ConfigError, DataError) as error:
            return error.hint
        return None


def _holds_numbers(part: "Part", place: int) -> bool:
    """Tell whether all the first cells of a column are numbers."""
    if not part.is_text(place, "careful"):
        return True
    filled = [cell for cell in part.head(place) if not part.parsing.is_missing(cell)]
    return bool(filled) and all(part.parsing.read(cell) is not None for cell in filled)


def _several(
    part: "Part", x: tuple[str, ...], y: str | None, dates: Dates | None, *, to_predict: bool
) -> tuple[tuple[str, ...], str | None]:
    """Take the features that are named, and y, or what may be y of the other columns."""
    file, columns = part.name, part.columns
    used: set[int] = set()
    seen: set[object] = set()
    for name in x:
        places = places_of(file, columns, name, "x", dates)
        one = name if is_formula(columns, name) else places
        if one in seen:
            raise DataError(
                f"the feature {quoted(name)} is named twice",
                file=file,
                column=name,
                hint="name each feature once with --x",
            )
        seen.add(one)
        used.update(places)
    if to_predict:
        return x, None
    if y is None and (target := target_of(columns, used)) is not None:
        y = typed_as(columns, target)
    if y is None:
        raise DataError(
            f"which column is to be predicted? It has {listed(columns)}",
            file=file,
            hint="name it with --y",
        )
    if shared := used.intersection(places_of(file, columns, y, "y", dates)):
        name = columns[min(shared)]
        raise DataError(
            f"{quoted(name)} is to be predicted, so it cannot be a feature as well",
            file=file,
            column=name,
            hint="leave it out of --x, or name another column with --y",
        )
    return x, y
