"""The result of `fitline summary`: the exact fit with its statistics."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from fitline.data import Table
from fitline.errors import RangeError
from fitline.model.dependence import Dependence
from fitline.optimize.moments import Moments
from fitline.statistics.inference import Estimate, Inference, RobustErrors
from fitline.statistics.validation import CrossValidation, least_squares, require_fits
from fitline.vector import Vector

from . import SCHEMA
from .facts import Count, DataFacts, Magnitude, finite


@dataclass(frozen=True)
class CoefficientFacts:
    """A parameter with its statistics, see `Estimate`; the intercept has no name."""

    name: str | None
    theta: float | None
    standard_error: float | None
    t: float | None
    p: float | None
    low: float | None
    high: float | None
    standardized: float | None
    vif: float | None

    @classmethod
    def of(cls, name: str | None, estimate: Estimate) -> "CoefficientFacts":
        """Tell of an estimate."""
        return cls(name, **{key: finite(value) for key, value in asdict(estimate).items()})


@dataclass(frozen=True)
class FFacts:
    """The F statistic of all features together, and its p-value."""

    statistic: float | None
    p: float | None


@dataclass(frozen=True)
class CrossValidationFacts:
    """How far off the fit of all other folds is on each; see `CrossValidation`."""

    folds: Count
    rmse: Magnitude
    spread: Magnitude
    r2: float | None
    rmses: list[Magnitude]

    @classmethod
    def of(
        cls, moments: Moments, best: Callable[[Moments], Vector] = least_squares
    ) -> "CrossValidationFacts | None":
        """Tell of a table in folds. Raises RangeError where an error is too large."""
        try:
            found = CrossValidation.of(moments, best)
        except OverflowError:
            raise RangeError.of("the cross-validated squared error") from None
        return cls.told(found) if found else None

    @classmethod
    def told(cls, found: CrossValidation) -> "CrossValidationFacts":
        """Tell of a cross-validation."""
        return cls(len(found.rmses), found.rmse, found.spread, found.r2, [*found.rmses])


@dataclass(frozen=True)
class SummaryFacts:
    """The exact fit as a whole, its coefficients, and the relations between columns."""

    level: float
    degrees_of_freedom: Count
    features: Count
    rmse: Magnitude
    residual_standard_error: Magnitude | None
    r2: float | None
    adjusted_r2: float | None
    f: FFacts
    coefficients: list[CoefficientFacts]
    dependent: list[Dependence]
    errors: Literal["classical", "hc3"] = "classical"
    cross_validation: "CrossValidationFacts | None" = None

    @classmethod
    def of(
        cls,
        table: Table,
        moments: Moments,
        level: float = 0.95,
        robust: RobustErrors | None = None,
    ) -> "SummaryFacts":
        """Tell of the exact fit of a table; without an intercept none is listed.

        Raises DataError where the rows outside of a fold determine none.
        """
        require_fits(moments, table.source, table.columns[:-1])
        found = Inference.of(moments, level, robust)
        named = zip([None, *table.columns[:-1]], found.estimates, strict=True)
        return cls(
            level,
            found.freedom,
            found.features,
            found.rmse,
            finite(found.residual_standard_error),
            finite(found.r2),
            finite(found.adjusted_r2),
            FFacts(finite(found.f), finite(found.f_p)),
            [
                CoefficientFacts.of(name, estimate)
                for name, estimate in named
                if name is not None or moments.has_intercept
            ],
            Dependence.of(table.columns, moments.fit.dependent),
            "hc3" if found.is_robust else "classical",
            CrossValidationFacts.of(moments),
        )

    def document(self) -> dict[str, Any]:
        """Give the JSON; there is no cross-validation unless it was asked for."""
        document = asdict(self)
        if self.cross_validation is None:
            del document["cross_validation"]
        return document


@dataclass(frozen=True)
class SummaryResult:
    """A table, and the statistics of its exact fit."""

    data: DataFacts
    facts: SummaryFacts

    @classmethod
    def of(
        cls, table: Table, moments: Moments, level: float, robust: RobustErrors | None = None
    ) -> "SummaryResult":
        """Tell of a table that has been read."""
        facts = SummaryFacts.of(table, moments, level, robust)
        return cls(DataFacts.of(table, moments), facts)

    def document(self) -> dict[str, Any]:
        """Give the JSON of the contract."""
        head = {"schema": SCHEMA, "command": "summary", "data": asdict(self.data)}
        return {**head, "rows": self.data.rows, **self.facts.document()}
