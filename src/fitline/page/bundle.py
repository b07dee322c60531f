"""The interactive lesson: one self-contained page, in which learners change what they watch."""

import base64
import hashlib
import html
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Literal, NotRequired, TypedDict

from fitline.escaping import json_text, printable
from fitline.formatting import enumerated
from fitline.optimize.cost_names import CostName

STYLES = (
    "theme.css",
    "controls.css",
    "panels.css",
    "views.css",
    "own-data.css",
    "screens.css",
    "print.css",
)
"""The styles of the page; later ones win."""

MATHEMATICS = (
    "payload.js",
    "numbers.js",
    "mathematics.js",
    "lasso.js",
    "penalty.js",
    "random.js",
    "batches.js",
    "optimizers.js",
    "schedules.js",
    "step-size.js",
    "stopping.js",
    "set-up.js",
    "descent.js",
    "theory.js",
    "planes.js",
    "exact-moments.js",
    "division.js",
    "robust-spread.js",
    "settling.js",
    "stationary.js",
    "own-lesson.js",
    "notations.js",
    "delimited.js",
)
"""The modules that compute, which need no page, each after those that it imports."""

SCRIPTS = (
    *MATHEMATICS,
    "drawing.js",
    "print.js",
    "axes.js",
    "address.js",
    "contours.js",
    "windows.js",
    "data-view.js",
    "predictions-view.js",
    "added-view.js",
    "landscape-view.js",
    "cost-view.js",
    "bowl-view.js",
    "text.js",
    "map-text.js",
    "guess.js",
    "formulas.js",
    "controls.js",
    "past.js",
    "tuning.js",
    "map-state.js",
    "state.js",
    "player.js",
    "mini-map.js",
    "pictures.js",
    "panels.js",
    "guide.js",
    "download.js",
    "shortcuts.js",
    "own-data.js",
    "point-editor.js",
    "open-rows.js",
    "lesson.js",
)
"""All modules of the page, likewise."""

TITLED = 3
"""Of more features than these a title tells only the number."""

IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./([a-z-]+)\.js";$', re.MULTILINE)
CONTROL = re.compile(r'data-control="([a-z-]+)"')
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


class LessonCost(TypedDict):
    """Which cost the landscape shows; `scale` is the C of robust costs, `spread` that of y."""

    name: CostName
    title: str
    is_quadratic: bool
    is_smooth: bool
    is_convex: bool
    scale: float | None
    spread: float


class LessonBowl(TypedDict):
    """The curvature of squared error in the coordinates of a scaling, the steepest first.

    `directions` has the eigenvectors in standardised coordinates as columns.
    """

    eigenvalues: list[float]
    directions: list[list[float]]


class Added(TypedDict):
    """What is left of a feature, and of y, when all other features are taken away from both.

    These are the factors of the features, less their means, of the shape (features,).
    """

    feature: list[float]
    y: list[float]


class Dependent(TypedDict):
    """A feature that is a sum of others, in words, and the parameters that it leaves open."""

    text: str
    open: list[int]


class Points(TypedDict):
    """The rows that are shown: all, or a random sample; `x` has the shape (features, rows).

    `weights` are None where each row counts once.
    """

    x: list[list[float]]
    y: list[float]
    weights: list[float] | None
    sampled: bool


class HeldOut(TypedDict):
    """The rows that are not trained on; their points are there where they are drawn or needed."""

    rows: int
    moments: dict[str, Any]
    points: dict[str, Any] | None


class Stationary(TypedDict):
    """A point of the landscape from which no direction goes down at first."""

    theta: list[float]
    cost: float
    kind: Literal["global", "local", "saddle", "maximum"]


class Window(TypedDict):
    """The part of the landscape of one feature that is seen first: θ0 across, θ1 up."""

    across: list[float]
    up: list[float]


class CostGrid(TypedDict):
    """Exact costs of a table too large to embed; `cost` has the shape (θ0, θ1)."""

    across: list[float]
    up: list[float]
    cost: list[list[float]]


class KeptRun(TypedDict):
    """A run that is shown beside the first one from the start; `config` is like the lesson's."""

    label: str
    config: dict[str, Any]


class GuideStep(TypedDict):
    """A step of a guided lesson: what it says and asks, and the settings with which it begins.

    `text` and `answer` may have several paragraphs, with an empty line between them, and code in
    backquotes; the answer is hidden until it is asked for. Where it is a number, `value`, one may
    be typed that is at most `within` away. `config` has some of the settings that the lesson's
    `config` has, in the same form; the others are as in the lesson. With it the run is shown at
    `step`, or 0; without it a step goes on where one stands. The answer shows `answer_step`.
    """

    title: str
    text: str
    question: NotRequired[str]
    answer: NotRequired[str]
    value: NotRequired[float]
    within: NotRequired[float]
    config: NotRequired[dict[str, Any]]
    step: NotRequired[int]
    answer_step: NotRequired[int]


