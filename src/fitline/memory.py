"""Whether what is to be held fits into memory."""

import os
from pathlib import Path

FREE, OWN = "/proc/meminfo", "/proc/self/statm"

BOUNDLESS = 10**15


def shortage(needed: int) -> str | None:
    """Say so where that many bytes are not to be had; None where they are."""
    free = _available()
    if needed <= free:
        return None
    return f"take {_size(needed)} of memory, and {_size(free)} are free"


def _available() -> int:
    """Give the bytes that can be had; where the system does not tell, all that are there."""
    try:
        lines = Path(FREE).read_text(encoding="ascii").splitlines()
        free = next(line for line in lines if line.startswith("MemAvailable:"))
        return min(int(free.split()[1]) * 1024, _allowed())
    except (OSError, StopIteration):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _allowed() -> int:
    """Give what is left of what a limit allows this process, as ulimit -v sets one."""
    import resource  # Windows has none, and no /proc either

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return BOUNDLESS
    own = int(Path(OWN).read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    return max(0, limit - own)


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
