"""The large arrays of a history, kept as what changed in them from one frame to the next.

A history of a million points would hold a label for each of them at every iteration, of which all
but the first few change hardly any. So a frame keeps the whole array only now and then, and else
the rows that are not those of the frame before. Nothing is lost: `whole` gives the frame that came.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple
from weakref import ReferenceType, ref

import numpy as np
import numpy.typing as npt

from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.mean_shift.frames import MeanShiftFrame
from engine.clustering.side_by_side.frames import PairFrame

# Fewer bytes are not worth it.
_WORTH = 4096
_PARTS = ("kmeans", "mean_shift")
_ARRAYS = {KMeansFrame: ("labels",), MeanShiftFrame: ("labels", "positions")}


class _Change(NamedTuple):
    """(C,) which rows differ from the array before, and what is in them."""

    places: np.ndarray
    rows: np.ndarray

    @property
    def nbytes(self) -> int:
        return int(self.places.nbytes + self.rows.nbytes)


class Packed:
    """A read-only array, as a whole one that came before it and all changes since.

    It can stand where an array does, to NumPy; what looks at it often should ask for `array` once.
    """

    __slots__ = ("_array", "_changes", "_key", "own_bytes")

    def __init__(self, array: np.ndarray, key: np.ndarray, changes: tuple[_Change, ...]) -> None:
        self._key, self._changes = key, changes
        # As long as somebody has the array, all get the same one.
        self._array: ReferenceType[np.ndarray] = ref(array)
        self.own_bytes = changes[-1].nbytes if changes else key.nbytes

    @classmethod
    def first(cls, array: np.ndarray) -> "Packed":
        """An array that nothing came before."""
        return cls(array, array, ())

    def then(self, before: np.ndarray, array: np.ndarray) -> "Packed":
        """The array that follows this one.

        It is kept whole where less would not be gained: reading one back never takes longer than
        writing all of its rows twice.

        Args:
            before: This one.
            array: What follows.
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
        places = np.flatnonzero(differs).astype(np.uint32)
        return Packed(array, self._key, (*self._changes, _Change(places, array[places])))

    @property
    def array(self) -> np.ndarray:
        """The whole of it, read-only."""
        known = self._array()
        if known is not None:
            return known
        array = self._key.copy()
        for change in self._changes:
            array[change.places] = change.rows
        array.flags.writeable = False
        self._array = ref(array)
        return array

    def __len__(self) -> int:
        return len(self._key)

    def __getitem__(self, places: npt.NDArray[np.intp]) -> np.ndarray:
        """Some of its rows."""
        taken: np.ndarray = self._key[places]
        for change in self._changes:
            if len(change.places):
                at = np.searchsorted(change.places, places).clip(max=len(change.places) - 1)
                found = change.places[at] == places
                taken[found] = change.rows[at[found]]
        return taken

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.array, dtype, copy=copy)


def packed(frame: Any, kept: Any = None, before: Any = None) -> Any:
    """A frame as a history keeps it: in its large arrays stand `Packed` ones.

    Args:
        frame: As it came.
        kept: The frame before it as it is kept, if there is one.
        before: The same, as it came.
    """
    if frame is before:
        return kept
    if isinstance(frame, PairFrame):
        parts = {
            name: packed(*(getattr(each, name, None) for each in (frame, kept, before)))
            for name in _PARTS
        }
        return replace(frame, **parts)
    arrays = {
        name: _packed(getattr(frame, name), getattr(kept, name, None), getattr(before, name, None))
        for name in _ARRAYS.get(type(frame), ())
        if getattr(frame, name).nbytes >= _WORTH
    }
    return replace(frame, **arrays) if arrays else frame


def _packed(array: np.ndarray, kept: object, before: np.ndarray | None) -> Packed:
    if not isinstance(kept, Packed) or before is None:
        return Packed.first(array)
    return kept if array is before else kept.then(before, array)


def whole(frame: Any) -> Any:
    """The frame that came, of one that a history keeps."""
    if isinstance(frame, PairFrame):
        return replace(frame, **{name: whole(getattr(frame, name)) for name in _PARTS})
    arrays = {
        name: kept.array
        for name in _ARRAYS.get(type(frame), ())
        if isinstance(kept := getattr(frame, name), Packed)
    }
    return replace(frame, **arrays) if arrays else frame


def held(frames: Iterable[Any]) -> int:
    """How many bytes the large arrays of kept frames need, each counted once."""
    sizes = {id(each): each.own_bytes for frame in frames for each in _of(frame)}
    return sum(sizes.values())


def _of(frame: Any) -> Iterable[Packed]:
    if isinstance(frame, PairFrame):
        for name in _PARTS:
            yield from _of(getattr(frame, name))
    for name in _ARRAYS.get(type(frame), ()):
        if isinstance(kept := getattr(frame, name), Packed):
            yield kept
