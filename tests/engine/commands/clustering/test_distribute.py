"""`cluster --distribute`: several devices give the result of one; workers that exit."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.engine.clustering.kmeans.backends.test_sharded import CASES, on_logical_devices
from tests.processes import free_addresses, tf_config
from tests.waiting import seconds_left

ROOT = Path(__file__).parents[4]
BLOBS = "cluster blobs:clusters=4,per_cluster=51,seed=1 -k 7 --seeding random --json"
MULTI_WORKER = "--distribute multi-worker"
OF_THE_RUN = {"distribute", "n_replicas", "n_workers", "seconds"}

# Runs several command lines; prints one line with the earlier results, and exits like the last.
# One process runs them all, because TensorFlow connects a process to others only once.
ONE_AFTER_THE_OTHER = """
import contextlib, functools, json, sys, tempfile
from engine.runtime import strategies, workers
from engine.__main__ import main
strategies.multi_worker = functools.cache(strategies.multi_worker)
workers.from_environment = functools.cache(workers.from_environment)
*first, last = sys.argv[1:]
for line in first:
    # In files: while it connects, a clock outside the interpreter may have to write to stderr.
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(line.split())
        written = [(file.seek(0), file.read())[1] for file in (out, err)]
    print(json.dumps([status, *written]))
sys.exit(main(last.split()))
"""

# Runs until it is killed, and prints when it has begun, so that the test knows when to kill it.
FOR_EVER = """
import sys
from engine.__main__ import main
from engine.commands.clustering.distribute import Distribution
fit = Distribution._fit
def say_and_fit(self, strategy, points, start, options, show):
    from engine.clustering.kmeans import driver
    driver.Rules.why_stop = lambda *_: None
    say = lambda text: print(text, flush=True) if text == "iteration 1" else None
    return fit(self, strategy, points, start, options, say)
Distribution._fit = say_and_fit
sys.exit(main(sys.argv[1].split()))
"""


def are_alike(one, other):
    """Return whether two JSON objects hold the same result, except for the rounding of sums."""
    sums = ("centroids", "inertia")
    same = without(one, *OF_THE_RUN, *sums) == without(other, *OF_THE_RUN, *sums)
    one, other = json.loads(one), json.loads(other)
    return same and all(np.allclose(one[key], other[key], rtol=1e-5) for key in sums)


@pytest.fixture
def start_worker():
    """Start a process with a TF_CONFIG, and kill it at the end of the test."""
    started = []

    def start(addresses, index, *arguments):
        started.append(worker_process(addresses, index, *arguments))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def worker_process(addresses, index, *arguments):
    unset = {"TF_CPP_MIN_LOG_LEVEL", "PYTHONUNBUFFERED"}
    env = {name: value for name, value in os.environ.items() if name not in unset}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=env | {"TF_CONFIG": json.dumps(tf_config(addresses, index))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end_of(process):
    """Wait for a process: exit status, stdout and stderr."""
    out, err = process.communicate(timeout=seconds_left())
    return process.returncode, out, err


def without(result, *names):
    return {key: value for key, value in json.loads(result).items() if key not in names}


@pytest.fixture(scope="module")
def on_two_devices():
    """The output of a command line, and then of the engine's test cases in the same process."""
    return on_logical_devices(2, f"{BLOBS} --distribute mirrored --devices 2")


@pytest.mark.distributed
def test_two_devices_give_the_frame_of_one(on_two_devices):
    _, *found = on_two_devices
    assert found == [2, dict.fromkeys(CASES, True)]


@pytest.mark.distributed
def test_two_devices_give_the_result_of_one(command, on_two_devices):
    out, *_ = on_two_devices
    found = json.loads(out)
    assert [found[key] for key in ("distribute", "n_replicas", "n_workers")] == ["mirrored", 2, 1]
    _, alone, _ = command(BLOBS)
    assert are_alike(out, alone)


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    """Two workers whose command lines differ, and then two that agree.

    Returns:
        Exit status, stdout and stderr of both workers of each pair; the command line of the second
        pair; their addresses; and the folder of the outputs.
    """
    folder = tmp_path_factory.mktemp("workers")
    start = folder / "start.csv"
    start.write_text("x,y\n0,0\n9999,9999\n1,1\n")  # the second is empty and is relocated
    one = f"{BLOBS} --seeding {start} --empty farthest".replace("-k 7", "")
    addresses = free_addresses(2)
    started = [
        worker_process(
            addresses,
            index,
            "-c",
            ONE_AFTER_THE_OTHER,
            f"{BLOBS} {MULTI_WORKER} --seed {index}",
            f"{one} {MULTI_WORKER} --labels {folder}/{index}.csv",
        )
        for index in range(2)
    ]
    try:
        ends = [end_of(process) for process in started]
    finally:
        for process in started:
            process.kill()
            process.communicate()
    differing, agreeing = [], []
    for status, printed, err in ends:
        assert printed, err
        first, _, out = printed.partition("\n")
        differing.append(json.loads(first))
        agreeing.append((status, out, err))
    return SimpleNamespace(
        differing=differing, agreeing=agreeing, line=one, addresses=addresses, folder=folder
    )


