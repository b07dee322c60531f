"""What is read, what is written, and kept runs: three things that are never one file."""

import glob
import os
from collections.abc import Sequence
from pathlib import Path

from fitline.errors import UsageError


def keep_apart(
    read: Sequence[str | None], *written: str | None, runs: Sequence[str | None] = ()
) -> None:
    """Refuse to write over what is read, to write two things into one file, or into a kept run.

    A file may have several names: through links, and by a pattern.
    """
    taken = [name for source in filter(None, read) for name in (source, *_matches(source))]
    taken += [name for run in filter(None, runs) for name in (run, *_parts(run))]
    for name in filter(None, written):
        if any(_are_same(name, other) for other in taken):
            what = "named twice"
        elif _is_part_of_a_run(name):
            what = "a part of a kept run"
        else:
            taken.append(name)
            continue
        raise UsageError(
            f"{name} is {what}, and would be written over", value=name, hint="name another file"
        )


def keep_out(run: str, read: Sequence[str | None]) -> None:
    """Refuse to begin a run in the place of what it reads."""
    sources = [name for source in filter(None, read) for name in (source, *_matches(source))]
    for part in _parts(run):
        if any(_are_same(part, source) for source in sources):
            raise UsageError(
                f"{part} is read, and would be written over by the run",
                value=part,
                hint="name another folder",
            )


def _matches(source: str) -> list[str]:
    from fitline.sources.files import matches

    return matches(source) if glob.has_magic(source) else []


def _parts(run: str | Path) -> list[str]:
    from fitline.keeping.folder import FILES

    return [str(Path(run) / name) for name in FILES]


def _is_part_of_a_run(name: str) -> bool:
    path = Path(os.path.realpath(name))
    return (path.parent / "run.json").is_file() and str(path) in _parts(path.parent)


def _are_same(name: str, other: str) -> bool:
    """Tell whether two names are of one file; devices and pipes take whatever comes."""
    one, two = Path(os.path.realpath(name)), Path(os.path.realpath(other))
    is_other_than_file = one.exists() and not (one.is_file() or one.is_dir())
    if is_other_than_file:
        return False
    return one == two or (one.exists() and two.exists() and one.samefile(two))
