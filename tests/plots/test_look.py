"""The look of a picture: its size, its title, and colours that stand out."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from matplotlib import colors
from matplotlib.lines import Line2D
from matplotlib.text import Text
from PIL import Image

from fitline import train
from fitline.errors import UsageError
from fitline.plots import look, pictures
from fitline.plots.look import Look
from fitline.plots.pictures import picture, write_picture
from fitline.plots.scene import Scene

LESSON = {"theta0": 0.0, "theta1": 100.0}


@pytest.fixture(scope="module")
def lesson() -> Scene:
    return Scene(train(**LESSON).training)


SIZED = Look((6, 4), 50, "Of <my> own\n title", "dark")


@pytest.mark.parametrize(("kind", "ending"), [("cost", "png"), ("all", "png"), ("line", "gif")])
def test_size_dots_title_and_theme_are_as_they_were_asked_for(
    kind: str, ending: str, lesson: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "FRAMES", 3)
    write_picture(kind, lesson, tmp_path / f"sized.{ending}", ending, SIZED)
    with Image.open(tmp_path / f"sized.{ending}") as image:
        assert image.size == (300, 200)
        assert image.convert("RGB").getpixel((1, 198)) == to_rgb(look.THEMES["dark"].paper)
    words = [text.get_text() for text in picture(kind, lesson, SIZED).findobj(Text)]
    assert "Of <my> own title" in words


def to_rgb(colour: str) -> tuple[int, ...]:
    return tuple(round(255 * part) for part in colors.to_rgb(colour))


def luminance(colour: Any) -> float:
    """Give the relative luminance, as WCAG 2 defines it."""
    parts = np.array(colors.to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("theme", look.THEMES)
@pytest.mark.parametrize("kind", ["line", "surface", "scaling", "slices", "rates", "leverage"])
def test_letters_and_lines_stand_out_from_the_paper(
    kind: str, theme: look.ThemeName, lesson: Scene
) -> None:
    figure = picture(kind, lesson, Look(theme=theme, dpi=40))
    paper = luminance(look.THEMES[theme].paper)
    on_paper = [each for each in figure.axes if not each.collections or each.name == "3d"]
    drawn = [each for axes in on_paper for each in axes.lines if each.get_markersize() < 8]
    least = {Text: 4.5, Line2D: 2.0}
    for kind_of, many in [(Text, figure.findobj(Text)), (Line2D, drawn)]:
        for each in many:
            light = sorted([paper, luminance(each.get_color())])
            assert each.get_alpha() or (light[1] + 0.05) / (light[0] + 0.05) > least[kind_of], each


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"size": (1, 4)}, "--size is 1x4; a side has 2 to 100 inches"),
        ({"size": (float("nan"), 4)}, "a side has 2 to 100 inches"),
        ({"dpi": 1}, "--dpi is 1"),
        ({"size": (90, 90), "dpi": 300}, "27,000 by 27,000 dots"),
        ({"theme": "pink"}, "there is no theme 'pink'; there are light and dark"),
    ],
)
def test_a_look_that_cannot_be_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        Look(**options)


def test_frames_that_are_too_large_to_be_held_are_refused(lesson: Scene, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="frames of 9,600 by 6,000 dots"):
        write_picture("line", lesson, tmp_path / "line.gif", "gif", Look((16, 10), 600))
    assert not [*tmp_path.iterdir()]


def test_python_draws_as_the_command_does() -> None:
    run = train(**LESSON)
    figure = run.plot("cost", size=(6, 4), dpi=50, title="Four houses", theme="dark")
    assert figure.get_size_inches().tolist() == [6, 4]
    assert figure.get_dpi() == 50
    assert figure.get_facecolor() == colors.to_rgba(look.THEMES["dark"].paper)
    assert figure.get_suptitle() == "Four houses"
    with pytest.raises(UsageError, match="there is no theme"):
        run.plot("cost", theme="pink")  # type: ignore[arg-type]
