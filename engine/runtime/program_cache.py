"""Compiled programs, kept between starts.

XLA compiles each program for each class of shapes, which takes about a second. TensorFlow can write
what was compiled into a folder and read it again, but not as it is needed here: a damaged entry, or
a folder that cannot be written, raises an error out of the computation, and the names of entries
say nothing of the CPU and of XLA's flags. So TensorFlow is given a folder of this process alone,
the session. It begins with the entries of the store whose checksums are right; what is new in it at
the end goes into the store. docs/decisions/0016-compiled-programs.md says what was weighed.

    ROOT/VARIANT/NAME.CHECKSUM     the store: VARIANT is our version, TensorFlow's, and a hash of
                                   the CPU's features, the number of cores and the flags
    ROOT/sessions/ID, ID.lock      a session, and the lock that its process holds
"""

import atexit
import contextlib
import hashlib
import os
import platform
import shutil
import stat
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from filelock import FileLock

from engine import __version__
from engine.errors import DataError
from engine.runtime import versions

# A folder to use instead of the user's, or OFF.
VARIABLE = "BARYCENTER_CACHE"
OFF = "off"
MAX_BYTES = 200 * 10**6
# Of the disk, below which nothing is kept: TensorFlow raises where it cannot write.
MIN_FREE_BYTES = 500 * 10**6
MAX_UNUSED_DAYS = 60

_DIRECTORY_FLAG = "--tf_xla_persistent_cache_directory"
_DEVICES_FLAG = "--tf_xla_persistent_cache_device_types"
_SUFFIX = ".pb"  # TensorFlow writes a .tmp first
_CHECKSUM_BYTES = 16
_STAND_IN = "barycenter-"  # how the name of a folder begins that took a session's place
_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What is kept.

    Attributes:
        folder: Where; None where nothing is kept.
        reason: Why nothing is kept, if so.
        n_programs: How many programs, of all variants.
        n_bytes: Their size.
    """

    folder: Path | None
    reason: str = ""
    n_programs: int = 0
    n_bytes: int = 0

    def __str__(self) -> str:
        if self.folder is None:
            return f"not kept: {self.reason}"
        return f"{self.folder} ({self.n_programs} programs, {self.n_bytes / 1e6:.1f} MB)"


class Session:
    """The folder that TensorFlow reads and writes in this process.

    Args:
        root: Of all that is kept.
        variant: What the programs depend on besides themselves.

    Raises:
        OSError: The folder cannot be made or written.
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
        """Take from the store what is sound and not here yet, and drop what is damaged."""
        for entry in _entries(self._store):
            name, _, checksum = entry.name.rpartition(".")
            target = self.folder / name
            with contextlib.suppress(OSError):  # another process may have removed it
                if target.exists():
                    continue
                # Copied: what becomes of the store now is nothing to this process.
                content = entry.read_bytes()
                if _checksum(content) == checksum:
                    target.write_bytes(content)
                else:
                    entry.unlink()

    def publish(self) -> None:
        """Put what was compiled here into the store, and keep the store within its size."""
        kept = {entry.name.rpartition(".")[0] for entry in _entries(self._store)}
        with contextlib.suppress(OSError):  # what cannot be kept is compiled again
            for path in self.folder.glob(f"*{_SUFFIX}"):
                if path.name not in kept:
                    content, draft = path.read_bytes(), self.folder / "draft"
                    draft.write_bytes(content)
                    os.replace(draft, self._store / f"{path.name}.{_checksum(content)}")
        _trim(self._root)

    def recover(self, message: str, is_damage: bool = False) -> bool:
        """Go on where TensorFlow could not read or write this folder.

        Args:
            message: Of TensorFlow's error.
            is_damage: Whether it is of a kind that only damaged files raise: it names none.

        Returns:
            Whether the folder was to blame, and computing again is worth it.

        Raises:
            DataError: No other folder can be had either.
        """
        is_named = str(self.folder) in message
        if not (is_named or (is_damage and not self._has_recovered)):
            return False
        if self._has_recovered:
            raise DataError(
                f"What was compiled cannot be written to {self.folder.resolve()}; free some space "
                "on the disk, or start with --no-cache."
            )
        if is_damage:  # of an entry whose checksum is right: it is not known which
            for entry in _entries(self._store):
                _remove(entry)
        # TensorFlow read the folder's name when it started: another folder stands in for it. If
        # that cannot be, this one begins anew: without its entries there is some space again.
        _remove(self.folder)
        stand_in = Path(tempfile.mkdtemp(prefix=_STAND_IN))
        try:
            self.folder.symlink_to(stand_in)
        except OSError:  # not every user of Windows may make links
            _remove(stand_in)
        self._has_recovered = True
        return True

    def end(self) -> None:
        """Keep what is new, and remove the session."""
        if not self.folder.is_symlink():
            self.publish()
        _remove_session(self.folder)
        _release(self._lock)


_session: Session | None = None
_reason = "TensorFlow has not started"


def turn_off() -> None:
    """Keep nothing in this process; to be called before TensorFlow is started."""
    os.environ[VARIABLE] = OFF


@contextlib.contextmanager
def begin() -> Iterator[None]:
    """Let TensorFlow keep what it compiles, if it can, which it reads in this block.

    Afterwards the environment is as before: other processes that this one starts have folders of
    their own.
    """
    before = os.environ.get("TF_XLA_FLAGS")
    flags = _begin()
    if flags is not None:
        os.environ["TF_XLA_FLAGS"] = flags
    try:
        yield
    finally:
        if before is not None:
            os.environ["TF_XLA_FLAGS"] = before
        elif flags is not None:
            del os.environ["TF_XLA_FLAGS"]


