"""The live line in words and numbers: sentences, and small tables as rich text."""

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from app.labs.clustering.words import row as row_name
from app.numbers import counted, in_bytes, in_ms
from app.text import rich
from app.theme import Theme, cluster_name
from app.views.live_line.axis_words import axis
from engine.clustering.frames import Phase
from engine.clustering.kmeans.frames import EmptyPolicy, KMeansFrame
from engine.clustering.kmeans.options import Formulation
from engine.clustering.operations.traces import MAX_PICKED, Measured, Trace, alike
from engine.data.dataset import Dataset

NOTHING = "No half-step yet."
OTHER = "The live line shows the half-steps of k-means."
SEEDING = (
    "Seeding chooses the centroids one at a time; its operations are not listed. Step on to the "
    "first half-step."
)
FAST = "The live line waits while frames follow one another this fast."
MEASURING = "Measuring the operations…"
# Why the operations of another half-step are listed.
UNDERWAY = "those of the half-step on screen are being measured"
NOT_MEASURED = "those of the half-step on screen were not measured"
CLICK = "Click a point to read its distances, a centroid to read its mean."
_WHOLE = (
    "One by one as listed; the whole as one function. A fast run does both half-steps in one "
    "compiled pass, in which nothing can be watched. With few points the time goes into calling "
    "operations, with many into computing them."
)
_NAMES = {Formulation.LECTURE: "as taught", Formulation.TILED: "fast"}
_WORKS = {Phase.ASSIGN: "Assign", Phase.UPDATE: "Update"}
_MAX_COLUMNS = 4
# What is counted from the mean of all points.
_SHIFTED = ("tile", "subset", "total", "mean", "moved")


def named(frame: KMeansFrame) -> str:
    """A half-step as that whose operations are listed."""
    return f"the operations of iteration {frame.iteration}, {_WORKS[frame.phase].lower()}"


def summary(trace: Trace) -> str:
    """Which half-step this is, and what it took."""
    return (
        f"{_WORKS[trace.phase]}, {_NAMES[trace.formulation]}: "
        f"{counted(len(trace.operations), 'operation')} in {in_ms(trace.seconds)}, "
        f"largest array {in_bytes(trace.n_bytes)}"
    )


def hint(trace: Trace) -> str:
    """Which axes are of the same size, and what to do; empty if none are."""
    pairs = alike(trace.sizes)
    if not pairs:
        return ""
    same = "; ".join(f"{one} and {two} are both {trace.sizes[one]:,}" for one, two in pairs)
    return f"{same}: a shape alone cannot tell which is which. Choose sizes that all differ."


def point(
    dataset: Dataset, index: int, frame: KMeansFrame, scaled: np.ndarray, trace: Trace, theme: Theme
) -> str:
    """One point: its column of distances, the smallest marked.

    Args:
        dataset: Where the point is from.
        index: Which one.
        frame: On screen.
        scaled: (D,) the point in the units of the frame.
        trace: The operations, with that point picked.
        theme: For the tints.
    """
    label = int(frame.labels[index])
    distances = frame.distances(scaled)
    nearest = int(distances.argmin())
    engine = _column(trace)
    heads = [axis("cluster", theme), "distance", *([_HEADS[engine.name]] if engine else [])]
    rows = []
    for cluster, distance in enumerate(distances.tolist()):
        cells = [f"{cluster} {cluster_name(cluster)}", f"{distance:.4g}"]
        if engine is not None and engine.picked is not None and cluster < len(engine.picked):
            cells.append(f"{engine.picked[cluster]:,.5g}")
        if cluster == nearest:
            cells = [f"<b>{cell}</b>" for cell in cells] + ["<b>◀ smallest distance</b>"]
        rows.append(cells)
    title = f"<b>{row_name(dataset, index)}</b> has label <b>{label}</b> ({cluster_name(label)})"
    return f"<div>{title}</div>{_table(heads, rows, theme)}"


def _column(trace: Trace) -> Measured | None:
    """What the engine compared over clusters for one point: distances squared, or scores."""
    columns = [each for each in trace.operations if set(each.axes) in _COMPARED]
    return columns[-1] if columns else None


