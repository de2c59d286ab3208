"""Packs the large arrays of a history: stores the rows that changed since the frame before.

A history of a million points would store a label for each point at every iteration, although after
the first few iterations hardly any label changes. So only some frames store the complete array, and
the others only the rows that differ from the frame before. Nothing is lost: `unpacked` restores a
frame.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple
from weakref import ReferenceType, ref

import numpy as np
import numpy.typing as npt

from engine.clustering.algorithms import row_arrays
from engine.clustering.side_by_side.frames import PairFrame

# Smaller arrays are not packed.
_LEAST_BYTES = 4096
# The two frames of a pair, and the arrays of each kind of frame that grow with the points.
_HALVES = ("kmeans", "mean_shift")
_ARRAYS = row_arrays()


class _Change(NamedTuple):
    """What differs from the array before.

    Attributes:
        indices: (C,) uint32, ascending: the rows that differ.
        rows: (C, ...) their new values.
    """

    indices: np.ndarray
    rows: np.ndarray

    @property
    def nbytes(self) -> int:
        return int(self.indices.nbytes + self.rows.nbytes)


class Packed:
    """A read-only array, stored as an earlier complete array and all changes since.

    NumPy treats it as an array. Unpack it once with `array` before reading it often.

    Attributes:
        own_bytes: The memory that this array adds to those before it.
    """

    __slots__ = ("_array", "_changes", "_key", "own_bytes")

    def __init__(self, array: np.ndarray, key: np.ndarray, changes: tuple[_Change, ...]) -> None:
        self._key, self._changes = key, changes
        # While the unpacked array is in use somewhere, `array` returns the same one.
        self._array: ReferenceType[np.ndarray] = ref(array)
        self.own_bytes = changes[-1].nbytes if changes else key.nbytes

    @classmethod
    def first(cls, array: np.ndarray) -> "Packed":
        """Return the first array of a history, stored completely."""
        return cls(array, array, ())

    def then(self, before: np.ndarray, array: np.ndarray) -> "Packed":
        """Return the array that follows this one.

        It is stored completely if the changes since the last complete array would take more memory.
        So unpacking never writes more than twice the bytes of the array.

        Args:
            before: This array, unpacked.
            array: The array that follows.
        """
        if (before.shape, before.dtype) != (array.shape, array.dtype):
            return Packed.first(array)
        differs = before != array
        if array.ndim > 1:
            differs = differs.reshape(len(array), -1).any(1)
        known = sum(change.nbytes for change in self._changes)
        row_bytes = 4 + array.nbytes // len(array)
        if known + row_bytes * int(np.count_nonzero(differs)) > array.nbytes:
            return Packed.first(array)
        indices = np.flatnonzero(differs).astype(np.uint32)
        return Packed(array, self._key, (*self._changes, _Change(indices, array[indices])))

    @property
    def array(self) -> np.ndarray:
        """The unpacked array, read-only."""
        known = self._array()
        if known is not None:
            return known
        array = self._key.copy()
        for change in self._changes:
            array[change.indices] = change.rows
        array.flags.writeable = False
        self._array = ref(array)
        return array

    def __len__(self) -> int:
        return len(self._key)

    def __getitem__(self, indices: npt.NDArray[np.intp]) -> np.ndarray:
        """Return the rows at (M,) indices."""
        rows: np.ndarray = self._key[indices]
        for change in self._changes:
            if len(change.indices):
                at = np.searchsorted(change.indices, indices).clip(max=len(change.indices) - 1)
                found = change.indices[at] == indices
                rows[found] = change.rows[at[found]]
        return rows

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.array, dtype, copy=copy)


def packed(frame: Any, kept: Any = None, before: Any = None) -> Any:
    """Return a frame with `Packed` arrays in place of its large ones.

    Args:
        frame: The frame, unpacked.
        kept: The frame before it, packed; None if there is none.
        before: The frame before it, unpacked; None if there is none or it is not known.
    """
    if frame is before:
        return kept
    if isinstance(frame, PairFrame):
        halves = {
            name: packed(*(getattr(each, name, None) for each in (frame, kept, before)))
            for name in _HALVES
        }
        return replace(frame, **halves)
    arrays = {
        name: _packed(getattr(frame, name), getattr(kept, name, None), getattr(before, name, None))
        for name in _ARRAYS.get(type(frame), ())
        if getattr(frame, name).nbytes >= _LEAST_BYTES
    }
    return replace(frame, **arrays) if arrays else frame


def _packed(array: np.ndarray, kept: object, before: np.ndarray | None) -> Packed:
    if not isinstance(kept, Packed) or before is None:
        return Packed.first(array)
    return kept if array is before else kept.then(before, array)


def unpacked(frame: Any) -> Any:
    """Unpack a frame."""
    if isinstance(frame, PairFrame):
        return replace(frame, **{name: unpacked(getattr(frame, name)) for name in _HALVES})
    arrays = {
        name: kept.array
        for name in _ARRAYS.get(type(frame), ())
        if isinstance(kept := getattr(frame, name), Packed)
    }
    return replace(frame, **arrays) if arrays else frame


def packed_bytes(frames: Iterable[Any]) -> int:
    """Return how many bytes the packed arrays of frames need, counting each only once."""
    sizes = {id(each): each.own_bytes for frame in frames for each in _packed_arrays(frame)}
    return sum(sizes.values())


def _packed_arrays(frame: Any) -> Iterable[Packed]:
    if isinstance(frame, PairFrame):
        for name in _HALVES:
            yield from _packed_arrays(getattr(frame, name))
    for name in _ARRAYS.get(type(frame), ()):
        if isinstance(kept := getattr(frame, name), Packed):
            yield kept
