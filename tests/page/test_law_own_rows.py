"""The page makes of rows and of text what Python makes of tables and of files."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from fitline.config import Config
from fitline.data import open_table
from fitline.data.division import Holdout
from fitline.page.payload import lesson_of
from fitline.page.presets import presets
from fitline.reading import Reading
from fitline.training import Training, landscape_of, prepare

from .law import COSTS, LINES, answers_to, differences

SEED = 7

OFFERED = {each["title"]: (each["rows"]["x"], each["rows"]["y"]) for each in presets()}
ODD = {name: LINES[name] for name in LINES if name not in {"houses", "two lines"}}
OWN = {**ODD, **OFFERED}
"""Tables of one feature that a page may be given: those that it offers, and odd ones."""

WITH_A_SHARE = product(["two neighbourhoods", "a large noisy town"], ["squared", "cauchy"])

LEVEL = "an outlier", "absolute"
"""Here many lines are equally good."""


def test_the_page_makes_a_lesson_of_rows_as_python_does() -> None:
    cases = [(*case, None) for case in product(OWN, COSTS)]
    cases += [(*case, 0.3) for case in WITH_A_SHARE]
    lessons = [lesson_of(training_on(*OWN[name], *choice)) for name, *choice in cases]
    tables = [dict(zip("xy", map(list, OWN[name]), strict=True)) for name, *_ in cases]
    found = answers_to(
        lessons=lessons[:1],
        own=[
            [0, {"x": "x1", "y": "y", "rows": rows}, {"cost": cost, "share": share}]
            for rows, (_, cost, share) in zip(tables, cases, strict=True)
        ],
    )["own"]
    wrong = [
        f"{case}: {difference}"
        for case, here, there in zip(cases, lessons, found, strict=True)
        if case[:2] != LEVEL
        for difference in differences(facts_of(here), facts_of(there), 1e-9)
    ]
    assert not wrong, "\n".join([f"{len(wrong)} differences", *wrong[:20]])


def facts_of(lesson: dict[str, Any]) -> dict[str, Any]:
    """Give what is to be the same: numbers rounded once to the last bit, others closely."""
    held_out, stationary, window = lesson["held_out"], lesson["stationary"], lesson["window"]
    across, up = window["across"], window["up"]
    ends = [point["theta"] for point in stationary]
    return {
        "moments": tuple(lesson["moments"].items()),
        "held_out": held_out and tuple(held_out["moments"].items()),
        "points": str(lesson["points"]["y"]),
        "scale": lesson["cost"]["scale"],
        "spread": [lesson["cost"]["spread"]],
        **{f"eigenvalues, {kind}": bowl["eigenvalues"] for kind, bowl in lesson["bowls"].items()},
        "kinds": tuple(point["kind"] for point in stationary),
        "heights": [point["cost"] for point in stationary],
        "intercepts": [theta[0] for theta in ends],
        "slopes": [theta[1] for theta in ends],
        "starts": [theta[0] for theta in lesson["starts"]],
        "rate": [lesson["config"]["learning_rate"]],
        "schedule": str(lesson["config"]["schedule"]),
        "window": [*across, across[1] - across[0]],
        "window up": [*up, up[1] - up[0]],
    }


def training_on(x: Any, y: Any, cost: str, share: float | None) -> Training:
    table = open_table({"x1": np.array(x, float), "y": np.array(y, float)}, ["x1"], "y")
    config = Config(cost=cost, holdout=share, seed=SEED)
    moments = table.moments(division=Holdout(share, SEED) if share else None)
    return prepare(table, landscape_of(table, moments, config), config)


TEXTS: list[tuple[str, list[int], Reading]] = [
    ("sqft,price\n1000,150000\n1500,2.1e5\n", [], Reading()),
    ("\ufeffsqft,price\r\n1000,150000\r\n\r\n1500,210000", [], Reading()),
    ('price,"sqft"\n"150000",1000\n"a ""b"", c",7\n210000,1500\n', [3], Reading()),
    ("sqft;price;beds\n50,5;100000;2\n70;140000;3\n", [], Reading()),
    ("sqft\tprice\n50.5\t1e5\n70\tn/a\n90\n80\t-3\n", [3, 4], Reading()),
    ("1000,150000\n1500,210000\n", [], Reading(header=False)),
    ("town,sqft,price\nA,1,2\nB,3,4\nC,,9\n", [4], Reading()),
    ("sqft,price\n1,2\n1,5,3\n2\n4,4,\n,\n5,6\n", [3, 4], Reading()),
    ("sqft;price\n1,5;2\n2,5;3;4\n;;\n3;4;;\n", [3], Reading()),
    ("1\t2\n1\t2\t3\n4\n4\t5\n", [2, 3], Reading(header=False)),
]
"""Tables as text, the lines of them that cannot be used, and how Python is told to read them."""


def test_the_page_reads_text_as_python_does(tmp_path: Path) -> None:
    named = [("sqft", "price") if reading.header else ("c1", "c2") for *_, reading in TEXTS]
    asked = [(text, *names) for (text, *_), names in zip(TEXTS, named, strict=True)]
    for (text, unused, reading), names, there in zip(
        TEXTS, named, answers_to(texts=asked)["texts"], strict=True
    ):
        file = tmp_path / "rows.csv"
        file.write_bytes(text.encode())
        table = open_table(str(file), *names, replace(reading, bad_rows="skip"))
        rows = table.rows(table.moments())
        assert (there["x"], there["y"]) == (rows.x[0].tolist(), rows.y.tolist()), text
        assert there["unused"] == unused, text
        assert there["chosen"] == list(names), text


def test_commas_that_may_part_thousands_are_no_numbers() -> None:
    (rows,) = answers_to(texts=[("x\ty\n1\t150,000\n2\t3\n3\t4\n", "x", "y")])["texts"]
    assert (rows["x"], rows["unused"]) == ([2, 3], [2])
