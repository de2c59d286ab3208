"""k-means on one device, two logical devices and two workers: python benchmarks/distributed.py.

The same points, start and number of iterations, in separate processes, in turn; medians of `fit` of
a NumPy array as a whole, the first one apart. All share the cores of this machine.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from engine.runtime import device, strategies, workers

SHAPES = [(100_000, 2, 8), (1_000_000, 2, 8), (200_000, 3, 100), (1_000_000, 16, 64)]
ITERATIONS = 10
RUNS, ROUNDS = 5, 3
_SECONDS_TO_MEET = 60
WAYS = ("one device", "two devices", "two workers")


def chosen_fit(way: str) -> Callable[..., Any]:
    """Return the `fit` of one of the ways, after setting up TensorFlow for it."""
    if way == "one device":
        from engine.clustering.kmeans.driver import fit

        return fit
    strategy = (
        strategies.mirrored(2)
        if way == "two devices"
        else strategies.multi_worker(workers.from_environment(), _SECONDS_TO_MEET)
    )
    from engine.clustering.kmeans.driver import fit

    return lambda *arguments, **options: fit(*arguments, strategy=strategy, **options)


def timed(way: str) -> list[dict[str, float]]:
    """Fit all shapes; returns the first time, the median of the others, and the inertia."""
    fit, found = chosen_fit(way), []
    for n_points, n_dims, n_clusters in SHAPES:
        points = np.random.default_rng(0).normal(size=(n_points, n_dims)).astype(np.float32)
        seconds = []
        for _ in range(RUNS + 1):
            began = time.perf_counter()
            frame = fit(points, points[:n_clusters], max_iter=ITERATIONS)
            seconds.append(time.perf_counter() - began)
        found.append({"first": seconds[0], "median": median(seconds[1:]), "inertia": frame.inertia})
    return found


def run_apart(way: str) -> list[dict[str, float]]:
    """Do the same in a process of its own, or in two."""
    n_workers = 2 if way == "two workers" else 1
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(n_workers)]
    addresses = [f"127.0.0.1:{server.getsockname()[1]}" for server in servers]
    for server in servers:
        server.close()
    started = []
    for index in range(n_workers):
        task = {"type": "worker", "index": index}
        config = json.dumps({"cluster": {"worker": addresses}, "task": task})
        command = [sys.executable, __file__, "--way", way]
        env = os.environ | {"TF_CONFIG": config}
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, env=env))
    outputs = [process.communicate()[0] for process in started]
    return list(json.loads(outputs[0]))


def measured() -> list[dict[str, Any]]:
    """Measure all ways in turn, several rounds; returns a row for each shape."""
    rounds = [{way: run_apart(way) for way in WAYS} for _ in range(ROUNDS)]
    rows = []
    for index, shape in enumerate(SHAPES):
        of_ways = {way: [each[way][index] for each in rounds] for way in WAYS}
        rows.append(
            {
                "shape": shape,
                "inertias": [of_ways[way][0]["inertia"] for way in WAYS],
                **{
                    kind: {way: median(one[kind] for one in of_ways[way]) for way in WAYS}
                    for kind in ("first", "median")
                },
            }
        )
    return rows


def line(row: dict[str, Any]) -> str:
    """Format a shape as a line of the table."""
    one, *others = (row["median"][way] for way in WAYS)
    times = " ".join(f"{1000 * each:12.1f}" for each in (one, *others))
    ratios = " ".join(f"{each / one:6.2f}" for each in others)
    first = " ".join(f"{1000 * row['first'][way]:8.0f}" for way in WAYS)
    spread = max(row["inertias"]) / min(row["inertias"]) - 1
    return f"{row['shape']!s:22} {times}  {ratios}  {first}  {spread:8.1e}"


def main() -> None:
    """Measure and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.way:
        print(json.dumps(timed(arguments.way)))
        return
    rows = measured()
    if arguments.json:
        print(json.dumps({"iterations": ITERATIONS, "rows": rows}))
        return
    print(f"{ITERATIONS} iterations on {device.start()}, medians in ms; ratio: to one device;")
    print("first: with what is traced or compiled once; last: how much the inertias differ")
    print(f"{'(N, D, K)':22} {WAYS[0]:>12} {WAYS[1]:>12} {WAYS[2]:>12}  ratios")
    print(*map(line, rows), sep="\n")


if __name__ == "__main__":
    main()
