"""k-means compared with other libraries: python benchmarks/kmeans.py [--json FILE].

Same points, same starting centroids, a fixed number of iterations, float32, from the NumPy array to
labels and inertia; compiling is not counted. Runs alternate; figures are medians of `RUNS`. A ratio
is our time over another library's: below 1, ours is faster. Libraries that are not installed are
skipped; `make bench` installs all. Then memory: what a fit needs in addition to the points, in a
process of its own.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from engine.runtime import device

# N, D, K, iterations, and the ratio to the best other library that we aim for.
SHAPES = [
    (1_500, 2, 6, 20, 1.0),
    (100_000, 2, 8, 20, 0.4),
    (1_000_000, 2, 8, 10, 0.35),
    (200_000, 3, 100, 10, 0.3),
    (1_000_000, 16, 64, 10, 0.65),
    (100_000, 64, 256, 10, 0.85),
    (60_000, 784, 10, 10, 1.3),
]
RUNS = 7
# OpenMP threads keep spinning after a run, and would take a core from the next one.
_REST = 0.25
# The shape that memory is measured for.
LARGE = (1_000_000, 16, 64, 10)
_Result = tuple[np.ndarray | None, float]
_Fit = Callable[[np.ndarray, np.ndarray, int], _Result]


def made_points(n_points: int, n_dims: int, n_clusters: int) -> tuple[np.ndarray, np.ndarray]:
    """Make points in strongly overlapping clusters, so that no run converges early, and a start.

    The start is the centres of the clusters, each moved by their standard deviation: no centroid
    loses all its points, which every library handles differently.
    """
    rng = np.random.default_rng(0)
    centers = rng.uniform(-5, 5, (n_clusters, n_dims)) / np.sqrt(n_dims / 2)
    points = 3 * rng.standard_normal((n_points, n_dims), dtype=np.float32)
    points += centers.astype(np.float32)[rng.integers(0, n_clusters, n_points)]
    start = centers + 3 * rng.normal(size=centers.shape) / np.sqrt(n_dims / 2)
    return points, start.astype(np.float32)


def ours(points: np.ndarray, start: np.ndarray, iterations: int) -> _Result:
    """Run this engine with its defaults."""
    from engine.clustering.kmeans.driver import fit

    frame = fit(points, start, max_iter=iterations)
    return frame.labels, frame.inertia


def lecture(points: np.ndarray, start: np.ndarray, iterations: int) -> _Result:
    """Run the broadcast formulation as it is taught, if it fits in memory."""
    from engine.clustering.kmeans.driver import fit
    from engine.clustering.kmeans.options import Formulation

    frame = fit(points, start, max_iter=iterations, formulation=Formulation.LECTURE)
    return frame.labels, frame.inertia


def _scikit_learn(kmeans: Any, algorithm: str) -> _Fit:
    def run(points: np.ndarray, start: np.ndarray, iterations: int) -> _Result:
        model = kmeans(
            len(start), init=start, n_init=1, algorithm=algorithm, tol=0, max_iter=iterations
        )
        model.fit(points)
        return model.labels_, float(model.inertia_)

    return run


def faiss(points: np.ndarray, start: np.ndarray, iterations: int) -> _Result:
    """Run Facebook's library: k-means, then one search for the labels."""
    import faiss

    n_clusters, n_dims = start.shape
    model = faiss.Kmeans(
        n_dims, n_clusters, niter=iterations, max_points_per_centroid=len(points),
        min_points_per_centroid=1,
    )  # fmt: skip
    model.train(points, init_centroids=start)
    distances, labels = model.index.search(points, 1)
    return labels[:, 0], float(distances.sum(dtype=np.float64))


def peers() -> dict[str, _Fit]:
    """Return every k-means that is installed here, ours first."""
    from sklearn.cluster import KMeans

    found: dict[str, _Fit] = {
        "ours": ours,
        "sk lloyd": _scikit_learn(KMeans, "lloyd"),
        "sk elkan": _scikit_learn(KMeans, "elkan"),
    }
    if importlib.util.find_spec("sklearnex"):
        from sklearnex.cluster import KMeans as OneDal

        found["oneDAL"] = _scikit_learn(OneDal, "lloyd")
    if importlib.util.find_spec("faiss"):
        found["faiss"] = faiss
    return found | {"lecture": lecture}


