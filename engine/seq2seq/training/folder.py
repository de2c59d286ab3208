"""The folder of a training: only one process at a time trains in it. Free of TensorFlow."""

import contextlib
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from engine.data.output.writing import make_folder, remove_drafts
from engine.errors import DataError

LOCK = ".training.lock"


@contextlib.contextmanager
def held(folder: Path, otherwise: str) -> Iterator[None]:
    """Keep other processes from training in a folder, which is made where it is not there.

    The operating system holds the lock, so a process that was killed holds none. On a disk
    without locks the training goes on without one. Drafts of killed trainings are removed.

    Args:
        folder: Of the training.
        otherwise: What else the user can do where the folder will not do, as in "name another
            folder".

    Raises:
        DataError: The folder cannot be made or written, or another process trains in it.
    """
    make_folder(folder)
    lock = _locked(folder, otherwise)
    try:
        remove_drafts(folder)
        yield
    finally:
        if lock is not None:
            with contextlib.suppress(OSError):
                os.unlink(lock.lock_file)  # while it is held: nobody else's is removed
            lock.release()


def _locked(folder: Path, otherwise: str) -> FileLock | None:
    """The lock of a folder, held; None where this disk has no locks."""
    # Not of a thread: a training may be closed by another one than began it.
    lock = FileLock(folder / LOCK, timeout=0, thread_local=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # filelock's, that it takes another kind of lock
            lock.acquire()
    except Timeout:
        raise DataError(
            f"Another window or command is training in {folder}; stop it, wait for its end, or "
            f"{otherwise}."
        ) from None
    except OSError as error:
        # Where it is permission that is missing, the lock file may be another user's.
        if isinstance(error, PermissionError) or not _can_write(folder):
            reason = error.strerror or error
            raise DataError(f"{folder} cannot be written to ({reason}); {otherwise}.") from error
        return None
    return lock


def _can_write(folder: Path) -> bool:
    """Whether a file can be made in a folder: tried, because its mode does not tell all."""
    probe = folder / f"{LOCK}.{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True
