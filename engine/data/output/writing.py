"""Writes files atomically, and checks before a run that they can be written."""

import contextlib
import io
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import IO, Any, cast

from engine.data.output.formats import Kind, check_suffix
from engine.errors import DataError, ParameterError

_ANYONE_WRITES = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
# Any disk holds names of 255 bytes; a character takes up to four.
_MOST_OF_STEM, _MOST_OF_SUFFIX = 50, 8
# Only suffixes that this program writes: other programs may have similar files.
_DRAFT = re.compile(
    r"\..*\.(csv|tsv|png|jpe?g|gif|svg|pdf|parquet|npy|npz|json|jsonl|toml|md|html)"
    r"\.(?P<process>\d{1,10})\.part",
    re.IGNORECASE | re.DOTALL,
)
# The names of the drafts, the temporary files, that this process is writing.
_being_written: set[str] = set()
# Drafts that wait until others are complete, with the files they will replace.
_together: ContextVar[list[tuple[Path, Path]] | None] = ContextVar("together", default=None)


def make_folder(folder: Path) -> None:
    """Create a folder and its parents if necessary; a DataError if that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{folder} cannot be made: {error.strerror or error}.") from error


def check_outputs(
    outputs: Iterable[tuple[str | Path, Kind]], inputs: Iterable[str | Path] = ()
) -> None:
    """Check, before a run, that results can be written and would not destroy another file.

    Args:
        outputs: Each file to write, and what it will contain.
        inputs: What the run reads; texts that are no paths are ignored.

    Raises:
        ParameterError: A suffix is not one of its kind; or a file is named twice, by whatever path
            or link; or the run reads it, or prints to it.
        DataError: A file cannot be written.
    """
    used = {place: "the run reads it" for path in inputs for place in _places(path)}
    used |= dict.fromkeys(_printed(), "what the run prints goes there")
    for path, kind in outputs:
        check_suffix(path, kind)
        check_writable(path)
        places = _places(path)
        for place in places & used.keys():
            raise ParameterError(
                f"{path} is already in use: {used[place]}; give each result a file of its own."
            )
        used |= dict.fromkeys(places, "another result is written there")


def _places(path: str | Path) -> set[object]:
    """What identifies a file: its path with links resolved, and its device and inode."""
    try:
        places: set[object] = {_one_case(os.path.realpath(path))}
    except ValueError:  # a text that cannot be a path
        return {str(path)}
    with contextlib.suppress(OSError):  # the file may not exist yet
        there = os.stat(path)
        places.add((there.st_dev, there.st_ino))
    return places


def _one_case(path: str) -> str:
    """One spelling of a path, on systems that ignore the case of letters."""
    return path.casefold() if sys.platform in ("darwin", "win32") else path


def _printed() -> set[object]:
    """The device and inode of the file that standard output is redirected to, if it is one."""
    try:
        there = os.fstat(sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):  # a window may have no standard output
        return set()
    return {(there.st_dev, there.st_ino)} if stat.S_ISREG(there.st_mode) else set()


def check_writable(path: str | Path) -> None:
    """Check, before a long computation, that its result can be written to a path.

    An empty file is created in the folder and removed again, because only then the system reports
    every problem, such as a name that the disk cannot hold.

    Raises:
        DataError: The folder is missing or not writable, or the path is not a file, or a file that
            its owner has made read-only, or the system refuses the name.
    """
    _check_place(path)
    target = Path(os.path.realpath(path))
    draft = target.with_name(_draft_name(target.name))
    if draft.name in _being_written:
        return
    try:
        with draft.open("xb"):
            pass
        draft.unlink()
    except FileExistsError:
        return  # a process with the same id, in another container, is writing this file
    except OSError as error:
        raise unwritable(path, error) from error


def _check_place(path: str | Path) -> None:
    """The checks that need no writing; raises what `check_writable` raises."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        mode = None
    except (OSError, ValueError) as error:  # too long, not encodable, circular links
        raise unwritable(path, error) from error
    if mode is not None and not stat.S_ISREG(mode):
        raise DataError(f"{path} cannot be written: it is not a file.")
    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    if not os.path.isdir(folder):
        raise DataError(f"{path} cannot be written: there is no folder {folder}.")
    if not os.access(folder, os.W_OK):
        raise DataError(f"{path} cannot be written: its folder may not be written to.")
    # The superuser may write to any file, but the owner has marked this one as read-only.
    if mode is not None and not (mode & _ANYONE_WRITES and os.access(target, os.W_OK)):
        raise DataError(f"{path} cannot be written: the file that is there is read-only.")


