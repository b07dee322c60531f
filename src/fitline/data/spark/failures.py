"""What Spark says of its failures, in words by which a user can mend them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from fitline import __version__
from fitline.errors import DataError, FileError
from fitline.formatting import shortened

INSTALL = f"pip install 'fitline[spark]=={__version__}' on every worker"

SAME_PLACE = "all workers must see it at the same path, or at an address such as s3a://"

KNOWN = {
    r"No module named '(fitline|duckdb|numpy|pyarrow|pyspark)": (
        "the Python of the workers has no {0}",
        f"{INSTALL}, for the Python that PYSPARK_PYTHON names",
    ),
    r"PYTHON_VERSION_MISMATCH\].*?different version: ([\d.]+).*?(\d+\.\d+)": (
        "the workers have Python {0}, and this machine {1}",
        "name a Python of the same version on the workers: PYSPARK_PYTHON=python{1} fitline …",
    ),
    r'Cannot run program "([^"]+)"': (
        "the workers have no {0}",
        "name the Python of the workers: PYSPARK_PYTHON=/usr/bin/python3 fitline …",
    ),
    r"File (\S+) does not exist": (
        "a worker finds no file {0}",
        SAME_PLACE,
    ),
    r"No FileSystem for scheme \"([^\"]+)\"": (
        "Spark has nothing that reads {0}://",
        "name its package: --engine-option spark.jars.packages=…",
    ),
    r"stopped SparkContext": (
        "Spark has stopped, for no master answers, or none that it can talk with",
        "look whether that is the address of a master, and of which version",
    ),
    r"PACKAGE_NOT_INSTALLED\] (\S+)": (
        "Spark needs {0}",
        "pip install 'fitline[spark]'",
    ),
    r"JAVA_GATEWAY_EXITED": (
        "Java does not start Spark",
        "Spark needs Java 17 or later; name its folder in JAVA_HOME",
    ),
}
"""What is found in the words of Spark, what is said instead, and what helps."""


@contextmanager
def explained() -> Iterator[None]:
    """Raise DataError where Spark fails."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise _explained(str(error)) from error


def _explained(told: str) -> DataError | FileError:
    if "PATH_ALREADY_EXISTS" in told:
        return FileError("it is there already", hint="name another folder, or remove it")
    for pattern, (message, hint) in KNOWN.items():
        if found := re.search(pattern, told + " ", re.DOTALL):
            return DataError(message.format(*found.groups()), hint=hint.format(*found.groups()))
    first = next((line for line in told.splitlines() if line.strip()), "no reason is given")
    return DataError(f"Spark fails: {shortened(first, 200)}")
