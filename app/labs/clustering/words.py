"""A frame of a clustering in words and numbers: above the views, at the curve, and the hover."""

from pathlib import PurePath

import numpy as np

from app.labs.clustering import climb_words
from app.labs.shared.loading import Loaded
from app.numbers import counted, shortened
from app.text import rich, shown
from app.theme import cluster_name
from engine.clustering.frames import Phase, Stop
from engine.clustering.kmeans.frames import EmptyPolicy, KMeansFrame
from engine.clustering.kmeans.options import KMeansOptions, Seeding, n_candidates
from engine.clustering.mean_shift.frames import MeanShiftFrame
from engine.clustering.mean_shift.options import MeanShiftOptions
from engine.data.dataset import Dataset
from engine.data.generated.generators import parse_recipe
from engine.frames import Search

CANCELLED = "cancelled: R starts again"
LONG = "computing… the first time for a size, TensorFlow compiles"
NO_INERTIA = "Sum of squared distances"
_MAX_COLUMNS, _MAX_NAME = 6, 28
_MAX_DISTANCES = 8
_STOPS = {
    Stop.LABELS: "no point changed its cluster",
    Stop.TOLERANCE: "no centroid moved farther than the tolerance",
}


def source(loaded: Loaded) -> str:
    """Points by the name of their recipe or their file, and how many there are."""
    dataset = loaded.dataset
    name = shown(PurePath(dataset.source).name)
    if loaded.generated:
        name = parse_recipe(dataset.source).name
    return f"{name}, {counted(len(dataset.points), 'point')}"


def state(
    frame: KMeansFrame | MeanShiftFrame,
    options: KMeansOptions | MeanShiftOptions,
    n_drawn_of: int = 1,
    stride: int = 1,
) -> str:
    """What the step on screen did.

    Args:
        frame: The half-step.
        options: Of the run.
        n_drawn_of: How many frames were computed for this one that is drawn.
        stride: Every how many-th point is drawn.
    """
    if isinstance(frame, MeanShiftFrame):
        return climb_words.state(frame, n_drawn_of, stride)
    assert isinstance(options, KMeansOptions)
    n_clusters = len(frame.centroids)
    sizes = f"{counted(len(frame.labels), 'point')} · {counted(n_clusters, 'centroid')}"
    iterations = counted(frame.iteration, "iteration")
    if frame.phase is Phase.SEED:
        what = (
            f"Seeding · centroid {n_clusters} of {options.n_clusters}{_drawn(n_clusters, options)}"
        )
    elif frame.stop in _STOPS:
        what = f"Converged after {iterations}: {_STOPS[frame.stop]}"
    elif frame.stop is Stop.MAX_ITER:
        what = f"Stopped after {iterations}, the most allowed"
    elif frame.phase is Phase.UPDATE:
        what = f"Iteration {frame.iteration} · update: centroids move to the mean of their points"
    else:
        what = (
            f"Iteration {frame.iteration} · assign: "
            f"{counted(frame.changed, 'point')} changed cluster"
        )
    parts = [what, sizes, *_empty(frame)]
    if frame.seed is not None:
        parts.append(f"the best of {options.n_init} runs, from seed {frame.seed}")
    if n_drawn_of > 1:
        parts.append(f"drawing 1 frame of {n_drawn_of}")
    if stride > 1:
        parts.append(f"drawing 1 point of {stride}")
    return " · ".join(parts)


def _drawn(n_clusters: int, options: KMeansOptions) -> str:
    """How greedy k-means++ found the newest centroid; nothing of the first, and of others."""
    if options.seeding is not Seeding.PLUS_PLUS or n_clusters == 1:
        return ""
    n_drawn = n_candidates(options.n_clusters)
    return f", the best of {n_drawn} points drawn: it leaves the lowest inertia"


def searching(search: Search) -> str:
    """How far the search for the best of several runs is."""
    what = f"Run {search.n_done + 1} of {search.n_runs}; the best will be shown"
    if search.inertia is None:
        return what
    return f"{what} · lowest inertia so far {shortened(search.inertia)}"


def _empty(frame: KMeansFrame) -> list[str]:
    if not frame.empty or frame.phase is Phase.SEED:
        return []
    who = ", ".join(str(label) for label in frame.empty)
    does = "stays" if frame.empty_policy is EmptyPolicy.KEEP else "jumps to the farthest point"
    return [f"no points in {who}, which {does}"]


def in_the_hand(frame: KMeansFrame) -> str:
    """What the assignment would do with a centroid where it is being held."""
    would = f"{counted(frame.changed, 'point')} would change cluster"
    return f"In your hand · {would} · let go to branch the history"


def dragged(index: int, frame: KMeansFrame) -> str:
    """What a hand did to the centroid of an index of a frame."""
    when = "while seeding" if frame.phase is Phase.SEED else f"at iteration {frame.iteration}"
    return f"{index} dragged {when}"


def too_few(n_points: int, n_needed: int) -> str:
    """That more points must be painted before anything can run."""
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
        return "Points are on their way…"
    if not waiting:
        return f"{counted(n_points, 'point')}, no clusters yet: press R to start"
    return f"{n_points:,} points, " + ("computing…" if ready else "waiting for TensorFlow…")


def measure(frame: KMeansFrame | MeanShiftFrame) -> str:
    """What becomes smaller: the sum of k-means, the shift of mean shift."""
    if isinstance(frame, MeanShiftFrame):
        return climb_words.shift(frame)
    return f"{NO_INERTIA}: {shortened(frame.inertia)}"


def point(
    dataset: Dataset,
    index: int,
    frame: KMeansFrame | MeanShiftFrame | None,
    scaled: np.ndarray,
) -> str:
    """One point, its name and class, its label, and its distances to the nearest centroids.

    Args:
        dataset: Where the point is from.
        index: Which one.
        frame: On screen; None if there is none yet.
        scaled: (D,) the point in the units of the frame.

    Returns:
        Rich text.
    """
    row = index if dataset.kept is None else int(dataset.kept[index])
    values = dataset.points[index].tolist()
    named = list(zip(dataset.columns, values, strict=True))
    head = [f"row {row + 1:,}"]
    if dataset.names:
        head.append(rich(dataset.names[index], _MAX_NAME))
    if dataset.classes and dataset.classes[index]:
        column = rich(dataset.class_column, _MAX_NAME)
        head.append(f"{column}: {rich(dataset.classes[index], _MAX_NAME)}")
    lines = [f"<b>{' · '.join(head)}</b>"]
    lines += [f"{rich(name, _MAX_NAME)} {value:.4g}" for name, value in named[:_MAX_COLUMNS]]
    if len(named) > _MAX_COLUMNS:
        lines.append(f"and {counted(len(named) - _MAX_COLUMNS, 'column')} more")
    if frame is not None and len(frame.centroids) and frame.labels[index] >= 0:
        label = int(frame.labels[index])
        lines.append(f"label <b>{label}</b> ({cluster_name(label)})")
        distances = frame.distances(scaled)
        order = np.argsort(distances, kind="stable")[:_MAX_DISTANCES]
        lines += [_distance(int(other), float(distances[other]), label) for other in order]
    return "<br>".join(lines)


def _distance(other: int, distance: float, label: int) -> str:
    text = f"distance to {other}: {distance:.4g}"
    return f"<b>{text}</b>" if other == label else text
