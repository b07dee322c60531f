"""What a hint advises is typed here as it stands, and must not be refused."""

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fitline.plots import loading

Fitline = Callable[..., Any]

DATA = Path(__file__).parents[2] / "data"
SEVERAL = f"{DATA}/town.csv --x sqft,beds --y price"
LEVELS = f"{DATA}/town.csv --x sqft,neighbourhood --y price"
ONE = f"{DATA}/houses.csv"
TABLE = """it's,$d,"b, c",y
1,2,3,3
2,1,9,5
3,5,1,9
4,4,4,10
7,7,3,12
"""
ODD = """odd.csv --x '$d' --x "it's" --x 'b, c' --y y"""

REFUSED = [
    *(f"landscape {table} --theta0 1" for table in (ONE, SEVERAL, LEVELS)),
    *(f"landscape {table} --theta1 x" for table in (ONE, SEVERAL)),
    *(f"landscape {table} --path --theta0 x" for table in (ONE, SEVERAL)),
    f"landscape {SEVERAL} --path --theta0 1 --theta1 0:5",
    f"landscape {SEVERAL} --along beds --theta0 3",
    f"landscape {SEVERAL} --axes sqft=1,beds",
    f"landscape {SEVERAL} --axes sqft=5:1,beds",
    f"landscape {SEVERAL} --axes sqft=0:1:x,beds",
    f"landscape {SEVERAL} --along beds=0:1:1000000",
    f"landscape {ONE} --theta1 1",
    f"landscape {ONE} --theta0 1 --theta1 1",
    f"landscape {ONE} --theta0 5:1",
    f"landscape {ONE} --theta0=-1e308:1e308",
    f"landscape {ONE} --along theta1 --theta1 x",
    f"landscape {ONE} --along theta0 --theta1 x",
    f"landscape {ONE} --along theta0 --theta0 1",
    *(f"landscape {ONE} {along} --theta 1,2" for along in ("", "--along theta0")),
    *(f"grid {table} --theta0 2" for table in (ONE, SEVERAL)),
    *(f"grid {table} --theta1 0:1:1000000" for table in (ONE, SEVERAL)),
    f"grid {ONE} --theta0 a:b:1000000",
    f"grid {ONE} --theta0 0:nan:1000000",
    *(f"evaluate {table}" for table in ("", ONE, SEVERAL, LEVELS)),
    *(f"evaluate {table} --theta0 2.5" for table in (ONE, SEVERAL, LEVELS)),
    *(f"evaluate {table} --theta1=-2.5" for table in (ONE, SEVERAL)),
    *(f"evaluate {table} --theta 5" for table in (ONE, SEVERAL, LEVELS)),
    *(f"evaluate {ONE} --theta {number}" for number in ("nan", "inf", "1e999", "x", "5")),
    *(f"evaluate {ONE} --no-intercept {theta}" for theta in ("", "--theta 5")),
    f"evaluate {SEVERAL} --theta0 1 --theta1 2",
    f"evaluate {SEVERAL} --theta 1,2",
    f"plot {ONE}",
    f"plot {SEVERAL} -o town.svg",
    f"plot --l2 1 {ONE}",
    "plot",
    "plot houses",
    f"plot line {SEVERAL} -o line.svg",
    *(f"sample -o s.csv --theta {number}" for number in ("nan", "5")),
    *(f"sample -o s.csv --x a --x b {theta}" for theta in ("", "--theta 5", "--theta0 5")),
    "sample -o s.csv --theta 1,2 --theta0 5",
    *(f"landscape {ODD} {typed}" for typed in ("--axes zz", "--along zz", "--theta0 1")),
    f"""landscape {ODD} --axes "it's=5,b, c" """,
    f"plot added {ODD} --feature zz -o added.svg",
    f"plot line {ODD} -o line.svg",
    *("predict 1500", "predict a=1 b=2", f"predict {ONE}"),
    *(f"predict {value} --theta0 5" for value in ("1500", "a=1 b=2", ONE)),
    *(f"predict {value} --theta {theta}" for theta in ("5", "nan") for value in ("3", "a=1 b=2")),
    "predict sqft=3 lot=1 --x sqft --x lot --theta0 1 --theta1 2",
    f"rates {ONE} --rates 0",
    f"rates {SEVERAL} --theta0 5",
    f"compare {SEVERAL} --theta1 5",
]


QUOTED = r"""(?:'[^']*'|"[^"]*")+"""
FLAGS = re.compile(rf"(--\w+|-o)(?: ({QUOTED}|sqft|-?[\w.:]*[\d.](?:[\w.:,-]*\w)?))?")
"""Options in a sentence, with their values."""


def followed(words: list[str], hint: str) -> Iterator[list[str]]:
    """Give the command lines that a hint advises, one for each of its alternatives."""
    if "fitline " in hint:
        yield shlex.split(hint.partition("fitline ")[2])
        return
    name, _, range_ = shlex.split(hint)[-1].rpartition("=")
    if name and ":" in range_:
        yield [re.sub(rf"{name}=[^,]*", f"{name}={range_}", word) for word in words]
        return
    if kind := re.match(r"choose (\w+), or added (--feature .+)", hint):
        yield [words[0], kind[1], *words[2:]]
        yield [words[0], "added", *words[2:], *shlex.split(kind[2])]
        return
    for part in hint.split(" or "):
        left_out = re.search(r"leave (.*?) out", part)
        gone = {*re.findall(r"--\w+", left_out[1])} if left_out else set()
        new = {flag: value for flag, value in FLAGS.findall(part) if flag not in gone}
        if "FILE" in part:
            continue
        gone |= new.keys() | ({"--theta0", "--theta1"} if "--theta" in new else set())
        kept = re.sub(rf"({'|'.join(sorted(gone))})[ =]\S+", "", shlex.join(words))
        yield shlex.split(" ".join([kept, *(f"{flag} {new[flag]}" for flag in new)]))


def hint_of(done: Any) -> str:
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    return str(done.stderr.partition("\nhint: ")[2].strip())


@pytest.mark.parametrize("refused", REFUSED)
def test_what_a_hint_advises_is_not_refused(
    fitline: Fitline, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "write_picture", lambda _, scene, *__: scene.descent)
    (fitline.folder / "odd.csv").write_text(TABLE)  # type: ignore[attr-defined]
    words = shlex.split(refused)
    hint = hint_of(fitline(*words))
    lines = [*followed(words, hint)]
    assert lines, hint
    for line in lines:
        assert line != words
        done = fitline(*line)
        assert done.returncode in {0, 4}, f"{hint}\n{shlex.join(line)}\n{done.stderr}"


@pytest.mark.parametrize("theta", ["--theta0 4", "--theta0 4 --theta1 5", "--theta 4,5"])
def test_an_intercept_that_cannot_be_is_not_repeated(fitline: Fitline, theta: str) -> None:
    done = fitline("evaluate", ONE, "--no-intercept", *theta.split())
    assert hint_of(done) == "begin with 0, or leave --no-intercept out"
