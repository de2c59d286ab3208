"""Measures the window: python benchmarks/window.py [--quick] [--json].

Each measurement has its own process, off screen. Start: from the process to the first painted
window, and to TensorFlow. Gaps: those of a 5 ms timer on the GUI thread that the machine itself did
not cause (see `_window`). Pictures: steps of k-means painted in a second, as fast as possible, with
the plot at rest and while it is panned and zoomed. Memory: least squares over the second half of
all samples; growth is more than 2 MB in that half and a correlation above 0.9.
"""

import argparse
import gc
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from _window import Gaps, gaps_while, opened, run_for, wait_for
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication

from app.application import SWITCH_INTERVAL
from engine.runtime import program_cache

SIZES = (1_500, 20_000, 100_000, 1_000_000, 5_000_000)
N_CLUSTERS = 8
N_STEPS, N_FILES = 1_000, 50
GROWTH_MB, GROWTH_CORRELATION = 2.0, 0.9


def ready_window(folder):
    """Return the window with TensorFlow, and a first frame on screen."""
    window = opened(folder)
    wait_for(lambda: window.engine_ready and window.tabs.clustering.player.frame is not None)
    return window


def with_points(window, folder, n_points):
    """Load points that take many iterations; returns the clustering lab."""
    path = Path(folder) / f"{n_points}.npy"
    np.save(path, np.random.default_rng(0).random((n_points, 2), np.float32))
    lab = window.tabs.clustering
    lab.kmeans.k.setValue(N_CLUSTERS)
    lab.toggles.tween.setChecked(False)
    lab.open(str(path))
    wait_for(lambda: lab.player.frame is not None and len(lab.player.frame.labels) == n_points)
    return lab


def keep_playing(lab):
    """Play as fast as possible, and again from another seed when a run ends."""

    def go_on():
        if lab.player.at_end and not lab.player.playing:
            lab.kmeans.seed.randomize()
            lab.player.play()

    lab.player.set_rate(None)
    lab.player.play()
    lab.player.changed.connect(lambda: QTimer.singleShot(0, go_on))


# Measurements, each in a process of its own


def start(folder, began):
    """Measure seconds until the window is painted and TensorFlow has started; gaps in between."""
    window = opened(folder)
    QApplication.processEvents()
    window.repaint()
    painted = time.time() - began
    gaps = Gaps(120)
    wait_for(lambda: window.engine_ready)
    found = {"painted_s": painted, "ready_s": time.time() - began}
    return found | {f"gap_{name}_ms": ms for name, ms in gaps.stop().summary().items()}


def first_half_step(folder, began):
    """Measure seconds until TensorFlow has started, and until the first half-step after play."""
    from engine.clustering.frames import Phase

    window = opened(folder)
    player = window.tabs.clustering.player
    wait_for(lambda: window.engine_ready and player.frame is not None)
    ready = time.time() - began
    player.set_rate(None)
    player.play()
    wait_for(lambda: player.frame.phase is not Phase.SEED)
    window.repaint()
    return {"ready_s": ready, "half_step_s": time.time() - began}


def first_word(folder, began):
    """Measure seconds until the first word is spelled, starting with its tab."""
    settings = {"window": {"tab": "spelling"}, "spelling": {"by_letter": False}}
    Path(folder, "settings.json").write_text(json.dumps(settings))
    window = opened(folder)
    player = window.tabs.spelling.player
    wait_for(lambda: player.frame is not None and player.frame.stop)
    window.repaint()
    return {"word_s": time.time() - began}


def playing(folder, n_points, seconds):
    """Measure gaps while k-means is played."""
    lab = with_points(ready_window(folder), folder, n_points)
    keep_playing(lab)
    run_for(2.0)
    return gaps_while(seconds).summary()


def compiling(folder, n_points, seconds):
    """Measure gaps when k is changed for the first time."""
    lab = with_points(ready_window(folder), folder, n_points)
    keep_playing(lab)
    run_for(2.0)
    gaps = Gaps(seconds + 1)
    for step in range(4):
        lab.kmeans.k.setValue(N_CLUSTERS + 5 * (step + 1))
        run_for(seconds / 4)
    return gaps.stop().summary()


def pictures(folder, n_points, seconds, moving):
    """Count painted steps in a second."""
    from app.views.scatter.view import ScatterView

    lab = with_points(ready_window(folder), folder, n_points)
    painted, paint = [-1], ScatterView.paintEvent

    def counted(view, event):
        paint(view, event)
        frame = lab.player.frame
        if view is lab.scatter and frame is not painted[-1]:
            painted.append(frame)
            del painted[:-1]
            counter[0] += 1

    counter = [0]
    ScatterView.paintEvent = counted
    hand = QTimer()
    box, turn = lab.scatter.getPlotItem().getViewBox(), [0]

    def move():
        turn[0] += 1
        box.scaleBy((0.99, 0.99) if turn[0] % 60 < 30 else (1 / 0.99, 1 / 0.99))
        box.translateBy(x=0.002 if turn[0] % 40 < 20 else -0.002, y=0.001)

    if moving:
        hand.timeout.connect(move)
        hand.start(16)
    keep_playing(lab)
    run_for(2.0)
    counter[0], began = 0, time.perf_counter()
    run_for(seconds)
    return {"per_second": counter[0] / (time.perf_counter() - began)}


