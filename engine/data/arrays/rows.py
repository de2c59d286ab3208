"""The rows of a .npy file, read on request.

NumPy would map the file instead. If another program shortens a mapped file, touching the missing
part ends the process (SIGBUS); reading reports how many bytes there were.

The format: NumPy Enhancement Proposal 1, and `numpy.lib.format`.
"""

import io
import itertools
import math
import os
import threading
import warnings
import weakref
from collections.abc import Sequence
from typing import BinaryIO, NamedTuple

import numpy as np

from engine.errors import DataError

# Enough for any header: NumPy accepts none of more than 10,000 bytes.
_HEAD_BYTES = 2**16
_READ_HEADER = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
    (3, 0): np.lib.format.read_array_header_2_0,  # differs only in the names of fields
}
# Rows closer to each other than this are read at once, with what lies between them; at most a
# block at once.
_NEAR_BYTES, _BLOCK_BYTES = 2**14, 2**22


class Header(NamedTuple):
    """The header of a .npy file.

    Attributes:
        shape: The shape of the array.
        by_columns: Whether the first index varies fastest, as in Fortran.
        dtype: The dtype of the array.
        n_bytes: The length of the header.
    """

    shape: tuple[int, ...]
    by_columns: bool
    dtype: np.dtype
    n_bytes: int

    @property
    def n_total(self) -> int:
        """The bytes of the whole file, header included."""
        return self.n_bytes + math.prod(self.shape) * self.dtype.itemsize


def read_header(file: BinaryIO, n_there: int) -> Header:
    """Read the header of a file, and check what it claims.

    Args:
        file: A file, at its beginning.
        n_there: The size of the file in bytes.

    Raises:
        ValueError: NumPy does not accept the header, or it claims more bytes than there are.
    """
    head = io.BytesIO(file.read(_HEAD_BYTES))
    version = np.lib.format.read_magic(head)
    try:
        with warnings.catch_warnings():  # about files that Python 2 has written
            warnings.simplefilter("ignore")
            shape, by_columns, dtype = _READ_HEADER[version](head)
    except Exception as error:  # NumPy uses Python's parser, which raises all kinds of exceptions
        raise ValueError("the header cannot be read") from error
    header = Header(shape, by_columns, dtype, head.tell())
    if any(side < 0 for side in shape) or header.n_total > n_there:
        raise ValueError("claims more than there is")
    return header


