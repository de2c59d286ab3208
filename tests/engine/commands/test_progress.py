"""The progress bar."""

import io

import pytest
from rich.console import Console

from engine.commands.progress import progress_bar


@pytest.mark.parametrize("name", ["[/x].npz", "[red]x.npz", "\x1b[31m.npz"])
def test_names_are_escaped(name, capsys):
    console = Console(file=io.StringIO(), force_terminal=True, color_system=None, width=200)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.commands.progress.Console", lambda **_: console)
        with progress_bar() as progress:
            progress.add_task(name)
    text = console.file.getvalue()
    assert name.replace("\x1b", "\\x1b") in text
    assert "\x1b[31m" not in text
