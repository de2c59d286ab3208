"""What a command shows on stderr while it works: a line in a terminal, nothing in a file."""

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
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

_STAGES = {
    "load": "Reading points",
    "compile": "Starting TensorFlow",
    "seed": "Seeding",
    "paint": "Painting",
}


def progress_line() -> Progress:
    """What is being done, and for how long."""
    return _on_stderr(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())


def progress_bar() -> Progress:
    """How much is done, and the time that is left."""
    return _on_stderr(
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )


def _on_stderr(*columns: ProgressColumn) -> Progress:
    console = Console(stderr=True)
    return Progress(
        *columns,
        console=console,
        transient=True,
        redirect_stdout=False,  # results go where they are sent, unwrapped
        disable=not console.is_terminal,
    )


@contextmanager
def timed(progress: Progress, seconds: dict[str, float], name: str) -> Iterator[Any]:
    """Time one stage of a command, and name it on the progress line; yields a way to say more."""
    said = _STAGES.get(name, "Clustering")
    task = progress.add_task(said, total=None)
    began = time.perf_counter()
    try:
        yield lambda more: progress.update(task, description=f"{said}: {more}")
    finally:
        seconds[name] = round(time.perf_counter() - began, 6)
        progress.remove_task(task)
