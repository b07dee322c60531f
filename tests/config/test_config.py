"""A configuration is checked as a whole, and says all that is wrong."""

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from fitline import ConfigError
from fitline.config import Config, load, resolve, schema, settings
from fitline.optimize.losses import LOSSES
from fitline.optimize.optimizers import Adam
from fitline.optimize.schedules import Exponential
from fitline.reading import ENGINE_SETTINGS, WEIGHTS

SCHEDULES = "'constant' or 'step' or 'exponential' or 'inverse_time' or 'cosine'"
CONFIGS = Path(__file__).parents[2] / "configs"


def test_the_schema_beside_the_configurations_is_fresh() -> None:
    assert (CONFIGS / "fitline.schema.json").read_text() == schema()


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.name)
def test_every_configuration_is_valid_and_names_the_schema(path: Path) -> None:
    resolve(load(path))
    assert path.read_text().startswith("# yaml-language-server: $schema=fitline.schema.json\n")


def test_the_lesson_sets_every_key() -> None:
    of_larger_tables = {"theta", "l2", "l1", "holdout", "patience", "folds"}
    of_larger_tables |= {*WEIGHTS, *ENGINE_SETTINGS}
    assert set(load(CONFIGS / "houses.yaml")) == set(asdict(Config())) - of_larger_tables


def test_a_configuration_survives_being_written_and_read(tmp_path: Path) -> None:
    config = Config(x="a", y="b", learning_rate=1e-3, theta0=-5.0, steps=7, scaling="none")
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump({k: v for k, v in asdict(config).items() if v is not None}))
    assert resolve(load(path)) == config


