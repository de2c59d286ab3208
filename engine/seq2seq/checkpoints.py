"""Weights on disk: one NPZ file of arrays and a card, without pickle, checked by a checksum."""

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
AVERAGES = "averages/"  # how a training calls the weights that are worth keeping
# Far above what any speller takes, far below what fills a memory: an archive may say a little and
# unpack to anything.
MOST_BYTES = 2**30
CHOOSE = "choose a file that `python main.py train` has written"
# As CHOOSE, of a training's own checkpoint.
ANEW = "train anew in another folder, or delete this file and train anew here"
_CARD, _NPY = "card", ".npy"


def save(path: str | Path, arrays: Mapping[str, np.ndarray], card: Mapping[str, Any]) -> None:
    """Write arrays and what is known of them, whole or not at all.

    Args:
        path: The file, which is replaced.
        arrays: By name; any but `card`.
        card: What JSON can hold.

    Raises:
        DataError: The file cannot be written.
    """
    text = json.dumps({**card, "format": FORMAT, "sha256": _checksum(arrays)})
    blob = np.frombuffer(text.encode(), np.uint8)

    def write(file: Any) -> None:
        np.savez(file, allow_pickle=False, **{_CARD: blob, **arrays})

    write_whole(path, write)


def card(path: str | Path, otherwise: str = CHOOSE) -> dict[str, Any]:
    """Read only the card of what `save` has written: fast, but the arrays are not checked.

    Args:
        path: The file.
        otherwise: What else the user can do where this file will not do.

    Raises:
        DataError: The file is missing or foreign.
    """
    with _archive(path, otherwise) as archive:
        return _card_of(_array(archive, _CARD))


def extract(checkpoint: str | Path, path: str | Path) -> dict[str, Any]:
    """Write the averaged weights of a training that is not done, in 16 bits, as a speller.

    Args:
        checkpoint: As `train` keeps it.
        path: The file, which is replaced.

    Returns:
        The card.

    Raises:
        DataError: The one cannot be read, or the other cannot be written.
    """
    arrays, found = load(checkpoint, ANEW)
    weights = {
        name.removeprefix(AVERAGES): array.astype(np.float16)
        for name, array in arrays.items()
        if name.startswith(AVERAGES)
    }
    save(path, weights, found)
    return found


def load(path: str | Path, otherwise: str = CHOOSE) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Read what `save` has written.

    Args:
        path: The file.
        otherwise: What else the user can do where this file will not do.

    Returns:
        The arrays by name, all their numbers finite, and the card.

    Raises:
        DataError: The file is missing, foreign or damaged.
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
    """The archive of a file, while a block reads it; whatever goes wrong there is a DataError."""
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
        except Exception as error:  # there is no end to what a reader says of a damaged file
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
