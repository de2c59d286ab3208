"""TF_CONFIG is understood or refused in a sentence; workers meet, or the missing one is named."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine import meeting, workers
from engine.errors import ParameterError, WorkerError
from engine.workers import Workers

LONG = 30


def free_address():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def config(addresses, index=0, kind="worker", **more):
    return {"cluster": {"worker": addresses, **more}, "task": {"type": kind, "index": index}}


@pytest.fixture
def set_config(monkeypatch):
    return lambda value: monkeypatch.setenv("TF_CONFIG", value)


def test_the_workers_are_those_of_the_environment(set_config):
    addresses = [free_address(), free_address()]
    set_config(json.dumps(config(addresses, 1)))
    found = workers.from_environment()
    assert found == Workers(tuple(addresses), 1)
    assert not found.is_chief
    assert found.n_others == 1


@pytest.mark.parametrize(
    "value",
    [
        *("", "{", "[]", "3", "{}", "[" * 100_000),
        *map(
            json.dumps,
            [
                config("a:1"),
                config(["a:1"], 1),
                config(["a:1"], -1),
                config(["a:1"], True),
                config(["a:1"], "0"),
                config(["a:1", "a:1"]),
                config(["a"]),
                config([":1"]),
                config(["a:70000"]),
                config([1]),
                config(["a..b:1"]),
                config(["[::1]:1"]),
                config([]),
                config(["a:1"], kind="chief"),
                config(["a:1"], chief=["b:1"]),
            ],
        ),
    ],
)
def test_what_is_not_understood_is_refused_with_an_example(set_config, value):
    set_config(value)
    with pytest.raises(ParameterError, match=r"must name the workers.*host1:2222") as caught:
        workers.from_environment()
    assert str(caught.value).endswith(f"not {value}." if value else "and it is not set.")


def test_a_port_that_is_taken_is_refused(set_config):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        set_config(json.dumps(config([address])))
        with pytest.raises(ParameterError, match=f"cannot listen at {address}: .*another port"):
            workers.from_environment()


def test_workers_that_do_not_listen_are_silent():
    with socket.create_server(("127.0.0.1", 0)) as server:
        listening = f"127.0.0.1:{server.getsockname()[1]}"
        own, missing = free_address(), free_address()
        assert Workers((own, listening, missing), 0).silent() == [missing]


def test_all_go_on_when_the_last_has_come():
    addresses = tuple(free_address() for _ in range(3))
    with ThreadPoolExecutor(3) as pool:
        meetings = [pool.submit(meeting.meet, Workers(addresses, i), LONG) for i in (2, 0, 1)]
        assert [each.result() for each in meetings] == [None] * 3


def test_one_worker_need_not_wait():
    meeting.meet(Workers((free_address(),), 0), LONG)


def test_the_chief_names_who_did_not_come():
    addresses = tuple(free_address() for _ in range(3))
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(meeting.meet, Workers(addresses, 1), 1)
        with pytest.raises(WorkerError, match=f"Waited 0.5 s for {addresses[2]}; start"):
            meeting.meet(Workers(addresses, 0), 0.5)
        with pytest.raises(WorkerError, match=f"Waited 1 s for {addresses[0]}; start"):
            other.result()


def test_a_worker_that_was_started_again_is_let_in():
    addresses = tuple(free_address() for _ in range(3))
    with ThreadPoolExecutor(3) as pool:
        chief = pool.submit(meeting.meet, Workers(addresses, 0), LONG)
        for _ in range(2):  # comes, and is killed
            with pytest.raises(WorkerError):
                meeting.meet(Workers(addresses, 1), 0.3)
        other = pool.submit(meeting.meet, Workers(addresses, 2), LONG)
        with pytest.raises(TimeoutError):
            chief.result(0.5)
        meeting.meet(Workers(addresses, 1), LONG)
        assert chief.result() is other.result() is None


def test_others_name_the_chief_that_did_not_come():
    addresses = (free_address(), free_address())
    with pytest.raises(WorkerError, match=f"Waited 0.2 s for {addresses[0]}; start"):
        meeting.meet(Workers(addresses, 1), 0.2)


@pytest.mark.parametrize(
    "said", [b"", b"GET / HTTP/1.1\r\n\r\n", b"barycenter worker 7\n", b"x" * 1000]
)
def test_a_stranger_is_nobody(said):
    addresses = (free_address(), free_address())
    host, port = workers.split(addresses[0])
    with ThreadPoolExecutor(2) as pool:
        chief = pool.submit(meeting.meet, Workers(addresses, 0), LONG)
        stranger = None
        while stranger is None:
            try:
                stranger = socket.create_connection((host, port))
            except OSError:
                continue
        with stranger:
            stranger.sendall(said)
            stranger.shutdown(socket.SHUT_WR)
        assert not chief.done()
        meeting.meet(Workers(addresses, 1), LONG)
        chief.result()
