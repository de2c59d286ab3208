"""Compares mean shift with scikit-learn's: python benchmarks/mean_shift.py [--json].

Same process, same points, same bandwidth, the flat kernel, which is the only one of scikit-learn.
Our times are medians of 7 runs after one that compiles; scikit-learn is run once if that takes
seconds. A ratio is scikit-learn's time over ours. `modes` is the largest distance between two
corresponding modes, in bandwidths, `rand` the adjusted Rand index of the labels.
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

from engine import source
from engine.clustering.mean_shift.frames import Kernel
from engine.clustering.mean_shift.options import Form, MeanShiftOptions, Seeds
from engine.runtime import device

RUNS = 7
SMALL = "blobs:clusters=6,per_cluster=250,variance=5,seed=0"
LARGE = "blobs:clusters=6,per_cluster=2500,variance=30,seed=8"
MANY = "blobs:clusters=6,per_cluster=200000,variance=30,seed=8"


def timed(function: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Return the median seconds of some runs, and the result of the last one."""
    spent = []
    for _ in range(runs):
        began = time.perf_counter()
        result = function()
        spent.append(time.perf_counter() - began)
    return median(spent), result


def ours(points: np.ndarray, options: MeanShiftOptions, runs: int) -> tuple[float, float, Any]:
    """Return seconds of the first run, median seconds of others, and the last frame."""
    from engine.clustering.mean_shift.stepper import fit

    first, _ = timed(lambda: fit(points, options), 1)
    seconds, frame = timed(lambda: fit(points, options), runs)
    return first, seconds, frame


def beside(recipe: str, bandwidth: float, seeds: Seeds) -> dict[str, Any]:
    """Run both on the same points, with the flat kernel."""
    from sklearn.cluster import MeanShift
    from sklearn.metrics import adjusted_rand_score

    points, bins = source.load(recipe).points, seeds is Seeds.BINS
    options = MeanShiftOptions(bandwidth=bandwidth, kernel=Kernel.FLAT, seeds=seeds)
    first, seconds, frame = ours(points, options, RUNS)
    model = MeanShift(bandwidth=bandwidth, bin_seeding=bins)
    theirs, model = timed(lambda: model.fit(points), RUNS if bins else 1)
    same_number = len(frame.centroids) == len(model.cluster_centers_)
    apart = by_place(frame.centroids) - by_place(model.cluster_centers_) if same_number else np.inf
    return {
        "what": f"{len(points):,} points, {seeds.value}, flat, bandwidth {bandwidth}",
        "first": first,
        "seconds": seconds,
        "theirs": theirs,
        "ratio": theirs / seconds,
        "modes": float(np.abs(apart).max() / bandwidth),
        "rand": adjusted_rand_score(frame.labels, model.labels_),
    }


def by_place(modes: np.ndarray) -> np.ndarray:
    """Sort modes by their coordinates."""
    return modes[np.lexsort(modes.T)]


def alone(recipe: str, **options: Any) -> dict[str, Any]:
    """Run only ours, if scikit-learn has nothing like it or takes minutes."""
    points = source.load(recipe).points
    first, seconds, frame = ours(points, MeanShiftOptions(**options), 3)
    choices = ", ".join(str(getattr(value, "value", value)) for value in options.values())
    return {
        "what": f"{len(points):,} points, {choices}: {len(frame.centroids)} modes",
        "first": first,
        "seconds": seconds,
    }


def measured() -> list[dict[str, Any]]:
    """Make all comparisons."""
    rows = [beside(SMALL, h, seeds) for h in (5.0, 10.0) for seeds in (Seeds.POINTS, Seeds.BINS)]
    rows += [
        alone(LARGE, bandwidth=h, kernel=kernel, form=form)
        for kernel in Kernel
        for h, form in ((4.0, Form.CLIMBING), (8.0, Form.CLIMBING), (4.0, Form.BLURRING))
    ]
    return rows + [alone(MANY, bandwidth=5.0, kernel=kernel) for kernel in Kernel]


def line(row: dict[str, Any]) -> str:
    """Format one measurement as a line of the table."""
    text = f"{row['what']:58} {1000 * row['first']:9.0f} {1000 * row['seconds']:9.1f}"
    if "ratio" in row:
        text += f" {1000 * row['theirs']:9.1f} {row['ratio']:7.1f}"
        text += f" {row['modes']:8.5f} {row['rand']:7.4f}"
    return text


def main() -> None:
    """Measure and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    found = {"device": str(device.start()), "runs": RUNS, "rows": measured()}
    if as_json:
        print(json.dumps(found))
        return
    print(f"on {found['device']}; ratio: scikit-learn / ours")
    columns = ("first ms", "ours ms", "theirs ms", "ratio", "modes", "rand")
    widths = (9, 9, 9, 7, 8, 7)
    print(" " * 58, *(f"{name:>{width}}" for name, width in zip(columns, widths, strict=True)))
    print(*map(line, found["rows"]), sep="\n")


if __name__ == "__main__":
    main()
