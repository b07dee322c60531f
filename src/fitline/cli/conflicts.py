"""What is read, what is written, and saved runs: three things that are never one file."""

import glob
from collections.abc import Sequence
from typing import TypeGuard

from fitline.errors import UsageError
from fitline.files.run_parts import is_part_of_a_run, parts_of
from fitline.files.safe_open import are_same, can_exist, is_link_in_run


def keep_apart(
    read: Sequence[str | None], *written: str | None, runs: Sequence[str | None] = ()
) -> None:
    """Refuse to write over what is read, to write two things into one file, or into a saved run.

    A file may have several names: through links, by a pattern, and as a standard stream.
    """
    taken = _names(read)
    if any(are_same(STANDARD_OUTPUT, name) for name in taken):
        raise UsageError(
            "standard output is a file that is read, and would be written over",
            hint="name another file",
        )
    taken += [name for run in filter(None, runs) for name in (run, *parts_of(run))]
    for name in filter(_is_name, written):
        if any(are_same(name, other) for other in taken):
            what = "named twice"
        elif is_link_in_run(name):
            what = "a symbolic link in the folder of a saved run"
        elif is_part_of_a_run(name):
            what = "a part of a saved run"
        else:
            taken.append(name)
            continue
        raise UsageError(
            f"{name} is {what}, and would be written over", value=name, hint="name another file"
        )


def keep_out(run: str, read: Sequence[str | None]) -> None:
    """Refuse to begin a run in the place of what it reads."""
    for part in parts_of(run):
        if any(are_same(part, source) for source in _names(read)):
            raise UsageError(
                f"{part} is read, and would be written over by the run",
                value=part,
                hint="name another folder",
            )


STANDARD_INPUT, STANDARD_OUTPUT = "/dev/stdin", "/dev/stdout"


def _names(read: Sequence[str | None]) -> list[str]:
    """Give the names of all that is read."""
    sources = [STANDARD_INPUT if source == "-" else source for source in filter(_is_name, read)]
    if not (patterns := [*filter(glob.has_magic, sources)]):
        return sources
    from fitline.data.paths import matches

    return [*sources, *(name for pattern in patterns for name in matches(pattern))]


def _is_name(name: str | None) -> TypeGuard[str]:
    """Tell whether a file can be meant; whoever opens what cannot be one says so."""
    return bool(name and can_exist(name))
