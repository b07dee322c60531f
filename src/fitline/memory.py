"""Whether what is to be held fits into memory."""

from pathlib import Path

BOUNDLESS = 10**15

LITTLE = 10**6
"""So many bytes are had anywhere, and not worth asking for."""

CONTAINER = Path("/sys/fs/cgroup")


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
