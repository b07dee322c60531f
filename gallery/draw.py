"""Draw the documentation's pictures anew: python gallery/draw.py.

It needs the extra `test`, and Chromium.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
WIDE, COLOURS = 800, 256
"""Pictures are made so small that they load at once."""

HOUSES = ("data/houses.csv", "--theta0", "0", "--theta1", "100")
HILLS = ("data/two_neighbourhoods.csv", "--cost", "cauchy", "--cost-scale", "50000")
PICTURES = {
    "line": ("plot", "line", *HOUSES),
    "scaling": ("plot", "scaling", *HOUSES),
    "contour": ("plot", "contour", *HILLS, "--starts", "12"),
    "surface": ("plot", "surface", *HILLS, "--theta0", "0", "--theta1", "300"),
}
PAGES = {"page": (HOUSES, ""), "lesson": (("--lesson", "scaling"), "#guide=2")}
"""What each page is of, and the step of its guide."""


def fitline(*words: str) -> None:
    """Run fitline as a reader of the documentation would."""
    subprocess.run([sys.executable, "-m", "fitline", *words, "-q"], cwd=HERE.parent, check=True)


def photograph(address: str, picture: Path) -> None:
    """Take a picture of the page in a browser, some steps after its start."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        view = browser.new_page(viewport={"width": 1280, "height": 800})
        view.goto(address)
        view.get_by_role("button", name="+10").click()
        view.wait_for_timeout(500)
        view.screenshot(path=picture)
        browser.close()


def shrink(source: Path, name: str) -> None:
    """Write a smaller copy with few colours."""
    with Image.open(source) as image:
        small = image.convert("RGB").resize((WIDE, round(WIDE * image.height / image.width)))
        few = small.quantize(COLOURS, kmeans=4, dither=Image.Dither.NONE)
        few.save(HERE / f"{name}.png", optimize=True)


def draw() -> None:
    """Draw everything."""
    with tempfile.TemporaryDirectory() as folder:
        for name, words in PICTURES.items():
            picture = Path(folder) / f"{name}.png"
            fitline(*words, "-o", str(picture))
            shrink(picture, name)
        fitline("plot", "contour", *HOUSES, "--dpi", "62.5", "-o", str(HERE / "descent.gif"))
        for name, (words, place) in PAGES.items():
            page, picture = Path(folder) / f"{name}.html", Path(folder) / f"{name}.png"
            fitline("explore", *words, "-o", str(page))
            photograph(f"{page.as_uri()}{place}", picture)
            shrink(picture, name)


if __name__ == "__main__":
    draw()
