"""Starts of the window: python benchmarks/cold_start.py [--starts N].

First and second start: to the first half-step that is played, and to the first word that is
spelled, without compiled programs and with those kept by the previous start. The two alternate, and
the ratios are those of their medians.

Warm and cold: to the painted window and to TensorFlow, with the files in the system's cache, and
after another program has filled the memory. The pages of Python, Qt, TensorFlow and our own files
are dropped from the cache before each start, unless another program holds them, so close Barycenter
and other Python programs first. Only Linux lets a program do so.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from statistics import median

_ROOT = Path(__file__).parents[1]
_FOLDERS = [sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), _ROOT]
_CACHE = "BARYCENTER_CACHE"


def forget_files() -> int:
    """Drop all files of a start from the cache; returns how many they are."""
    n_files = 0
    for folder in _FOLDERS:
        for path in Path(folder).rglob("*"):
            if path.is_file() and os.access(path, os.R_OK):
                file = os.open(path, os.O_RDONLY)
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(file)
                n_files += 1
    return n_files


def measured(name: str, cache: str | None = None) -> dict[str, float]:
    """Return the result of one measurement of `window.py` in its own process.

    Args:
        name: The name of the measurement.
        cache: The folder of compiled programs; None for the user's.
    """
    arguments = json.dumps([name, time.time()])
    command = [sys.executable, str(_ROOT / "benchmarks" / "window.py"), "--one", arguments]
    environment = os.environ | ({_CACHE: cache} if cache else {})
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def medians(starts: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of each number."""
    return {key: median(each[key] for each in starts) for key in starts[0]}


def line(name: str, values: dict[str, float]) -> str:
    """Format a row of the table."""
    return f"{name:12}" + " · ".join(f"{key} {value:.2f}" for key, value in values.items())


def first_and_second(n_starts: int) -> None:
    """Start without kept programs, then with those of that start."""
    for name in ("first_half_step", "first_word"):
        firsts, seconds = [], []
        for _ in range(n_starts):
            with tempfile.TemporaryDirectory() as cache:
                firsts.append(measured(name, cache))
                seconds.append(measured(name, cache))
        first, second = medians(firsts), medians(seconds)
        print(line("first", first))
        print(line("second", second))
        ratios = {key.removesuffix("_s"): second[key] / first[key] for key in first}
        print(line("second/first", ratios), flush=True)


def warm_and_cold(n_starts: int) -> None:
    """Start with the files in the system's cache, and without."""
    if not hasattr(os, "posix_fadvise"):
        print("Files cannot be dropped from the cache here: no cold start was measured.")
        return
    for name, forget in (("warm", None), ("cold", forget_files)):
        starts = []
        for _ in range(n_starts):
            if forget:
                forget()
            starts.append(measured("start"))
        print(line(name, medians(starts)), flush=True)


def main() -> None:
    """Measure all starts and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=5, help="of each kind (default 5)")
    n_starts = parser.parse_args().starts
    machine = f"{os.cpu_count()} cores, {platform.platform()}"
    print(f"{machine}; seconds since the process began, medians of {n_starts}")
    first_and_second(n_starts)
    warm_and_cold(n_starts)


if __name__ == "__main__":
    main()
