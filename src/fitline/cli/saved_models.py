"""Saved models, as the commands take them."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from fitline.errors import UsageError
from fitline.files.safe_open import can_exist
from fitline.formatting import count, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitline.model import Saved

    from .messages import Messages


def require_alone(models: "Sequence[Saved]", data: "Sequence[str] | None") -> None:
    """Raise UsageError where a file holds models of groups, and say how these are measured."""
    for saved in models:
        if saved.groups:
            source = saved.source or ""
            tables = data or [
                source if can_exist(source) and Path(source).is_file() else "TABLE.csv"
            ]
            words = ["fitline", "predict", *tables, "--model", saved.file, "--residuals"]
            raise UsageError(
                f"{saved.file} holds a model for each group by {quoted(saved.groups.by)}, and only"
                " one for all rows is evaluated",
                hint=f"{shlex.join(words)} tells the error of each row",
            )


def note_dependent(saved: "Saved", messages: "Messages") -> None:
    """Say where predictions depend on where the training began."""
    models = saved.groups.models if saved.groups else {"": saved.model}
    found = {name: model.dependent for name, model in models.items() if model.dependent}
    if not found:
        return
    name, (first, *others) = next(iter(found.items()))
    more = f" and {count(len(others), 'more relation')} hold" if others else " holds"
    of = f" of the group {quoted(name)}" if name else ""
    groups = f", and others do in {count(len(found) - 1, 'more group')}" if len(found) > 1 else ""
    messages.note(
        f"{first.equation}{more} in all rows{of} that {saved.file} was trained on{groups};"
        " predictions of rows off such a relation depend on where the descent began"
    )
