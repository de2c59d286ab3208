"""The processes that compute one run together, as listed in the environment variable TF_CONFIG."""

import json
import os
import socket
from dataclasses import dataclass
from typing import Any

from engine.errors import ParameterError
from engine.numbers import whole
from engine.plain_text import shortened

_EXAMPLE = (
    '{"cluster": {"worker": ["host1:2222", "host2:2222"]}, "task": {"type": "worker", "index": 0}}'
)
# The timeout of an attempt to connect.
_SECONDS_TO_ANSWER = 2.0


@dataclass(frozen=True, slots=True)
class Workers:
    """All workers of a run, and which one this process is.

    Attributes:
        addresses: The address of each worker, host:port.
        index: The index of this one; worker 0 is the chief, which has the results.
    """

    addresses: tuple[str, ...]
    index: int

    @property
    def is_chief(self) -> bool:
        """Whether this process writes and prints the results."""
        return self.index == 0

    @property
    def n_others(self) -> int:
        """The number of workers besides this one."""
        return len(self.addresses) - 1

    def silent(self) -> list[str]:
        """The addresses of other workers at which nothing listens at the moment."""
        others = [each for index, each in enumerate(self.addresses) if index != self.index]
        return [address for address in others if not _answers(address)]


def from_environment() -> Workers:
    """Read TF_CONFIG.

    Raises:
        ParameterError: It is missing or invalid, or another program uses the port.
    """
    text = os.environ.get("TF_CONFIG", "")
    try:
        workers = _parse(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        problem = f"not {shortened(' '.join(text.split()))}" if text else "and it is not set"
        raise ParameterError(
            "The environment variable TF_CONFIG must name the workers and which one this is, as "
            f"in {_EXAMPLE}, {problem}."
        ) from None
    own = workers.addresses[workers.index]
    if why := unknown(own):
        raise ParameterError(
            f"The address of this worker, {own}, cannot be found ({why}); name another host in "
            "TF_CONFIG."
        )
    _check_free(own)
    return workers


def _parse(config: Any) -> Workers:
    """Parse the workers; TensorFlow's other kinds of tasks are refused."""
    cluster, task = config["cluster"], config["task"]
    addresses, index = cluster["worker"], task["index"]
    understood = list(cluster) == ["worker"] and task["type"] == "worker"
    if not (understood and isinstance(addresses, list) and type(index) is int):
        raise ValueError("not a list of workers, or not one of them")
    if not 0 <= index < len(addresses) or len(set(addresses)) < len(addresses):
        raise ValueError("not one of the workers, or two at one address")
    for address in addresses:
        split(address)
    return Workers(tuple(addresses), index)


def split(address: str) -> tuple[str, int]:
    """The host and the port of an address.

    Raises:
        ValueError: It is not host:port, where host is a name, or an IP address without brackets.
    """
    host, colon, port = address.rpartition(":")
    if not (host and colon and 0 < whole(port) < 2**16) or "[" in host:
        raise ValueError("not host:port")
    host.encode("idna")  # an invalid name is a ValueError too
    return host, whole(port)


def unknown(address: str) -> str:
    """Return the system's reason why a host cannot be found; empty if it can."""
    try:
        socket.getaddrinfo(*split(address))
    except OSError as error:
        return str(error.strerror or error)
    return ""


def _check_free(address: str) -> None:
    """Refuse a port at which another program listens: TensorFlow would silently share it."""
    _, port = split(address)
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("", port))
        except OSError as error:
            raise ParameterError(
                f"This worker cannot listen at {address}: {error.strerror}; name another port in "
                "TF_CONFIG."
            ) from None


def _answers(address: str) -> bool:
    try:
        socket.create_connection(split(address), _SECONDS_TO_ANSWER).close()
    except OSError:
        return False
    return True
