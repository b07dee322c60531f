"""The lessons: one Markdown file each, for the terminal, the page and the documentation."""

from .lesson import (
    NEAR,
    Answer,
    Block,
    Lesson,
    OnPage,
    Part,
    Prose,
    Session,
    all_lessons,
    find_lesson,
)

__all__ = [
    "NEAR",
    "Answer",
    "Block",
    "Lesson",
    "OnPage",
    "Part",
    "Prose",
    "Session",
    "all_lessons",
    "find_lesson",
]
