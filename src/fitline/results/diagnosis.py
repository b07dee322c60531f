"""A diagnosis and its remedy, as they stand in the JSON."""

from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Annotated

from fitline.bounds import Bounds
from fitline.config import Config
from fitline.diagnosis.diagnosis import Diagnosis, Kind
from fitline.diagnosis.remedies import Remedy

from .facts import Count

Setting = bool | int | float | str | dict[str, str | float | None] | None


@dataclass(frozen=True)
class RemedyFacts:
    """Settings that help, None for one to leave out, and how descent ends with them."""

    settings: Annotated[dict[str, Setting], Bounds(min_length=1)]
    steps: Count | None
    at_lowest: bool

    @property
    def are_settings(self) -> bool:
        """Tell whether these are settings of a training, and each record has its name."""
        known = {field.name for field in fields(Config)}
        records = (value for value in self.settings.values() if isinstance(value, dict))
        return self.settings.keys() <= known and all("name" in record for record in records)

    @classmethod
    def of(cls, remedy: Remedy) -> "RemedyFacts":
        """Tell of a remedy."""
        settings = {
            key: asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
            for key, value in remedy.changes.items()
        }
        return cls(settings, remedy.steps, remedy.at_lowest)


@dataclass(frozen=True)
class DiagnosisFacts:
    """What went wrong, and what helps."""

    kind: Kind
    steps: Count
    sign_changes: Count
    ratio: float | None
    remedy: RemedyFacts | None

    @classmethod
    def of(cls, found: Diagnosis | None) -> "DiagnosisFacts | None":
        """Tell of a diagnosis."""
        if found is None:
            return None
        remedy = RemedyFacts.of(found.remedy) if found.remedy else None
        return cls(found.kind, found.steps, found.sign_changes, found.ratio, remedy)
