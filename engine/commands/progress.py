"""What a command shows on stderr while it works: a line in a terminal, nothing in a file."""

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
