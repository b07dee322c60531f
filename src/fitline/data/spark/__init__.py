"""Tables that Spark reads, on this machine or on a cluster: the same sums, bit for bit."""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from fitline.errors import DataError
from fitline.reading import Reading

if TYPE_CHECKING:
    from .cluster import SparkCluster


def spark_of(reading: Reading) -> "SparkCluster":
    """Reach the Spark that is to read a table. Raises DataError where it is not there."""
    if find_spec("pyspark") is None or find_spec("pyarrow") is None:
        raise DataError(
            "Spark is not installed", hint="pip install 'fitline[spark]', and Java 17 or later"
        )
    from .cluster import SparkCluster

    return SparkCluster(reading)
