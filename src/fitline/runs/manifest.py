"""run.json: the settings of a run, how it came about, and whether its table has changed."""

import hashlib
import json
import os
import platform
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from fitline import __version__
from fitline.config import Config, resolve
from fitline.data import Table
from fitline.data.compression import PIPED
from fitline.data.lesson_tables import is_lesson_table
from fitline.data.paths import STANDARD_INPUT, matches
from fitline.errors import ConfigError, DataError
from fitline.escaping import json_text
from fitline.evaluation import Unseen
from fitline.files.atomic import write_text
from fitline.files.json_documents import boolean, count, mapping, text, text_lists, texts
from fitline.files.run_parts import RUN
from fitline.formatting import shortened
from fitline.landscapes.landscape import Landscape
from fitline.optimize.moments import Moments
from fitline.optimize.optimizers import AnyOptimizer
from fitline.optimize.rates import SHRINKS
from fitline.optimize.robust_cost import RobustCost
from fitline.training import Training, data_facts, prepare

from .run_folder import SCHEMA, read_json, require_run

SHAPE = {
    "schema": lambda value: value == SCHEMA,
    "config": mapping,
    "reason": text,
    "is_auto": (boolean, None),
    "optimizer": (mapping, None),
    "every": (lambda value: count(value) and value > 0, None),
    "explain": count,
    "summary": (boolean, None),
    "test": (text, None),
    "data": {
        "source": text,
        "rows": count,
        "skipped": count,
        "fingerprint": text,
        "parts": ([text], None),
        "test": (text, None),
        "columns": ([text], None),
        "units": (texts, None),
        "levels": (text_lists, None),
        "order": (text, None),
        "files": ([text], None),
    },
    "sessions": [{"command": text, "begun": text, "versions": (texts, None)}],
}

OTHER_NUMBERS = "its numbers are others"

CHANGES = {
    "rows": "it had {} rows that can be used, and has {}",
    "skipped": "{} of its rows could not be used, and now {}",
    "fingerprint": OTHER_NUMBERS,
    "parts": OTHER_NUMBERS,
    "test": OTHER_NUMBERS,
    "columns": "its columns are called otherwise",
    "levels": "its columns of text have other levels",
    "units": "other columns of it hold dates",
    "order": "its rows are others, or stand in another order",
}
"""What may be different about a table."""


ELSEWHERE = "as DATA, such as fitline resume FOLDER DATA"


