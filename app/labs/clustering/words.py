"""What the clustering lab says about any algorithm: above the views, and at a point."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from app.labs.shared.loading import Loaded
from app.numbers import counted, shortened
from app.text import rich, shown
from engine.clustering.frames import Phase
from engine.data.dataset import Dataset
from engine.data.generated.generators import parse_recipe
from engine.frames import Search

CANCELLED = "cancelled: R starts again"
LONG = "computing… the first time for a size, TensorFlow compiles"
_MAX_COLUMNS, _MAX_NAME = 6, 28


def source(loaded: Loaded) -> str:
    """Points by the name of their recipe or their file, and how many there are."""
    dataset = loaded.dataset
    name = shown(PurePath(dataset.source).name)
    if loaded.generated:
        name = parse_recipe(dataset.source).name
    return f"{name}, {counted(len(dataset.points), 'point')}"


def searching(search: Search) -> str:
    """How far the search for the best of several runs is."""
    what = f"Run {search.n_done + 1} of {search.n_runs}; the best will be shown"
    if search.inertia is None:
        return what
    return f"{what} · lowest inertia so far {shortened(search.inertia)}"


def in_the_hand(frame: Any) -> str:
    """What the assignment would change with a centroid where it is being held."""
    would = f"{counted(frame.changed, 'point')} would change cluster"
    return f"In your hand · {would} · let go to branch the history"


def dragged(index: int, frame: Any, step: str) -> str:
    """The name of the branch where a centroid was dragged.

    Args:
        index: Which centroid.
        frame: Where it was dragged.
        step: What the iterations of the algorithm are called.
    """
    when = "while seeding" if frame.phase is Phase.SEED else f"at {step} {frame.iteration}"
    return f"{index} dragged {when}"


def too_few(n_points: int, n_needed: int) -> str:
    """How many points must be painted before anything can run."""
    why = ", one for each cluster" if n_needed > 1 else ""
    return f"{counted(n_points, 'point')}: paint at least {n_needed}{why}"


def before_first_frame(n_points: int, waiting: bool, ready: bool) -> str:
    """What there is to say while there is no frame.

    Args:
        n_points: How many points there are, 0 for none yet.
        waiting: Whether a frame was asked for.
        ready: Whether TensorFlow is there.
    """
    if n_points == 0:
        return "Loading points…"
    if not waiting:
        return f"{counted(n_points, 'point')}, no clusters yet: press R to start"
    return f"{n_points:,} points, " + ("computing…" if ready else "waiting for TensorFlow…")


def point(dataset: Dataset, index: int, more: Iterable[str]) -> str:
    """One point: its row, its name and class, its values, and what else is known of it.

    Args:
        dataset: Where the point is from.
        index: Which one.
        more: Lines of rich text.

    Returns:
        Rich text.
    """
    values = dataset.points[index].tolist()
    named = list(zip(dataset.columns, values, strict=True))
    head = [row(dataset, index)]
    if dataset.names:
        head.append(rich(dataset.names[index], _MAX_NAME))
    if dataset.classes and dataset.classes[index]:
        column = rich(dataset.class_column, _MAX_NAME)
        head.append(f"{column}: {rich(dataset.classes[index], _MAX_NAME)}")
    lines = [f"<b>{' · '.join(head)}</b>"]
    lines += [f"{rich(name, _MAX_NAME)} {value:.4g}" for name, value in named[:_MAX_COLUMNS]]
    if len(named) > _MAX_COLUMNS:
        lines.append(f"and {counted(len(named) - _MAX_COLUMNS, 'column')} more")
    return "<br>".join([*lines, *more])


def row(dataset: Dataset, index: int) -> str:
    """What a point is called: its row in the source, counted from 1."""
    place = index if dataset.kept is None else int(dataset.kept[index])
    return f"row {place + 1:,}"