_COMPARED = ({"cluster", "point"}, {"cluster", "row"})
# The lecture's distances are not yet square roots: those change no order.
_HEADS = {"distance": "squared", "score": "score"}


def centroid(
    dataset: Dataset, label: int, frame: KMeansFrame, mean: Sequence[float] | None, theme: Theme
) -> str:
    """One centroid: the first of the points it averages, how many there are, and their mean.

    Args:
        dataset: Where the points are from.
        label: Which centroid.
        frame: On screen.
        mean: (D,) where the update puts it, in the units of the data; None if that is not known.
        theme: For the lines.
    """
    members = np.flatnonzero(frame.labels == label)
    title = f"<b>centroid {label}</b> ({cluster_name(label)}): {counted(len(members), 'point')}"
    if not len(members):
        does = "stays" if frame.empty_policy is EmptyPolicy.KEEP else "jumps to a far point"
        return f"<div>{title}, no mean: it {does}</div>"
    names = [rich(name) for name in dataset.columns[:_MAX_COLUMNS]]
    rows = [
        [row_name(dataset, int(index)), *_values(dataset.points[index].tolist())]
        for index in members[:MAX_PICKED]
    ]
    if len(members) > MAX_PICKED:
        rows.append([f"and {len(members) - MAX_PICKED:,} more", *["…"] * len(names)])
    if mean is not None:
        rows.append([f"<b>{text}</b>" for text in ("mean of all", *_values(mean))])
    more = len(dataset.columns) - len(names)
    note = f"<div>and {counted(more, 'column')} more</div>" if more > 0 else ""
    return f"<div>{title}</div>{_table(['', *names], rows, theme)}{note}"


def picked(measured: Measured, where: str, theme: Theme) -> str:
    """The numbers of an operation at the point or the centroid that was clicked.

    Args:
        measured: The operation that is lit.
        where: The point or the centroid, in words.
        theme: For the tints.

    Returns:
        Nothing where it has no number of its own there, or where `point` shows its column.
    """
    values = measured.picked
    if values is None or values.ndim > 2 or set(measured.axes) in _COMPARED:
        return ""
    rows = [[f"{number:,.5g}" for number in row] for row in np.atleast_2d(values).tolist()]
    said = f"<p><b>{escape(measured.name)}</b> of {where}, as the engine has it"
    shifted = " (counted from the mean of all points)" if measured.name in _SHIFTED else ""
    return f"{said}{shifted}:</p>{_table([], rows, theme)}"


def comparison(traces: Iterable[Trace | str], same: bool | None, theme: Theme) -> str:
    """Both formulations of the half-step on screen, side by side.

    Args:
        traces: One each, or the sentence why it was not executed.
        same: Whether they come to the same; None where only one was executed.
        theme: For the lines.
    """
    rows, sentences = [], []
    for trace in traces:
        if isinstance(trace, str):
            sentences.append(f"<div>{escape(trace)}</div>")
            continue
        n_bytes = in_bytes(trace.n_bytes)
        cells = [_NAMES[trace.formulation], str(len(trace.operations)), n_bytes]
        rows.append([*cells, in_ms(trace.seconds), in_ms(trace.whole)])
    heads = ["", "lines", "largest array", "one by one", "whole"]
    verdict = {True: "Both come to the same.", False: "They differ: look for ties.", None: ""}
    return (
        f"{_table(heads, rows, theme)}<p>{verdict[same]}</p>{''.join(sentences)}"
        f'<p style="color:{theme.muted}">{_WHOLE}</p>'
    )


def _values(values: Sequence[float]) -> list[str]:
    return [f"{value:.5g}" for value in values[:_MAX_COLUMNS]]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], theme: Theme) -> str:
    head = "".join(f'<td align="right" style="color:{theme.muted}">{text}</td>' for text in heads)
    body = "".join(
        "<tr>" + "".join(f'<td align="right">{cell}</td>' for cell in row) + "</tr>" for row in rows
    )
    style = f"<style>td {{ padding-right: {theme.px(12)}px; }}</style>"
    return f'{style}<table cellpadding="0" cellspacing="0"><tr>{head}</tr>{body}</table>'
