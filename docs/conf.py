"""How the site is built: `python -m sphinx -W docs build/docs`."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import generate

import fitline

project = "fitline"
copyright = "the authors of fitline"  # noqa: A001 - Sphinx calls it so
version = release = fitline.__version__
extensions = ["myst_nb", "sphinx.ext.autodoc"]
nb_execution_mode = "force"
nb_execution_raise_on_error = True
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
smartquotes = False  # -- begins an option
default_role = "literal"  # in docstrings, backticks mean code
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 99
html_theme = "furo"
html_title = "fitline"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_domain_indices = False
html_show_sourcelink = html_copy_source = False


def fill_in(_: Any, __: str, source: list[str]) -> None:
    """Put what is generated into the pages that ask for it."""
    source[0] = generate.filled(source[0])


def setup(app: Any) -> None:
    """Register `fill_in`."""
    app.connect("source-read", fill_in)
