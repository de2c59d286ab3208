"""The records of the algorithms: their names, options, frames and properties."""

import dataclasses
import functools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.clustering.algorithms import ALGORITHMS, algorithm_named, algorithm_of, row_arrays
from engine.clustering.base import Algorithm, Start
from engine.clustering.kmeans.algorithm import KMEANS
from engine.clustering.kmeans.options import KMeansOptions
from engine.clustering.mean_shift.algorithm import MEAN_SHIFT
from engine.errors import ParameterError
from engine.frames import Search
from tests.engine.clustering.made_points import blobs
from tests.waiting import seconds_left

ROOT = Path(__file__).parents[3]
POINTS = blobs(3, 20, 2)

each_algorithm = pytest.mark.parametrize("algorithm", ALGORITHMS, ids=lambda each: each.name)


@functools.cache
def frames_of(algorithm: Algorithm) -> list:
    frames = algorithm.frames(POINTS, algorithm.options())
    return [frame for frame in frames if not isinstance(frame, Search)]


def test_no_two_algorithms_share_a_name_or_a_class_of_options():
    names = [name for each in ALGORITHMS for name in each.names]
    assert len(set(names)) == len(names)
    assert len({each.options for each in ALGORITHMS}) == len(ALGORITHMS)


@each_algorithm
def test_names_and_options_identify_the_algorithm(algorithm):
    assert all(algorithm_named(name) is algorithm for name in algorithm.names)
    assert algorithm_of(algorithm.options()) is algorithm


@pytest.mark.parametrize(
    ("old", "now"), [("kmeans", "k-means"), ("mean shift", "mean-shift"), ("k-means", "k-means")]
)
def test_names_of_earlier_versions_still_work(old, now):
    found = algorithm_named(old)
    assert found is not None
    assert found.name == now


def test_unknown_names_and_options_have_no_algorithm():
    assert algorithm_named("k-mean") is None
    with pytest.raises(TypeError, match="int is not the options class"):
        algorithm_of(3)


def test_the_records_do_not_import_tensorflow():
    code = "import sys, engine.clustering.algorithms; sys.exit('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=seconds_left())
    assert done.returncode == 0


@each_algorithm
def test_options_have_defaults_and_are_frozen(algorithm):
    options = algorithm.options()
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(options, dataclasses.fields(options)[0].name, None)


@pytest.mark.slow
@each_algorithm
def test_frames_match_the_record(algorithm):
    frames = frames_of(algorithm)
    last = frames[-1]
    assert last.stop is not None
    assert len(last.labels) == len(POINTS)
    assert (len(getattr(last, "centroids", ())) > 0) == algorithm.has_centroids
    assert hasattr(last, "inertia") == algorithm.has_inertia
    assert isinstance(algorithm.note(last), str)
    for frame in frames:
        assert np.ndim(algorithm.measure.of(frame)) == 0
        for column in algorithm.columns:
            assert column.of(frame).shape == frame.sizes.shape


@pytest.mark.slow
@each_algorithm
def test_arrays_packed_by_the_history_exist(algorithm):
    known = row_arrays()
    for frame in frames_of(algorithm):
        assert all(isinstance(getattr(frame, name), np.ndarray) for name in known[type(frame)])
        assert "labels" in known[type(frame)]


@each_algorithm
def test_there_must_be_as_many_points_as_clusters(algorithm):
    options = algorithm.options()
    assert algorithm.min_points(options) == getattr(options, "n_clusters", 1)


@each_algorithm
def test_a_run_continues_from_given_centroids_or_says_that_it_cannot(algorithm):
    start = Start(centroids=POINTS[:6], labels=np.zeros(60, np.uint8), iteration=4)
    if not algorithm.takes_start:
        with pytest.raises(ParameterError, match="cannot continue from given centroids"):
            algorithm.frames(POINTS, algorithm.options(), start)
        return
    first = next(algorithm.frames(POINTS, algorithm.options(), start))
    assert first.iteration == 4
    np.testing.assert_allclose(first.centroids, POINTS[:6], rtol=1e-6)


def test_k_means_is_compiled_in_advance_and_mean_shift_is_not():
    assert KMEANS.warm_up is not None
    KMEANS.warm_up(POINTS, KMeansOptions(n_clusters=2))
    assert MEAN_SHIFT.warm_up is None
