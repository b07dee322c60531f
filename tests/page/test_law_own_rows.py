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


GERMAN = "sqft;price\n950;148.000\n1.080;155.500\n2.000;290.000\n"

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
    ("1.234,5;50\n800;60,5\n900;−3\n", [], Reading(header=False)),
    ("sqft;price\n1.234.567;150.000\n800;140.000\n", [], Reading()),
    ("sqft|price\n1 000|2\n1\u00a0500,5|3\nNA|4\n", [4], Reading()),
    ("sqft;price\n1'000;2.5\n900;3\n", [], Reading()),
    ("sqft\tprice\n1,000.5\t2\n1,500\t3\n", [], Reading()),
    ("sqft;price\n1.5;2\n2,5;3\n3.5;4\n", [3], Reading()),
    ("sqft;price\n1,500;2\n3;3\n4;4\n", [2], Reading()),
    ("sqft\tprice\n1\t150,000\n2\t3\n3\t4\n", [2], Reading()),
    ("Flats of 2020\n# two\n\nsqft;price\n1,5;2\n3;4\n", [], Reading()),
    (GERMAN, [], Reading()),
    (GERMAN, [], Reading(thousands=".")),
    ('"1,000","150,000"\n"900","1,080"\n', [], Reading(header=False, thousands=",")),
    ('sqft,price\n"1,5","2"\n"2,5","3"\n', [], Reading(decimal=",")),
]
"""Tables as text, the lines of them that cannot be used, and how Python is told to read them."""


def test_the_page_reads_text_as_python_does(tmp_path: Path) -> None:
    named = [("sqft", "price") if reading.header else ("c1", "c2") for *_, reading in TEXTS]
    asked = [
        (text, *names, 0 if reading.marks else None)
        for (text, _, reading), names in zip(TEXTS, named, strict=True)
    ]
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


def test_marks_that_may_part_thousands_are_asked_about(tmp_path: Path) -> None:
    cases = {
        "x;y\n950;148.000\n1.080;155.500\n": [1080, 1.08],
        "x;y\n1.080;2.345\n2.000;1.5\n": [None],
        "x;y\n950.000;2\n1.080;3\n": [None],
        "x;y\n5;2\n1.080;3\n": [None],
        "x,y\n950,2\n1.080,3\n": [None],
        "x;y\n1,000;2\n900;3\n": [1000, 1],
        'x,y\n"1,000","150,000"\n': [1000, 1],
        'x,y\n"1,5","2"\n': [1.5],
        "x;y\n1.234,5;50\n": [1234.5],
    }
    found = answers_to(texts=[(text, "x", "y") for text in cases])["texts"]
    assert [each["doubt"] for each in found] == list(cases.values())
    for text, doubt in cases.items():
        file = tmp_path / "rows.csv"
        file.write_text(text)
        notes = open_table(str(file), "x", "y").notes
        told = f"{file}: '1.080' is read as 1.08; --decimal , --thousands . reads it as 1080"
        assert (told in notes) == (doubt == [1080, 1.08]), text


def test_a_table_without_two_columns_of_numbers_is_told_why() -> None:
    begin = "A line needs two columns of numbers. Line"
    cases = {
        "50%;1\n60%;2\n": f"{begin} 1: c1 is '50%'; write 50.",
        "sqft,price\n$1,2\n$2,3\n": f"{begin} 2: sqft is '$1'; write 1.",
        "town,price\nA,2\nB,3\n": f"{begin} 2: town is 'A'.",
        "x,y\n1,5,2\n2,5,3\n": f"{begin} 2: 3 cells, not 2.",
        "x,y\n1,2\n": "1 row cannot determine a line; it takes two or more.",
        "1\n2\n": "Put commas, semicolons or tabs between two columns of numbers.",
    }
    assert answers_to(refused=list(cases))["refused"] == list(cases.values())
