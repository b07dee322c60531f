"""Whether what is to be held fits into memory."""

import os
from pathlib import Path

from .errors import FitlineError

BOUNDLESS = 10**15

LEAST_SPACE, SPACE_A_THREAD = 10**9, 10**8
"""So many bytes of addresses are taken at the start, most of which never become memory."""

LITTLE = 10**6
"""So many bytes are had anywhere, and not worth asking for."""

CONTAINER = Path("/sys/fs/cgroup")


def require_address_space() -> None:
    """Raise FitlineError where ulimit -v leaves less room than the engine and its threads take.

    There a library that finds none ends the process, and no error reaches Python.
    """
    try:
        import resource  # which Windows has not
    except ImportError:
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    needed = LEAST_SPACE + (os.cpu_count() or 1) * SPACE_A_THREAD
    if limit not in {resource.RLIM_INFINITY, -1} and limit < needed:
        raise FitlineError(
            f"the address space is limited to {_size(limit)}, and fitline takes {_size(needed)}",
            hint=f"allow more: ulimit -v {needed // 1000}",
        )


def shortage(needed: int) -> str | None:
    """Say so where that many bytes are not to be had; None where they are."""
    if needed <= LITTLE or needed <= (free := available()):
        return None
    return f"take {_size(needed)} of memory, and {_size(free)} are free"


def available() -> int:
    """Give the bytes that the machine, a container and the limits of the process leave."""
    import psutil

    free = [psutil.virtual_memory().available, *_left_by_container()]
    if hasattr(psutil, "RLIMIT_AS"):  # on Linux, where ulimit -v sets it
        process = psutil.Process()
        limit, _ = process.rlimit(psutil.RLIMIT_AS)
        if limit != psutil.RLIM_INFINITY:
            free.append(max(0, limit - process.memory_info().vms))
    return min(free)


def _left_by_container() -> list[int]:
    """Give what the limit of a container leaves, if it has one; cached files give way."""
    try:
        limit, used, told = (
            (CONTAINER / f"memory.{name}").read_text(encoding="ascii")
            for name in ("max", "current", "stat")
        )
        cached = dict(line.split() for line in told.splitlines())["inactive_file"]
        return [max(0, int(limit) - int(used) + int(cached))]
    except (OSError, ValueError, KeyError):  # there is none, or its limit is "max"
        return []


def _size(amount: float) -> str:
    """Write an amount of bytes.

    >>> _size(64 * 10**9), _size(1500), _size(10**400)
    ('64 GB', '1.5 kB', 'over 1,000 TB')
    """
    if amount > BOUNDLESS:
        return "over 1,000 TB"
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000:  # noqa: PLR2004 - the units are a thousand apart
            return f"{amount:.3g} {unit}"
        amount /= 1000
    return f"{amount:.3g} TB"
