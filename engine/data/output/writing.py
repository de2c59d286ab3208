"""Files on their way out: checked before a run, and each written whole or not at all."""

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
# Names of 255 bytes fit any disk; a character has up to four.
_MOST_OF_STEM, _MOST_OF_SUFFIX = 50, 8
# Only of what this program writes: another may have files that look alike.
_DRAFT = re.compile(
    r"\..*\.(csv|tsv|png|jpe?g|gif|svg|pdf|parquet|npy|npz|json|jsonl|toml|md|html)"
    r"\.(?P<process>\d{1,10})\.part",
    re.IGNORECASE | re.DOTALL,
)
# The names of the drafts that this process is writing.
_being_written: set[str] = set()
# Drafts that wait for others, with the places that they are for.
_together: ContextVar[list[tuple[Path, Path]] | None] = ContextVar("together", default=None)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, unless they are there; a DataError where that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{folder} cannot be made: {error.strerror or error}.") from error


def check_outputs(
    outputs: Iterable[tuple[str | Path, Kind]], inputs: Iterable[str | Path] = ()
) -> None:
    """Say before a run which of its results could not be written, or would destroy another file.

    Args:
        outputs: Each file that is to be written, and what it is to hold.
        inputs: What the run reads; a text that is no path does no harm.

    Raises:
        ParameterError: A suffix is not one of its kind, or a file is named twice, by whatever path
            or link, or is read by the run, or is where the results are printed.
        DataError: A file cannot be written there.
    """
    used = {place: "the run reads it" for path in inputs for place in _places(path)}
    used |= dict.fromkeys(_printed(), "what the run prints goes there")
    for path, kind in outputs:
        check_suffix(path, kind)
        check_writable(path)
        places = _places(path)
        for place in places & used.keys():
            raise ParameterError(
                f"{path} is in use already: {used[place]}; give each result a file of its own."
            )
        used |= dict.fromkeys(places, "another result is written there")


def _places(path: str | Path) -> set[object]:
    """What tells a file from others: where its path leads, links followed, and its number."""
    try:
        places: set[object] = {_one_case(os.path.realpath(path))}
    except ValueError:  # a text that can be no path
        return {str(path)}
    with contextlib.suppress(OSError):  # there may be no file yet
        there = os.stat(path)
        places.add((there.st_dev, there.st_ino))
    return places


def _one_case(path: str) -> str:
    """One spelling of a path, where the system does not tell upper and lower case apart."""
    return path.casefold() if sys.platform in ("darwin", "win32") else path


def _printed() -> set[object]:
    """The number of the file that standard output was sent to, if it is one."""
    try:
        there = os.fstat(sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):  # a window may have no standard output
        return set()
    return {(there.st_dev, there.st_ino)} if stat.S_ISREG(there.st_mode) else set()


def check_writable(path: str | Path) -> None:
    """Say before a long computation that its result could not be written there.

    An empty file is made in the folder and removed again: only so the system says all it has to
    say, about a name that the disk cannot hold, for example.

    Raises:
        DataError: The folder is missing or may not be written, or the path is no file, or it is
            one that its owner has made read-only, or the system refuses the name.
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
        return  # a process of the same number, in another container, is writing just there
    except OSError as error:
        raise unwritable(path, error) from error


def _check_place(path: str | Path) -> None:
    """What can be known without writing; errors as `check_writable`."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        mode = None
    except (OSError, ValueError) as error:  # too long, not encodable, links that go in circles
        raise unwritable(path, error) from error
    if mode is not None and not stat.S_ISREG(mode):
        raise DataError(f"{path} cannot be written: it is not a file.")
    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    if not os.path.isdir(folder):
        raise DataError(f"{path} cannot be written: there is no folder {folder}.")
    if not os.access(folder, os.W_OK):
        raise DataError(f"{path} cannot be written: its folder may not be written to.")
    # The superuser may write to any file, and yet its owner has said that it is to stay.
    if mode is not None and not (mode & _ANYONE_WRITES and os.access(target, os.W_OK)):
        raise DataError(f"{path} cannot be written: the file that is there is read-only.")


def unwritable(path: str | Path, error: OSError | ValueError) -> DataError:
    """The complaint about what the system says of a file that is to be written."""
    said = error.strerror if isinstance(error, OSError) else None
    if isinstance(error, UnicodeError):
        said = "its name has characters that this system cannot write in the name of a file"
    return DataError(f"{path} cannot be written: {said or error}.")


def write_whole(path: str | Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write beside the file, and put it in its place when it is whole.

    A file that is replaced keeps its mode. What a run left behind that was killed while it wrote
    is removed from the folder.

    Args:
        path: The file, which is replaced.
        write: Called with the file to write to.

    Raises:
        DataError: The file cannot be written.
    """
    _check_place(path)
    target = Path(os.path.realpath(path))  # a link stays, and what it points to is replaced
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
    """Put the files that are written meanwhile in their places when all of them are whole.

    Where one cannot be written, none is replaced.

    Raises:
        DataError: One cannot be put in its place.
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
    """A file that is written through Python alone.

    Libraries that are given the number of an open file write to it themselves, and not all notice
    that the disk is full.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, content: Any) -> int:
        """Write all of it, or raise OSError."""
        return self._file.write(content)

    def flush(self) -> None:
        """Hand what was written to the system."""
        self._file.flush()

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def seekable(self) -> bool:
        """One may go back in it: PDF and JPEG need that."""
        return True

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place."""
        return self._file.seek(place, whence)

    def tell(self) -> int:
        """The place."""
        return self._file.tell()


def remove_drafts(folder: Path) -> None:
    """Remove what killed processes had begun to write; what cannot be removed does no harm."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = _DRAFT.fullmatch(entry.name)
            if found and entry.name not in _being_written and not _is_other(int(found["process"])):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)


def _draft_name(name: str) -> str:
    """How a file is called while it is written: hidden, and short enough for any disk."""
    stem, suffix = os.path.splitext(name)
    return f".{stem[:_MOST_OF_STEM]}{suffix[:_MOST_OF_SUFFIX]}.{os.getpid()}.part"


def _is_other(number: int) -> bool:
    """Whether another process of this number may be alive."""
    if number == os.getpid():  # in a container the same few numbers come again and again
        return False
    if os.name == "nt":  # where an open file cannot be removed, and a signal would end the process
        return False
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it is another user's
        return True
    return True
