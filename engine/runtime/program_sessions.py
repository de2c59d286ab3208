"""The store of compiled programs, and the session: the folder of one process.

A session starts with those entries of the store whose checksums match; entries that are new in it
go into the store.

    ROOT/VARIANT/NAME.CHECKSUM     the store: VARIANT is the version of Barycenter, that of
                                   TensorFlow, and a hash of the CPU's features, the number of cores
                                   and the flags
    ROOT/sessions/ID, ID.lock      a session, and the lock that its process holds
"""

import contextlib
import hashlib
import os
import shutil
import stat
import tempfile
import time
import warnings
from pathlib import Path

from filelock import FileLock

from engine.errors import DataError

MAX_BYTES = 200 * 10**6  # of the store, all variants together
# Free space on the disk below which nothing is kept: TensorFlow raises where it cannot write.
MIN_FREE_BYTES = 500 * 10**6
MAX_UNUSED_DAYS = 60

_SUFFIX = ".pb"  # TensorFlow writes a .tmp first
_CHECKSUM_BYTES = 16
_STAND_IN = "barycenter-"  # begins the name of a folder that replaces a session's
_DAY = 86_400


class Session:
    """The folder that TensorFlow reads and writes in this process.

    Args:
        root: The folder of the store and of all sessions.
        variant: The name of what the programs depend on besides themselves.

    Raises:
        OSError: The folder cannot be created or written.
    """

    def __init__(self, root: Path, variant: str) -> None:
        self._root, self._store = root, root / variant
        sessions = root / "sessions"
        sessions.mkdir(parents=True, exist_ok=True)
        self._store.mkdir(exist_ok=True)
        if shutil.disk_usage(root).free < MIN_FREE_BYTES:
            raise OSError("the disk is almost full")
        self._lock = _locked(sessions)
        self.folder = Path(self._lock.lock_file).with_suffix("")
        self.folder.mkdir()
        self._has_recovered = False
        os.utime(self._store)  # it is in use
        self.refresh()

    def refresh(self) -> None:
        """Copy entries from the store that are not here yet, and delete damaged ones."""
        for entry in _entries(self._store):
            name, _, checksum = entry.name.rpartition(".")
            target = self.folder / name
            with contextlib.suppress(OSError):  # another process may have removed it
                if target.exists():
                    continue
                # Copied, so that later changes of the store do not affect this process.
                content = entry.read_bytes()
                if _checksum(content) == checksum:
                    target.write_bytes(content)
                else:
                    entry.unlink()

    def publish(self) -> None:
        """Put what was compiled here into the store, and keep the store within its maximum size."""
        kept = {entry.name.rpartition(".")[0] for entry in _entries(self._store)}
        with contextlib.suppress(OSError):  # a program that cannot be kept is compiled again
            for path in self.folder.glob(f"*{_SUFFIX}"):
                if path.name not in kept:
                    content, draft = path.read_bytes(), self.folder / "draft"
                    draft.write_bytes(content)
                    os.replace(draft, self._store / f"{path.name}.{_checksum(content)}")
        _trim(self._root)

    def recover(self, message: str, is_damage: bool = False) -> bool:
        """Replace this folder after TensorFlow could not read or write it.

        Args:
            message: The message of TensorFlow's error.
            is_damage: Whether only a damaged file raises such an error, which does not name it.

        Returns:
            Whether the folder was the cause, and computing again is worth a try.

        Raises:
            DataError: The replacement has failed too.
        """
        is_named = str(self.folder) in message
        if not (is_named or (is_damage and not self._has_recovered)):
            return False
        if self._has_recovered:
            raise DataError(
                f"Compiled programs cannot be written to {self.folder.resolve()}; free some space "
                "on the disk, or start with --no-cache."
            )
        if is_damage:  # in an entry whose checksum matches; which one is not known
            for entry in _entries(self._store):
                _remove(entry)
        # TensorFlow read the folder's name when it started, so a link leads from there to another
        # folder. If that is impossible, this one starts empty, which frees some space.
        _remove(self.folder)
        stand_in = Path(tempfile.mkdtemp(prefix=_STAND_IN))
        try:
            self.folder.symlink_to(stand_in)
        except OSError:  # not every user of Windows may create links
            _remove(stand_in)
        self._has_recovered = True
        return True

    def end(self) -> None:
        """Publish what is new, and remove the session."""
        if not self.folder.is_symlink():
            self.publish()
        _remove_session(self.folder)
        _release(self._lock)


def _entries(store: Path) -> list[Path]:
    return [path for path in sorted(store.glob(f"*{_SUFFIX}.*")) if _facts(path)]


def all_entries(root: Path) -> list[tuple[float, int, Path]]:
    """Return modification time, size and path of all entries of all variants."""
    stores = root.glob("*-tensorflow-*")
    found = [(_facts(path), path) for store in stores for path in _entries(store)]
    return [(*facts, path) for facts, path in found if facts]


def _facts(path: Path) -> tuple[float, int] | None:
    """Return modification time and size of a file; None if it cannot be an entry."""
    try:
        found = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_BYTES:
        return None
    return _time(found), found.st_size


def _time(found: os.stat_result) -> float:
    """When a file was written; 0 if that is in the future, or the file would never be removed."""
    return found.st_mtime if found.st_mtime < time.time() + _DAY else 0.0


def _checksum(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=_CHECKSUM_BYTES).hexdigest()


def _locked(sessions: Path) -> FileLock:
    """A new lock file, locked by this process.

    Raises:
        OSError: This disk has no locks.
    """
    handle, name = tempfile.mkstemp(dir=sessions, suffix=".lock")
    os.close(handle)
    lock = FileLock(name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # filelock warns when it falls back to a soft lock
            lock.acquire(timeout=0)
    except OSError:  # a Timeout is one
        _remove(Path(name))
        raise OSError(f"no file can be locked in {sessions}") from None
    return lock


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _remove_session(folder: Path) -> None:
    with contextlib.suppress(OSError):
        stand_in = folder.resolve()
        if folder.is_symlink() and stand_in.name.startswith(_STAND_IN):
            _remove(stand_in)
    _remove(folder)


def clean(root: Path) -> None:
    """Remove the sessions of killed processes, and variants that are no longer used."""
    for path in (root / "sessions").glob("*.lock"):
        lock = FileLock(path)
        with contextlib.suppress(OSError):  # a Timeout is one: the session is in use
            lock.acquire(timeout=0)
            _remove_session(path.with_suffix(""))
            _release(lock)
    oldest = time.time() - MAX_UNUSED_DAYS * _DAY
    for store in root.glob("*-tensorflow-*"):
        with contextlib.suppress(OSError):
            if _time(store.lstat()) < oldest:
                _remove(store)


def _release(lock: FileLock) -> None:
    _remove(Path(lock.lock_file))
    lock.release()


def _trim(root: Path) -> None:
    """Remove the oldest entries beyond `MAX_BYTES`."""
    n_bytes = 0
    for _, size, entry in sorted(all_entries(root), reverse=True):
        n_bytes += size
        if n_bytes > MAX_BYTES:
            _remove(entry)
