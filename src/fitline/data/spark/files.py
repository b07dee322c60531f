"""The files of a table as Spark lists them, and the frames of their rows."""

import glob
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from fitline.errors import DataError

from .failures import SAME_PLACE
from .pieces import FILE, START

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

LOCAL = re.compile(r"file:/+")

PATTERN = re.compile(r"[][{}*?\\]")
"""What is no part of a name in a path for Spark."""

PARQUET = b"PAR1"


@dataclass(frozen=True)
class SparkFiles:
    """The files that some paths name, by their addresses, in the order in which they are read."""

    spark: "SparkSession"
    paths: Sequence[str]
    sources: Sequence[str]
    addresses: Sequence[str]

    @classmethod
    def of(
        cls, spark: "SparkSession", paths: Sequence[str], sources: Sequence[str]
    ) -> "SparkFiles":
        """Let Spark find the files of paths, which the user has written as the sources.

        Raises DataError where one names no file.
        """
        addresses: list[str] = []
        for path, source in zip(paths, sources, strict=True):
            found = _addresses(spark, path)
            if not found:
                raise DataError("Spark finds no such file", file=source, hint=SAME_PLACE)
            addresses += sorted(found)
        return cls(spark, paths, sources, addresses)

    @property
    def names(self) -> list[str]:
        """Give what the user calls the files."""
        (first, *others) = self.sources
        if len(self.addresses) == 1 and not others and not glob.has_magic(first):
            return [first]
        are_relative = not any(Path(source).is_absolute() for source in self.sources)
        return [_name(address, is_relative=are_relative) for address in self.addresses]

    @cached_property
    def is_parquet(self) -> bool:
        """Tell whether the first file is Parquet, by its name or its first bytes."""
        if self.addresses[0].endswith(".parquet"):
            return True
        first = self._head(1, is_parquet=False)
        return first.num_rows > 0 and bytes(first.column(0)[0].as_buffer())[:4] == PARQUET

    def head(self, rows: int) -> "pa.Table":
        """Read the first rows of the first file."""
        return self._head(rows, is_parquet=self.is_parquet)

    def _head(self, rows: int, *, is_parquet: bool) -> "pa.Table":
        first = PATTERN.sub(r"\\\g<0>", unquote(self.addresses[0]))
        found = _rows(_read(self.spark), [first], is_parquet=is_parquet)
        head = found.toDF(*_plain(len(found.columns))).limit(rows).toArrow()
        return head.rename_columns(found.columns)

    def frame(self, places: Sequence[int] | None = None) -> "DataFrame":
        """Give all rows, each with what tells its file, and the block of that.

        Of Parquet only the columns at these places are read, or all; the others are empty. They
        are called c0, c1 and so on, for Spark looks for more than a name in some names.
        """
        from pyspark.sql import functions

        own, plain = functions.col("_metadata"), _plain(len(self._all_rows.columns))
        block = functions.xxhash64(own["file_path"]), own["file_block_start"]
        columns = [
            functions.col(name)
            if places is None or nth in places or not self.is_parquet
            else functions.lit(None).cast(field.dataType).alias(name)
            for nth, (name, field) in enumerate(zip(plain, self._all_rows.schema, strict=True))
        ]
        rows = self._all_rows.select("*", *block).toDF(*plain, FILE, START)
        return rows.select(*columns, FILE, START)

    @cached_property
    def _all_rows(self) -> "DataFrame":
        return _rows(_read(self.spark), self.paths, is_parquet=self.is_parquet)

    @cached_property
    def places(self) -> Mapping[int, int]:
        """Tell by the hash of its address where each file stands among all."""
        query = "select transform(:paths, path -> xxhash64(path)) as hashes"
        paths = [LOCAL.sub("file:/", address) for address in self.addresses]
        ((hashes,),) = self.spark.sql(query, args={"paths": paths}).collect()
        return {own: place for place, own in enumerate(hashes)}


def _addresses(spark: "SparkSession", path: str) -> list[str]:
    from pyspark.errors import AnalysisException

    try:
        found: list[str] = _read(spark).text(path).inputFiles()
    except AnalysisException as error:
        if error.getCondition() == "PATH_NOT_FOUND":
            return []
        raise
    return found


def _plain(count: int) -> list[str]:
    return [f"c{nth}" for nth in range(count)]


def _read(spark: "SparkSession") -> Any:
    return spark.read.option("recursiveFileLookup", "true")


def _rows(reader: Any, paths: Sequence[str], *, is_parquet: bool) -> "DataFrame":
    """Give the rows of files: of Parquet their columns, else the lines."""
    if is_parquet:
        frame: DataFrame = reader.parquet(*paths)
        return frame
    lines: DataFrame = reader.text([*paths])
    return lines


def _name(address: str, *, is_relative: bool) -> str:
    path = unquote(LOCAL.sub("/", address))
    return os.path.relpath(path) if is_relative and LOCAL.match(address) else path
