"""How a result that was kept looks: as it looked then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fitline.files.documents import UnfitError, mapping, number, require, text, texts
from fitline.printable import json_text

from .report import SCHEMA, Block, Facts, Line, Report, Sheet, finite

KINDS: Mapping[str, Any] = {"facts": Facts, "sheet": Sheet, "line": Line}
"""Parts of what people read that are words alone, and so can be kept."""

STYLES = {"bold", "dim", "red", "green", "yellow"}
"""What those are drawn in, and nothing else: Rich would also hide words, or make them links."""


def _style(value: Any) -> bool:
    return text(value) and set(value.split()) <= STYLES


SHAPES: Mapping[str, Any] = {
    "facts": {
        "facts": [lambda pair: isinstance(pair, list) and [*map(text, pair)] == [True, True]],
        "styles": lambda styles: texts(styles) and all(map(_style, styles.values())),
    },
    "sheet": {"header": [text], "rows": [[text]], "spare": [text], "left": [text]},
    "line": {"sentence": text, "style": _style},
}
SHAPE = {
    "blocks": [mapping],
    "header": [text],
    "rows": [[(text, number, lambda cell: isinstance(cell, bool), None)]],
}


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

    def __post_init__(self) -> None:
        """Raise UnfitError where `as_kept` wrote something else."""
        require(self.shown, SHAPE)
        for block in self.shown["blocks"]:
            require(block, {"kind": lambda kind: kind in list(KINDS)})
            require(block, SHAPES[block["kind"]])
            if block["kind"] == "sheet":
                _require_rectangle(block)

    def blocks(self) -> Sequence[Block]:
        """Give what people read."""
        return [_block(**block) for block in self.shown["blocks"]]

    def document(self) -> Mapping[str, Any]:
        """Give what programs read."""
        return self.result

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give what spreadsheets read."""
        return self.shown["header"], self.shown["rows"]


def _require_rectangle(sheet: Mapping[str, Any]) -> None:
    """Raise UnfitError where a row has more or fewer cells than there are columns."""
    header, spare = set(sheet["header"]), set(sheet["spare"])
    lengths = {len(row) for row in [sheet["header"], *sheet["rows"]]}
    if len(lengths) > 1 or not spare < header or len(spare) < len(sheet["spare"]):
        raise UnfitError("a table in it has ragged rows, or columns that are none")


def _block(kind: str, **parts: Any) -> Block:
    known = {name: parts[name] for name in SHAPES[kind]}
    block: Block = KINDS[kind](**known)
    return block
