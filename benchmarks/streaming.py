"""k-means on a file too large to copy into memory: python benchmarks/streaming.py [--points N].

Makes a .npy of N x 16 float32 in a temporary folder (20 million points: 1.3 GB), then runs, each in
a process of its own and all from the same starting centroids: `cluster` for a few iterations,
`cluster --algorithm mini-batch`, and scikit-learn's MiniBatchKMeans with partial_fit over the same
mapped file, once through. Prints seconds (from start to end of the process, with the assignment of
all points), the peak of memory that is not the file's (RssAnon, Linux only), and the inertia.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

MAIN = str(Path(__file__).parents[1] / "main.py")
N_DIMS, N_CLUSTERS, BATCH, ITERATIONS = 16, 64, 4096, 5
CHUNK = 2**18


def make(path: Path, n_points: int) -> None:
    """Write overlapping clusters, a chunk at a time."""
    rng = np.random.default_rng(0)
    centers = rng.uniform(-10, 10, (N_CLUSTERS, N_DIMS)).astype(np.float32)
    shape = (n_points, N_DIMS)
    points = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    for start in range(0, n_points, CHUNK):
        n_chunk = min(CHUNK, n_points - start)
        noise = 3 * rng.standard_normal((n_chunk, N_DIMS), dtype=np.float32)
        points[start : start + n_chunk] = centers[rng.integers(0, N_CLUSTERS, n_chunk)] + noise
    points.flush()


def start_from(path: Path, table: Path) -> None:
    """Write starting centroids, chosen by scikit-learn's k-means++ among some of the points."""
    from sklearn.cluster import kmeans_plusplus

    points = np.load(path, mmap_mode="r")
    sample = points[np.sort(np.random.default_rng(1).integers(len(points), size=50_000))]
    start, _ = kmeans_plusplus(sample, N_CLUSTERS, random_state=0)
    header = ",".join(f"column {number}" for number in range(1, N_DIMS + 1))
    np.savetxt(table, start, delimiter=",", header=header, comments="", fmt="%.9g")


def run(*arguments: str) -> tuple[float, int, dict[str, Any]]:
    """Run Python; returns seconds, the peak of RssAnon in MiB, and the JSON it printed."""
    began, peak = time.perf_counter(), 0
    command = [sys.executable, *arguments]
    with tempfile.TemporaryFile("w+") as out:
        with subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None:
                peak = max(peak, anonymous(process.pid))
                time.sleep(0.02)
        seconds = time.perf_counter() - began
        out.seek(0)
        return seconds, peak, json.loads(out.read())


def anonymous(process_id: int) -> int:
    """Return the MiB of a process that belong to no file; 0 if the system does not report it."""
    try:
        lines = Path(f"/proc/{process_id}/status").read_text().splitlines()
        return next(int(each.split()[1]) // 1024 for each in lines if each.startswith("RssAnon"))
    except (OSError, StopIteration):
        return 0


def peer(path: str, table: str) -> None:
    """Run scikit-learn: batches in the order of the file, then the inertia of all points."""
    from sklearn.cluster import MiniBatchKMeans

    points, start = np.load(path, mmap_mode="r"), np.loadtxt(table, delimiter=",", skiprows=1)
    model = MiniBatchKMeans(
        N_CLUSTERS, init=start.astype(np.float32), n_init=1, batch_size=BATCH, random_state=0
    )
    for first in range(0, len(points), BATCH):
        model.partial_fit(points[first : first + BATCH])
    parts = (points[first : first + CHUNK] for first in range(0, len(points), CHUNK))
    print(json.dumps({"inertia": -sum(model.score(part) for part in parts)}))


def measure(n_points: int) -> None:
    """Run all three and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        path, table = Path(folder) / "points.npy", Path(folder) / "start.csv"
        make(path, n_points)
        start_from(path, table)
        given = ["cluster", str(path), "--seeding", str(table), "--json"]
        few = f"k-means, {ITERATIONS} iterations"
        commands = {
            few: [MAIN, *given, "--max-iter", str(ITERATIONS)],
            "mini-batch": [MAIN, *given, "--algorithm", "mini-batch", "--batch-size", str(BATCH)],
            "scikit-learn, partial_fit": [__file__, "--peer", str(path), str(table)],
        }
        print(f"{n_points:,} x {N_DIMS}, {path.stat().st_size / 2**20:,.0f} MiB, k={N_CLUSTERS}")
        print(f"{'':28} {'seconds':>8} {'MiB':>6} {'inertia':>12}  of k-means", flush=True)
        reference = 0.0
        for name, command in commands.items():
            seconds, peak, found = run(*command)
            reference = reference or found["inertia"]
            ratio = found["inertia"] / reference
            print(f"{name:28} {seconds:8.1f} {peak:6} {found['inertia']:12.5g} {ratio:11.4f}")
            if "streamed" in found:
                batches = f", {found['iterations']:,} batches" if "passes" in found else ""
                print(f"  streamed: {found['streamed']}, {found['seconds']}{batches}", flush=True)


def main() -> None:
    """Measure, or be the measured process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=float, default=20e6, help="how many (default 20 million)")
    parser.add_argument("--peer", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        peer(*arguments.peer)
    else:
        measure(int(arguments.points))


if __name__ == "__main__":
    main()
