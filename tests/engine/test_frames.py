"""The records that cross threads: immutable, and what can be asked of them."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from engine.clustering.frames import Phase, Stop, label_dtype
from engine.clustering.kmeans.frames import KMeansFrame
from engine.frames import sealed
from engine.spelling.frames import unlearned


def frame(**changes):
    """Three centroids, the second of them without points."""
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


def test_a_frame_tells_distances_to_its_centroids():
    assert frame().distances(np.float32([0, 0])).tolist() == pytest.approx([0, 9 * 2**0.5, 5])


@pytest.mark.parametrize(
    ("stop", "converged"),
    [(None, False), (Stop.MAX_ITER, False), (Stop.LABELS, True), (Stop.TOLERANCE, True)],
)
def test_a_frame_has_converged_where_nothing_is_left_to_move(stop, converged):
    assert frame(stop=stop).converged is converged


def test_a_sealed_array_is_a_copy():
    values = np.zeros(3)
    array = sealed(values, np.float32)
    values[0] = 1
    assert array.tolist() == [0, 0, 0]
    assert array.dtype == np.float32
    assert not array.flags.writeable


@pytest.mark.parametrize(
    ("n_clusters", "dtype"),
    [(0, np.uint8), (1, np.uint8), (256, np.uint8), (257, np.uint16), (65_537, np.uint32)],
)
def test_labels_take_the_smallest_type_that_holds_them(n_clusters, dtype):
    assert label_dtype(n_clusters) == dtype


def test_what_is_longer_than_anything_learned_is_said():
    assert unlearned(["T"] * 20, ["a" * 22]) == ()
    assert unlearned(["T"], ["a" * 23, "b", "c" * 24]) == (
        f"{'a' * 23} and {'c' * 24} are longer than any word it has learned (22 letters).",
    )
    assert unlearned(["T"], ["a" * 23] * 5) == (
        "5 of the spellings are longer than any word it has learned (22 letters).",
    )
    (note,) = unlearned(["T"] * 21, ["a"])
    assert note == (
        "21 phonemes are more than any word has that the speller has learned (20); what it writes "
        "is a guess."
    )
