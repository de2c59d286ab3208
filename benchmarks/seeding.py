"""Compares the starts of k-means++ with scikit-learn's: python benchmarks/seeding.py.

Six sets of well-separated clusters. For each, the mean final inertia of ten seeds, one run each, of
our seedings and of scikit-learn's `KMeans(init="k-means++", n_init=1)`, and the best of ten. All
relative to the lowest inertia that any of them found: 1 is the best possible.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from engine.runtime import device

SEEDS = range(10)
WANTED = 1.02
# Clusters, points in each, dimensions, and how far apart they are: their centres are drawn from a
# normal distribution of that standard deviation, and the clusters have standard deviation 1.
SETS = {
    "8 in 2-D": (8, 200, 2, 20.0),
    "15 in 2-D": (15, 150, 2, 30.0),
    "30 in 2-D": (30, 100, 2, 60.0),
    "20 in 5-D": (20, 100, 5, 10.0),
    "25 in 16-D": (25, 80, 16, 5.0),
    "50 in 64-D": (50, 40, 64, 3.0),
}
_SEEDINGS = ("k-means++", "k-means++-single", "farthest", "afk-mc2")


def made_points(
    n_clusters: int, per_cluster: int, n_dims: int, apart: float, seed: int = 0
) -> np.ndarray:
    """Make (N, D) float32 points in well-separated clusters."""
    rng = np.random.default_rng(seed)
    centers = np.repeat(rng.normal(size=(n_clusters, n_dims)) * apart, per_cluster, axis=0)
    return (centers + rng.normal(size=centers.shape)).astype(np.float32)


def ours(points: np.ndarray, n_clusters: int, seeding: str, seed: int, n_init: int = 1) -> float:
    """Return the final inertia of our run."""
    from engine.clustering.chunks import finished
    from engine.clustering.kmeans.options import KMeansOptions, Seeding
    from engine.clustering.kmeans.runs import best_in_chunks

    options = KMeansOptions(
        n_clusters=n_clusters, seeding=Seeding(seeding), seed=seed, n_init=n_init
    )
    return finished(best_in_chunks(points, options)).inertia


def theirs(points: np.ndarray, n_clusters: int, seed: int, n_init: int = 1) -> float:
    """Return the final inertia of scikit-learn's run."""
    from sklearn.cluster import KMeans

    model = KMeans(n_clusters, init="k-means++", n_init=n_init, random_state=seed, tol=0)
    return float(model.fit(points).inertia_)


def measured(n_clusters: int, per_cluster: int, n_dims: int, apart: float) -> dict[str, Any]:
    """Return the means of all ways on one set, relative to the lowest inertia, and our ratio."""
    points = made_points(n_clusters, per_cluster, n_dims, apart)
    found = {name: [ours(points, n_clusters, name, seed) for seed in SEEDS] for name in _SEEDINGS}
    found["scikit-learn"] = [theirs(points, n_clusters, seed) for seed in SEEDS]
    found["ours, n-init 10"] = [ours(points, n_clusters, "k-means++", 0, len(SEEDS))]
    found["scikit-learn, n-init 10"] = [theirs(points, n_clusters, 0, len(SEEDS))]
    lowest = min(min(inertias) for inertias in found.values())
    means = {name: float(np.mean(inertias)) / lowest for name, inertias in found.items()}
    return {"means": means, "ratio": means["k-means++"] / means["scikit-learn"]}


def main() -> None:
    """Measure every set; print a table, or JSON if requested."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    device.start()
    rows = {name: measured(*shape) for name, shape in SETS.items()}
    if arguments.json:
        print(json.dumps(rows, indent=1))
        return
    names = list(next(iter(rows.values()))["means"])
    print(" | ".join(["set", *names, f"k-means++ / scikit-learn (goal: {WANTED})"]))
    for name, row in rows.items():
        cells = [f"{row['means'][each]:.3f}" for each in names]
        print(" | ".join([name, *cells, f"{row['ratio']:.3f}"]))


if __name__ == "__main__":
    main()