def measured(shape: tuple[int, int, int, int, float], runs: int) -> dict[str, Any]:
    """Measure all libraries on one shape, in turn."""
    from engine.errors import CapacityError

    n_points, n_dims, n_clusters, iterations, wanted = shape
    points, start = made_points(n_points, n_dims, n_clusters)
    fits, results = peers(), {}
    for name in list(fits):
        try:
            results[name] = fits[name](points, start, iterations)  # compiles, warms up
        except CapacityError as error:
            del fits[name]
            results[name] = str(error)
    seconds: dict[str, list[float]] = {name: [] for name in fits}
    for _ in range(runs):
        for name, run in fits.items():
            if name == "lecture" and len(seconds[name]) and seconds[name][0] > 2:
                continue  # once is enough
            seconds[name].append(timed(lambda r=run: r(points, start, iterations)))
    medians = {name: median(spent) for name, spent in seconds.items()}
    best = min(
        (name for name in medians if name not in ("ours", "lecture")), key=medians.__getitem__
    )
    labels, inertia = results["ours"]
    return {
        "shape": [n_points, n_dims, n_clusters],
        "iterations": iterations,
        "seconds": medians,
        "lecture": results["lecture"] if "lecture" not in fits else None,
        "best_peer": best,
        "ratio": medians["ours"] / medians[best],
        "wanted": wanted,
        "inertia_ratios": {name: inertia / results[name][1] for name in fits if name != "ours"},
        "equal_labels": {
            name: float(np.mean(labels == results[name][0])) for name in fits if name != "ours"
        },
    }


def timed(run: Callable[[], Any]) -> float:
    """Return the seconds of a run, after a rest and a run that starts its threads."""
    time.sleep(_REST)
    run()
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def seedings(runs: int) -> list[dict[str, Any]]:
    """Compare seedings with scikit-learn's k-means++ with its defaults."""
    from sklearn.cluster import kmeans_plusplus

    from engine.clustering.kmeans.options import Seeding
    from engine.clustering.seeding.in_memory import seed_centroids

    rows = []
    for n_points, n_dims, n_clusters, *_ in SHAPES:
        points, _ = made_points(n_points, n_dims, n_clusters)
        seeders: dict[str, Callable[[], Any]] = {
            "farthest": lambda p=points, k=n_clusters: seed_centroids(p, k),
            "single": lambda p=points, k=n_clusters: seed_centroids(p, k, Seeding.PLUS_PLUS_SINGLE),
            "k-means++": lambda p=points, k=n_clusters: seed_centroids(p, k, Seeding.PLUS_PLUS),
            "sk k-means++": lambda p=points, k=n_clusters: kmeans_plusplus(p, k, random_state=0),
        }
        seconds: dict[str, list[float]] = {name: [] for name in seeders}
        for _ in range(runs):
            for name, run in seeders.items():
                seconds[name].append(timed(run))
        medians = {name: median(spent) for name, spent in seconds.items()}
        rows.append({"shape": [n_points, n_dims, n_clusters], "seconds": medians})
    return rows


def memory() -> int:
    """Return the most bytes that a fit needs in addition to the process with its points."""
    code = (
        "from benchmarks.kmeans import LARGE, made_points, ours, resident\n"
        "points, start = made_points(*LARGE[:3])\n"
        "ours(points[:2000], start, 1)\n"
        "before = resident('VmRSS')\n"
        "ours(points, start, LARGE[3])\n"
        "print(resident('VmHWM') - before)\n"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def resident(what: str) -> int:
    """Return bytes of this process in memory: now, VmRSS, or the peak so far, VmHWM (Linux)."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.partition(f"{what}:")[2].split()[0])


def show(row: dict[str, Any]) -> None:
    """Print one shape: milliseconds of each, ratios, and whether they agree."""
    times = "  ".join(f"{name} {1000 * spent:.1f}" for name, spent in row["seconds"].items())
    print(f"{tuple(row['shape'])}, {row['iterations']} iterations, ms: {times}")
    print(f"    ours / {row['best_peer']}: {row['ratio']:.2f} (goal: under {row['wanted']})")
    inertias = ", ".join(f"{name} {ratio:.6f}" for name, ratio in row["inertia_ratios"].items())
    labels = ", ".join(f"{name} {part:.3%}" for name, part in row["equal_labels"].items())
    print(f"    inertia ours / theirs: {inertias}; equal labels: {labels}")
    if row["lecture"]:
        print(f"    {row['lecture']}")


def main() -> None:
    """Measure every shape, seedings and memory; print a table, and write JSON if requested."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything as JSON")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"in turn (default {RUNS})")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    found: dict[str, Any] = {"device": str(device.start()), "runs": arguments.runs, "shapes": []}
    print(f"medians of {arguments.runs} runs in turn, on {found['device']}, {os.cpu_count()} cores")
    for shape in SHAPES:
        found["shapes"].append(measured(shape, arguments.runs))
        show(found["shapes"][-1])
        sys.stdout.flush()
    found["seedings"] = seedings(arguments.runs)
    for row in found["seedings"]:
        spent = row["seconds"]
        ours = ("farthest", "single", "k-means++")
        ratios = [f"{name} {spent['sk k-means++'] / spent[name]:.1f}" for name in ours]
        times = "  ".join(f"{name} {1000 * value:.1f}" for name, value in spent.items())
        print(f"seeding {tuple(row['shape'])}, ms: {times}")
        print(f"    theirs / ours: {', '.join(ratios)}")
    found["memory_bytes"] = memory()
    print(f"memory above the points at {LARGE[:3]}: {found['memory_bytes'] / 2**20:.0f} MiB")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
