"""The steps of a guided page, made of a lesson."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from fitline.formatting import number
from fitline.lessons import NEAR, Block, OnPage, Part, Prose

from .bundle import GuideStep

ITEM = re.compile(r"(?m)^- ")
ASKING = re.compile(r"(?ms)^[^\n]*\?$.*\Z")
"""The sentence that asks, which has a line of its own, and what follows it."""


def guide_step(title: str, part: Part, page: OnPage, answer: float | None) -> GuideStep:
    """Tell a part of a lesson in plain text; the page takes the place of its commands."""
    told = "\n\n".join(_paragraphs(page.shown))
    step: GuideStep = {"title": title, "text": _joined(told), "step": page.begins}
    if answer is not None:
        step["text"] = _joined(ASKING.sub("", told))
        step["question"] = " ".join("".join(ASKING.findall(told)).split())
        by = f", by `{part.answer.command}`" if part.answer and part.answer.written else ""
        step["answer"] = _joined("\n\n".join([number(answer) + by, *_paragraphs(page.hidden)]))
        step["value"], step["within"] = answer, NEAR * abs(answer)
    if page.ends is not None:
        step["answer_step"] = page.ends
    return step


def _paragraphs(blocks: Sequence[Block]) -> Iterator[str]:
    """Give the prose in plain text, an item of a list as a paragraph; none announces a command."""
    for block, following in zip_longest(blocks, blocks[1:]):
        if isinstance(block, Prose):
            text = ITEM.sub("\n\n• ", block.markdown).replace("*", "")
            yield text if following is None else re.sub(r":\Z", ".", text)


def _joined(text: str) -> str:
    """Put the sentences of each paragraph into one line."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