def _begin() -> str | None:
    """Open the session, and tell the flags that TensorFlow needs; None where nothing is kept."""
    global _session, _reason
    flags = os.environ.get("TF_XLA_FLAGS", "").strip()
    wanted = os.environ.get(VARIABLE, "")
    if wanted.lower() == OFF:
        _reason = "turned off"
    elif _DIRECTORY_FLAG in flags or (flags and not flags.startswith("-")):
        _reason = "TF_XLA_FLAGS is set by the user"
    else:
        try:
            root = Path(wanted).expanduser().absolute() if wanted else default_root()
            _session = Session(root, variant())
            _clean(root)
        except OSError as error:
            end()
            where = f"{error.filename}: " if error.filename else ""
            _reason = f"{where}{error.strerror or error}"
        except RuntimeError:  # a user without a home
            _reason = f"there is no home folder; {VARIABLE} can name another"
        except ImportError:  # TensorFlow is there under another name, or not at all
            _reason = "the version of TensorFlow is not known"
        else:
            atexit.register(end)
            folder = f"{_DIRECTORY_FLAG}={_quoted(_session.folder)}"
            return f"{flags} {folder} {_DEVICES_FLAG}=CPU".lstrip()
    return None


def exchange() -> None:
    """Share what was compiled with other processes, and take what they shared."""
    if _session is not None:
        _session.publish()
        _session.refresh()


def recover(message: str, is_damage: bool) -> bool:
    """As `Session.recover`; False where nothing is kept."""
    return _session is not None and _session.recover(message, is_damage)


def end() -> None:
    """Keep what was compiled. The window calls it, for it ends without Python's own end."""
    global _session
    if _session is not None:
        session, _session = _session, None
        session.end()


def status() -> Status:
    """What is kept now."""
    if _session is None:
        return Status(folder=None, reason=_reason)
    _session.publish()
    root = _session.folder.parents[1]
    sizes = [size for _, size, _ in _all_entries(root)]
    return Status(folder=root, n_programs=len(sizes), n_bytes=sum(sizes))


def default_root() -> Path:
    """Where this user's programs are kept on this system."""
    return platformdirs.user_cache_path("barycenter", appauthor=False) / "programs"


def variant() -> str:
    """What compiled programs depend on, besides themselves, as the name of a folder."""
    facts = [*_cpu(), os.cpu_count(), *(_flags(name) for name in ("XLA_FLAGS", "TF_XLA_FLAGS"))]
    digest = hashlib.sha256(repr(facts).encode()).hexdigest()[:12]
    return f"{__version__}-tensorflow-{versions.installed('tensorflow')}-{digest}"


def _cpu() -> list[object]:
    """What tells one CPU from another, as far as this system says."""
    from numpy._core._multiarray_umath import __cpu_features__ as features

    found: list[object] = [platform.machine(), platform.processor(), sorted(features.items())]
    with contextlib.suppress(OSError):  # on Linux alone
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        wanted = ("model name", "flags", "Features")
        found += sorted({line for line in text.splitlines() if line.startswith(wanted)})
    return found


def _flags(name: str) -> str:
    """The flags in an environment variable, or in the file that it names."""
    value = os.environ.get(name, "")
    if value and not value.lstrip().startswith("-"):
        with contextlib.suppress(OSError):
            return Path(value).read_text(encoding="utf-8", errors="replace")
    return value


def _quoted(folder: Path) -> str:
    """A folder's name as TensorFlow reads flags."""
    escaped = str(folder).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _entries(store: Path) -> list[Path]:
    return [path for path in sorted(store.glob(f"*{_SUFFIX}.*")) if _facts(path)]


def _all_entries(root: Path) -> list[tuple[float, int, Path]]:
    """Time, size and path of all entries of all variants."""
    stores = root.glob("*-tensorflow-*")
    found = [(_facts(path), path) for store in stores for path in _entries(store)]
    return [(*facts, path) for facts, path in found if facts]


def _facts(path: Path) -> tuple[float, int] | None:
    """Time and size of a file; None where it is none, or cannot be an entry."""
    try:
        found = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_BYTES:
        return None
    return _time(found), found.st_size


def _time(found: os.stat_result) -> float:
    """When a file was written; long ago if that is yet to come, or it would stay for ever."""
    return found.st_mtime if found.st_mtime < time.time() + _DAY else 0.0


def _checksum(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=_CHECKSUM_BYTES).hexdigest()


def _locked(sessions: Path) -> FileLock:
    """A lock on a new file, held by this process.

    Raises:
        OSError: This disk has no locks.
    """
    handle, name = tempfile.mkstemp(dir=sessions, suffix=".lock")
    os.close(handle)
    lock = FileLock(name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # filelock's, that it takes another kind of lock
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


def _clean(root: Path) -> None:
    """Remove what killed processes left, and variants that nobody uses any more."""
    for path in (root / "sessions").glob("*.lock"):
        lock = FileLock(path)
        with contextlib.suppress(OSError):  # it is held: a Timeout is one
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
    for _, size, entry in sorted(_all_entries(root), reverse=True):
        n_bytes += size
        if n_bytes > MAX_BYTES:
            _remove(entry)
