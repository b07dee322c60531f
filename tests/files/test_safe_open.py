"""Whatever a path is, what cannot be a file's is refused, in words that can be printed."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitline import FitlineError, LinearModel
from fitline.data.paths import find_files, matches
from fitline.files.atomic import write_text
from fitline.files.safe_open import can_exist
from fitline.files.yaml_file import read_yaml
from fitline.reading import Reading

anything = st.text(st.characters())
impossible = st.builds(
    "{}{}{}".format, anything, st.sampled_from("\0\ud800\udbff\udc00\udc7f\udd00\udfff"), anything
)
DOORS: list[Callable[[str], Any]] = [
    lambda path: find_files([path], Reading()),
    LinearModel.load,
    read_yaml,
    lambda path: write_text(path, "text"),
]


@given(impossible)
def test_what_no_file_can_be_called_is_refused_wherever_a_file_is_opened(path: str) -> None:
    assert not can_exist(path)
    assert matches(path) == matches(f"{path}/*") == []
    for door in DOORS:
        with pytest.raises(FitlineError) as caught:
            door(path)
        str(caught.value).encode()


@given(anything)
def test_an_error_can_be_printed_whatever_it_names(name: str) -> None:
    told = str(FitlineError(f"no column {name!r}", name, details=(name, name)))
    assert told.encode()
    assert told.count("\n") == 2
