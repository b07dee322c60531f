"""The lessons: one Markdown file each, for the terminal, the page and the documentation."""

from .lesson import Answer, Block, Lesson, Part, Prose, Session, all_lessons, find_lesson

__all__ = ["Answer", "Block", "Lesson", "Part", "Prose", "Session", "all_lessons", "find_lesson"]