def memory_of_steps(folder, n_steps):
    """Measure memory while a history is walked and runs start again."""
    lab = with_points(ready_window(folder), folder, 20_000)
    samples, n_done = [], [0]
    lab.player.moved.connect(lambda: n_done.__setitem__(0, n_done[0] + 1))
    for n_wanted in range(1, n_steps + 1):
        if lab.player.at_end:
            lab.kmeans.seed.randomize()
        else:
            lab.player.step()
        wait_for(lambda n=n_wanted: n_done[0] >= n, 20)
        if n_wanted % (n_steps // 40) == 0:
            samples.append(resident_mb())
    return growth(samples, n_steps)


def memory_of_files(folder, n_files):
    """Measure memory while files are opened one after another."""
    paths = [Path(folder) / f"{name}.csv" for name in "ab"]
    for seed, path in enumerate(paths):
        points = np.random.default_rng(seed).random((10_000 + seed, 3))
        np.savetxt(path, points, delimiter=",", header="x,y,z", comments="")
    window, samples = ready_window(folder), []
    lab = window.tabs.clustering
    for number in range(n_files):
        seed = number % 2
        lab.open(str(paths[seed]))
        wait_for(lambda n=10_000 + seed: lab.player.frame and len(lab.player.frame.labels) == n)
        lab.player.play()
        run_for(0.2)
        samples.append(resident_mb())
    return growth(samples, n_files)


def resident_mb():
    """Return the megabytes that this process holds, after garbage collection."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def growth(samples, n_done):
    """Return how memory changed in the second half of some work."""
    late = np.array(samples[len(samples) // 2 :])
    places = np.linspace(0, 1, len(late))
    slope = float(np.polyfit(places, late, 1)[0])
    correlation = float(np.corrcoef(places, late)[0, 1]) if late.std() > 0 else 0.0
    grows = slope > GROWTH_MB and correlation > GROWTH_CORRELATION
    return {
        "n": n_done,
        "first_mb": samples[0],
        "last_mb": samples[-1],
        "second_half_mb": slope,
        "grows": grows,
    }


# All measurements


def plan(quick):
    """Return the rows: a name, the function that measures it, its arguments, how many times."""
    seconds, n_starts = (3.0, 2) if quick else (6.0, 5)
    sizes = SIZES[:-1] if quick else SIZES
    rows = [
        ("start", start, (time.time,), n_starts),
        ("gaps playing 20,000 points", playing, (20_000, 2 * seconds), 1),
        ("gaps playing 1,000,000 points", playing, (1_000_000, 2 * seconds), 1),
        ("gaps at another k, 20,000 points", compiling, (20_000, 2 * seconds), 1),
    ]
    for n_points in sizes:
        rows.append((f"pictures, {n_points:,} points", pictures, (n_points, seconds, False), 1))
        rows.append((f"  panned and zoomed, {n_points:,}", pictures, (n_points, seconds, True), 1))
    rows.append(("memory of steps", memory_of_steps, (N_STEPS // (4 if quick else 1),), 1))
    rows.append(("memory of opened files", memory_of_files, (N_FILES // (2 if quick else 1),), 1))
    return rows


def measured(function, arguments):
    """Return what a measurement gives in a fresh process."""
    values = [each() if callable(each) else each for each in arguments]
    command = [sys.executable, __file__, "--one", json.dumps([function.__name__, *values])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1:]}
    return json.loads(done.stdout.splitlines()[-1])


def one(name, *arguments):
    """Measure in this process and print."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    application = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        found = globals()[name](folder, *arguments)
    print(json.dumps(found), flush=True)
    assert application is not None
    program_cache.end()
    os._exit(0)  # for the same reason as app.application


def medians(results):
    """Return the median of each number over several runs."""
    return {key: median(each[key] for each in results) for key in results[0]}


def line(name, found):
    """Format a row of the table."""
    values = [
        f"{key.replace('_', ' ')} {value:.2f}" if isinstance(value, float) else f"{key} {value}"
        for key, value in found.items()
    ]
    return f"{name:34} " + " · ".join(values)


def main():
    """Measure everything and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter measurements")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(*json.loads(options.one))
    found = {"machine": f"{os.cpu_count()} cores, {platform.platform()}", "rows": {}}
    if not options.json:
        print(f"{found['machine']}; gaps and times of a start in ms and s, medians of starts")
    for name, function, arguments, n_times in plan(options.quick):
        found["rows"][name] = medians([measured(function, arguments) for _ in range(n_times)])
        if not options.json:
            print(line(name, found["rows"][name]), flush=True)
    if options.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
