"""The lecture's broadcast formulation, and the tiled one compared with it."""

import numpy as np
import pytest
from hypothesis import assume, given

from engine.clustering.kmeans import driver as kmeans
from engine.clustering.kmeans.backends import lecture
from engine.clustering.kmeans.driver import fit, lloyd
from engine.clustering.kmeans.options import Formulation
from engine.errors import CapacityError
from tests.engine.clustering.made_points import has_ties, normal, scattered

LINE = np.float32([[0], [2], [10], [14]])


def test_a_point_goes_to_its_nearest_centroid_and_a_tie_to_the_lower_index():
    assert lecture.assign(LINE, np.float32([[13], [1]])).numpy().tolist() == [1, 1, 0, 0]
    assert lecture.assign(LINE, np.float32([[1], [3]])).numpy().tolist() == [0, 0, 1, 1]


def test_a_centroid_moves_to_the_mean_of_its_points_and_an_empty_one_stays():
    moved = lecture.update(LINE, np.int32([0, 0, 2, 2]), np.float32([[0], [7], [0]]))
    assert moved.numpy().tolist() == [[1], [7], [12]]


@given(scattered())
def test_tiled_half_steps_match_the_lecture(problem):
    assume(not has_ties(*problem))
    as_taught = list(lloyd(*problem, formulation=Formulation.LECTURE))
    tiled = list(lloyd(*problem, formulation=Formulation.TILED))
    assert len(as_taught) == len(tiled)
    for taught, ours in zip(as_taught, tiled, strict=True):
        assert (taught.labels == ours.labels).all()
        np.testing.assert_allclose(taught.centroids, ours.centroids, rtol=1e-5, atol=1e-6)


def test_auto_is_fused():
    points = normal(100, 2)
    auto, fused = (
        fit(points, points[:5], formulation=Formulation(name)) for name in ("auto", "fused")
    )
    assert auto.centroids.tobytes() == fused.centroids.tobytes()
    assert Formulation.AUTO.resolved() is Formulation.FUSED


@pytest.mark.parametrize("run", [fit, lambda *args, **options: next(lloyd(*args, **options))])
def test_too_large_problems_are_refused_before_the_run(monkeypatch, run):
    def never(*_):
        raise AssertionError("the array was filled")

    monkeypatch.setattr(lecture, "assign", never)
    points = np.zeros((300_000, 3), np.float32)
    with pytest.raises(
        CapacityError, match=r"300 clusters x 300,000 points x 3 dimensions, 2\.0 GiB"
    ):
        run(points, points[:300], formulation=Formulation.LECTURE)


def test_the_limit_itself_fits():
    lecture.check_capacity(2**10, 2**16, 2)
    with pytest.raises(CapacityError):
        lecture.check_capacity(2**10, 2**16 + 1, 2)


def test_other_backends_have_no_memory_limit(monkeypatch):
    monkeypatch.setattr(lecture, "MAX_BYTES", 1000)
    points = np.zeros((100, 3), np.float32)
    with pytest.raises(CapacityError):
        kmeans.fit(points, points[:5], max_iter=0, formulation=Formulation.LECTURE)
    for formulation in (Formulation.TILED, Formulation.FUSED):
        frame = kmeans.fit(points, points[:5], max_iter=0, formulation=formulation)
        assert frame.sizes[0] == len(points)
