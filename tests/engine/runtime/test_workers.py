"""TF_CONFIG is parsed or refused; workers meet, or the missing one is named."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from engine.errors import ParameterError, WorkerError
from engine.plain_text import shortened
from engine.runtime import rendezvous as meeting
from engine.runtime import workers
from engine.runtime.workers import Workers
from tests.processes import free_addresses, tf_config
from tests.waiting import seconds_left, until


@pytest.fixture
def set_config(monkeypatch):
    return lambda value: monkeypatch.setenv("TF_CONFIG", value)


def test_workers_are_read_from_the_environment(set_config):
    addresses = free_addresses(2)
    set_config(json.dumps(tf_config(addresses, 1)))
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
                tf_config("a:1"),
                tf_config(["a:1"], 1),
                tf_config(["a:1"], -1),
                tf_config(["a:1"], True),
                tf_config(["a:1"], "0"),
                tf_config(["a:1", "a:1"]),
                tf_config(["a"]),
                tf_config([":1"]),
                tf_config(["a:70000"]),
                tf_config(["a:1_0"]),
                tf_config(["a:" + "1" * 5000]),
                tf_config(["a\ud800:1"]),
                tf_config([1]),
                tf_config(["a..b:1"]),
                tf_config(["[::1]:1"]),
                tf_config([]),
                tf_config(["a:1"], kind="chief"),
                tf_config(["a:1"], chief=["b:1"]),
            ],
        ),
    ],
)
def test_invalid_values_are_refused_with_an_example(set_config, value):
    set_config(value)
    with pytest.raises(ParameterError, match=r"must name the workers.*host1:2222") as caught:
        workers.from_environment()
    assert str(caught.value).endswith(f"not {shortened(value)}." if value else "and it is not set.")


def test_a_port_in_use_is_refused(set_config):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        set_config(json.dumps(tf_config([address])))
        with pytest.raises(ParameterError, match=f"cannot listen at {address}: .*another port"):
            workers.from_environment()


@pytest.fixture
def nowhere(monkeypatch):
    """An address whose host name cannot be resolved."""
    find = socket.getaddrinfo

    def look_up(host, *arguments, **named):
        if host == "nowhere":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return find(host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return "nowhere:2222"


def test_the_own_host_must_resolve(set_config, nowhere):
    set_config(json.dumps(tf_config([nowhere, *free_addresses(1)])))
    with pytest.raises(
        ParameterError, match=r"The address of this worker, nowhere:2222, cannot be found"
    ):
        workers.from_environment()


def test_an_unknown_host_is_named(nowhere):
    words = r"Waited 0\.01 s for nowhere:2222 \(Name or service not known\); start"
    (own,) = free_addresses(1)
    for addresses, index in (((own, nowhere), 0), ((nowhere, own), 1)):
        with pytest.raises(WorkerError, match=words):
            meeting.meet(Workers(addresses, index), 0.01)


def test_all_host_names_must_resolve_after_the_meeting(nowhere):
    addresses = (*free_addresses(1), nowhere)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(meeting.meet, Workers(addresses, i), seconds_left()) for i in range(2)]
        for each in both:
            with pytest.raises(
                WorkerError, match=r"All workers are there, but cannot find nowhere:2222 "
            ):
                each.result()


def test_workers_that_do_not_listen_are_listed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        listening = f"127.0.0.1:{server.getsockname()[1]}"
        own, missing = free_addresses(2)
        assert Workers((own, listening, missing), 0).silent() == [missing]


@pytest.fixture
def visits(monkeypatch):
    """What the chief finds: the index of a visitor, -1 for a stranger, and whether it has left."""
    found = []

    def recorded(function):
        def tell(given):
            found.append(function(given))
            return found[-1]

        return tell

    monkeypatch.setattr(meeting, "_index_of", recorded(meeting._index_of))
    monkeypatch.setattr(meeting, "_has_left", recorded(meeting._has_left))
    return found


@pytest.fixture
def clock(monkeypatch):
    """The clock of the meetings, which the test advances."""
    clock = SimpleNamespace(now=0.0, sleep=time.sleep)
    clock.monotonic = lambda: clock.now
    monkeypatch.setattr(meeting, "time", clock)
    return clock


def visit(address, content):
    """Send bytes to a chief once it listens, and disconnect."""
    visitors = []

    def connect():
        try:
            visitors.append(socket.create_connection(workers.split(address)))
        except OSError:
            return False
        return True

    until(connect)
    with visitors[0] as visitor:
        visitor.sendall(content)
        visitor.shutdown(socket.SHUT_WR)


def test_all_continue_when_the_last_has_arrived():
    addresses = tuple(free_addresses(3))
    with ThreadPoolExecutor(3) as pool:
        meetings = [
            pool.submit(meeting.meet, Workers(addresses, i), seconds_left()) for i in (2, 0, 1)
        ]
        assert [each.result() for each in meetings] == [None] * 3


def test_a_single_worker_does_not_wait():
    meeting.meet(Workers(tuple(free_addresses(1)), 0), seconds_left())


def test_the_chief_names_missing_workers(visits, clock):
    addresses = tuple(free_addresses(3))
    with ThreadPoolExecutor(2) as pool:
        chief = pool.submit(meeting.meet, Workers(addresses, 0), 60)
        other = pool.submit(meeting.meet, Workers(addresses, 1), 61)
        until(lambda: 1 in visits)
        clock.now = 61
        visit(addresses[0], b"")  # so that the chief checks the clock
        with pytest.raises(WorkerError, match=f"Waited 60 s for {addresses[2]}; start"):
            chief.result()
        with pytest.raises(WorkerError, match=f"Waited 61 s for {addresses[0]}; start"):
            other.result()


def test_a_restarted_worker_is_accepted(visits):
    addresses = tuple(free_addresses(3))
    with ThreadPoolExecutor(3) as pool:
        chief = pool.submit(meeting.meet, Workers(addresses, 0), seconds_left())
        for _ in range(2):  # arrives, and is killed
            visit(addresses[0], b"barycenter worker 1\n")
        other = pool.submit(meeting.meet, Workers(addresses, 2), seconds_left())
        until(
            lambda: visits[-3:] == [2, True, False]
        )  # worker 1 has left, and worker 2 has arrived
        assert not chief.done()
        meeting.meet(Workers(addresses, 1), seconds_left())
        assert chief.result() is other.result() is None


def test_workers_name_a_missing_chief():
    addresses = tuple(free_addresses(2))
    with pytest.raises(WorkerError, match=f"Waited 0.01 s for {addresses[0]}; start"):
        meeting.meet(Workers(addresses, 1), 0.01)


@pytest.mark.parametrize(
    "content", [b"", b"GET / HTTP/1.1\r\n\r\n", b"barycenter worker 7\n", b"x" * 1000]
)
def test_a_stranger_is_ignored(visits, content):
    """A chief that took it for worker 1 would be gone when worker 1 arrives."""
    addresses = tuple(free_addresses(2))
    with ThreadPoolExecutor(1) as pool:
        chief = pool.submit(meeting.meet, Workers(addresses, 0), seconds_left())
        visit(addresses[0], content)
        until(lambda: visits)
        meeting.meet(Workers(addresses, 1), seconds_left())
        chief.result()