@dataclass(frozen=True)
class Manifest:
    """What is known of a run before its first step.

    `config` is resolved, with the learning rate that was chosen, if one was: for this `reason`,
    and by its own word or by default; the `optimizer` is as it was asked for. `data` tells of the
    table what must be the same again. `every` and `explain` say which steps to show and to work
    out, `summary` whether statistics are told, and `test` on which other table the fit is
    measured. A session is a process that worked on it.
    """

    config: Config
    reason: str
    is_auto: bool
    optimizer: AnyOptimizer
    every: int | None
    explain: int
    summary: bool
    test: str | None
    data: Mapping[str, Any]
    sessions: Sequence[Mapping[str, Any]]

    @classmethod
    def of(  # noqa: PLR0913 - a training, and what is told of it
        cls,
        training: Training,
        files: Sequence[str] | None,
        words: Sequence[str] = (),
        *,
        every: int | None = None,
        explain: int = 0,
        summary: bool = False,
        test: str | None = None,
        unseen: Unseen | None = None,
    ) -> "Manifest":
        """Tell of a training; `files` are the paths of its table, and `words` what was typed.

        The table `unseen` was read from the file `test`.
        """
        named = None if files is None else [_absolute(file) for file in files]
        facts = {**_source(training.table, training.moments), **_order(training)}
        data = {**facts, **_tested(unseen), "files": named}
        told = every, explain, summary, None if test is None else _absolute(test)
        asked, sessions = training.config, [_session(words)]
        chosen = training.resolved, training.reason, asked.learning_rate == "auto", asked.optimizer
        return cls(*chosen, *told, data, sessions)

    @classmethod
    def load(cls, folder: Path) -> "Manifest":
        """Read what `write` wrote. Raises FileError and ConfigError where it was damaged."""
        require_run(folder)
        path = folder / RUN
        document = read_json(path, SHAPE, paths=True)
        config = resolve(document["config"], file=str(path))
        names = ("reason", "every", "explain", "test", "data", "sessions")
        found = {name: document.get(name) for name in names}
        found |= {name: bool(document.get(name)) for name in ("is_auto", "summary")}
        asked = document.get("optimizer") or config.optimizer
        found["optimizer"] = resolve({"optimizer": asked}, file=str(path)).optimizer
        return cls(config, **found)

    def write(self, folder: Path) -> None:
        """Write all this for people and for `load`."""
        document = {"schema": SCHEMA, **asdict(self)}
        text = json_text(document, indent=2)
        write_text(folder / RUN, f"{text}\n", lasting=True)

    @property
    def start(self) -> Sequence[float | None]:
        """Give the start, the intercept first."""
        return self.config.theta or (self.config.theta0, self.config.theta1)

    @property
    def named(self) -> Sequence[str]:
        """Give the table's files, whether they are still there or not."""
        return self.data.get("files") or []

    @property
    def files(self) -> list[str] | None:
        """Give the table's files, or None for the built-in one.

        Raises DataError where it cannot be read again.
        """
        files: list[str] | None = self.data.get("files")
        if files and STANDARD_INPUT in files:
            raise DataError(
                "the table came from standard input, which cannot be read again",
                file=PIPED,
                hint=f"name a file that holds the same table {ELSEWHERE}",
            )
        for file in files or []:
            if Path(file).is_fifo():
                raise DataError(
                    "the table came from a pipe, which cannot be read again",
                    file=shortened(file),
                    hint=f"name a file that holds the same table {ELSEWHERE}",
                )
            is_there = is_lesson_table(file) or os.path.exists(file)  # noqa: PTH110 - any text
            if not (is_there or matches(file)):
                raise DataError(
                    "the table of this run is no longer here",
                    file=shortened(file),
                    hint=f"put it back, or name where it is now {ELSEWHERE}",
                )
        return files

    @property
    def tested(self) -> str | None:
        """Give the table to test on, if there is one. Raises DataError where it was a pipe."""
        if self.test and (self.test == STANDARD_INPUT or Path(self.test).is_fifo()):
            raise DataError(
                "the table to test on came from a pipe, which cannot be read again",
                file=shortened(self.test),
                hint="train anew, with --test FILE that stays",
            )
        return self.test

    @property
    def news(self) -> str:
        """Say which versions changed since the last session, if any did."""
        last = self.sessions[-1] if self.sessions else {}
        before: Mapping[str, str] = last.get("versions") or {}
        return ", ".join(
            f"{name} {before[name]} then and {now} now"
            for name, now in versions().items()
            if before.get(name, now) != now
        )

    def continued(self, words: Sequence[str], files: Sequence[str] | None) -> "Manifest":
        """Add a session, which may have found the table elsewhere."""
        data = self.data if not files else {**self.data, "files": [*map(_absolute, files)]}
        return replace(self, data=data, sessions=[*self.sessions, _session(words)])

    def lasting(self, steps: int) -> "Manifest":
        """Allow another number of steps."""
        return replace(self, config=replace(self.config, steps=steps))

    def prepare(self, table: Table, landscape: Landscape) -> Training:
        """Get ready for a step of this run; the table must be what it was.

        Raises DataError where it has changed.
        """
        found = table.source
        self._require_same(_source(table, landscape.moments), found)
        table.source = self.data["source"]
        training = replace(
            prepare(table, landscape, self.config), config=self._asked, reason=self.reason
        )
        self._require_same(_order(training), found)
        return training

    def require_same_test(self, unseen: Unseen | None) -> None:
        """Raise DataError where the table on which the fit is measured has changed."""
        if unseen:
            self._require_same(_tested(unseen), unseen.source)

    @property
    def _asked(self) -> Config:
        """Give the configuration before a learning rate and a momentum were chosen."""
        asked = replace(self.config, optimizer=self.optimizer)
        if not self.reason:
            return asked
        schedule = None if self.reason == SHRINKS else self.config.schedule
        rate: Literal["auto"] | None = "auto" if self.is_auto else None
        return replace(asked, learning_rate=rate, schedule=schedule)

    def _require_same(self, facts: Mapping[str, Any], found: str) -> None:
        """Compare what tells one table from another; the first difference says most."""
        for key, now in facts.items():
            then = self.data.get(key)
            if now != then and key in CHANGES and key in self.data:
                raise DataError(
                    f"the table has changed since the run began: {CHANGES[key]}".format(then, now),
                    file=found,
                    hint="put the table of then back, or train anew in another folder",
                )

    def require_same_config(self, then: Mapping[str, Any], path: Path) -> None:
        """Refuse settings other than those `then`; only the number of steps may change.

        Raises ConfigError that names every difference.
        """
        now = json.loads(json.dumps(asdict(self.config)))
        changed = [key for key in now if key != "steps" and now[key] != then.get(key)]
        if changed:
            key = changed[0]
            told = ", ".join(
                f"{key} was {shortened(repr(then.get(key)))} and is {now[key]!r}"
                for key in changed
            )
            raise ConfigError(
                f"the configuration has changed since the run began: {told}",
                file=str(path),
                column=key,
                value=str(now[key]),
                hint="put it back, or train anew in another folder",
            )


def _absolute(file: str) -> str:
    is_path = file != STANDARD_INPUT and not is_lesson_table(file)
    return os.path.abspath(file) if is_path else file  # noqa: PTH100 - it may be a glob


def _source(table: Table, moments: Moments) -> dict[str, Any]:
    return {
        **data_facts(table, moments),
        "parts": [part.fingerprint for part in moments.parts] or None,
        "columns": [*table.columns],
        "units": dict(table.units),
        "levels": {column: [*levels] for column, levels in table.levels.items()},
    }


def _tested(unseen: Unseen | None) -> dict[str, Any]:
    return {"test": unseen.moments.fingerprint if unseen else None}


def _order(training: Training) -> dict[str, Any]:
    """Tell the order of the rows, where the last digits of a run depend on it."""
    cost = training.method.batches.cost if training.method.batches else training.cost
    if not isinstance(cost, RobustCost):
        return {"order": None}
    digest = hashlib.sha256(cost.x.tobytes())
    digest.update(cost.y.tobytes())
    digest.update(b"" if cost.weights is None else cost.weights.tobytes())
    return {"order": f"rows-sha256:{digest.hexdigest()[:32]}"}


def _session(words: Sequence[str]) -> dict[str, Any]:
    begun = datetime.now(UTC).isoformat(timespec="seconds")
    return {"command": shlex.join(["fitline", *words]), "begun": begun, "versions": versions()}


def versions() -> dict[str, str]:
    """Give the versions on which the last digits of a run may depend."""
    return {
        "fitline": __version__,
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "duckdb": version("duckdb"),
    }
