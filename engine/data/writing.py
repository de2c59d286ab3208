"""Results as CSV files, each written whole or not at all."""

import contextlib
import csv
import io
import os
import re
import stat
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from engine.data.dataset import Dataset, Description
from engine.errors import DataError

if TYPE_CHECKING:
    import polars as pl

_LABELS_A_BLOCK = 2**20
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


def write_labels(path: str | Path, labels: np.ndarray, dataset: Description) -> None:
    """Write `row,label`, or `row,name,label`: a line for each row of the source, from 1, in order.

    A block of rows at a time, so that there may be many millions.

    Args:
        path: The file, which is replaced.
        labels: (N,) integers, a label for each of the data set's points; -1 is left empty.
        dataset: Says which rows the points were, and their names; what is said of a dropped row is
            left empty.

    Raises:
        DataError: The file cannot be written.
    """

    def write(file: IO[bytes]) -> None:
        for start in range(0, dataset.n_rows, _LABELS_A_BLOCK):
            stop = min(start + _LABELS_A_BLOCK, dataset.n_rows)
            table = _labels_of(range(start, stop), labels, dataset)
            table.write_csv(file, include_header=start == 0)

    write_whole(path, write)


def _labels_of(rows: range, labels: np.ndarray, dataset: Description) -> "pl.DataFrame":
    """The lines for some of the rows."""
    import polars as pl

    first, last = rows.start, rows.stop
    if dataset.kept is not None:
        first, last = np.searchsorted(dataset.kept, [first, last]).tolist()
    own = slice(first, last)
    kept = slice(None) if dataset.kept is None else dataset.kept[own] - rows.start
    there, every = np.full(len(rows), dataset.kept is None), np.zeros(len(rows), np.int64)
    there[kept], every[kept] = labels[own] >= 0, labels[own]
    columns: dict[str, object] = {"row": np.arange(rows.start, rows.stop) + 1}
    columns |= {"label": every, "there": there}
    shown = ["row", pl.when("there").then("label")]
    if dataset.names is not None:
        names = np.full(len(rows), None, object)
        names[kept] = dataset.names[own]
        columns["name"] = names.tolist()
        shown.insert(1, "name")
    return pl.DataFrame(columns).select(shown)


def write_points(path: str | Path, dataset: Dataset) -> None:
    """Write `<columns>`: a line for each point, in the units of the data.

    Read again they are the same points: the digits are the shortest that give the same float32.

    Args:
        path: The file, which is replaced.
        dataset: Whose points.

    Raises:
        DataError: The file cannot be written.
    """
    import polars as pl

    columns = zip(dataset.columns, dataset.points.T, strict=True)
    write_whole(path, pl.DataFrame({name: np.array(of) for name, of in columns}).write_csv)


def write_centroids(
    path: str | Path, centroids: np.ndarray, columns: Sequence[str], sizes: np.ndarray
) -> None:
    """Write `cluster,size,<columns>`: a line for each centroid, from 0, as the labels count.

    Args:
        path: The file, which is replaced.
        centroids: (K, D) in the user's units.
        columns: D names.
        sizes: (K,) integers, how many points each centroid has.

    Raises:
        DataError: The file cannot be written.
    """
    rows = enumerate(zip(sizes, centroids, strict=True))
    write_rows(
        path,
        ["cluster", "size", *columns],
        ([cluster, size, *centroid] for cluster, (size, centroid) in rows),
    )


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where one speller looked for each letter of its word.

    Attributes:
        speller: Its name.
        letters: L names.
        weights: (L, T), or (L, 1) of a speller that sees the whole word at once.
        whole_word: Whether it is such a speller.
    """

    speller: str
    letters: Sequence[str]
    weights: np.ndarray
    whole_word: bool = False


def write_alignments(
    path: str | Path, phonemes: Sequence[str], alignments: Sequence[Alignment]
) -> None:
    """Write `speller,letter,<phonemes>,whole word`: a line for each letter of each speller.

    There is a last column only where a speller sees the whole word at once: its weights stand
    there, and it has none for the phonemes.

    Args:
        path: The file, which is replaced.
        phonemes: T names.
        alignments: Of the same phonemes.

    Raises:
        DataError: The file cannot be written.
    """
    whole = ["whole word"] if any(one.whole_word for one in alignments) else []
    empty = [""] * len(phonemes)
    rows = [
        [one.speller, letter, *empty, *row]
        if one.whole_word
        else [one.speller, letter, *row, *[""] * len(whole)]
        for one in alignments
        for letter, row in zip(one.letters, one.weights, strict=True)
    ]
    write_rows(path, ["speller", "letter", *phonemes, *whole], rows)


def write_rows(path: str | Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table as CSV.

    Args:
        path: The file, which is replaced.
        header: The names of the columns.
        rows: What stands in them.

    Raises:
        DataError: The file cannot be written.
    """

    def write(file: IO[bytes]) -> None:
        lines = io.StringIO(newline="")
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(header)
        # NumPy writes the shortest digits that give the same number again.
        writer.writerows([str(value) for value in row] for row in rows)
        file.write(lines.getvalue().encode())

    write_whole(path, write)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, unless they are there; a DataError where that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{folder} cannot be made: {error.strerror or error}.") from error


def check_writable(path: str | Path) -> None:
    """Say before a long computation that its result could not be written there.

    Raises:
        DataError: The folder is missing or may not be written, or the path is no file, or it is
            one that its owner has made read-only.
    """
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        mode = None
    except (OSError, ValueError) as error:  # a name that is too long, links that go in circles
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
    check_writable(path)
    target = Path(os.path.realpath(path))  # a link stays, and what it points to is replaced
    remove_drafts(target.parent)
    draft = target.with_name(_draft_name(target.name))
    try:
        try:
            _being_written.add(draft.name)
            with draft.open("xb") as file:
                write(file)
            if target.exists():
                os.chmod(draft, stat.S_IMODE(target.stat().st_mode))
            os.replace(draft, target)
        finally:
            draft.unlink(missing_ok=True)
            _being_written.discard(draft.name)
    except OSError as error:
        raise unwritable(path, error) from error


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
