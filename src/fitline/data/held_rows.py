"""Rows that the workers of a cluster hold, since sums over them are asked for many times."""

from typing import TYPE_CHECKING

from fitline.optimize.moments import Moments
from fitline.optimize.row_hashes import RowDigest
from fitline.vector import Vector

from .cluster import Cluster, Held

if TYPE_CHECKING:
    from .engine import Progress
    from .table import Table


def held_by_workers(table: "Table", cluster: Cluster) -> Held:
    """Let the workers of a cluster hold all rows (x1, …, y, w) of its table."""
    width = len(table.terms) + 1
    return cluster.hold(table.parts, table.of_piece(_rows), table.places_needed, width)


def _rows(table: "Table", _: "Progress | None") -> Vector:
    return table.arrays(table.weighted_rows())


def row_digest(table: "Table", moments: Moments) -> RowDigest:
    """Read a table once more, and hash its rows, each as often as it counts."""
    digest = RowDigest(are_counts=moments.are_counts)
    for found in table.over(_hashed, digest):
        digest.add_up(found)
    return digest


def _hashed(table: "Table", like: RowDigest, progress: "Progress | None") -> RowDigest:
    digest = RowDigest(are_counts=like.are_counts)

    def add(columns: Vector, _: object) -> None:
        digest.add(columns[:-1], columns[-1])

    with table.explained():
        table.each_batch(table.weighted_rows(), add, progress)
    return digest
