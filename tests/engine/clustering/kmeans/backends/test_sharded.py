"""Sharded k-means gives the same frame as one device, except for the rounding of sums."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from engine.clustering.frames import Stop
from engine.clustering.kmeans.driver import fit
from engine.clustering.kmeans.frames import EmptyPolicy
from engine.errors import DataError, ParameterError
from engine.runtime import strategies
from tests.engine.clustering.made_points import blobs, normal
from tests.waiting import seconds_left

ROOT = Path(__file__).parents[5]
FAR = np.float32(1e4)
# The second, third and fifth start empty.
STARTS = np.float32([[0, 0, 0], [900, 0, 0], [0, 900, 0], [1, 1, 1], [0, 0, -900]])

# TensorFlow's devices cannot be changed once it runs, so these cases run in their own process,
# after a command line if there is one.
ON_LOGICAL_DEVICES = """
import contextlib, functools, io, json, sys
from engine.runtime import strategies
from engine.__main__ import main
strategies.mirrored = functools.cache(strategies.mirrored)  # TensorFlow bears with one only
n_replicas, line = int(sys.argv[1]), sys.argv[2]
said = io.StringIO()
if line:
    with contextlib.redirect_stdout(said):
        assert main(line.split()) == 0
strategy = strategies.mirrored(n_replicas)
from tests.engine.clustering.kmeans.backends.test_sharded import CASES, matches_one_device
found = {name: matches_one_device(strategy, name) for name in CASES}
print(json.dumps([said.getvalue(), strategy.num_replicas_in_sync, found]))
"""


def cases():
    """Return points, first centroids and options of each case by name.

    Most have the same shape, because TensorFlow compiles each shape on each replica.
    """
    clusters, cloud = blobs(5, 401, 3), normal(2005, 3)
    keep, farthest = ({"empty": policy} for policy in EmptyPolicy)
    return {
        "one point, so replicas without any": (normal(1, 3), normal(1, 3), {}),
        "two points": (normal(2, 3), normal(2, 3), {}),
        "a number of points that cannot be divided": (cloud, cloud[:5], {}),
        "a tolerance": (cloud, cloud[:5], {"tol": 0.01}),
        "a limit": (cloud, cloud[:5], {"max_iter": 3}),
        "no iteration": (cloud, cloud[:5], {"max_iter": 0}),
        "far from the origin": (clusters + FAR, clusters[:5] + FAR, {}),
        "empty clusters that stay": (clusters, STARTS, keep),
        "empty clusters that jump": (clusters, STARTS, farthest),
        "more empty clusters than a replica has points": (clusters[:6], STARTS, farthest),
        "nothing to gain from a jump": (np.ones((6, 3), np.float32), STARTS, farthest),
        "one cluster": (cloud, cloud[:1], {}),
    }


CASES = cases()


def matches_one_device(strategy, name):
    points, start, options = CASES[name]
    shared, alone = (
        fit(points, start, strategy=strategy, **options),
        fit(points, start, **options),
    )
    same = (shared.iteration, shared.stop, shared.changed) == (
        alone.iteration,
        alone.stop,
        alone.changed,
    )
    same = same and (shared.labels == alone.labels).all() and (shared.sizes == alone.sizes).all()
    close = np.allclose(shared.centroids, alone.centroids, rtol=1e-6, atol=1e-6)
    return bool(
        same and close and np.allclose(shared.inertias, alone.inertias, rtol=1e-5, atol=1e-6)
    )


def on_logical_devices(n_replicas, line=""):
    """Run each case on several devices in a new process, after a command line if there is one.

    Returns:
        The output of the command line, the number of replicas, and whether each case matched.
    """
    done = subprocess.run(
        [sys.executable, "-c", ON_LOGICAL_DEVICES, str(n_replicas), line],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=seconds_left(),
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def alone():
    """A strategy of one replica, which works in this process."""
    return strategies.mirrored()


@pytest.mark.distributed
def test_three_devices_match_one():
    """`tests/engine/commands/clustering/test_distribute.py` tests two devices."""
    assert on_logical_devices(3) == ["", 3, dict.fromkeys(CASES, True)]


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_one_replica_matches_one_device(alone, name):
    assert matches_one_device(alone, name)


def test_two_pairs_are_two_clusters(alone):
    points = np.float32([[0], [2], [10], [14]])
    found = fit(points, np.float32([[1], [2]]), strategy=alone)
    assert found.centroids.tolist() == [[1], [12]]
    assert (found.labels.tolist(), found.inertia) == ([0, 0, 1, 1], 1 + 1 + 4 + 4)
    assert (found.iterations, found.stop) == (2, Stop.LABELS)


@pytest.mark.slow
def test_progress_is_reported_for_each_iteration(alone):
    points, reported = normal(200, 2), []
    found = fit(points, points[:5], strategy=alone, progress=reported.append)
    assert reported == list(range(found.iterations + 1))


def test_an_exception_from_progress_ends_the_run(alone):
    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(normal(9, 2), normal(3, 2), strategy=alone, progress=interrupt)


@pytest.mark.parametrize(
    ("points", "error"), [(np.float32([[np.nan]]), DataError), (np.ones((1, 2)), ParameterError)]
)
def test_invalid_input_is_refused_as_on_one_device(alone, points, error):
    with pytest.raises(error):
        fit(points, np.ones((1, 1), np.float32), strategy=alone)


@pytest.mark.parametrize("n_devices", [0, -1, strategies.MAX_DEVICES + 1])
def test_valid_numbers_of_devices(n_devices):
    with pytest.raises(ParameterError, match=f"1 to 64 devices, not {n_devices}"):
        strategies.mirrored(n_devices)


def test_missing_devices_are_refused():
    kind = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    with pytest.raises(ParameterError, match=f"{kind}s?, not 64; ask for fewer"):
        strategies.mirrored(64)
