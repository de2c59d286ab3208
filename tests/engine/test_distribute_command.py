"""`cluster --distribute`: as one device, on several; and what happens when a worker is gone."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
BLOBS = "cluster blobs:clusters=4,per_cluster=51,seed=1 -k 7 --seeding random --json"
MULTI_WORKER = "--distribute multi-worker"
OF_THE_RUN = {"distribute", "n_replicas", "n_workers", "seconds"}
LONG = 120

# Says each iteration, so that nobody has to guess when to end it.
FOR_LONG = """
import sys
from engine.__main__ import main
from engine.commands import distribute
fit = distribute.Team.fit
def say_and_fit(self, points, start, options, show):
    return fit(self, points, start, options, lambda text: print(text, flush=True))
distribute.Team.fit = say_and_fit
sys.exit(main("cluster uniform:n_points=50000 -k 60 --seeding random --max-iter 99999 --tol 0"
    " --distribute multi-worker".split()))
"""


def free_addresses(n_workers):
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(n_workers)]
    addresses = [f"127.0.0.1:{server.getsockname()[1]}" for server in servers]
    for server in servers:
        server.close()
    return addresses


def are_alike(one, other):
    """Whether two JSON objects are of the same result, but for the rounding of sums."""
    sums = ("centroids", "inertia")
    same = without(one, *OF_THE_RUN, *sums) == without(other, *OF_THE_RUN, *sums)
    one, other = json.loads(one), json.loads(other)
    return same and all(np.allclose(one[key], other[key], rtol=1e-5) for key in sums)


@pytest.fixture
def start_worker():
    """Start a process with a TF_CONFIG; none outlives the test."""
    started = []

    def start(addresses, index, *arguments):
        started.append(worker_process(addresses, index, *arguments))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def worker_process(addresses, index, *arguments):
    task = {"type": "worker", "index": index}
    config = {"cluster": {"worker": addresses}, "task": task}
    unset = {"TF_CPP_MIN_LOG_LEVEL", "PYTHONUNBUFFERED"}
    env = {name: value for name, value in os.environ.items() if name not in unset}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=env | {"TF_CONFIG": json.dumps(config)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end_of(process):
    """Exit status, stdout and stderr."""
    out, err = process.communicate(timeout=LONG)
    return process.returncode, out, err


def end_of_two(start_worker, *lines):
    """Two workers with a command line each, at their end, and their addresses."""
    addresses = free_addresses(2)
    started = [
        start_worker(addresses, index, "main.py", *line.split()) for index, line in enumerate(lines)
    ]
    return [end_of(process) for process in started], addresses


def without(result, *names):
    return {key: value for key, value in json.loads(result).items() if key not in names}


def test_two_devices_give_the_result_of_one(command):
    line = f"{BLOBS} --distribute mirrored --devices 2"
    done = subprocess.run(
        [sys.executable, "main.py", *line.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LONG,
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert [found[key] for key in ("distribute", "n_replicas", "n_workers")] == ["mirrored", 2, 1]
    _, alone, _ = command(BLOBS)
    assert are_alike(done.stdout, alone)


def test_two_workers_give_the_result_of_one(command, start_worker, tmp_path):
    start = tmp_path / "start.csv"
    start.write_text("x,y\n0,0\n9999,9999\n1,1\n")  # the second is empty, and jumps
    one = f"{BLOBS} --seeding {start} --empty farthest".replace("-k 7", "")
    line = f"{one} {MULTI_WORKER} --labels {tmp_path}/%s.csv"
    ends, addresses = end_of_two(start_worker, line % "labels", line % "others")
    (status, out, err), other = ends
    assert (status, err) == (0, "")
    found = json.loads(out)
    said = f"iterations; worker 0 at {addresses[0]} has the results.\n"
    done = f"Worker 1 is done after {found['iterations']} {said}"
    assert other == (0, "", done)
    assert [found[key] for key in ("n_replicas", "n_workers")] == [2, 2]
    assert found["empty_clusters"] == []
    _, alone, _ = command(f"{one} --labels {tmp_path / 'alone.csv'}")
    assert are_alike(out, alone)
    assert (tmp_path / "labels.csv").read_text() == (tmp_path / "alone.csv").read_text()
    assert not (tmp_path / "others.csv").exists()


def test_workers_that_differ_are_refused(start_worker):
    ends, _ = end_of_two(
        start_worker, f"{BLOBS} {MULTI_WORKER}", f"{BLOBS} {MULTI_WORKER} --seed 1"
    )
    for status, out, err in ends:
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert "other points or other options than each other" in err


@pytest.mark.parametrize(
    ("index", "number", "own_end"),
    [
        (0, signal.SIGKILL, (-signal.SIGKILL, "")),
        (1, signal.SIGINT, (130, "Interrupted.\n")),
    ],
)
def test_a_worker_that_is_gone_ends_the_others(start_worker, index, number, own_end):
    addresses = free_addresses(2)
    started = [start_worker(addresses, each, "-c", FOR_LONG) for each in (0, 1)]
    for process in started:
        assert process.stdout.readline() == "iteration 1\n"
    started[index].send_signal(number)
    status, _, err = end_of(started[1 - index])
    assert (status, err) == (
        1,
        "The run has ended without a result, because a worker is gone: "
        f"{addresses[index]}; start all workers again.\n",
    )
    status, _, err = end_of(started[index])
    assert (status, err) == own_end


def test_a_worker_that_never_comes_is_named(start_worker):
    addresses = free_addresses(2)
    line = f"{BLOBS} {MULTI_WORKER} --wait 0.5"
    found = end_of(start_worker(addresses, 0, "main.py", *line.split()))
    said = f"Waited 0.5 s for {addresses[1]}; start all workers within that time, and "
    assert found == (1, "", f"{said}with the same list of addresses.\n")


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
def test_what_does_not_go_together_is_said_in_one_line(command, monkeypatch, line, words):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    status, out, err = command(f"cluster {line}")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert words in err