@pytest.mark.distributed
def test_two_workers_give_the_result_of_one(command, two_workers, tmp_path):
    (status, out, err), other = two_workers.agreeing
    assert (status, err) == (0, "")
    found = json.loads(out)
    printed = f"iterations; worker 0 at {two_workers.addresses[0]} has the results.\n"
    assert other == (0, "", f"Worker 1 is done after {found['iterations']} {printed}")
    assert [found[key] for key in ("n_replicas", "n_workers")] == [2, 2]
    assert found["empty_clusters"] == []
    _, alone, _ = command(f"{two_workers.line} --labels {tmp_path / 'alone.csv'}")
    assert are_alike(out, alone)
    labels = (two_workers.folder / "0.csv").read_text()
    assert labels == (tmp_path / "alone.csv").read_text()
    assert not (two_workers.folder / "1.csv").exists()


@pytest.mark.distributed
def test_workers_with_different_options_are_refused(two_workers):
    for status, out, err in two_workers.differing:
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert "different points or different options" in err


@pytest.mark.distributed
@pytest.mark.parametrize(
    ("index", "number", "own_end"),
    [
        (0, signal.SIGKILL, (-signal.SIGKILL, "")),
        (1, signal.SIGINT, (130, "Interrupted.\n")),
    ],
)
def test_if_a_worker_exits_the_others_stop(start_worker, index, number, own_end):
    addresses = free_addresses(2)
    line = f"{BLOBS} {MULTI_WORKER}"
    started = [start_worker(addresses, each, "-c", FOR_EVER, line) for each in (0, 1)]
    for process in started:
        assert process.stdout.readline() == "iteration 1\n"
    started[index].send_signal(number)
    status, _, err = end_of(started[1 - index])
    assert (status, err) == (
        1,
        "The run ended without a result because a worker has exited: "
        f"{addresses[index]}; start all workers again.\n",
    )
    status, _, err = end_of(started[index])
    assert (status, err) == own_end


def test_a_missing_worker_is_named(command, monkeypatch):
    addresses = free_addresses(2)
    monkeypatch.setenv("TF_CONFIG", json.dumps(tf_config(addresses, 0)))
    found = command(f"{BLOBS} {MULTI_WORKER} --wait 0.01")
    printed = f"Waited 0.01 s for {addresses[1]}; start all workers within that time, and "
    assert found == (1, "", f"{printed}with the same list of addresses.\n")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("iris --devices 2", "--devices goes with --distribute mirrored"),
        (f"iris {MULTI_WORKER} --devices 2", "--devices goes with --distribute mirrored"),
        ("iris --distribute mirrored --devices 0", "1 to 64 devices, not 0"),
        ("iris --wait 3", "--wait goes with --distribute multi-worker"),
        (f"iris {MULTI_WORKER} --wait 0", "--wait must be more than 0 seconds and at most 86,400"),
        (f"iris {MULTI_WORKER} --wait nan", "a day, not nan"),
        (f"iris {MULTI_WORKER} --wait inf", "a day, not inf"),
        (f"iris {MULTI_WORKER}", "TF_CONFIG must name the workers"),
        ("photo.png --distribute mirrored", "--distribute is for tables"),
        ("iris --distribute mirrored --formulation lecture", "lecture runs on one"),
        ("iris --distribute mirrored --formulation tiled", "tiled runs on one"),
        ("iris --algorithm mini-batch --distribute mirrored", "--distribute is an option of k-m"),
        ("iris --algorithm mean-shift --distribute mirrored", "--distribute is an option of k-m"),
        ("iris --distribute everywhere", "invalid choice: 'everywhere'"),
    ],
)
def test_invalid_combinations_are_one_line(command, monkeypatch, line, words):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    status, out, err = command(f"cluster {line}")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert words in err
