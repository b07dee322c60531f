"""`--by`: a fit for each group of rows, in `summary` and `train`."""

from typing import TYPE_CHECKING, Any, Literal

import typer

from fitline.errors import FileError, UsageError
from fitline.formatting import count

from .loading import open_configured
from .options import Format
from .running import exit_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fitline.config import Config
    from fitline.groups import Groups

    from .messages import Messages


def show_groups(
    context: "typer.Context",
    command: Literal["summary", "train"],
    data: "Sequence[str] | None",
    config: "Config",
    rejects: str | None,
    by: str,
    messages: "Messages",
    format_: Format,
    output: str | None,
    *,
    save: str | None = None,
    strict: bool = False,
) -> None:
    """Fit each group of a table, and show a row for each; the worst ending is that of the command.

    The models are written to a file where one is named to `save` them in. Raises Exit where the
    worst ending is none to be content with.
    """
    table = open_configured(context, data, config, rejects, by=by)

    from fitline.groups import fit_groups
    from fitline.results.groups import GroupsResult
    from fitline.views.groups import GroupsReport

    from .output import emit

    with messages.patience():
        found = fit_groups(
            table,
            config,
            lambda part: messages.waiting(f"reading {table.source}: {part:.0%}"),
            lambda fitted: messages.waiting(f"{fitted:,} groups fitted"),
            trains=command == "train",
        )
    messages.table(table, found.moments)
    is_saved = not save or _save(found, save, messages)
    result = GroupsResult.of(command, table, found)
    emit(GroupsReport(result), format_, output)
    endings = [one.ending for one in result.groups if one.ending]
    code = max((exit_code(ending, strict) for ending in endings), default=0)
    untold = "was not written, for no group has a model that is of use"
    if not (is_saved or code):
        raise FileError(untold, save)
    if not is_saved:
        messages.warn(f"{save} {untold}")
    if code:
        raise typer.Exit(code)


def _save(found: "Groups", file: str, messages: "Messages") -> bool:
    """Save the models, and say which ones are left out, that no table tells of.

    Tells whether there are any.
    """
    is_written = found.save(file)
    diverged = sum(fit.has_diverged for fit in found.fits)
    if is_written and diverged:
        groups = count(diverged, "group")
        messages.warn(f"{file} is without {groups}, for a model that diverged is of no use")
    return is_written


def require_plain(config: "Config", others: "Mapping[str, Any]") -> None:
    """Refuse what goes with one fit alone. Raises UsageError."""
    told = {
        "--cost": config.cost != "squared",
        "--batch-size": config.batch_size is not None,
        "--holdout": config.holdout is not None,
        "--folds": config.folds is not None,
        "--starts": config.starts > 1,
        **{f"--{name.replace('_', '-')}": bool(value) for name, value in others.items()},
    }
    if given := [name for name, is_given in told.items() if is_given]:
        raise UsageError(
            f"--by fits many groups, and {given[0]} is for one fit",
            hint=f"leave out {given[0]} or --by",
        )
