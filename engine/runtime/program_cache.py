"""Keeps compiled programs between starts.

XLA compiles each program for each class of shapes, which takes about a second. TensorFlow can write
compiled programs into a folder and read them again, but with two faults: a damaged entry, or a
folder that cannot be written, raises an error in the middle of the computation; and the names of
entries depend neither on the CPU nor on XLA's flags. So TensorFlow gets a folder of this process
alone, the session (`program_sessions`), and a store keeps the compiled programs.
docs/decisions/0016-compiled-programs.md has the reasons.
"""

import atexit
import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from engine.runtime.program_sessions import Session, all_entries, clean
from engine.runtime.program_variant import variant

# An environment variable: a folder to use instead of the user's, or OFF.
VARIABLE = "BARYCENTER_CACHE"
OFF = "off"

_DIRECTORY_FLAG = "--tf_xla_persistent_cache_directory"
_DEVICES_FLAG = "--tf_xla_persistent_cache_device_types"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The state of the cache.

    Attributes:
        folder: The folder of the store; None if nothing is kept.
        reason: Why nothing is kept; empty if something is.
        n_programs: Number of programs, of all variants.
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


_session: Session | None = None
_reason = "TensorFlow has not started"


def turn_off() -> None:
    """Keep nothing in this process. Call it before TensorFlow starts."""
    os.environ[VARIABLE] = OFF


@contextlib.contextmanager
def begin() -> Iterator[None]:
    """Open a session, if possible, and tell TensorFlow about it, which is imported in this block.

    Afterwards the environment is as before, so that child processes open sessions of their own.
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
    """Open the session, and return the flags for TensorFlow; None if nothing is kept."""
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
            clean(root)
        except OSError as error:
            end()
            where = f"{error.filename}: " if error.filename else ""
            _reason = f"{where}{error.strerror or error}"
        except RuntimeError:  # a user without a home
            _reason = f"there is no home folder; {VARIABLE} can name another"
        except ImportError:  # TensorFlow is missing, or installed under another name
            _reason = "the version of TensorFlow is not known"
        else:
            atexit.register(end)
            folder = f"{_DIRECTORY_FLAG}={_quoted(_session.folder)}"
            return f"{flags} {folder} {_DEVICES_FLAG}=CPU".lstrip()
    return None


def exchange() -> None:
    """Share what was compiled with other processes, and get what they have shared."""
    if _session is not None:
        _session.publish()
        _session.refresh()


def recover(message: str, is_damage: bool) -> bool:
    """Recover as `Session.recover` does; False if nothing is kept."""
    return _session is not None and _session.recover(message, is_damage)


def end() -> None:
    """Keep what was compiled. The window calls this, because it exits without running atexit."""
    global _session
    if _session is not None:
        session, _session = _session, None
        session.end()


def status() -> Status:
    """Return the current state of the cache."""
    if _session is None:
        return Status(folder=None, reason=_reason)
    _session.publish()
    root = _session.folder.parents[1]
    sizes = [size for _, size, _ in all_entries(root)]
    return Status(folder=root, n_programs=len(sizes), n_bytes=sum(sizes))


def default_root() -> Path:
    """The folder for this user's programs on this system."""
    return platformdirs.user_cache_path("barycenter", appauthor=False) / "programs"


def _quoted(folder: Path) -> str:
    """The name of a folder, quoted as TensorFlow parses its flags."""
    escaped = str(folder).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