def test_an_exponent_without_a_point_is_a_number(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("learning_rate: 1e-3\n")
    assert resolve(load(path)).learning_rate == 0.001


def test_flags_win_over_the_file_and_the_file_over_defaults() -> None:
    config = resolve({"steps": 5, "seed": 6}, flags={"seed": "7"})
    assert (config.steps, config.seed, config.scaling) == (5, 7, "standard")


def test_data_is_looked_for_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("data: houses.csv\n")
    assert load(path)["data"] == str(tmp_path / "houses.csv")


def test_an_empty_file_sets_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("# nothing\n")
    assert resolve(load(path)) == Config()


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("learning_rate", "fast", "expected a number above 0 or 'auto', got 'fast'"),
        ("learning_rate", 0, "expected a number above 0 or 'auto', got 0"),
        ("learning_rate", float("nan"), "expected a number above 0 or 'auto', got nan"),
        ("learning_rate", float("inf"), "expected a number above 0 or 'auto', got inf"),
        ("steps", 1.5, "expected a whole number of at least 0, got 1.5"),
        ("steps", -1, "expected a whole number of at least 0, got -1"),
        ("steps", None, "expected a whole number of at least 0, got nothing"),
        ("seed", True, "expected a whole number of at least 0, got True"),
        ("scaling", "stanard", "expected 'standard' or 'minmax' or 'none', got 'stanard'"),
        ("theta0", [1], "expected a number, got [1]"),
        ("x", 3, "expected a text or a list of texts, got 3"),
        ("x", True, "expected a text or a list of texts, got True"),
        ("header", 1, "expected true or false, got 1"),
        ("tolerance", True, "expected a number of at least 0, got True"),
        ("theta0", float("-inf"), "expected a number, got -inf"),
        ("schedule", "steps", f"expected {SCHEDULES}, got 'steps'"),
        ("schedule", 3, f"expected {SCHEDULES}, got 3"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(
    key: str, value: object, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve({key: value}, file="train.yaml")
    assert str(caught.value) == f"train.yaml: {key}: {message}"


def test_an_unknown_key_is_named_with_what_may_be_meant() -> None:
    with pytest.raises(ConfigError) as caught:
        resolve({"learning_rat": 1}, file="train.yaml")
    assert str(caught.value) == "train.yaml: learning_rat: there is no such key"
    assert caught.value.hint == "did you mean learning_rate?"


@pytest.mark.parametrize(
    ("key", "value", "hint"),
    [
        ("scaling", "stanard", "did you mean standard?"),
        ("learning_rate", "atuo", "did you mean auto?"),
        ("optimizer", "adm", "did you mean adam?"),
        ("schedule", {"name": "cosin"}, "did you mean cosine?"),
        ("optimizer", "what", None),
        ("cost", 3, None),
        ("steps", "many", None),
    ],
)
def test_a_choice_that_is_not_there_is_named_with_what_may_be_meant(
    key: str, value: object, hint: str | None
) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve({key: value})
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("settings", "message", "hint"),
    [
        ({"beta1": 1}, "beta1: expected a number of at least 0 and below 1, got 1", None),
        ({"beta1": True}, "beta1: expected a number of at least 0 and below 1, got True", None),
        ({"epsilon": float("inf")}, "epsilon: expected a number above 0, got inf", None),
        ({"momentum": 0.9}, "momentum: adam has no momentum",
         "it is a setting of momentum and nesterov"),
        ({"gamma": 1}, "gamma: adam has no gamma", "it has name, beta1, beta2, epsilon"),
    ],
)  # fmt: skip
def test_a_wrong_setting_of_a_choice_is_named_with_what_would_be_right(
    settings: dict[str, object], message: str, hint: str | None
) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve({"optimizer": {"name": "adam", **settings}}, file="train.yaml")
    assert str(caught.value) == f"train.yaml: optimizer.{message}"
    assert caught.value.hint == hint


def test_settings_without_a_name_are_those_of_the_first_that_has_them() -> None:
    assert resolve({}, flags={"optimizer": {"beta1": 0.8}}).optimizer == Adam(beta1=0.8)
    assert resolve({}, flags={"schedule": {"decay": 0.8}}).schedule == Exponential(decay=0.8)


def test_every_setting_is_described_and_may_have_its_own_default() -> None:
    for name, setting in settings().items():
        assert setting.text.endswith((".", "…", "`")), name
        if setting.part is None:
            resolve({name: getattr(Config(), name)} if setting.default else {})
    assert set(settings()) > {field.name for field in fields(Config)}
    assert settings()["beta1"].text == "Adam's β1: decay of the first moment."


def test_every_cost_has_a_loss_and_a_name() -> None:
    assert {"squared", *LOSSES} == set(settings()["cost"].choices)


def test_everything_wrong_is_said_at_once() -> None:
    values = {"learning_rate": "fast", "steps": -1, "seed": True, "stepz": 3}
    with pytest.raises(ConfigError) as caught:
        resolve(values, file="train.yaml", flags={"tolerance": -1})
    lines = str(caught.value).splitlines()
    assert lines[0] == "5 values are wrong:"
    assert [line.split(":")[0].strip() for line in lines[1:]] == ["train.yaml"] * 4 + [
        "--tolerance"
    ]


def test_what_is_wrong_is_said_in_the_order_in_which_it_was_written() -> None:
    adam = {"name": "adam", "beta2": 2, "epsilon": 0, "beta": 0, "beta1": 2}
    with pytest.raises(ConfigError) as caught:
        resolve({"steps": -1, "optimizer": adam, "seed": -1})
    told = [line.split(":")[0].strip() for line in str(caught.value).splitlines()[1:]]
    assert told == ["steps", *(f"optimizer.{part}" for part in [*adam][1:]), "seed"]


@pytest.mark.parametrize(
    ("values", "key", "message"),
    [
        ({"cost_scale": 3.0}, "cost_scale", "squared error has no scale"),
        ({"intercept": False, "theta0": 5.0}, "theta0", "would start with 5"),
        ({"intercept": False, "theta": [5.0, 1.0]}, "theta", "would start with 5"),
        ({"line_search": True, "optimizer": "adam"}, "line_search", "plain descent's steps"),
        ({"line_search": True, "schedule": "cosine"}, "line_search", "plain descent's steps"),
        ({"line_search": True, "warm_up": 5}, "line_search", "plain descent's steps"),
    ],
)
def test_settings_that_contradict_each_other_are_refused_before_a_table_is_read(
    values: dict[str, Any], key: str, message: str
) -> None:
    for given in ({"file": "c.yaml"}, {"flags": {key: values[key]}}):
        with pytest.raises(ConfigError, match=message) as caught:
            resolve(values, **given)
        flag = f"--{key.replace('_', '-')}"
        told = f"c.yaml: {key}: " if "file" in given else f"{flag}: "
        assert str(caught.value).startswith(told)
        assert caught.value.column == key
        assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1\nb: 2", "line 2: this is not YAML"),
        ("just words", "expected lines such as"),
        ("- a\n- b", "expected lines such as"),
        ("\tx: 1", "this is not YAML"),
    ],
)
def test_a_file_that_is_no_configuration_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=message):
        load(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "none.yaml")
