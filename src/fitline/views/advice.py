"""What went wrong with a training, in a sentence, and what to type instead."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fitline.diagnosis.diagnosis import Kind
from fitline.formatting import count, number
from fitline.optimize.optimizers import OPTIMIZERS
from fitline.optimize.schedules import SCHEDULES
from fitline.results.diagnosis import DiagnosisFacts, RemedyFacts


def advice_text(diagnosis: DiagnosisFacts, unit: str) -> str:
    """Say what went wrong, as far as nothing else says it, and what to type instead."""
    says = _trouble(diagnosis)
    if diagnosis.remedy:
        return f"{says} {remedy_text(diagnosis.remedy, unit)}".lstrip()
    return says


def _trouble(diagnosis: DiagnosisFacts) -> str:
    """Say in a sentence what went wrong; that it diverged or reached a limit is said already."""
    if diagnosis.kind is Kind.OSCILLATES:
        turned = f"{diagnosis.sign_changes:,} of {diagnosis.steps:,} steps"
        return f"It oscillates: after {turned} the gradient changed sign (overshooting)."
    if diagnosis.kind is Kind.SLOW:
        return f"This rate is slow: {number(diagnosis.ratio or 0.0, 2)} times too small."
    return TROUBLES.get(diagnosis.kind, "")


TROUBLES = {
    Kind.INFINITE_START: "The cost at the start is not a number.",
    Kind.LOCAL_MINIMUM: "This is a local minimum.",
    Kind.LOOSE_TOLERANCE: "The tolerance is met before the minimum is reached.",
    Kind.PLATEAU: "Most rows lie far beyond the cost's scale.",
    Kind.STALLED: "The steps have become too short to move.",
    Kind.ILL_CONDITIONED: "The problem is ill-conditioned: no fixed rate converges quickly.",
}


def remedy_text(found: RemedyFacts, unit: str) -> str:
    """Say what to train with, and how descent ends then."""
    settings = found.settings
    left = [_flag(key) for key, value in settings.items() if value is None]
    typed = [_typed(key, value) for key, value in settings.items() if value is not None]
    does = [f"leave {' and '.join(left)} out"] if left else []
    does += [f"train with {' '.join(typed)}"] if typed else []
    says = " and ".join(does)
    return f"{says[0].upper()}{says[1:]}: {_outcome(found, unit)}."


def _outcome(found: RemedyFacts, unit: str) -> str:
    if found.steps is None:
        return "it ends nearer to the minimum"
    one = "the lowest of them converges" if "starts" in found.settings else "it converges"
    return f"{one} in {count(found.steps, unit)}"


def _flag(key: str) -> str:
    return f"--{key.replace('_', '-')}"


def _typed(key: str, value: Any) -> str:
    """Write a setting as it is typed, with the settings of its own that are not the usual ones."""
    if not isinstance(value, Mapping):
        return _flag(key) if value is True else f"{_flag(key)} {value}"
    records = [record() for record in (*SCHEDULES, *OPTIMIZERS)]
    usual = next((asdict(record) for record in records if record.name == value["name"]), {})
    own = [
        f"{_flag(key)}-{name} {setting}"
        for name, setting in value.items()
        if name != "name" and setting != usual.get(name)
    ]
    return " ".join([f"{_flag(key)} {value['name']}", *own])
