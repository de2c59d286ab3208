"""Ready-made data: three tables under `assets/`, and what the shipped spellers know of phonemes."""

from dataclasses import replace
from pathlib import Path

from engine.data.dataset import Dataset, dataset_of
from engine.data.tables.readers import read_table
from engine.errors import ParameterError
from engine.spelling.vocabulary import KINDS, PHONEME_IDS

FOLDER = Path(__file__).parents[3] / "assets" / "data"
PHOTOGRAPH = "summer-palace.jpg"
PHONEMES = "phonemes"
_SPELLER = "attention"

# What can be asked for by name, and what it is.
READY_MADE = {
    "iris": "150 irises of three species, four lengths in cm.",
    "wine": "178 wines of three cultivators, 13 measurements; standardize them.",
    "digits": "1,797 handwritten digits, 8 x 8 pixels.",
    PHONEMES: "39 phonemes, as the speller with attention has learned them.",
}


def is_ready_made(source: str) -> bool:
    """Whether a source names one of them: `iris`, or `phonemes:plain` for another speller's."""
    name, colon, speller = source.strip().partition(":")
    return name in READY_MADE and (not colon or (name == PHONEMES and bool(speller)))


def read_ready_made(source: str) -> Dataset:
    """Read one of them; `is_ready_made` must hold.

    Raises:
        EngineError: There is no such speller, or a file is damaged.
    """
    name, _, speller = source.strip().partition(":")
    if name == PHONEMES:
        return _phonemes(speller or _SPELLER, source.strip())
    # That the class is no number goes without saying: it gives the points their names.
    return replace(read_table(FOLDER / f"{name}.csv"), source=name, notes=())


def _phonemes(speller: str, source: str) -> Dataset:
    """The vectors of the phonemes without stress, (39, E), kind by kind, each with its symbol."""
    from engine.seq2seq import checkpoints
    from engine.seq2seq.model.embeddings import vectors_of
    from engine.spelling import library

    if speller not in library.names() or speller in library.ENSEMBLES:
        known = ", ".join(name for name in library.names() if name not in library.ENSEMBLES)
        raise ParameterError(f'There are no phonemes of a speller "{speller}"; choose {known}.')
    vectors = vectors_of(checkpoints.load(library.files(speller)[0])[0])
    names = [phoneme for phonemes in KINDS.values() for phoneme in phonemes]
    rows = vectors[[PHONEME_IDS[name] for name in names]]
    columns = [f"dim {number}" for number in range(1, rows.shape[1] + 1)]
    return dataset_of(rows, columns, source, names=names)
