"""The first start after another program has filled the memory: python benchmarks/cold_start.py.

The pages of Python, Qt, TensorFlow and our own files are dropped from the cache before each start,
as far as no other program holds them, so close Barycenter and other Python programs first. This
process imports none of them. Linux alone lets a program do so.
"""

import json
import os
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from statistics import median

_ROOT = Path(__file__).parents[1]
_FOLDERS = [sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), _ROOT]
N_STARTS = 5


def forget_files() -> int:
    """Drop all files of a start from the cache, and say how many they are."""
    n_files = 0
    for folder in _FOLDERS:
        for path in Path(folder).rglob("*"):
            if path.is_file() and os.access(path, os.R_OK):
                file = os.open(path, os.O_RDONLY)
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(file)
                n_files += 1
    return n_files


def started() -> dict[str, float]:
    """Seconds until the window is painted, and until TensorFlow is there."""
    arguments = json.dumps(["start", time.time()])
    command = [sys.executable, str(_ROOT / "benchmarks" / "window.py"), "--one", arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Start with the files in the cache, and without."""
    if not hasattr(os, "posix_fadvise"):
        print("Files cannot be dropped from the cache here: nothing was measured.")
        return
    for name, forget in (("warm", None), ("cold", forget_files)):
        starts = []
        for _ in range(N_STARTS):
            if forget:
                forget()
            starts.append(started())
        values = {key: median(each[key] for each in starts) for key in starts[0]}
        line = " · ".join(f"{key} {value:.2f}" for key, value in values.items())
        print(f"{name}, medians of {N_STARTS}: {line}", flush=True)


if __name__ == "__main__":
    main()
