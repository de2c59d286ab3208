"""The folder of a training, which one process at a time uses. Does not import TensorFlow."""

import contextlib
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from engine.data.output.writing import make_folder, remove_drafts
from engine.errors import DataError

CHECKPOINT = "checkpoint.npz"
LOCK = ".training.lock"


@contextlib.contextmanager
def held(folder: Path, otherwise: str) -> Iterator[None]:
    """Keep other processes from training in a folder, which is created if necessary.

    The operating system releases the lock of a killed process. On a disk without locks the training
    runs without one. Temporary files of killed trainings are removed.

    Args:
        folder: The folder of the training.
        otherwise: What else the user can do if the folder cannot be used, as in "name another
            folder".

    Raises:
        DataError: The folder cannot be created or written, or another process is training in it.
    """
    make_folder(folder)
    lock = _locked(folder, otherwise)
    try:
        remove_drafts(folder)
        yield
    finally:
        if lock is not None:
            with contextlib.suppress(OSError):
                os.unlink(lock.lock_file)  # while it is held, so that no other lock is removed
            lock.release()


def _locked(folder: Path, otherwise: str) -> FileLock | None:
    """The acquired lock of a folder; None where this disk has no locks."""
    # Not bound to a thread: another one than the one that began a training may close it.
    lock = FileLock(folder / LOCK, timeout=0, thread_local=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # filelock says so when it falls back to another kind of lock
            lock.acquire()
    except Timeout:
        raise DataError(
            f"Another window or command is training in {folder}; stop it, wait for its end, or "
            f"{otherwise}."
        ) from None
    except OSError as error:
        # Without permission, the lock file may belong to another user who is training.
        if isinstance(error, PermissionError) or not _can_write(folder):
            reason = error.strerror or error
            raise DataError(f"{folder} cannot be written to ({reason}); {otherwise}.") from error
        return None
    return lock


def _can_write(folder: Path) -> bool:
    """Whether a file can be created in a folder; only trying shows it, the mode is not enough."""
    probe = folder / f"{LOCK}.{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True
