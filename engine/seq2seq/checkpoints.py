"""Weights on disk: one NPZ file of arrays and a card, without pickle, checked by a checksum."""

import io
import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from engine.data.writing import write_whole
from engine.errors import DataError

FORMAT = "barycenter speller 1"
AVERAGES = "averages/"  # how a training calls the weights that are worth keeping
_CARD = "card"


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


def card(path: str | Path) -> dict[str, Any]:
    """Read only the card of what `save` has written: fast, but nothing is checked.

    Raises:
        DataError: The file is missing or foreign.
    """
    try:
        # Opened here: NumPy leaves a file open that is no whole archive.
        with Path(path).open("rb") as content, np.load(content, allow_pickle=False) as file:
            found: dict[str, Any] = json.loads(file[_CARD].tobytes())
    except Exception as error:  # as of `load`
        raise DataError(f"{path} cannot be read, or does not hold a speller's weights.") from error
    return found


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
    arrays, found = load(checkpoint)
    weights = {
        name.removeprefix(AVERAGES): array.astype(np.float16)
        for name, array in arrays.items()
        if name.startswith(AVERAGES)
    }
    save(path, weights, found)
    return found


def load(path: str | Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Read what `save` has written.

    Raises:
        DataError: The file is missing, foreign or damaged.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from error
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        card = json.loads(arrays.pop(_CARD).tobytes())
        if card["format"] != FORMAT:
            raise ValueError
        checksum = card["sha256"]
    except Exception as error:  # there is no end to what a reader says of a damaged archive
        raise DataError(
            f"{path} does not hold a speller's weights, or is damaged; choose a file that "
            "`python main.py train` has written."
        ) from error
    if checksum != _checksum(arrays):
        raise DataError(
            f"{path} is damaged: its checksum does not fit; take it from its source again."
        )
    return arrays, card


def _checksum(arrays: Mapping[str, np.ndarray]) -> str:
    """SHA-256 over names, types, shapes and values."""
    digest = sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