def unwritable(path: str | Path, error: OSError | ValueError) -> DataError:
    """The error for a file that the system cannot write."""
    reason = error.strerror if isinstance(error, OSError) else None
    if isinstance(error, UnicodeError):
        reason = "its name has characters that this system cannot write in the name of a file"
    return DataError(f"{path} cannot be written: {reason or error}.")


def write_whole(path: str | Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file atomically: first to a draft in the same folder, which then replaces it.

    A replaced file keeps its mode. Drafts that killed processes left in the folder are removed.

    Args:
        path: The file, which is replaced.
        write: Called with the file to write to.

    Raises:
        DataError: The file cannot be written.
    """
    _check_place(path)
    target = Path(os.path.realpath(path))  # a link remains, and its target is replaced
    remove_drafts(target.parent)
    draft = target.with_name(_draft_name(target.name))
    waiting = _together.get()
    is_whole = False
    try:
        try:
            _being_written.add(draft.name)
            with draft.open("xb") as file:
                write(cast(IO[bytes], _Stream(file)))
            if target.exists():
                os.chmod(draft, stat.S_IMODE(target.stat().st_mode))
            is_whole = True
            if waiting is None:
                os.replace(draft, target)
            else:
                waiting.append((draft, target))
        finally:
            if waiting is None or not is_whole:
                _forget(draft)
    except OSError as error:
        raise unwritable(path, error) from error


@contextlib.contextmanager
def together() -> Iterator[None]:
    """Write several files atomically: they are replaced only after all of them are complete.

    If one of the files in this block cannot be written, none is replaced.

    Raises:
        DataError: A file cannot be replaced.
    """
    drafts: list[tuple[Path, Path]] = []
    token = _together.set(drafts)
    try:
        yield
        for draft, target in drafts:
            try:
                os.replace(draft, target)
            except OSError as error:
                raise unwritable(target, error) from error
    finally:
        _together.reset(token)
        for draft, _ in drafts:
            _forget(draft)


def _forget(draft: Path) -> None:
    draft.unlink(missing_ok=True)
    _being_written.discard(draft.name)


class _Stream(io.BufferedIOBase):
    """A file that is written only through Python.

    Libraries that get the descriptor of an open file write to it themselves, and not all of them
    notice when the disk is full.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, content: Any) -> int:
        """Write everything, or raise an OSError."""
        return self._file.write(content)

    def flush(self) -> None:
        """Pass what was written to the system."""
        self._file.flush()

    def writable(self) -> bool:
        """Whether it can be written."""
        return True

    def seekable(self) -> bool:
        """Whether the position can change; PDF and JPEG need that."""
        return True

    def seek(self, place: int, whence: int = 0) -> int:
        """Change the position."""
        return self._file.seek(place, whence)

    def tell(self) -> int:
        """The position."""
        return self._file.tell()


def remove_drafts(folder: Path) -> None:
    """Remove drafts of killed processes; failures are ignored."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = _DRAFT.fullmatch(entry.name)
            if found and entry.name not in _being_written and not _is_other(int(found["process"])):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)


def _draft_name(name: str) -> str:
    """The name of the draft of a file: hidden, and short enough for any disk."""
    stem, suffix = os.path.splitext(name)
    return f".{stem[:_MOST_OF_STEM]}{suffix[:_MOST_OF_SUFFIX]}.{os.getpid()}.part"


def _is_other(number: int) -> bool:
    """Whether another process with this id may be running."""
    if number == os.getpid():  # containers reuse the same few ids
        return False
    if os.name == "nt":  # open files cannot be removed there, and a signal would end the process
        return False
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it belongs to another user
        return True
    return True
