"""What is said while a command works."""

import io

import pytest
from rich.console import Console

from fitline.cli import messages


@pytest.mark.parametrize("name", ["a[/b].csv", "[bold]a[/bold].csv", "a[/", "[link=x]"])
def test_the_line_that_is_kept_up_to_date_shows_every_name(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(messages, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(messages, "BETWEEN_SECONDS", 0)
    said = io.StringIO()
    console = Console(file=said, force_terminal=True, width=80)
    monkeypatch.setattr(messages.Messages, "_console", console)
    with messages.Messages(quiet=False, verbose=False).patience() as speaking:
        speaking.waiting(f"reading {name}: 10%")
        speaking.waiting(f"reading {name}: 20%")
        speaking.note(name)
    assert f"reading {name}: 20%" in said.getvalue()
    assert f"note: {name}" in said.getvalue()
