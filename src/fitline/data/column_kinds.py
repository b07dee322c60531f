"""How the cells of features are read, as dates or as levels of text, by the first of them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import partial

from fitline.errors import DataError
from fitline.reading import Reading

from .accounting import refuse_open_quotes
from .cell_errors import is_level
from .cells import Values, is_illegible, text_of
from .cluster import Cluster, over
from .columns import place_of
from .dates import Dates, dates_of
from .formulas import is_formula
from .parquet import LOOK_ROWS
from .parts import Part
from .sql import trimmed
from .terms import MOST_LEVELS, Levels


def read_otherwise(  # noqa: PLR0913 - columns, and all that is known of them
    parts: Sequence[Part],
    x: Sequence[str],
    reading: Reading,
    levels: Mapping[str, Sequence[str]] | None,
    dates: Collection[str] = (),
    *,
    may_be_text: bool,
    cluster: Cluster | None = None,
) -> Mapping[str, Values]:
    """Tell which columns hold no plain numbers, and how these are read.

    Those of `dates` are known to hold them. The levels of a column of text are those that are
    known, or all that there are. Where a model knows all `levels`, and they are not None, its
    other columns hold numbers.
    """
    told = dates_of(reading)
    found: dict[str, Values] = {}
    for typed in x:
        if is_formula(parts[0].columns, typed):
            continue
        if levels and typed in levels:
            found[typed] = Levels(tuple(levels[typed]))
        elif typed in dates:
            found[typed] = told or Dates()
        elif levels is not None:
            continue
        elif _hold_dates(parts, typed, told, is_only=len(x) == 1):
            found[typed] = told or Dates()
        elif may_be_text and _hold_text(parts, typed) and (own := _levels(parts, typed, cluster)):
            found[typed] = own
    return found


def _heads(parts: Sequence[Part], typed: str) -> list[list[str]]:
    """Give the first filled cells of a column in each part."""
    heads = []
    for part in parts:
        place = place_of(part.columns, typed) or 0
        cells, is_missing = part.head(place), part.parsing.is_missing
        filled = [text_of(cell) for cell in cells if not is_missing(cell)]
        if cells and not filled:
            filled = [level for level, _ in _counted(typed, part)]
        heads.append(filled)
    return heads


def _counted(typed: str, part: Part) -> list[tuple[str, int]]:
    """Read a column, and give its most frequent texts, each with how many rows have it."""
    place = place_of(part.columns, typed) or 0
    is_missing, rows = part.parsing.nothing_sql("column_0"), part.select([place], texts=[place])
    return part.engine.fetch(
        f"select {trimmed('column_0')} as level, count(*) as rows"
        f" from ({rows}) where not ({is_missing} or {is_illegible('column_0')})"
        f" group by level order by rows desc, level limit {MOST_LEVELS + 1}"
    )


def _hold_dates(parts: Sequence[Part], typed: str, told: Dates | None, *, is_only: bool) -> bool:
    """Tell whether a column holds dates in every part.

    It does by its type, or where most of its first cells are dates and none is a number; one that
    is a date as well is, where it is told how these are written. Then the only feature holds dates
    if not all of its first cells are mere numbers.
    """
    for part, filled in zip(parts, _heads(parts, typed), strict=True):
        place = place_of(part.columns, typed) or 0
        if part.holds_dates(place):
            continue
        cells = filled or (_numbers(part, place) if told else [])
        are_dates = [(told or Dates()).read(cell) is not None for cell in cells]
        are_numbers = [
            part.parsing.read(cell) is not None and not (told and is_date)
            for cell, is_date in zip(cells, are_dates, strict=True)
        ]
        if told and is_only and not (cells and all(are_numbers)):
            continue
        if 2 * sum(are_dates) <= len(cells) or any(are_numbers):
            return False
    return True


def _numbers(part: Part, place: int) -> list[str]:
    """Write the first cells of a column that has a type of numbers as text."""
    cells = f"select cast(column_0 as varchar) as cell from ({part.select([place])})"
    found = part.engine.fetch(
        f"select cell from ({cells}) where cell is not null limit {LOOK_ROWS}"
    )
    return [cell for (cell,) in found]


def _hold_text(parts: Sequence[Part], typed: str) -> bool:
    """Tell whether nine of ten of the first cells of every part are no number in any notation."""
    return all(
        filled and 10 * sum(is_level(cell, part.parsing) for cell in filled) >= 9 * len(filled)
        for part, filled in zip(parts, _heads(parts, typed), strict=True)
    )


def _levels(parts: Sequence[Part], typed: str, cluster: Cluster | None) -> Levels | None:
    """Read a column of text to find its levels: the most frequent one, and the others in order.

    There are none where the engine can take no row apart. Raises DataError where there is but one,
    or where they are too many.
    """
    counts: Counter[str] = Counter()
    for found in over(cluster, parts, partial(_counted, typed), typed):
        counts.update(dict(found))
    try:
        return Levels.of(counts, parts[0].name, typed) if counts else None
    except DataError:
        refuse_open_quotes(parts)  # behind which other levels may stand
        raise
