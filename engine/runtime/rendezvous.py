"""Workers meet before TensorFlow starts: it would wait for one for an hour, deaf to Ctrl-C.

The chief listens at its own address; each of the others comes there and says which one it is. When
all have come, the chief tells them to go on, and leaves the address to TensorFlow.
"""

import contextlib
import socket
import time

from engine.errors import WorkerError
from engine.runtime.workers import Workers, split, unknown

_HELLO, _GO = b"barycenter worker %d\n", b"barycenter go\n"
_LONGEST = 64
# How long a visitor of the chief may take to say who it is, and others wait between two tries.
_SECONDS_TO_SPEAK, _PAUSE = 2.0, 0.1


def meet(workers: Workers, seconds: float) -> None:
    """Wait until all workers are there.

    Args:
        workers: All of them, and which one this is.
        seconds: For how long.

    Raises:
        WorkerError: One did not come; says which.
    """
    deadline = time.monotonic() + seconds
    missing = (_receive if workers.is_chief else _visit)(workers, deadline)
    if missing:
        raise WorkerError(
            f"Waited {seconds:g} s for {', '.join(map(_named, missing))}; start all workers within "
            "that time, and with the same list of addresses."
        )
    # TensorFlow would end the process over one. They may become known while others start.
    if lost := [address for address in workers.addresses if unknown(address)]:
        raise WorkerError(
            f"All workers are there, but not {', '.join(map(_named, lost))}: name it as all of "
            "them can find it."
        )


def _named(address: str) -> str:
    """An address, and why it cannot be found if that is so."""
    why = unknown(address)
    return f"{address} ({why})" if why else address


def _receive(workers: Workers, deadline: float) -> list[str]:
    """As the chief: let the others come, and go on if all are there; returns who is not."""
    others = {index: each for index, each in enumerate(workers.addresses) if index != workers.index}
    _, port = split(workers.addresses[workers.index])
    come: dict[int, socket.socket] = {}
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("", port)))
        while missing := [index for index in others if index not in come or _has_left(come[index])]:
            if (left := deadline - time.monotonic()) <= 0:
                return [others[index] for index in missing]
            listener.settimeout(left)
            with contextlib.suppress(OSError):
                visitor = stack.enter_context(listener.accept()[0])
                visitor.settimeout(_SECONDS_TO_SPEAK)
                come[_index_of(_line(visitor))] = visitor  # one that was started again, too
        for index in others:
            with contextlib.suppress(OSError):  # it has left this moment: TensorFlow will notice
                come[index].sendall(_GO)
    return []


def _has_left(visitor: socket.socket) -> bool:
    """Whether the other end is closed."""
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
    """As another worker: come to the chief until it says to go on; returns it if it does not."""
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
    """What comes up to the end of a line, or of the connection."""
    said = b""
    while not said.endswith(b"\n") and len(said) < _LONGEST:
        if not (more := connection.recv(_LONGEST)):
            break
        said += more
    return said


def _index_of(said: bytes) -> int:
    """Which worker says hello; -1 for anybody else."""
    number = said.strip().rpartition(b" ")[2]
    return int(number) if number.isdigit() and said == _HELLO % int(number) else -1