class OwnData(TypedDict):
    """What there is for other rows: tables to choose from, costs, and how a run begins on them.

    Of a table with rows held out `rows` are all, in its order, if they are few. Each of `draws`
    is two numbers from 0 to below 1, of which a random start is made. `usual_rate` is that of
    squared error, and `shrinking` are schedules to try for others.
    """

    rows: dict[str, Any] | None
    presets: list[dict[str, Any]]
    costs: list[dict[str, Any]]
    draws: list[list[float]]
    usual_rate: float
    shrinking: list[dict[str, Any]]


class Lesson(TypedDict):
    """All that a page knows; every number is in original units.

    `x` names the features, and `weight` the column of weights, None where there is none.
    `moments` are those of x and y, with the completed square of squared error, and `held_out`
    tells of rows that are not trained on; `bowls` has its curvature by the scaling. `dependent`
    tells of features that depend on others, and `added`, of squared error, has for each feature
    what it adds to the others, None where it depends on these. `axes` are the parameters of the
    map, None where the page chooses them; `window` is None where features are several, and then
    so is `grid`. `config` has what `payload.settings_of` gives, resolved. `optimizers` and
    `schedules` are all that there are, with their usual settings. `constants` are those by which
    both languages compute, and `stop_reasons` their texts. `starts` are random starts, for robust
    costs. `stationary` may be empty for squared error. Of `runs` a page shows as many as it has
    colours for, and says so.
    `address` is the fragment of an address: the state in which a page opens that was downloaded.
    `guide` are the steps of a guided lesson. Of what `controls` names, the parts in `hidden` are
    not shown, and those in `locked` cannot be changed.
    """

    schema: int
    fitline: str
    source: str
    rows: int
    skipped: int
    weight: NotRequired[str | None]
    x: list[str]
    y: str
    moments: dict[str, Any]
    held_out: NotRequired[HeldOut | None]
    bowls: dict[str, LessonBowl]
    dependent: list[Dependent]
    added: NotRequired[list[Added | None]]
    cost: LessonCost
    points: Points
    config: dict[str, Any]
    optimizers: list[dict[str, Any]]
    schedules: list[dict[str, Any]]
    constants: dict[str, float | str]
    stop_reasons: dict[str, str]
    own: NotRequired[OwnData | None]
    runs: NotRequired[list[KeptRun]]
    address: NotRequired[str]
    guide: NotRequired[list[GuideStep]]
    hidden: NotRequired[list[str]]
    locked: NotRequired[list[str]]
    starts: list[list[float]]
    stationary: list[Stationary]
    axes: NotRequired[list[int] | None]
    window: Window | None
    grid: CostGrid | None


def page(lesson: Lesson | Mapping[str, Any]) -> str:
    """Write the whole page, which needs no other file and no network.

    A policy lets only the page's own style and script run; names of columns are only names.
    """
    style, script = "\n".join(map(source, STYLES)), joined(SCRIPTS)
    features, y = lesson["x"], lesson["y"]
    learner = "A straight line" if len(features) == 1 else "A linear model"
    told = enumerated(features) if len(features) <= TITLED else f"{len(features)} features"
    title = html.escape(printable(f"{y} from {told} · fitline"))
    heading = html.escape(printable(f"{learner} learns {y} from {told}"))
    links = "\n".join(f'    <link rel="stylesheet" href="{name}">' for name in STYLES)
    parts = {
        "A straight line learns</title>": f"{title}</title>",
        "A straight line learns</h1>": f"{heading}</h1>",
        links: (
            f'    <meta http-equiv="Content-Security-Policy" content="{policy(style, script)}">\n'
            f"    <style>{style}</style>"
        ),
        "{}": embedded(lesson),
        ' src="lesson.js"></script>': f">{script}</script>",
    }
    places = re.compile("|".join(map(re.escape, parts)))
    return places.sub(lambda place: parts[place.group()], source("lesson.html"))


def controls() -> list[str]:
    """Name the parts of the page that a lesson may hide or lock, in their order."""
    return list(dict.fromkeys(CONTROL.findall(source("lesson.html"))))


def source(name: str) -> str:
    """Read a source of the page."""
    return (files(__package__) / "static" / name).read_text(encoding="utf-8")


def joined(names: tuple[str, ...]) -> str:
    """Join modules into one, each in a scope of its own that gives what it exports."""
    return "\n".join(f"const {_scope(name)} = (() => {{\n{_body(name)}}})();" for name in names)


def _body(name: str) -> str:
    text = IMPORT.sub(lambda found: f"const {found[1]} = {_scope(found[2])};", source(name))
    exported = ", ".join(EXPORT.findall(text))
    return f"{EXPORT.sub('', text)}return {{ {exported} }};\n"


def _scope(name: str) -> str:
    return "$" + name.removesuffix(".js").replace("-", "_")


def policy(style: str, script: str) -> str:
    """Allow this style and this script, and nothing from anywhere else."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)};"
        " img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def embedded(lesson: Mapping[str, Any]) -> str:
    """Write JSON in which nothing can end the script element that holds it."""
    return json_text(lesson).replace("<", "\\u003c")
