"""A table whose pieces lie on several machines, and functions that are run over all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from fitline.reading import Reading
from fitline.vector import Vector

from .columns import place_of

if TYPE_CHECKING:
    from .engine import Progress
    from .parts import Part
    from .table_file import File

Result = TypeVar("Result")


@dataclass(frozen=True)
class Found(Generic[Result]):
    """What a function gave of a piece: rows of a file, below so many of its lines `above`."""

    value: Result
    file: str
    above: int


class Held(Protocol):
    """Columns of numbers that the workers hold."""

    def total(self, function: Callable[[Vector], Vector]) -> Vector:
        """Add up what a function gives of blocks of them, of the shape (columns, rows)."""
        ...


class Cluster(Protocol):
    """Several machines that read a table together, of which this one holds no more than the head.

    A function that they run gives what can be pickled, as does what it is given.
    """

    def head(self, sources: Sequence[str], like: Reading | None) -> "File":
        """Give a file with the first rows of the table that these paths name."""
        ...

    def over(
        self,
        parts: "Sequence[Part]",
        function: "Callable[[Part], Result]",
        places: Sequence[int] | None = None,
        progress: "Progress | None" = None,
    ) -> list[Found[Result]]:
        """Run a function of a part over each piece of the table, in the order of its rows.

        `parts` are those of the head. The function needs the columns at these places, or all; the
        others may be empty. Raises what a function raises, the first one first.
        """
        ...

    def hold(
        self,
        parts: "Sequence[Part]",
        function: "Callable[[Part], Vector]",
        places: Sequence[int],
        width: int,
    ) -> Held:
        """Let each worker hold so many columns that a function makes of those at the places."""
        ...

    def write(
        self,
        parts: "Sequence[Part]",
        function: "Callable[[Part], Path]",
        name: str,
        header: str,
        example: Path,
        progress: "Progress | None" = None,
    ) -> None:
        """Write the rows of files that a function makes of each piece into a folder of this name.

        They are Parquet where that is its ending, else text below the header. The example is such
        a file of some rows. Raises FileError where something of that name is there.
        """
        ...


def over(
    cluster: Cluster | None,
    parts: "Sequence[Part]",
    function: "Callable[[Part], Result]",
    typed: str,
) -> list[Result]:
    """Run a function of a column over the parts of a table, or over its pieces on a cluster."""
    if cluster is None:
        return [function(part) for part in parts]
    place = place_of(parts[0].columns, typed) or 0
    return [found.value for found in cluster.over(parts, function, [place])]
