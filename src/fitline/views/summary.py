"""How the exact fit and its statistics look."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from fitline.formatting import count, number
from fitline.results.facts import DataFacts
from fitline.results.summary import (
    CoefficientFacts,
    CrossValidationFacts,
    SummaryFacts,
    SummaryResult,
)

from .report import Block, Facts, Sheet
from .shared import dependence_text, table_line

SMALLEST_P = 1e-99
"""A p-value below this is told to be so."""

INFLATED = 10.0
"""From this variance inflation factor on a feature is said to vary with others (J. Neter)."""

MOST_SHARED = "largely explained by the other features, so their standard errors are large"

FEW = 10
"""With fewer degrees of freedom than these the errors themselves are said to be rough."""


@dataclass(frozen=True)
class SummaryReport:
    """The fit as a whole, then each coefficient, then what is to be minded."""

    result: SummaryResult

    def blocks(self) -> Sequence[Block]:
        """Give what people read."""
        result = self.result
        table = ("table", table_line(result.data))
        return statistics_blocks(result.data, result.facts, table)

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        return self.result.document()

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give a row a coefficient."""
        header = [field.name for field in fields(CoefficientFacts)]
        rows = [[*asdict(one).values()] for one in self.result.facts.coefficients]
        return header, [["intercept" if row[0] is None else row[0], *row[1:]] for row in rows]


def statistics_blocks(
    data: DataFacts, found: SummaryFacts, *first: tuple[str, str]
) -> Sequence[Block]:
    """Give the fit as a whole, after what comes first; the coefficients; what is to be minded."""
    warnings = [*_warnings(found)]
    whole = Facts([*first, *_whole(data, found)])
    return [whole, _sheet(data, found), *([Facts(warnings)] if warnings else [])]


def _whole(data: DataFacts, found: SummaryFacts) -> Iterable[tuple[str, str]]:
    freedom = count(found.degrees_of_freedom, "degree") + " of freedom"
    error = found.residual_standard_error
    if error is None:
        yield "residuals", f"{freedom}: there are no more rows than parameters"
    else:
        yield "residuals", f"standard error {number(error)} on {freedom}"
    if found.errors == "hc3":
        yield "errors", "robust to errors of unequal variance (HC3)"
    yield "RMSE", number(found.rmse)
    if found.r2 is None:
        yield "R²", f"none, for {data.y} is the same in all rows"
    else:
        adjusted = found.adjusted_r2
        yield (
            "R²",
            number(found.r2) + ("" if adjusted is None else f", adjusted {number(adjusted)}"),
        )
    if found.f.statistic is not None and found.f.p is not None:
        on = f"on {found.features} and {freedom}"
        yield "F", f"{number(found.f.statistic)} {on}, {_p_text(found.f.p)}"
    if found.cross_validation:
        yield cross_validation_fact(found.cross_validation)


def cross_validation_fact(found: CrossValidationFacts) -> tuple[str, str]:
    """Say how far off the fit is on rows that it has not seen."""
    r2 = "" if found.r2 is None else f", R² {number(found.r2)}"
    spread = f"{number(found.rmse)} ± {number(found.spread, 3)}"
    return f"{found.folds} folds", f"RMSE {spread}{r2} on rows that were not fitted"


def _sheet(data: DataFacts, found: SummaryFacts) -> Sheet:
    """Tabulate the coefficients; without degrees of freedom they have no errors."""
    parameters, level = found.coefficients, number(100 * found.level)
    columns = {
        "feature": [one.name or "intercept" for one in parameters],
        "θ": [_or("any", one.theta) for one in parameters],
        "std. error": [_or("", one.standard_error, 5) for one in parameters],
        f"{level} % low": [_or("", one.low) for one in parameters],
        f"{level} % high": [_or("", one.high) for one in parameters],
        "t": [_or("", one.t, 4) for one in parameters],
        "p": [_p(one.p) for one in parameters],
        "standardized": [_or("", one.standardized, 4) for one in parameters],
        "VIF": [_or("", one.vif, 4) for one in parameters],
    }
    names = [name for name in columns if any(columns[name])]
    if len(data.x) == 1:
        names.remove("VIF")
    _, _, error, low, high, t, p, standardized, vif = columns
    spare = [name for name in (error, p, low, high, t, vif, standardized) if name in names]
    rows = [*zip(*(columns[name] for name in names), strict=True)]
    return Sheet(names, rows, spare, ("feature",))


def _warnings(found: SummaryFacts) -> Iterable[tuple[str, str]]:
    """Say what is to be minded, each with its figure."""
    for relation in found.dependent:
        yield "dependent", dependence_text(relation)
    inflated = [one for one in found.coefficients if (one.vif or 0.0) >= INFLATED]
    if inflated:
        named = ", ".join(f"{one.name} (VIF {number(one.vif or 0.0, 4)})" for one in inflated)
        yield "collinear", f"{named}: {MOST_SHARED}"
    if found.errors == "hc3" and found.coefficients[-1].standard_error is None:
        yield (
            "leverage",
            "a row alone determines its own prediction (leverage 1), so HC3 gives no errors",
        )
    if 0 < found.degrees_of_freedom < FEW:
        freedom = count(found.degrees_of_freedom, "degree")
        yield "few rows", f"with {freedom} of freedom the standard errors are themselves uncertain"


def _or(nothing: str, value: float | None, digits: int = 6) -> str:
    return nothing if value is None else number(value, digits)


def _p(p: float | None) -> str:
    if p is None:
        return ""
    return f"<{number(SMALLEST_P, 1)}" if p < SMALLEST_P else number(p, 3)


def _p_text(p: float) -> str:
    return f"p {_p(p)[0]} {_p(p)[1:]}" if p < SMALLEST_P else f"p = {_p(p)}"
