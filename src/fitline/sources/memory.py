"""Whether rows fit into memory."""

import os
from pathlib import Path

from fitline.errors import DataError

BYTES_A_ROW = 64
"""Two numbers as they are, two in the coordinates that train, and as much again to work with."""

FREE = "/proc/meminfo"


def require(rows: int, source: str) -> None:
    """Refuse more rows than there is memory for."""
    needed, free = BYTES_A_ROW * rows, _available()
    if needed > free:
        raise DataError(
            f"its {rows:,} rows take {_size(needed)} of memory, and {_size(free)} are free",
            file=source,
            hint="a robust cost keeps every row; --cost squared reads tables of any size",
        )


def _available() -> int:
    """Give the bytes that can be had; where the system does not tell, all that are there."""
    try:
        lines = Path(FREE).read_text(encoding="ascii").splitlines()
        free = next(line for line in lines if line.startswith("MemAvailable:"))
        return int(free.split()[1]) * 1024
    except (OSError, StopIteration):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _size(amount: float) -> str:
    """Write an amount of bytes.

    >>> _size(64 * 10**9), _size(1500)
    ('64 GB', '1.5 kB')
    """
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000:  # noqa: PLR2004 - the units are a thousand apart
            return f"{amount:.3g} {unit}"
        amount /= 1000
    return f"{amount:.3g} TB"
