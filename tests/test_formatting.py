"""Numbers are written with digits that are all true."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitline.formatting import LARGEST_PLAIN, brief, count, number

CASES = {
    0.0: "0",
    6050000000.0: "6,050,000,000",
    123456789.4: "123,456,789",
    0.0229247258795502: "0.0229247",
    0.0001: "0.0001",
    -4617.0: "−4,617",
    3.2e-17: "3.2e−17",
    1e15: "1e15",
    999999.96: "1,000,000",
    math.inf: "overflow",
    -math.inf: "overflow",
    math.nan: "overflow",
}


@pytest.mark.parametrize(("value", "text"), CASES.items())
def test_a_number_is_written_so(value: float, text: str) -> None:
    assert number(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_written_is_the_number_to_six_digits(value: float) -> None:
    read = float(number(value).replace(",", "").replace("−", "-"))
    assert read == pytest.approx(value, rel=5.1e-6, abs=1e-320)


@given(st.integers(-int(LARGEST_PLAIN) + 1, int(LARGEST_PLAIN) - 1))
def test_whole_numbers_are_written_whole(value: int) -> None:
    assert number(value) == f"{value:,}".replace("-", "−")


def test_an_amount_is_written_with_its_noun() -> None:
    assert [count(n, "row") for n in (0, 1, 2930)] == ["0 rows", "1 row", "2,930 rows"]


def test_where_there_is_little_room_numbers_are_short() -> None:
    assert [brief(value) for value in (6.05e9, 20e6, 999_999.9, 999_960.0, -12_000, 0, 2e15)] == [
        "6.05B",
        "20M",
        "1M",
        "1M",
        "−12,000",
        "0",
        "2e15",
    ]
