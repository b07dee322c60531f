"""The digest of the rows of a table."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from fitline.optimize.row_hashes import RowDigest

NUMBERS = some.floats(allow_nan=False, allow_infinity=False)
ROWS = some.lists(some.tuples(NUMBERS, NUMBERS), min_size=1, max_size=9)


def digest(*parts: list[tuple[float, float]]) -> str:
    found = RowDigest()
    for part in parts:
        found.add(np.array(part).reshape(-1, 2).T, np.ones(len(part)))
    return found.text


@given(ROWS, ROWS)
def test_parts_make_up_the_whole_in_every_order(some_rows: list, others: list) -> None:  # type: ignore[type-arg]
    assert digest(some_rows, others) == digest([*others[::-1], *some_rows])


@given(ROWS, ROWS)
def test_other_rows_have_another_digest(some_rows: list, others: list) -> None:  # type: ignore[type-arg]
    assert (digest(some_rows) == digest(others)) == (sorted(some_rows) == sorted(others))


@given(ROWS, some.integers(0, 5))
def test_a_row_is_there_as_often_as_it_is_counted(some_rows: list, count: int) -> None:  # type: ignore[type-arg]
    found = RowDigest()
    found.add(np.array(some_rows).T, np.full(len(some_rows), float(count)))
    assert found.text == digest(some_rows * count)


def test_a_negative_zero_is_zero() -> None:
    assert digest([(-0.0, 1.0)]) == digest([(0.0, 1.0)])
