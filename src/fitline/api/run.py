"""A training that has been run, as Python users meet it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fitline import training
from fitline.diagnosis.diagnosis import diagnose
from fitline.errors import ConfigError, FileError
from fitline.escaping import printable
from fitline.exact_fit import require_least_squares
from fitline.formatting import count, number
from fitline.landscapes.plane import Others
from fitline.optimize.iterate import StopReason
from fitline.results.summary import SummaryFacts
from fitline.results.train import StepFacts, TrainResult, step_columns
from fitline.training import is_shown

from .page import Page, require_apart
from .parameters import places_of, projection, require_independent

if TYPE_CHECKING:
    from fitline.plots.look import ThemeName
    from fitline.plots.style import Picture


class History(dict[str, NDArray[np.float64]]):
    """What became of a training, by step: arrays of the shape (steps,), by their names."""

    def to_pandas(self) -> Any:
        """Give a data frame of pandas, which has to be installed."""
        return import_module("pandas").DataFrame(self)

    def to_polars(self) -> Any:
        """Give a data frame of polars, which has to be installed."""
        return import_module("polars").DataFrame(dict(self))


@dataclass(frozen=True, eq=False, repr=False)
class Run(training.Run):
    """A training and the steps that it took; of several starts the run that ended lowest.

    `training` is all that was known before the first step, `steps` are all steps, in the table's
    units, `stop_reason` tells why descent ended, and `restarts` tells of all starts.
    """

    @classmethod
    def of(cls, run: training.Run) -> "Run":
        """Take a run for what Python users meet."""
        return cls(run.training, run.steps, run.stop_reason, run.restarts)

    def __repr__(self) -> str:
        """Give the equation, RMSE, R², the steps and the status, in one line."""
        result = self.result
        told = [f"RMSE {number(result.rmse)}"] if result.rmse is not None else []
        told += [f"R² {number(result.r2)}"] if result.r2 is not None else []
        is_cut = result.ending is StopReason.STEPS
        told += [
            count(result.steps, result.unit),
            "not converged" if is_cut else result.ending.value,
        ]
        return f"<Run {printable(result.model.equation)}: {', '.join(told)}>"

    def _repr_html_(self) -> str:
        """Show what the training came to in a notebook."""
        from fitline.views.notebook import run_html

        return run_html(self.result)

    @cached_property
    def result(self) -> TrainResult:
        """Give what `fitline train` tells: the record of its JSON, with some of the steps."""
        shown = replace(self, steps=[step for step in self.steps if is_shown(step)])
        return TrainResult.of_run(shown, diagnosis=diagnose(self))

    @property
    def summary(self) -> SummaryFacts:
        """Give the statistics of the exact fit by least squares.

        Raises ConfigError where the run had another cost or a penalty.
        """
        config = self.training.config
        require_least_squares(config)
        if config.l2 or config.l1:
            raise ConfigError(
                "the run had a penalty, of which there are no statistics",
                hint="fitline.summary gives those of least squares on the same table",
            )
        return SummaryFacts.of(self.training.table, self.training.moments)

    def save(self, path: str | Path) -> None:
        """Write the model, from where it comes and how it was trained, as JSON, atomically.

        Raises FileError where it would be over its own table or in a saved run, and where it
        diverged, so that there is no model.
        """
        require_apart(path, self._tables)
        if self.stop_reason is StopReason.DIVERGED:
            raise FileError("is not written, for a model that diverged is of no use", str(path))
        super().save(path)

    @property
    def _tables(self) -> list[Path]:
        return [file.path for file in self.training.table.files]

    @property
    def history(self) -> History:
        """Give step, theta0, theta1, …, cost, gradient_norm, excess, perhaps validation_cost."""
        steps = [StepFacts.of(step) for step in self.steps]
        is_validated = steps[0].validation_cost is not None
        columns = step_columns(len(steps[0].theta), is_validated=is_validated)
        rows = np.array([step.row(columns) for step in steps], dtype=np.float64)
        return History(zip(columns, rows.T, strict=True))

    def plot(  # noqa: PLR0913 - a picture, and how it looks
        self,
        kind: str = "all",
        *,
        axes: Sequence[str] | None = None,
        others: Others | None = None,
        feature: str | None = None,
        size: tuple[float, float] | None = None,
        dpi: float | None = None,
        title: str | None = None,
        theme: "ThemeName" = "light",
    ) -> "Picture":
        """Draw the run as `fitline plot` does, and give the Matplotlib figure.

        With several features `axes` names the two parameters to draw, and `feature` the one to
        look at. The `size` is in inches, as Matplotlib's figsize. Raises UsageError where there is
        no such picture, or none of this run.
        """
        from fitline.plots import require_drawable
        from fitline.plots.look import Look

        require_drawable(kind, self.training)
        look = Look(size, dpi, title, theme)
        from fitline.plots.loading import picture
        from fitline.plots.scene import Scene

        training, plane, place = self.training, None, None
        if axes or others:
            plane = projection(training.landscape, self._places(axes), others)
        if feature is not None:
            (place,) = places_of(training.table, "--feature", [feature], 1)
            require_independent(training.landscape, [place])
        return picture(kind, Scene(training, plane=plane, feature=place), look)

    def explore(self, axes: Sequence[str] | None = None) -> Page:
        """Give the page on which this training can be watched, stepped, dragged and changed."""
        from fitline.page.bundle import page
        from fitline.page.payload import lesson_of

        return Page(page(lesson_of(self.training, axes=self._places(axes))), self._tables)

    def _places(self, axes: Sequence[str] | None) -> Sequence[int] | None:
        """Find the parameters to draw. Raises UsageError where these cannot be."""
        if axes is None:
            return None
        places = places_of(self.training.table, "--axes", axes)
        require_independent(self.training.landscape, places)
        return places
