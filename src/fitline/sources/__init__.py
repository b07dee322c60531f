"""Where rows come from: files, globs, standard input, arrays, and the built-in four houses."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from fitline.digits import count
from fitline.errors import FileError

from . import columns
from .delimited import open_delimited
from .engine import Engine, EngineError, Progress
from .files import File, find_files
from .table import BadRows, Table, explain

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
    source = FOUR_HOUSES if data is None else "arrays"
    try:
        if not isinstance(data, str | Path) and hasattr(data, "keys"):
            from .arrays import Arrays

            parts: list[Part] = [Arrays(engine, cast("Mapping[str, Any]", data))]
        else:
            files = _files(data)
            _protect(rejects, files)
            if data is not None:
                source = files[0].name if len(files) == 1 else count(len(files), "file")
            parts = _parts(engine, files)
        chosen = _choose(parts, x, y, to_predict=to_predict)
    except EngineError as error:
        raise explain(error, source) from error
    return Table(engine, parts, source, chosen, bad_rows, rejects)


def _files(data: Data) -> list[File]:
    if data is None:
        return find_files([str(_four_houses())])
    return find_files([str(data)] if isinstance(data, str | Path) else list(map(str, data)))


def _protect(rejects: str | Path | None, files: list[File]) -> None:
    """Refuse to write the list of bad rows over the table that it lists."""
    if rejects is not None and Path(rejects).exists():
        for file in files:
            if file.path.samefile(rejects):
                raise FileError("this is the table itself", file=str(rejects))


def _parts(engine: Engine, files: list[File]) -> "list[Part]":
    parts: list[Part] = [
        *open_delimited(engine, [file for file in files if file.kind == "delimited"])
    ]
    for file in files:
        if file.kind == "parquet":
            from .parquet import Parquet

            parts.append(Parquet(engine, file))
        elif file.kind == "jsonl":
            from .json_lines import JsonLines

            parts.append(JsonLines(engine, file))
    return parts


def _choose(
    parts: "list[Part]", x: str | None, y: str | None, *, to_predict: bool
) -> tuple[str, ...]:
    """Choose the columns by the first part; every other one must have them too."""
    first, *others = parts
    if to_predict:
        chosen: tuple[str, ...] = (columns.choose_x(first.name, first.columns, x),)
    else:
        chosen = columns.choose(first.name, first.columns, x, y)
    for part in others:
        for flag, name in zip("xy", chosen, strict=False):
            columns.require(part.name, part.columns, name, flag)
    return chosen


def _four_houses() -> Path:
    """Give the lesson's table: beside the installed package, or in the checkout."""
    installed = Path(__file__).parents[1] / "data" / "houses.csv"
    return installed if installed.exists() else Path(__file__).parents[3] / "data" / "houses.csv"
