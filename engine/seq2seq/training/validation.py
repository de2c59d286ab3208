"""How well a speller in training spells words that it does not learn from."""

from collections.abc import Sequence

import numpy as np

from engine.runtime.backend import tf
from engine.seq2seq.decoding import Decoder
from engine.seq2seq.model.speller import SILENT, Speller
from engine.seq2seq.training.batches import buckets_of
from engine.seq2seq.training.frames import Validation
from engine.seq2seq.training.loss import losses, taught, traced_by_length
from engine.spelling.dictionary.pronunciations import Entry
from engine.spelling.frames import SpellFrame


class Validator:
    """Measures a speller on a sample of words, and watches a few of them closely."""

    def __init__(
        self, speller: Speller, entries: Sequence[Entry], watched: Sequence[Entry]
    ) -> None:
        self._speller = speller
        self._decoder = Decoder(speller)
        self._entries = entries
        self._watched = watched
        self._buckets = buckets_of(entries)
        self._teach = traced_by_length(self._teach_in_tensorflow)

    def measure(self, step: int) -> Validation:
        """Spell the sample after so many steps, and compare."""
        totals = np.zeros(3)
        for bucket in self._buckets:
            loss, right = self._teach(bucket.phonemes, bucket.letters)
            n_letters = np.count_nonzero(bucket.letters) + len(bucket.letters)  # and end marks
            totals += n_letters * np.array([float(loss), float(right), 1])
        words = [
            found[0][0]
            for found in self._decoder.words([entry.phonemes for entry in self._entries])
        ]
        right_words = [word == entry.word for word, entry in zip(words, self._entries, strict=True)]
        watched = self.watch()
        return Validation(
            step=step,
            loss=totals[0] / totals[2],
            letters_right=totals[1] / totals[2],
            words_right=float(np.mean(right_words)),
            spelled=tuple((word, frame.spellings[0].letters) for word, frame in watched),
            watched=watched[0][1],
        )

    def watch(self) -> tuple[tuple[str, SpellFrame], ...]:
        """The words to watch, and how each is spelled now, greedily."""
        found = self._decoder.spell([entry.phonemes for entry in self._watched], width=1)
        return tuple(zip([entry.word for entry in self._watched], found, strict=True))

    def _teach_in_tensorflow(
        self, phonemes: tf.Tensor, letters: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        given = taught(letters)
        logits, _ = self._speller.teach(phonemes, given, SILENT, tf.float32)
        return losses(logits, letters, given, 0.0)
