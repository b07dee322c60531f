"""The interactive page, shown in a notebook or written to a file."""

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fitline.errors import ConfigError, FileError
from fitline.files.atomic import write_text
from fitline.files.run_parts import is_part_of_a_run
from fitline.files.safe_open import are_same, can_exist, is_link_in_run

HEIGHT = 900
"""In the browser's pixels."""


def require_apart(path: str | Path, tables: Sequence[Path]) -> None:
    """Raise FileError where a file is one of the tables, or belongs to a saved run."""
    if not isinstance(path, str | Path):
        raise ConfigError(f"path is of type {type(path).__name__!r}, not the name of a file")
    if not can_exist(path):
        return  # who writes says so
    if any(are_same(path, table) for table in tables):
        raise FileError("is the table itself, and would be written over", str(path))
    if is_part_of_a_run(path) or is_link_in_run(path):
        raise FileError("is a part of a saved run, and would be written over", str(path))


@dataclass(frozen=True)
class Page:
    """A page that needs no other file and no network."""

    html: str = field(repr=False)
    tables: Sequence[Path] = field(default=(), repr=False)
    """What it was made from, which it is not written over."""

    def _repr_html_(self) -> str:
        """Show the page in a frame of its own, in which its styles and scripts stay."""
        return (
            f'<iframe srcdoc="{html.escape(self.html)}" width="100%" height="{HEIGHT}"'
            ' style="border:0" sandbox="allow-scripts allow-downloads"></iframe>'
        )

    def save(self, path: str | Path) -> None:
        """Write the page, atomically. Raises FileError where it would be over its own table."""
        require_apart(path, self.tables)
        write_text(path, self.html)
