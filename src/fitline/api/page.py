"""The interactive page, shown in a notebook or written to a file."""

import html
from dataclasses import dataclass, field
from pathlib import Path

from fitline.files.atomic import write_text

HEIGHT = 900
"""In the browser's pixels."""


@dataclass(frozen=True)
class Page:
    """A page that needs no other file and no network."""

    html: str = field(repr=False)

    def _repr_html_(self) -> str:
        """Show the page in a frame of its own, in which its styles and scripts stay."""
        return (
            f'<iframe srcdoc="{html.escape(self.html)}" width="100%" height="{HEIGHT}"'
            ' style="border:0" sandbox="allow-scripts allow-downloads"></iframe>'
        )

    def save(self, path: str | Path) -> None:
        """Write the page, atomically."""
        write_text(path, self.html)
