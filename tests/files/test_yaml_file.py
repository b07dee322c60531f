"""A configuration has one meaning, or is refused with its file, line and key."""

import os
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fitline import ConfigError
from fitline.config import Config, load, resolve
from fitline.files.yaml_file import read_yaml


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "c.yaml"


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{'bcdefghi'[n]}: &{'bcdefghi'[n]} [{', '.join(['*' + 'abcdefgh'[n]] * 9)}]\n"
    for n in range(8)
)
TOO_LARGE = "is larger than any number that is held"
TWO_WAYS = "is not the same to all programs that read YAML"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("steps: 3\n5: 1", "line 2: a key is a word, such as steps, and not 5"),
        ("~: 1", "line 1: a key is a word, such as steps, and not ~"),
        ("true: 1", "line 1: a key is a word, such as steps, and not true"),
        ("? [a]\n: 1", "line 1: a key is a word, such as steps, and not a list or a mapping"),
        ("optimizer:\n  5: 1", "line 2: optimizer: a key is a word, such as steps, and not 5"),
        ("x: " + "[" * 3000, "line 1: this is nested more than 8 deep"),
        ("- " * 3000, "line 1: this is nested more than 8 deep"),
        ("steps: " + "9" * 5000, f"line 1: steps: {'9' * 39}… {TOO_LARGE}"),
        ("theta0: 1e400", f"line 1: theta0: 1e400 {TOO_LARGE}"),
        (LAUGHS, "line 1: a: anchors (&) and aliases (*) are not read"),
        (f"optimizer:\n  {LAUGHS}", "line 2: a: anchors (&) and aliases (*) are not read"),
        ("steps: *a", "line 1: steps: anchors (&) and aliases (*) are not read"),
        ("<<: {steps: 3}", "line 1: merge keys (<<) are not read"),
        ("steps: 3\n\nsteps: 4", "line 3: steps: this key is set twice, in the lines 1 and 3"),
        (
            "optimizer: {name: adam, beta1: 0.1,\n  name: momentum}",
            "line 2: optimizer.name: this key is set twice, in the lines 1 and 2",
        ),
        *(
            (f"seed: 0\nsteps: {number}", f"line 2: steps: {number} {TWO_WAYS}")
            for number in ("1:30", "-1:30:59.5", "010", "0o17", "0x1F", "0b1", "1_000", "1_0.5e3")
        ),
        ("x: !!python/name:os.system a", "line 1: x: tags are not read, such as"),
        ("x: !!str 5", "line 1: x: tags are not read, such as"),
        ("x:\n\ty: 1", "line 2: this is not YAML: while scanning for the next token, found"),
        (
            "steps: 3\n---\nsteps: 4",
            "line 2: this is not YAML: expected a single document in the stream, but found",
        ),
        ("steps: 3\nx: \x1b[31m", "line 2: U+001B is no character of a text"),
        ('steps: 3\nx: "\\ud800"', "line 2: x: half a character stands here"),
    ],
)  # fmt: skip
def test_what_could_mean_two_things_or_too_many_is_refused(
    path: Path, text: str, said: str
) -> None:
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}, {said}")


@pytest.mark.parametrize(
    "text", ["%YAML " + "9" * 5000 + ".1\n---\nsteps: 3", 'x: "\\U99999999"', "x: !<%ff> 1"]
)
def test_what_the_parser_stumbles_over_is_no_yaml(path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(ConfigError, match=rf"{path}.*: this is not YAML"):
        load(path)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1e-3", 0.001),
        ("-1.5E3", -1500.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("+5", 5),
        ("0", 0),
        ("007.5", 7.5),
        ("true", True),
        ("False", False),
        ("", None),
        ("~", None),
        ("null", None),
        *((word, word) for word in ("yes", "no", "on", "off", "y", "n", "2024-01-01", "=", "1,5")),
        *((word, word) for word in ("_1", "1:75", "1e", "0x", "nan", "2024-01-01 12:00:00", "٣")),
        ("'010'", "010"),
        ('"1:30"', "1:30"),
        ("[1, a, {b: 2}]", [1, "a", {"b": 2}]),
    ],
)
def test_a_value_is_what_it_looks_like(path: Path, written: str, value: object) -> None:
    path.write_text(f"x: {written}\n", encoding="utf-8")
    read = read_yaml(path)["x"]
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize("word", ["yes", "no", "on", "off"])
def test_a_word_is_no_truth_value(path: Path, word: str) -> None:
    path.write_text(f"header: {word}\n")
    with pytest.raises(ConfigError, match=f"header: expected true or false, got '{word}'"):
        resolve(load(path), file=str(path))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read: it is a folder, not a file"),
        ("pipe", "cannot be read: it is a pipe, not a file"),
        (bytes(range(256)), "the file is not UTF-8 text"),
        ("steps: 3".encode("utf-16"), "the file is not UTF-8 text"),
        (b"x: [" + b"1, " * 10**6, "cannot be read: it has more than 65,536 bytes"),
    ],
    ids=["folder", "pipe", "bytes", "utf-16", "long"],
)
def test_a_configuration_is_a_short_text(
    path: Path, content: bytes | str | None, said: str
) -> None:
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is None:
        path.mkdir()
    else:
        os.mkfifo(path)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value) == f"{path}: {said}"


def test_what_the_shell_pipes_in_is_read() -> None:
    read, write = os.pipe()
    os.write(write, b"steps: 3\n")
    os.close(write)
    assert load(f"/dev/fd/{read}") == {"steps": 3}
    os.close(read)


KEYS = st.sampled_from([*Config.__dataclass_fields__, "name", "beta1", "stepz"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.text(max_size=5),
    st.sampled_from(["adam", "cosine", "auto", "none", "1e-3"]),
)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            KEYS | st.integers() | st.none() | st.text(max_size=3), inner, max_size=4
        )
    ),
    max_leaves=12,
)
WORDS = ["1", "0x1", "1:30", "---\n", "\\U9", "é", "\x85", "!!str", "&a ", "*a ", "%YAML 1.1\n"]
TEXTS = st.lists(
    st.sampled_from(
        [
            *WORDS,
            *"[]{}:,-?&*!|>'\"%@#~\n \t",
            "\n  ",
            ": ",
            "- ",
            "steps",
            "optimizer",
            "name",
            "<<",
        ],
    ),
    max_size=25,
).map("".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TREES.map(lambda tree: yaml.safe_dump(tree, allow_unicode=True)) | TEXTS)
@example("? - ? - ?")
def test_any_text_is_a_configuration_or_a_sentence(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    try:
        assert isinstance(resolve(load(path), file=str(path)), Config)
    except ConfigError as error:
        assert str(path) in str(error)  # noqa: PT017 - most are right


@given(st.dictionaries(KEYS | st.integers() | st.none(), TREES, max_size=4))
def test_any_mapping_is_a_configuration_or_a_sentence(values: dict[str, object]) -> None:
    try:
        assert isinstance(resolve(values), Config)
    except ConfigError as error:
        assert str(error)  # noqa: PT017 - most are right
