"""Weights on disk: an NPZ file of arrays and a card, without pickle, verified by a checksum."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from engine.data.opening import open_file
from engine.data.output.writing import write_whole
from engine.errors import DataError

FORMAT = "barycenter speller 1"
EMA = "averages/"  # what precedes the names of the averaged weights in a checkpoint
# Far more than any model takes, far less than fills the memory: a small archive may unpack to any
# size.
MOST_BYTES = 2**30
CHOOSE = "choose a file that `python main.py train` has written"
# The same for the checkpoint of a training.
TRAIN_AGAIN = "train again in another folder, or delete this file and train again here"
_CARD, _NPY = "card", ".npy"


def save(path: str | Path, arrays: Mapping[str, np.ndarray], card: Mapping[str, Any]) -> None:
    """Write arrays and a card atomically.

    Args:
        path: The file, which is replaced.
        arrays: By name; any name except `card`.
        card: What is known of the arrays, as JSON can hold it.

    Raises:
        DataError: The file cannot be written.
    """
    text = json.dumps({**card, "format": FORMAT, "sha256": _checksum(arrays)})
    blob = np.frombuffer(text.encode(), np.uint8)

    def write(file: Any) -> None:
        np.savez(file, allow_pickle=False, **{_CARD: blob, **arrays})

    write_whole(path, write)


def card(path: str | Path, otherwise: str = CHOOSE) -> dict[str, Any]:
    """Read only the card of a file that `save` has written. Fast: the arrays are not checked.

    Args:
        path: The file.
        otherwise: What else the user can do if this file cannot be used.

    Raises:
        DataError: The file is missing, or was not written by `save`.
    """
    with _archive(path, otherwise) as archive:
        return _card_of(_array(archive, _CARD))


def extract(checkpoint: str | Path, path: str | Path) -> dict[str, Any]:
    """Write the averaged weights of an unfinished training, in 16 bits, as a finished model.

    Args:
        checkpoint: The file that `train` keeps.
        path: The file, which is replaced.

    Returns:
        The card.

    Raises:
        DataError: The checkpoint cannot be read, or the file cannot be written.
    """
    arrays, found = load(checkpoint, TRAIN_AGAIN)
    weights = {
        name.removeprefix(EMA): array.astype(np.float16)
        for name, array in arrays.items()
        if name.startswith(EMA)
    }
    save(path, weights, found)
    return found


def load(path: str | Path, otherwise: str = CHOOSE) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Read a file that `save` has written.

    Args:
        path: The file.
        otherwise: What else the user can do if this file cannot be used.

    Returns:
        The arrays by name, all of finite numbers, and the card.

    Raises:
        DataError: The file is missing or damaged, or was not written by `save`.
    """
    with _archive(path, otherwise) as archive:
        arrays = {name.removesuffix(_NPY): _array(archive, name) for name in archive.namelist()}
        found = _card_of(arrays.pop(_CARD))
        checksum = found["sha256"]
    if checksum != _checksum(arrays):
        raise DataError(f"{path} is damaged: its checksum does not fit; {otherwise}.")
    if not all(np.isfinite(array).all() for array in arrays.values() if array.dtype.kind in "fc"):
        raise DataError(
            f"{path} holds weights that are not finite numbers: its training went wrong; "
            f"{otherwise}."
        )
    return arrays, found


@contextmanager
def _archive(path: str | Path, otherwise: str) -> Iterator[zipfile.ZipFile]:
    """Open the archive of a file for a `with` block; any failure in it becomes a DataError."""
    try:
        content = open_file(path)
    except DataError as error:
        raise DataError(f"{str(error).removesuffix('.')}; {otherwise}.") from error
    with content:
        try:
            with zipfile.ZipFile(content) as archive:
                if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                    raise ValueError("more than a speller's weights")
                yield archive
        except Exception as error:  # readers raise all kinds of exceptions on damaged files
            raise DataError(
                f"{path} does not hold a speller's weights, or is damaged; {otherwise}."
            ) from error


def _array(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    with archive.open(name.removesuffix(_NPY) + _NPY) as member:
        found: np.ndarray = np.lib.format.read_array(member, allow_pickle=False)
    return found


def _card_of(blob: np.ndarray) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(blob.tobytes())
    if found["format"] != FORMAT:
        raise ValueError("another format")
    return found


def _checksum(arrays: Mapping[str, np.ndarray]) -> str:
    """SHA-256 over names, types, shapes and values."""
    digest = sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
