"""What can go wrong for a user, said so that it can be mended."""

from dataclasses import dataclass

from .escaping import printable


@dataclass(eq=False)
class FitlineError(Exception):
    """Say what is wrong, where it stands, and what to do next.

    `message` is a sentence that already names the value; `file`, `line` (counted from 1),
    `column` and `value` repeat the facts for programs; `hint` is what would be right.
    `unit` is what `line` counts: a file without lines has rows. `details` are lines below the
    message, where there is more than one thing wrong; they say its places.
    """

    message: str
    file: str | None = None
    line: int | None = None
    column: str | None = None
    value: str | None = None
    hint: str | None = None
    unit: str = "line"
    details: tuple[str, ...] = ()

    kind = "error"

    @property
    def __notes__(self) -> list[str]:  # type: ignore[override] # others are not added to it
        """Let tracebacks end with the hint."""
        return [f"hint: {printable(self.hint)}"] if self.hint else []

    @property
    def sentence(self) -> str:
        """Say in one line what is wrong, and where."""
        line = None if self.line is None or self.details else f"{self.unit} {self.line}"
        place = ", ".join(part for part in (self.file, line) if part is not None)
        return f"{place}: {self.message}" if place else self.message

    def __str__(self) -> str:
        return "\n  ".join(map(printable, [self.sentence, *self.details]))


class DataError(FitlineError):
    """The table cannot be read, or holds no line."""

    kind = "data"


class RangeError(FitlineError):
    """A result is too large for a float64."""

    kind = "range"

    @classmethod
    def of(cls, what: str, file: str | None = None) -> "RangeError":
        """Name the result, and what it is the result of."""
        return cls(f"{what} is beyond the largest float64, 1.8e308", file)


class FileError(FitlineError):
    """A file other than the table cannot be read or written."""

    kind = "file"


class ConfigError(FitlineError):
    """The configuration or an option is wrong."""

    kind = "config"


class UsageError(FitlineError):
    """What is asked for does not go together."""

    kind = "usage"
