"""Dates in cells: days since 1970-01-01, read alike by Python and by the engine."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import ClassVar

from fitline.reading import Reading

from . import sql
from .sql import trimmed

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_MICROSECONDS = 86_400_000_000
DAY_NANOSECONDS = 1000 * DAY_MICROSECONDS
YEAR = r"(\d{3}[1-9]|\d\d[1-9]\d|\d[1-9]\d\d|[1-9]\d{3})"
"""A year from 0001 to 9999; the engine knows a year 0 too."""

ISO = (
    YEAR + r"-\d\d-\d\d([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?"
    r"(Z|[+-][01]\d(:?[0-5]\d)?)?)?"
)
"""Dates and times of ISO 8601, as far as Python and the engine read them alike."""

FINER = r"\.\d{6}(\d{1,3})"
"""Decimals of a second beyond the sixth."""

COARSE = len("2024-03-10T12:00:00.000000")

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

DIRECTIVES = {
    "Y": YEAR,
    "f": r"\d{1,6}",
    "p": "[AaPp][Mm]",
    "b": f"(?i:{'|'.join(name[:3] for name in MONTHS)})",
    "B": f"(?i:{'|'.join(MONTHS)})",
    "a": f"(?i:{'|'.join(name[:3] for name in DAYS)})",
    "A": f"(?i:{'|'.join(DAYS)})",
    "z": r"[+-]([01]\d|2[0-3]):?[0-5]\d",
    "%": "%",
}
"""What a directive of strptime reads, of what Python and the engine read alike."""

FIGURES = {
    "y": (r"\d\d",),
    "m": ("0[1-9]|1[0-2]", "[1-9]"),
    "d": (r"0[1-9]|[12]\d|3[01]", "[1-9]"),
    "j": (r"[0-3]\d\d", r"\d{1,2}"),
    "H": (r"[01]\d|2[0-3]", r"\d"),
    "I": ("0[1-9]|1[0-2]", "[1-9]"),
    "M": (r"[0-5]\d", r"\d"),
    "S": (r"[0-5]\d", r"\d"),
}
"""Figures, and fewer of them, which may stand where no other figures are beside them."""


@dataclass(frozen=True)
class Dates:
    """Days since 1970-01-01, by a format of strptime, else by ISO 8601."""

    format: str | None = None
    expected: ClassVar = "a date"

    @property
    def example(self) -> str:
        """Give a date as it is written."""
        return datetime(2024, 3, 10, tzinfo=UTC).strftime(self.format or "%Y-%m-%d")

    def read(self, text: str) -> float | None:
        """Read a date, with its time if it has one, which is that of UTC unless it says more.

        >>> Dates().read("1970-01-03T12:00"), Dates("%d.%m.%Y").read("2.1.1970")
        (2.5, 1.0)
        """
        try:
            if self.format is not None:
                if not (found := re.fullmatch(self._pattern, text, re.ASCII)):
                    return None
                moment = datetime.strptime(text, self.format)  # noqa: DTZ007 - UTC follows
                day = found.groupdict().get("j")
                # Python takes the 366th day for the first of the next year.
                if day and int(day) != moment.timetuple().tm_yday:
                    return None
            elif re.fullmatch(ISO, text, re.ASCII):
                moment = datetime.fromisoformat(text)
            else:
                return None
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            days = float((moment - EPOCH) // timedelta(microseconds=1)) / DAY_MICROSECONDS
            return days + self._nanoseconds(text) / DAY_NANOSECONDS
        except (ValueError, OverflowError):
            return None

    def _nanoseconds(self, text: str) -> int:
        """Give what Python and the engine leave out of a time of more than six decimals."""
        found = re.search(FINER, text, re.ASCII) if self.format is None else None
        return int(found[1].ljust(3, "0")) if found else 0

    @cached_property
    def _pattern(self) -> str:
        """Give what a date of the format looks like.

        Figures that nothing parts from others are as many as there may be at the most.
        """
        parts = re.findall(r"%(.)|([^%]+)", self.format or "", re.DOTALL)
        patterns = []
        for place, (directive, between) in enumerate(parts):
            if figures := FIGURES.get(directive):
                around = parts[max(0, place - 1) : place] + parts[place + 1 : place + 2]
                beside = {each for each, _ in around}
                is_parted = beside.isdisjoint({*FIGURES, "Y", "f"})
                patterns.append("|".join(figures if is_parted else figures[:1]))
                patterns[-1] = f"({'?P<j>' * (directive == 'j')}{patterns[-1]})"
            elif directive:
                patterns.append(DIRECTIVES[directive])
                if directive == "z" and self._may_end_in_z:
                    patterns[-1] = f"(Z|{patterns[-1]})"
            else:
                patterns.append(" +".join(map(re.escape, re.split(r"\s+", between))))
        return "".join(patterns)

    @property
    def _may_end_in_z(self) -> bool:
        """Tell whether a Z at the end, which the engine does not know, means UTC."""
        return (self.format or "").endswith("%z")

    def sql(self, cell: str) -> str:
        """Read the same."""
        text = trimmed(cell)
        if self.format is not None:
            is_written = f"regexp_full_match({text}, {sql.text(self._pattern)})"
            zoned = f"regexp_replace({text}, 'Z$', '+00:00')" if self._may_end_in_z else text
            read = f"try_strptime({zoned}, {sql.text(self.format)})"
            moment = f"case when {is_written} then {read} end"
        else:
            is_iso = f"regexp_full_match({text}, {sql.text(ISO)})"
            moment = f"case when {is_iso} then try_cast({text} as timestamptz) end"
        days = f"epoch_us({moment}) / {DAY_MICROSECONDS}e0"
        if self.format is not None:
            return days
        finer = f"cast(rpad(regexp_extract({text}, '{FINER}', 1), 3, '0') as double)"
        return (
            f"{days} + case when length({text}) > {COARSE} then {finer} else 0 end"
            f" / {DAY_NANOSECONDS}e0"
        )


def dates_of(reading: Reading) -> Dates | None:
    """Give how dates in x are written, where an option says so."""
    return Dates(reading.date_pattern) if reading.date_pattern is not None else None
