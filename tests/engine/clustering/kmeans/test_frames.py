"""Frames of k-means: immutable, and what they compute from their arrays."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from engine.clustering.frames import Phase, Stop
from engine.clustering.kmeans.frames import KMeansFrame
from engine.frames import sealed


def frame(**changes):
    """Return a frame of three centroids, the second of them empty."""
    fields = {
        "iteration": 2,
        "phase": Phase.ASSIGN,
        "centroids": sealed([[0, 0], [9, 9], [3, 4]], np.float32),
        "labels": sealed([0, 0, 2], np.uint8),
        "sizes": sealed([2, 0, 1]),
        "inertias": sealed([1.5, 0.0, 0.25]),
        "changed": 1,
    }
    return KMeansFrame(**fields | changes)


def test_a_frame_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        frame().iteration = 3
    with pytest.raises(ValueError, match="read-only"):
        frame().labels[0] = 1


def test_a_frame_sums_its_inertias_and_names_its_empty_centroids():
    assert frame().inertia == 1.75
    assert frame().empty == (1,)
    assert frame().iterations == 2


def test_a_frame_computes_distances_to_its_centroids():
    assert frame().distances(np.float32([0, 0])).tolist() == pytest.approx([0, 9 * 2**0.5, 5])


@pytest.mark.parametrize(
    ("stop", "converged"),
    [(None, False), (Stop.MAX_ITER, False), (Stop.LABELS, True), (Stop.TOLERANCE, True)],
)
def test_a_frame_has_converged_if_nothing_would_move_any_more(stop, converged):
    assert frame(stop=stop).converged is converged
