"""How every file of the user's is opened: a file that can be read, or a sentence."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from engine.errors import DataError

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
# What the system says of a name under which there is nothing.
_NOTHING = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
# Where a process finds its own pipes; opening them there waits no longer than stdin does.
_OWN_PIPES = ("/dev/fd", "/proc/self/fd")


def open_file(path: str | Path, source: str | None = None, *, pipes: bool = False) -> BinaryIO:
    """Open a file for reading, once it is known to be one: opening a pipe could wait for ever.

    Args:
        path: The file.
        source: Its name as the user gave it; None for the path.
        pipes: Whether a pipe of this process, as a shell gives it for `<(...)`, will do too.

    Raises:
        DataError: It is not there, is no file, or may not be read.
    """
    source = str(path) if source is None else source
    check_file(path, source, pipes=pipes)
    try:
        return open(path, "rb")
    except OSError as error:
        raise unreadable(source, error) from error


def check_file(path: str | Path, source: str | None = None, *, pipes: bool = False) -> None:
    """Say that something is no file; arguments and errors as `open_file`."""
    source = str(path) if source is None else source
    if not source.strip():
        raise DataError("Give the name of a file.")
    try:
        mode = os.stat(path).st_mode
    except ValueError:  # a name with a null character
        raise DataError(f"There is no file {source}.") from None
    except OSError as error:
        raise unreadable(source, error) from error
    if stat.S_ISREG(mode) or (pipes and stat.S_ISFIFO(mode) and _is_own(path)):
        return
    kind = next((name for is_kind, name in _KINDS if is_kind(mode)), "something else")
    raise DataError(f"{source} is not a file but {kind}; give the name of a file.")


def unreadable(source: str, error: OSError) -> DataError:
    """The complaint about what the system says of a file."""
    if error.errno in _NOTHING:
        return DataError(f"There is no file {source}.")
    return DataError(f"{source} cannot be read: {error.strerror or error}.")


def _is_own(path: str | Path) -> bool:
    name = os.path.abspath(path)
    return name == "/dev/stdin" or os.path.dirname(name) in _OWN_PIPES
