"""What Spark says of its failures is said in a sentence, with what helps."""

import pytest

import sparks
from fitline.data.spark.failures import explained
from fitline.errors import DataError

pytestmark = sparks.MARKS

FAILURES = {
    "ModuleNotFoundError: No module named 'fitline'": "the Python of the workers has no fitline",
    "[PYTHON_VERSION_MISMATCH] Python in worker has different version: 3.10 than that in driver:"
    " 3.12, PySpark cannot run": "the workers have Python 3.10, and this machine 3.12",
    'java.io.IOException: Cannot run program "python3": error=2': "the workers have no python3",
    "File file:/data/a.csv does not exist": "a worker finds no file file:/data/a.csv",
    'No FileSystem for scheme "s3a"': "Spark has nothing that reads s3a://",
    "Cannot call methods on a stopped SparkContext.\nThis": "Spark has stopped, for no master",
    "[PACKAGE_NOT_INSTALLED] grpcio >= 1.76 must be installed": "Spark needs grpcio",
    "[JAVA_GATEWAY_EXITED] Java gateway": "Java does not start Spark",
    "\nsomething else\nat line 5": "Spark fails: something else",
}


@pytest.mark.parametrize(("said", "told"), FAILURES.items())
def test_failures_are_said_in_a_sentence(said: str, told: str) -> None:
    from pyspark.errors import PySparkException

    with pytest.raises(DataError) as caught, explained():
        raise PySparkException(said)
    assert caught.value.message.startswith(told)
