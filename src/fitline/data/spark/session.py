"""The session of Spark: reached or started, asked to work, and stopped in the middle of it."""

import os
import socket
import sys
import warnings
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from functools import cache, partial
from shutil import which
from typing import TYPE_CHECKING, Any, TypeVar

from fitline.data.engine import Progress
from fitline.data.spooling import staged
from fitline.errors import DataError
from fitline.signals import asked_to_stop, end

from .failures import explained

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Result = TypeVar("Result")

REACH_SECONDS = 2.0
TICK_SECONDS = 0.05
CANCEL_SECONDS = 3.0
CONNECT_PORT = 15002

HERE = "spark"
"""The address of a Spark of this process's own."""

OWN_SETTINGS = {
    "spark.app.name": "fitline",
    "spark.ui.showConsoleProgress": "false",
    "spark.executorEnv.OMP_NUM_THREADS": "1",
}
LOCAL_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}

SESSION_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "100000",
}
"""Those on which what is read depends."""


class Session:
    """A session of Spark, and what it is asked to do, one thing at a time."""

    def __init__(self, spark: "SparkSession") -> None:
        self.spark = spark

    def ask(self, work: Callable[[], Result], progress: Progress | None = None) -> Result:
        """Wait for what Spark does, telling how far it is; Ctrl-C cancels it.

        Raises DataError where it fails.
        """
        with asked_to_stop() as asked, explained():
            doing = _thread().submit(_quietly, work)
            while not doing.done() and not asked.is_set():
                if progress:
                    progress(self._done())
                wait([doing], TICK_SECONDS)
            if asked.is_set():
                with suppress(Exception):
                    self._cancel()
                    wait([doing], CANCEL_SECONDS)  # for what is half written goes first
                end()
            return doing.result()

    def kill(self) -> None:
        """End Java at once, where this process has one and is to end itself."""
        from pyspark import SparkContext

        if gateway := SparkContext._gateway:  # noqa: SLF001 - nothing public waits for Java
            gateway.proc.kill()
            gateway.proc.wait()

    def _cancel(self) -> None:
        self.spark.sparkContext.cancelAllJobs()

    def _done(self) -> float:
        """Tell which part of the tasks is done of the stages that are at work."""
        tracker = self.spark.sparkContext.statusTracker()
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        done = sum(stage.numCompletedTasks for stage in stages if stage)
        return done / max(1, sum(stage.numTasks for stage in stages if stage))


class ConnectSession(Session):
    """The same where Spark is the server of another process, reached by Spark Connect."""

    def __init__(self, spark: "SparkSession") -> None:
        super().__init__(spark)
        self._stages: list[Any] = []
        remote: Any = spark
        remote.registerProgressHandler(self._note)

    def _note(self, stages: list[Any], **_: Any) -> None:
        self._stages = stages

    def _cancel(self) -> None:
        self.spark.interruptAll()

    def _done(self) -> float:
        done: int = sum(stage.num_completed_tasks for stage in self._stages)
        all_tasks: int = sum(stage.num_tasks for stage in self._stages)
        return done / max(1, all_tasks)


def reach(address: str, options: Mapping[str, str]) -> Session:
    """Reach the Spark at an address, or begin one on this machine.

    Raises DataError where there is none.
    """
    if not address.startswith("sc:") and not _has_java():
        raise DataError(
            "Spark needs Java, and there is none",
            hint="install Java 17 or later, such as openjdk-17-jre-headless, or name its folder in"
            " JAVA_HOME",
        )
    if address != HERE:
        _knock(address)
    return _session(address, tuple(options.items()))


def _has_java() -> bool:
    return "JAVA_HOME" in os.environ or which("java") is not None


def _knock(address: str) -> None:
    """Look whether somebody listens, for Spark would try for longer than a minute."""
    hosts = address.split("://")[1].partition("/")[0].split(",")
    reasons = []
    for host in hosts:
        name, _, port = host.partition(":")
        try:
            socket.create_connection((name, int(port or CONNECT_PORT)), REACH_SECONDS).close()
        except OSError as error:
            reasons.append(error.strerror or str(error))
        else:
            return
    raise DataError(
        f"no Spark answers at {address}: {reasons[0]}",
        hint="start it, or correct the address; --engine spark needs none",
    )


@cache
def _session(address: str, options: tuple[tuple[str, str], ...]) -> Session:
    """Begin a session in a thread of its own, where Spark leaves the handling of Ctrl-C alone."""
    if address.startswith("sc:"):
        with explained():
            return ConnectSession(
                _thread().submit(_quietly, partial(_connect, address, options)).result()
            )
    settings = OWN_SETTINGS | (LOCAL_SETTINGS if address == HERE else {}) | dict(options)
    if address == HERE:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        settings = {"spark.master": "local[*]"} | settings
    else:
        settings = {"spark.master": address} | settings
    with explained():
        return Session(_thread().submit(_quietly, partial(_begin, settings, options)).result())


def _begin(settings: Mapping[str, str], options: Collection[tuple[str, str]]) -> "SparkSession":
    """Begin a session, of the Spark that runs in this process if one does.

    Its Java writes into a file of its own. Raises DataError where it runs with other options.
    """
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    if SparkContext._active_spark_context is None:  # noqa: SLF001 - as getOrCreate asks
        conf = SparkConf().setAll([*settings.items()])
        launch: Any = launch_gateway
        with staged(".log").open("wb") as log:
            gateway = launch(conf, {"stdout": log, "stderr": log})
        SparkContext(conf=conf, gateway=gateway)
        _begun_with.update(dict(options))
    context = SparkContext.getOrCreate()
    own = dict(context.getConf().getAll())
    spark = SparkSession(context).newSession()
    for key in _begun_with.keys() - dict(options).keys():
        if spark.conf.isModifiable(key):
            spark.conf.unset(key)
    return _configured(spark, options, own)


_begun_with: dict[str, str] = {}
"""Options of the call that began Spark, which are not those of other calls."""


def _connect(address: str, options: Collection[tuple[str, str]]) -> "SparkSession":
    """Begin a session of a server. Raises DataError where it runs with other options."""
    from pyspark.sql import SparkSession

    return _configured(SparkSession.builder.remote(address).getOrCreate(), options, {})


def _configured(
    spark: "SparkSession", options: Collection[tuple[str, str]], own: Mapping[str, str]
) -> "SparkSession":
    """Set the options of a session, as far as that can still be done.

    Raises DataError where another one is not among those that it has as its own.
    """
    for key, value in [*SESSION_SETTINGS.items(), *options]:
        if spark.conf.isModifiable(key):
            spark.conf.set(key, value)
        elif own.get(key) != value:
            raise DataError(
                f"Spark runs already, and {key} cannot be {value} any more",
                hint="set it where Spark is started",
            )
    return spark


def _quietly(work: Callable[[], Result]) -> Result:
    """Do some work without the warnings of Spark about other libraries."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return work()


@cache
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1)