class FileRows:
    """An (R, C) array on disk, of which only the requested rows are read into memory.

    Attributes:
        shape: R and C; a 1-D array is a single column.
        dtype: The dtype of the array.
    """

    def __init__(self, file: BinaryIO, header: Header, source: str) -> None:
        """Take ownership of an open file, which is closed when this object is garbage-collected.

        Args:
            file: A .npy file.
            header: Its header: an array of numbers, of one or two dimensions.
            source: The name of the file as the user gave it.
        """
        self.shape = (header.shape[0], math.prod(header.shape[1:]))
        self.dtype = header.dtype
        self._file, self._source = file, source
        self._start, self._by_columns = header.n_bytes, header.by_columns
        self._one_at_a_time = threading.Lock()
        weakref.finalize(self, file.close)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, which: slice | np.ndarray) -> np.ndarray:
        """(n, C): some of the rows, by their numbers from 0.

        Raises:
            DataError: The file has become shorter, or can no longer be read.
        """
        return self.selected(which, None)

    def selected(self, which: slice | np.ndarray, columns: Sequence[int] | None) -> np.ndarray:
        """(n, len(columns)): some columns of some of the rows; raises what `[]` raises."""
        try:
            return self._selected(which, columns)
        except OSError as error:
            raise DataError(
                f"{self._source} cannot be read any more: {error.strerror or error}."
            ) from error

    def _selected(self, which: slice | np.ndarray, columns: Sequence[int] | None) -> np.ndarray:
        if not self._by_columns:
            rows = self._strips(self._start, self.shape[1], which)
            return rows if columns is None else rows[:, columns]
        size = self.shape[0] * self.dtype.itemsize
        every = range(self.shape[1]) if columns is None else columns
        strips = [self._strips(self._start + index * size, 1, which) for index in every]
        return np.concatenate(strips, axis=1)

    def all_rows(self, columns: Sequence[int] | None) -> np.ndarray:
        """(R, len(columns)): all rows, in memory; raises what `[]` raises."""
        if columns is None or self._by_columns:
            return self.selected(slice(None), columns)
        rows = np.empty((len(self), len(columns)), self.dtype)
        n_block = max(1, _BLOCK_BYTES // max(1, self.shape[1] * self.dtype.itemsize))
        for start in range(0, len(self), n_block):
            rows[start : start + n_block] = self.selected(slice(start, start + n_block), columns)
        return rows

    def _strips(self, start: int, width: int, which: slice | np.ndarray) -> np.ndarray:
        """(n, width): some of R strips of values, which follow one another in the file."""
        if isinstance(which, slice):
            first, stop, step = which.indices(len(self))
            if step == 1:
                return self._run(start, width, first, stop)
            which = np.arange(first, stop, step)
        order = np.argsort(which, kind="stable")
        numbers = which[order].astype(np.int64)
        strips = np.empty((len(numbers), width), self.dtype)
        parts = self._parts(numbers, width * self.dtype.itemsize)
        if 2 * len(parts) > len(numbers):
            self._read_each(start, strips, numbers)
        else:
            for part in parts:
                own = numbers[part]
                run = self._run(start, width, int(own[0]), int(own[-1]) + 1)
                strips[part] = run[own - own[0]]
        unsorted = np.empty_like(strips)
        unsorted[order] = strips
        return unsorted

    def _read_each(self, start: int, strips: np.ndarray, numbers: np.ndarray) -> None:
        """Read (n, width) strips that lie far apart; written for speed, as there may be many."""
        size = strips.shape[1] * self.dtype.itemsize
        view = memoryview(strips.reshape(-1).view(np.uint8).data)
        places = (start + numbers * size).tolist()
        read, file = getattr(os, "preadv", None), self._file.fileno()
        for at, place in zip(range(0, len(view), size), places, strict=True):
            strip = view[at : at + size]
            if not read or read(file, [strip], place) != size:
                self._fill(strip, place)

    def _parts(self, numbers: np.ndarray, n_bytes: int) -> list[slice]:
        """Cut ascending strip numbers into runs to read at once; each strip has this many bytes."""
        far = np.diff(numbers) * n_bytes > _NEAR_BYTES
        far |= np.diff(numbers * n_bytes // _BLOCK_BYTES) > 0
        edges = [0, *(np.flatnonzero(far) + 1).tolist(), len(numbers)]
        return [slice(a, b) for a, b in itertools.pairwise(edges) if a < b]

    def _run(self, start: int, width: int, first: int, stop: int) -> np.ndarray:
        """(stop - first, width): consecutive strips."""
        strips = np.empty((max(0, stop - first), width), self.dtype)
        if strips.size:
            content = memoryview(strips.reshape(-1).view(np.uint8).data)
            self._fill(content, start + first * strips[0].nbytes)
        return strips

    def _fill(self, view: memoryview, place: int) -> None:
        """Fill a buffer with the bytes at a position of the file."""
        while view:  # one call reads at most 2 GiB
            if not (read := self._read_some(view, place)):
                raise DataError(
                    f"{self._source} has become shorter while it was read; run again when the "
                    "program that writes it is done."
                )
            view, place = view[read:], place + read

    def _read_some(self, view: memoryview, place: int) -> int:
        if hasattr(os, "preadv"):
            return os.preadv(self._file.fileno(), [view], place)
        with self._one_at_a_time:  # on systems where reading moves the position in the file
            self._file.seek(place)
            content = self._file.read(len(view))
            view[: len(content)] = content
            return len(content)
