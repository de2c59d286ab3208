"""Measures how well a speller in training spells words that it does not learn from."""

from collections.abc import Sequence

import numpy as np

from engine.seq2seq.model.encoder_decoder import EncoderDecoder
from engine.seq2seq.training.teacher_forcing import TeacherForcing
from engine.spelling.decoding import Decoder
from engine.spelling.dictionary.pronunciations import Entry
from engine.spelling.frames import SpellFrame
from engine.spelling.training.examples import buckets_of
from engine.spelling.training.frames import Validation
from engine.spelling.vocabulary import START_ID


class Validator:
    """Measures a speller on a sample of words, and watches a few words in full.

    Args:
        speller: The model, as its weights are when it is measured.
        entries: The sample.
        watched: The few words; at least one.
    """

    def __init__(
        self, speller: EncoderDecoder, entries: Sequence[Entry], watched: Sequence[Entry]
    ) -> None:
        self._decoder = Decoder(speller)
        self._teacher_forcing = TeacherForcing(speller, START_ID)
        self._entries = entries
        self._watched = watched
        self._buckets = buckets_of(entries)

    def measure(self, step: int) -> Validation:
        """Spell the sample after this many steps, and compare."""
        loss, letter_accuracy = self._teacher_forcing.measure(self._buckets)
        found = self._decoder.words([entry.phonemes for entry in self._entries])
        is_correct = [
            words[0][0] == entry.word for words, entry in zip(found, self._entries, strict=True)
        ]
        watched = self.watch()
        return Validation(
            step=step,
            loss=loss,
            token_accuracy=letter_accuracy,
            sequence_accuracy=float(np.mean(is_correct)),
            outputs=tuple((word, frame.spellings[0].letters) for word, frame in watched),
            watched=watched[0][1],
        )

    def watch(self) -> tuple[tuple[str, SpellFrame], ...]:
        """The words to watch, and how each is spelled now by greedy search."""
        found = self._decoder.spell([entry.phonemes for entry in self._watched], width=1)
        return tuple(zip([entry.word for entry in self._watched], found, strict=True))
