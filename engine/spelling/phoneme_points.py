"""The vectors of the phonemes as points to cluster: ready-made data by the name `phonemes`."""

from engine.data.dataset import Dataset, dataset_of
from engine.data.generated.ready_made import ReadyMade
from engine.errors import ParameterError

NAME = "phonemes"
_SPELLER = "attention"


def read_phonemes(speller: str = "") -> Dataset:
    """The vectors of the phonemes without stress, (39, E), by kind, each with its symbol.

    Args:
        speller: The shipped speller that has learned them; the one with attention if empty.

    Raises:
        ParameterError: There is no such speller, or it is an ensemble.
        DataError: Its file is damaged.
    """
    # Not needed until the points are asked for, which is long after this module is imported.
    from engine.seq2seq import checkpoints
    from engine.spelling import library
    from engine.spelling.embeddings import vectors_of
    from engine.spelling.vocabulary import KINDS, PHONEME_IDS

    speller = speller or _SPELLER
    single = [name for name in library.names() if name not in library.ENSEMBLES]
    if speller not in single:
        raise ParameterError(
            f'There are no phonemes of a speller "{speller}"; choose {", ".join(single)}.'
        )
    vectors = vectors_of(checkpoints.load(library.files(speller)[0])[0])
    names = [phoneme for phonemes in KINDS.values() for phoneme in phonemes]
    rows = vectors[[PHONEME_IDS[name] for name in names]]
    columns = [f"dim {number}" for number in range(1, rows.shape[1] + 1)]
    return dataset_of(rows, columns, NAME, names=names)


PHONEME_POINTS = ReadyMade(
    NAME,
    "39 phonemes, as the speller with attention has learned them.",
    read_phonemes,
    has_variants=True,
)
