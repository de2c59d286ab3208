"""k-means beside scikit-learn's, in one process: python benchmarks/kmeans.py [--json].

Same points, same starting centroids, the same number of iterations, runs taken in turn, medians.
A ratio is scikit-learn's time over ours: above 1, ours is faster.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from engine import device

SHAPES = [(1_500, 2, 6), (100_000, 2, 8), (1_000_000, 2, 8), (200_000, 3, 100)]
ITERATIONS = 10
RUNS = 5


def made_points(n_points: int, n_dims: int, n_clusters: int) -> np.ndarray:
    """(N, D) float32: clusters that overlap, so that ten iterations do not settle."""
    rng = np.random.default_rng(0)
    centers = rng.uniform(-10, 10, (n_clusters, n_dims))
    noise = rng.normal(scale=3, size=(n_points, n_dims))
    return (centers[rng.integers(0, n_clusters, n_points)] + noise).astype(np.float32)


def in_turn(*functions: Callable[[], Any]) -> tuple[list[float], list[Any]]:
    """Run functions in turn, a first time to warm up; their median seconds, and what they gave."""
    results = [function() for function in functions]
    seconds: list[list[float]] = [[] for _ in functions]
    for _ in range(RUNS):
        for function, spent in zip(functions, seconds, strict=True):
            began = time.perf_counter()
            function()
            spent.append(time.perf_counter() - began)
    return [median(spent) for spent in seconds], results


def fits(points: np.ndarray, start: np.ndarray) -> dict[str, Any]:
    """Time ten iterations of Lloyd's algorithm, and compare where they lead."""
    from sklearn.cluster import KMeans

    from engine.clustering.kmeans import fit

    theirs = KMeans(len(start), init=start, n_init=1, algorithm="lloyd", tol=0, max_iter=ITERATIONS)
    seconds, (our_frame, _) = in_turn(
        lambda: fit(points, start, max_iter=ITERATIONS), lambda: theirs.fit(points)
    )
    return {
        "what": f"fit, {our_frame.iterations} and {theirs.n_iter_} iterations",
        "seconds": seconds,
        "inertia_ratio": our_frame.inertia / theirs.inertia_,
        "equal_labels": float(np.mean(our_frame.labels == theirs.labels_)),
    }


def seedings(points: np.ndarray, n_clusters: int) -> dict[str, Any]:
    """Time farthest-first against k-means++; they choose differently, so nothing is compared."""
    from sklearn.cluster import kmeans_plusplus

    from engine.clustering.seeding import seed_centroids

    seconds, _ = in_turn(
        lambda: seed_centroids(points, n_clusters),
        lambda: kmeans_plusplus(points, n_clusters, random_state=0),
    )
    return {"what": "seeding, farthest and k-means++", "seconds": seconds}


def measured(shape: tuple[int, int, int]) -> list[dict[str, Any]]:
    """Both comparisons for N points in D dimensions and K clusters."""
    points = made_points(*shape)
    start = points[np.random.default_rng(1).choice(len(points), shape[-1], replace=False)]
    rows = [fits(points, start), seedings(points, shape[-1])]
    return [{"shape": shape, **row, "ratio": row["seconds"][1] / row["seconds"][0]} for row in rows]


def line(row: dict[str, Any]) -> str:
    """One measurement as a line of the table."""
    ours, theirs = (f"{1000 * seconds:9.1f}" for seconds in row["seconds"])
    text = f"{row['shape']!s:20} {row['what']:31} {ours} {theirs} {row['ratio']:6.2f}"
    if "equal_labels" in row:
        text += f" {row['inertia_ratio']:10.7f} {row['equal_labels']:9.4%}"
    return text


def main() -> None:
    """Measure every shape, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    found = {"device": str(device.start()), "runs": RUNS, "rows": []}
    if not as_json:
        print(f"medians of {RUNS} runs in turn, on {found['device']}; ratio: scikit-learn / ours")
        columns = ("ours ms", "theirs ms", "ratio", "inertia", "labels")
        print(f"{'(N, D, K)':52} {columns[0]:>9} {columns[1]:>9} {columns[2]:>6}", end="")
        print(f" {columns[3]:>10} {columns[4]:>9}")
    for shape in SHAPES:
        rows = measured(shape)
        found["rows"] += rows
        if not as_json:
            print(*map(line, rows), sep="\n", flush=True)
    if as_json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
