"""Progress on stderr while a command runs: a line in a terminal, nothing in a file."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from engine.plain_text import printable

_STAGES = {
    "load": "Reading points",
    "compile": "Starting TensorFlow",
    "seed": "Seeding",
    "paint": "Painting",
}


class _Description(TextColumn):
    """The description of a task, without markup: it may hold a name with brackets."""

    def __init__(self) -> None:
        super().__init__("{task.description}", markup=False)

    def render(self, task: Task) -> Text:
        """Return one line, without control characters."""
        return Text(printable(task.description), style=self.style)


def progress_line() -> Progress:
    """Return a line that shows the current stage and its time."""
    # The spinner is drawn with Braille patterns where the terminal can show them.
    has_braille = (getattr(sys.stderr, "encoding", None) or "").lower().startswith("utf")
    spinner = SpinnerColumn("dots" if has_braille else "line")
    return _on_stderr(spinner, _Description(), TimeElapsedColumn())


def progress_bar() -> Progress:
    """Return a bar that shows how much is done, and the time left."""
    return _on_stderr(
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        _Description(),
    )


def _on_stderr(*columns: ProgressColumn) -> Progress:
    console = Console(stderr=True)
    return Progress(
        *columns,
        console=console,
        transient=True,
        redirect_stdout=False,  # results go to stdout unwrapped
        disable=not console.is_terminal,
    )


@contextmanager
def timed(progress: Progress, seconds: dict[str, float], name: str) -> Iterator[Any]:
    """Time a stage of a command, and show it on the progress line; yields a function for details.

    A stage that is entered again adds to its seconds.
    """
    stage = _STAGES.get(name, "Clustering")
    task = progress.add_task(stage, total=None)
    began = time.perf_counter()
    try:
        yield lambda more: progress.update(task, description=f"{stage}: {more}")
    finally:
        seconds[name] = round(seconds.get(name, 0.0) + time.perf_counter() - began, 6)
        progress.remove_task(task)
