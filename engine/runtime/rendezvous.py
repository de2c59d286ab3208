"""Lets workers connect before TensorFlow starts, which would wait an hour for a missing worker.

It would also ignore Ctrl-C. The chief listens at its own address; each of the other workers
connects and says which one it is. When all are connected, the chief tells them to start, and frees
the address for TensorFlow.
"""

import contextlib
import socket
import time

from engine.errors import WorkerError
from engine.runtime.workers import Workers, split, unknown

_HELLO, _GO = b"barycenter worker %d\n", b"barycenter go\n"
_LONGEST = 64
# How long a worker may take to say which one it is, and how long it waits between two attempts.
_SECONDS_TO_SPEAK, _PAUSE = 2.0, 0.1


def meet(workers: Workers, seconds: float) -> None:
    """Wait until all workers are there.

    Args:
        workers: All of them, and which one this is.
        seconds: The time limit.

    Raises:
        WorkerError: A worker is missing, or its address is unknown; the message names it.
    """
    deadline = time.monotonic() + seconds
    missing = (_receive if workers.is_chief else _visit)(workers, deadline)
    if missing:
        raise WorkerError(
            f"Waited {seconds:g} s for {', '.join(map(_named, missing))}; start all workers within "
            "that time, and with the same list of addresses."
        )
    # TensorFlow would end the process over an unknown address. An address may become known late.
    if lost := [address for address in workers.addresses if unknown(address)]:
        raise WorkerError(
            f"All workers are there, but cannot find {', '.join(map(_named, lost))}: use an "
            "address that all of them can find."
        )


def _named(address: str) -> str:
    """An address, with the reason if it cannot be found."""
    why = unknown(address)
    return f"{address} ({why})" if why else address


def _receive(workers: Workers, deadline: float) -> list[str]:
    """The chief's part: wait for the others and start them; returns the missing addresses."""
    others = {index: each for index, each in enumerate(workers.addresses) if index != workers.index}
    _, port = split(workers.addresses[workers.index])
    connected: dict[int, socket.socket] = {}
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("", port)))
        while missing := [
            index for index in others if index not in connected or _has_left(connected[index])
        ]:
            if (left := deadline - time.monotonic()) <= 0:
                return [others[index] for index in missing]
            listener.settimeout(left)
            with contextlib.suppress(OSError):
                visitor = stack.enter_context(listener.accept()[0])
                visitor.settimeout(_SECONDS_TO_SPEAK)
                connected[_index_of(_line(visitor))] = visitor  # also one that was restarted
        for index in others:
            with contextlib.suppress(OSError):  # it has just left: TensorFlow will notice
                connected[index].sendall(_GO)
    return []


def _has_left(visitor: socket.socket) -> bool:
    """Whether the other end has closed the connection."""
    visitor.setblocking(False)
    try:
        return not visitor.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        visitor.settimeout(_SECONDS_TO_SPEAK)


def _visit(workers: Workers, deadline: float) -> list[str]:
    """Another worker's part: connect until the chief starts it; returns a missing chief."""
    chief = workers.addresses[0]
    while (left := deadline - time.monotonic()) > 0:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(split(chief), left) as connection,
        ):
            connection.settimeout(left)
            connection.sendall(_HELLO % workers.index)
            if _line(connection) == _GO:
                return []
        time.sleep(_PAUSE)
    return [chief]


def _line(connection: socket.socket) -> bytes:
    """What is received up to the end of a line, or of the connection."""
    greeting = b""
    while not greeting.endswith(b"\n") and len(greeting) < _LONGEST:
        if not (more := connection.recv(_LONGEST)):
            break
        greeting += more
    return greeting


def _index_of(greeting: bytes) -> int:
    """Which worker sent this greeting; -1 for anything else."""
    number = greeting.strip().rpartition(b" ")[2]
    return int(number) if number.isdigit() and greeting == _HELLO % int(number) else -1
