"""Where rows come from: files, globs, standard input, arrays, and the built-in four houses."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from fitline.digits import count
from fitline.errors import DataError

from . import columns
from .delimited import open_delimited
from .engine import Engine, EngineError, Progress
from .files import File, find_files
from .table import BadRows, Table

if TYPE_CHECKING:
    from .parts import Part

__all__ = ["FOUR_HOUSES", "BadRows", "Data", "Progress", "Table", "open_table"]

Data: TypeAlias = str | Path | Iterable[str | Path] | Mapping[str, Any] | None
"""A path, a glob or `-`; several of them; named arrays; or None for the four houses."""

FOUR_HOUSES = "the built-in four houses"


def open_table(
    data: Data = None,
    x: str | None = None,
    y: str | None = None,
    *,
    bad_rows: BadRows = "fail",
    rejects: str | Path | None = None,
    to_predict: bool = False,
) -> Table:
    """Find the files of a table and choose its columns; with `to_predict` it needs no y.

    Raises DataError where a file cannot be read or a column is not there.
    """
    engine = Engine()
    source, parts = _parts(engine, data)
    chosen: set[tuple[str, ...]] = set()
    for part in parts:
        names = part.columns
        if to_predict:
            chosen.add((columns.choose_x(part.name, names, x),))
        else:
            chosen.add(columns.choose(part.name, names, x, y))
    if len(chosen) > 1:
        raise DataError(
            "the files have different columns", file=source, hint="name them with --x and --y"
        )
    return Table(engine, parts, source, chosen.pop(), bad_rows, rejects)


def _parts(engine: Engine, data: Data) -> tuple[str, "list[Part]"]:
    """Give the name of the whole and its parts."""
    if data is None:
        return FOUR_HOUSES, [*open_delimited(engine, find_files([str(_four_houses())]))]
    if not isinstance(data, str | Path) and hasattr(data, "keys"):
        from .arrays import open_arrays

        return "arrays", [open_arrays(engine, cast("Mapping[str, Any]", data))]
    sources = [data] if isinstance(data, str | Path) else list(data)
    files = find_files(map(str, sources))
    source = files[0].name if len(files) == 1 else count(len(files), "file")
    try:
        return source, _open(engine, files)
    except EngineError as error:
        raise DataError(f"cannot be read: {str(error).splitlines()[0]}", file=source) from error


def _open(engine: Engine, files: list[File]) -> "list[Part]":
    from .json_lines import JsonLines
    from .parquet import Parquet

    parts: list[Part] = [
        *open_delimited(engine, [file for file in files if file.kind == "delimited"])
    ]
    for file in files:
        if file.kind == "parquet":
            parts.append(Parquet(engine, file))
        elif file.kind == "jsonl":
            parts.append(JsonLines(engine, file))
    return parts


def _four_houses() -> Path:
    """Give the lesson's table: beside the installed package, or in the checkout."""
    installed = Path(__file__).parents[1] / "data" / "houses.csv"
    return installed if installed.exists() else Path(__file__).parents[3] / "data" / "houses.csv"
