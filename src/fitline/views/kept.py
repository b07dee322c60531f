"""How a result that was kept looks: as it looked then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fitline.printable import json_text

from .report import SCHEMA, Block, Facts, Line, Report, Sheet, finite

KINDS: Mapping[str, Any] = {"facts": Facts, "sheet": Sheet, "line": Line}
"""Parts of what people read that are words alone, and so can be kept."""


def as_kept(report: Report) -> str:
    """Write what people and spreadsheets were shown, to be shown again at any width."""
    names = {kind: name for name, kind in KINDS.items()}
    blocks: Sequence[Any] = report.blocks()
    header, rows = report.records()
    document = {
        "schema": SCHEMA,
        "blocks": [{"kind": names[type(block)], **asdict(block)} for block in blocks],
        "header": list(header),
        "rows": [list(row) for row in rows],
    }
    return json_text(finite(document)) + "\n"


@dataclass(frozen=True)
class KeptReport:
    """What programs were given, and what `as_kept` wrote."""

    result: Mapping[str, Any]
    shown: Mapping[str, Any]

    def blocks(self) -> Sequence[Block]:
        """Give what people read."""
        return [_block(**block) for block in self.shown["blocks"]]

    def document(self) -> Mapping[str, Any]:
        """Give what programs read."""
        return self.result

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give what spreadsheets read."""
        return self.shown["header"], self.shown["rows"]


def _block(kind: str, **parts: Any) -> Block:
    block: Block = KINDS[kind](**parts)
    return block
