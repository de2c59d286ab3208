"""The numbers below the operations: of what was clicked, or how the formulations compare."""

import numpy as np

from app.labs.clustering.live_line import words
from app.labs.clustering.live_line.tracing import Listing
from app.labs.clustering.state import ClusteringState
from app.labs.clustering.words import row as row_name
from app.theme import Theme
from engine.clustering.operations.traces import Trace


def comparison(listing: Listing, theme: Theme) -> str:
    """How the formulations compare, as rich text."""
    traces = listing.compared
    results = [each.result for each in traces if isinstance(each, Trace)]
    same = None
    if len(results) == 2 and results[0] is not None and results[1] is not None:
        same = bool(np.allclose(results[0], results[1], rtol=1e-4, atol=1e-4))
    return words.comparison(traces, same, theme)


def numbers(listing: Listing, state: ClusteringState, lit: int, theme: Theme) -> str:
    """What the operations computed for the point or the cluster that is selected.

    Args:
        listing: The operations.
        state: What is selected.
        lit: The number of the operation that is lit, -1 for none.
        theme: For the tints.

    Returns:
        Rich text; empty if no operations are listed.
    """
    trace, dataset, frame = listing.trace, state.dataset, listing.frame
    if dataset is None or not isinstance(trace, Trace):
        return ""
    html, where = words.CLICK, ""
    if "point" in state.selected:
        index = state.selected["point"]
        where = row_name(dataset, index)
        html = words.point(dataset, index, frame, state.scaled_point(index), trace, theme)
    elif "cluster" in state.selected:
        label = state.selected["cluster"]
        where = f"centroid {label}"
        html = words.centroid(dataset, label, frame, _mean(listing, state, label), theme)
    if 0 <= lit < len(trace.operations):
        html += words.picked(trace.operations[lit], where, theme)
    return html


def _mean(listing: Listing, state: ClusteringState, label: int) -> list[float] | None:
    """Where the update puts a centroid, in the units of the data."""
    if listing.means is None:
        return None
    mean: list[float] = state.plane.unscaled(listing.means)[label].tolist()
    return mean
