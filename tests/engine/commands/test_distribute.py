"""`cluster --distribute`: as one device, on several; and what happens when a worker is gone."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.engine.clustering.kmeans.backends.test_sharded import CASES, on_logical_devices
from tests.waiting import seconds_left

ROOT = Path(__file__).parents[3]
BLOBS = "cluster blobs:clusters=4,per_cluster=51,seed=1 -k 7 --seeding random --json"
MULTI_WORKER = "--distribute multi-worker"
OF_THE_RUN = {"distribute", "n_replicas", "n_workers", "seconds"}

# Runs several command lines, each but the last with its output kept, and ends as the last does.
# TensorFlow connects a process to others once, and then listens at its address.
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

# Goes on until it is ended, and says when it has begun, so that nobody has to guess.
FOR_EVER = """
import sys
from engine.__main__ import main
from engine.commands.clustering.distribute import Distribution
fit = Distribution._fit
def say_and_fit(self, strategy, points, start, options, show):
    from engine.clustering.kmeans import lloyd
    lloyd.Rules.why_stop = lambda *_: None
    say = lambda text: print(text, flush=True) if text == "iteration 1" else None
    return fit(self, strategy, points, start, options, say)
Distribution._fit = say_and_fit
sys.exit(main(sys.argv[1].split()))
"""


def free_addresses(n_workers):
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(n_workers)]
    addresses = [f"127.0.0.1:{server.getsockname()[1]}" for server in servers]
    for server in servers:
        server.close()
    return addresses


def config(addresses, index):
    return {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}


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
    unset = {"TF_CPP_MIN_LOG_LEVEL", "PYTHONUNBUFFERED"}
    env = {name: value for name, value in os.environ.items() if name not in unset}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=env | {"TF_CONFIG": json.dumps(config(addresses, index))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end_of(process):
    """Exit status, stdout and stderr."""
    out, err = process.communicate(timeout=seconds_left())
    return process.returncode, out, err


def without(result, *names):
    return {key: value for key, value in json.loads(result).items() if key not in names}


@pytest.fixture(scope="module")
def on_two_devices():
    """What a command line wrote, and then, in the same process, each case of the engine's tests."""
    return on_logical_devices(2, f"{BLOBS} --distribute mirrored --devices 2")


@pytest.mark.distributed
def test_on_two_devices_the_frame_is_that_of_one(on_two_devices):
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
    """Two workers whose command lines differ, and then two that agree; none outlives it.

    Returns:
        Of each pair the exit status, stdout and stderr of both; the line that they agree in; their
        addresses; and the folder with what they wrote.
    """
    folder = tmp_path_factory.mktemp("workers")
    start = folder / "start.csv"
    start.write_text("x,y\n0,0\n9999,9999\n1,1\n")  # the second is empty, and jumps
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
    for status, said, err in ends:
        assert said, err
        first, _, out = said.partition("\n")
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
    said = f"iterations; worker 0 at {two_workers.addresses[0]} has the results.\n"
    assert other == (0, "", f"Worker 1 is done after {found['iterations']} {said}")
    assert [found[key] for key in ("n_replicas", "n_workers")] == [2, 2]
    assert found["empty_clusters"] == []
    _, alone, _ = command(f"{two_workers.line} --labels {tmp_path / 'alone.csv'}")
    assert are_alike(out, alone)
    labels = (two_workers.folder / "0.csv").read_text()
    assert labels == (tmp_path / "alone.csv").read_text()
    assert not (two_workers.folder / "1.csv").exists()


@pytest.mark.distributed
def test_workers_that_differ_are_refused(two_workers):
    for status, out, err in two_workers.differing:
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert "other points or other options than each other" in err


@pytest.mark.distributed
@pytest.mark.parametrize(
    ("index", "number", "own_end"),
    [
        (0, signal.SIGKILL, (-signal.SIGKILL, "")),
        (1, signal.SIGINT, (130, "Interrupted.\n")),
    ],
)
def test_a_worker_that_is_gone_ends_the_others(start_worker, index, number, own_end):
    addresses = free_addresses(2)
    line = f"{BLOBS} {MULTI_WORKER}"
    started = [start_worker(addresses, each, "-c", FOR_EVER, line) for each in (0, 1)]
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


def test_a_worker_that_never_comes_is_named(command, monkeypatch):
    addresses = free_addresses(2)
    monkeypatch.setenv("TF_CONFIG", json.dumps(config(addresses, 0)))
    found = command(f"{BLOBS} {MULTI_WORKER} --wait 0.01")
    said = f"Waited 0.01 s for {addresses[1]}; start all workers within that time, and "
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
