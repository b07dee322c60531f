"""A training in a notebook: its facts and steps as HTML, its costs as an inline picture."""

import html
import math
from collections.abc import Iterable, Sequence

from fitline.escaping import printable
from fitline.results.train import TrainResult

from .report import Block, Facts, Line, Sheet
from .train import TrainReport

WIDTH, HEIGHT = 480, 120
"""The size of the picture, in the browser's pixels."""

STYLE = "border:1px solid #8888;margin:0.5em 0"


def run_html(result: TrainResult) -> str:
    """Write what a training came to, the costs of its steps above all else."""
    blocks = (_block(block) for block in TrainReport(result).blocks())
    return f"<div>{cost_picture(result)}{''.join(blocks)}</div>"


def cost_picture(result: TrainResult) -> str:
    """Draw the excess cost by step on a logarithmic axis, unless hardly any is above 0."""
    steps = [(one.step, one.excess) for one in result.trace]
    points = [(step, math.log10(excess)) for step, excess in steps if excess and excess > 0]
    if len(points) < len(("first", "last")):
        return ""
    last, low, high = points[-1][0], *_ends(height for _, height in points)
    line = " ".join(
        f"{WIDTH * step / last:.1f},{HEIGHT * (high - height) / (high - low or 1):.1f}"
        for step, height in points
    )
    told = f"excess cost by step, from 1e{high:.0f} to 1e{low:.0f}, on a logarithmic axis"
    return (
        f'<svg width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' style="{STYLE}"><title>{told}</title>'
        f'<polyline points="{line}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>'
        f"<div><small>{told}</small></div>"
    )


def _ends(values: Iterable[float]) -> tuple[float, float]:
    there = list(values)
    return min(there), max(there)


def _block(block: Block) -> str:
    match block:
        case Facts(facts):
            return _table(
                [(f"<b>{_text(label)}</b>", _text(told)) for label, told in facts], "left"
            )
        case Sheet(header, rows):
            return _table([[*map(_text, row)] for row in rows], "right", [*map(_text, header)])
        case Line(sentence):
            return f"<p>{_text(sentence)}</p>"
    return f"<pre>{_text(block.markdown())}</pre>"


def _table(rows: Iterable[Sequence[str]], side: str, header: Sequence[str] = ()) -> str:
    """Write rows of cells that are HTML already, and stand at one side."""
    style = f'style="padding:0.1em 0.6em;text-align:{side}"'
    lines = [_line("th", style, header)] if header else []
    return f"<table>{''.join([*lines, *(_line('td', style, row) for row in rows)])}</table>"


def _line(kind: str, style: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{kind} {style}>{cell}</{kind}>' for cell in cells)}</tr>"


def _text(text: str) -> str:
    """Write what HTML shows as it is."""
    return html.escape(printable(text))
