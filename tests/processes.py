"""Processes and addresses for tests."""

import socket
import subprocess
import sys


def ended_process_id():
    """Return the id of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        return process.pid


def free_addresses(n_addresses):
    """Return addresses of this host, each with a port that was free a moment ago."""
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(n_addresses)]
    addresses = [f"127.0.0.1:{server.getsockname()[1]}" for server in servers]
    for server in servers:
        server.close()
    return addresses


def tf_config(addresses, index=0, kind="worker", **more):
    """Return the content of `TF_CONFIG` for one worker.

    Args:
        addresses: The addresses of all workers.
        index: Which of them this one is.
        kind: Its type of task.
        more: Addresses of other types of task.
    """
    return {"cluster": {"worker": addresses, **more}, "task": {"type": kind, "index": index}}
