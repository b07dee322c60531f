"""A table that is here, or of which the head is here and all rows lie on a cluster."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from fitline.errors import DataError

from .cluster import Cluster, Found
from .engine import Engine, Progress
from .parts import Part
from .table_queries import TableQueries

Result = TypeVar("Result")


@dataclass(eq=False, kw_only=True)
class SpreadTable(TableQueries):
    """What runs over a table, wherever its rows are.

    Where it lies on a `cluster`, what is here is its head, and a worker has one `piece` of it.
    """

    engine: Engine = field(repr=False)
    source: str
    cluster: Cluster | None = field(default=None, repr=False)
    piece: str = field(default="", init=False)

    def over(
        self,
        function: Callable[..., Result],
        *given: Any,
        progress: Progress | None = None,
        whole: bool = False,
    ) -> list[Result]:
        """Run a function over the table, or where it lies on a cluster, over each of its pieces.

        It takes a table, what is `given`, and what is told the progress, and needs the `whole`
        table or no more than the columns of its terms.
        """
        found = self.located(function, *given, progress=progress, whole=whole)
        return [one.value for one in found]

    def located(
        self,
        function: Callable[..., Result],
        *given: Any,
        progress: Progress | None = None,
        whole: bool = False,
    ) -> list[Found[Result]]:
        """Do so, and tell of each piece the file, and how many of its lines are above.

        Of a table that is here, what is given knows the files by itself.
        """
        if self.cluster is None:
            return [Found(function(self, *given, progress), "", 0)]
        places = None if whole else self.places_needed
        return self.cluster.over(self.parts, self.of_piece(function, *given), places, progress)

    def write_on(
        self,
        cluster: Cluster,
        function: Callable[..., Path],
        name: str,
        header: str,
        progress: Progress | None,
    ) -> None:
        """Let a cluster write the rows of the files that a function makes of each piece.

        In text, each file of the cluster's begins with the header.
        """
        example = function(self.here, None)
        cluster.write(self.parts, self.of_piece(function), name, header, example, progress)

    @property
    def places_needed(self) -> list[int]:
        """Give the places of the columns of which the terms are made."""
        return self.wanted(self.parts[0]).places

    @property
    def here(self) -> Self:
        """Give what is here of a table on a cluster: its head."""
        head = copy(self)
        head.cluster = None
        return head

    def of_piece(self, function: Callable[..., Result], *given: Any) -> Callable[[Part], Result]:
        """Turn a function of a table into one of parts, which are sent to workers."""
        return partial(_on_piece, self.for_workers(), function, given)

    def for_workers(self) -> Self:
        """Give what workers must know of a table."""
        own = self.here
        own.engine, own.parts = Engine(), ()
        return own

    def require_here(self) -> None:
        """Raise DataError where the table is on a cluster, of which a query knows the head."""
        if self.cluster:
            raise DataError(
                "Spark is not asked for this", file=self.source, hint="leave the engine out"
            )


def _on_piece(
    table: SpreadTable, function: Callable[..., Result], given: Sequence[Any], part: Part
) -> Result:
    """Run a function over a table of which one piece is here."""
    table = copy(table)
    table.engine, table.parts, table.piece = part.engine, [part], part.name
    return function(table, *given, None)
