"""What scripts may import from the packages, and that this does not load TensorFlow."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import engine.clustering.kmeans
import engine.clustering.seeding
from engine.clustering.kmeans import fit, lloyd
from engine.clustering.seeding import seed_centroids

ROOT = Path(__file__).parents[4]


def test_the_functions_are_those_of_the_modules():
    points = np.float32([[0, 0], [0, 1], [9, 9]])
    start = seed_centroids(points, 2)
    assert fit(points, start).inertia == list(lloyd(points, start))[-1].inertia == 0.5


@pytest.mark.parametrize("package", [engine.clustering.kmeans, engine.clustering.seeding])
def test_other_names_are_not_there(package):
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = package.nothing


def test_the_packages_do_not_load_tensorflow():
    code = "import sys, engine.clustering.kmeans, engine.clustering.seeding; "
    code += "sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
