"""How the exact fit and its statistics look."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from fitline.formatting import count, number
from fitline.results.summary import CoefficientFacts, SummaryResult

from .report import Block, Facts, Sheet
from .shared import table_line
from .train import dependence_text

SMALLEST_P = 1e-99
"""A p-value below this is told to be so."""

INFLATED = 10.0
"""From this variance inflation factor on a feature is said to vary with others (J. Neter)."""

MOST_SHARED = "what these tell, others tell too for the most part, so their errors are large"

FEW = 10
"""With fewer degrees of freedom than these the errors themselves are said to be rough."""


@dataclass(frozen=True)
class SummaryReport:
    """The fit as a whole, then each coefficient, then what is to be minded."""

    result: SummaryResult

    def blocks(self) -> Sequence[Block]:
        """Give what people read."""
        warnings = [*self._warnings()]
        return [Facts(self._whole()), self._sheet(), *([Facts(warnings)] if warnings else [])]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        return self.result.document()

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give a row a coefficient."""
        header = [field.name for field in fields(CoefficientFacts)]
        rows = [[*asdict(one).values()] for one in self.result.coefficients]
        return header, [["intercept" if row[0] is None else row[0], *row[1:]] for row in rows]

    def _whole(self) -> list[tuple[str, str]]:
        result = self.result
        freedom = count(result.degrees_of_freedom, "degree") + " of freedom"
        error = result.residual_standard_error
        facts = [("table", table_line(result.data))]
        if error is None:
            facts.append(("residuals", f"{freedom}: there are as many parameters as rows"))
        else:
            facts.append(("residuals", f"standard error {number(error)} on {freedom}"))
        facts.append(("RMSE", number(result.rmse)))
        if result.r2 is None:
            facts.append(("R²", f"none, for {result.data.y} is the same in all rows"))
        else:
            adjusted = result.adjusted_r2
            more = "" if adjusted is None else f", adjusted {number(adjusted)}"
            facts.append(("R²", number(result.r2) + more))
        if result.f.statistic is not None and result.f.p is not None:
            on = f"on {result.features} and {freedom}"
            facts.append(("F", f"{number(result.f.statistic)} {on}, {_p_text(result.f.p)}"))
        return facts

    def _sheet(self) -> Sheet:
        """Tabulate the coefficients; without degrees of freedom they have no errors."""
        found, level = self.result.coefficients, number(100 * self.result.level)
        columns = {
            "feature": [one.name or "intercept" for one in found],
            "θ": [_or("any", one.theta) for one in found],
            "std. error": [_or("", one.standard_error, 5) for one in found],
            f"{level} % low": [_or("", one.low) for one in found],
            f"{level} % high": [_or("", one.high) for one in found],
            "t": [_or("", one.t, 4) for one in found],
            "p": [_p(one.p) for one in found],
            "standardized": [_or("", one.standardized, 4) for one in found],
            "VIF": [_or("", one.vif, 4) for one in found],
        }
        names = [name for name in columns if any(columns[name])]
        if len(self.result.data.x) == 1:
            names.remove("VIF")
        _, _, error, low, high, t, p, standardized, vif = columns
        spare = [name for name in (error, p, low, high, t, vif, standardized) if name in names]
        rows = [*zip(*(columns[name] for name in names), strict=True)]
        return Sheet(names, rows, spare, ("feature",))

    def _warnings(self) -> Iterable[tuple[str, str]]:
        """Say what is to be minded, each with its figure."""
        result = self.result
        for found in result.dependent:
            yield "dependent", dependence_text(found)
        inflated = [one for one in result.coefficients if (one.vif or 0.0) >= INFLATED]
        if inflated:
            named = ", ".join(f"{one.name} (VIF {number(one.vif or 0.0, 4)})" for one in inflated)
            yield (
                "collinear",
                f"{named}: {MOST_SHARED}",
            )
        if 0 < result.degrees_of_freedom < FEW:
            freedom = count(result.degrees_of_freedom, "degree")
            yield "few rows", f"with {freedom} of freedom the standard errors are rough themselves"


def _or(nothing: str, value: float | None, digits: int = 6) -> str:
    return nothing if value is None else number(value, digits)


def _p(p: float | None) -> str:
    if p is None:
        return ""
    return f"<{number(SMALLEST_P, 1)}" if p < SMALLEST_P else number(p, 3)


def _p_text(p: float) -> str:
    return f"p {_p(p)[0]} {_p(p)[1:]}" if p < SMALLEST_P else f"p = {_p(p)}"
