"""Greedy and beam search, for a batch of pronunciations at once, in one TensorFlow function.

The most probable `width` beginnings of a word are kept at each letter; one of them is greedy
search. A beginning that has its end mark waits, and competes with its probability as it is. The
finished words are ordered by that probability, the one that is shown beside them. Every word has
its end mark: where there is no room for another letter the end is forced, with the probability that
the speller gives it there.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import numpy as np

from engine.frames import sealed
from engine.runtime.backend import tf
from engine.runtime.programs import Program
from engine.seq2seq.model.speller import Speller
from engine.spelling.frames import SpellFrame, Spelling
from engine.spelling.vocabulary import (
    END_ID,
    LETTER_IDS,
    LETTERS,
    MAX_LETTERS,
    MAX_PHONEMES,
    START_ID,
    check_prefix,
    decode_letters,
    encode_phonemes,
)

N_ALTERNATIVES = 5
BATCH = 256  # pronunciations that are spelled at once, or fewer where the beam is wide
N_AT_ONCE = 2  # batches
FREE = -1  # a place at which no letter is forced

_IMPOSSIBLE = -1e9
# Pronunciations are padded to a multiple of this, so that few shapes are ever traced.
STEP = 8
# Letters and end mark: room for more of them than phonemes, and for a word that is longer than any
# word to train on, so that it can be seen to be.
_MORE_LETTERS = 8
_LEAST_PLACES = MAX_LETTERS + 2


class Decoder:
    """Searches for spellings with one speller.

    Args:
        speller: Ready to be asked.
        compiled: Whether searches are compiled by XLA: a word takes half of the time, but the
            first word of each length takes seconds, and so does the first batch of each size.
    """

    def __init__(self, speller: Speller, *, compiled: bool = False) -> None:
        self.speller = speller
        self._compiled = compiled
        shapes = {name: weight.shape for name, weight in speller.named_weights().items()}
        self._kind = f"{type(speller).__name__} {speller.heads} {shapes}"
        self._traced = functools.cache(self._trace)
        self._lock = Lock()  # two batches of one length shall not both trace

    def words(
        self, pronunciations: Sequence[Sequence[str]], width: int = 1
    ) -> list[list[tuple[str, float]]]:
        """Spell N pronunciations, with nothing but the words as result.

        Args:
            pronunciations: Each of 1 to 40 phonemes.
            width: How many beginnings of a word are kept at each letter; 1 is greedy search.

        Returns:
            For each, up to `width` different words with their log-probabilities, the most probable
            first.
        """
        results: list[list[tuple[str, float]]] = [[] for _ in pronunciations]

        def fill(rows: list[int]) -> None:
            found = self._run([pronunciations[row] for row in rows], width, traced=False)
            for index, row in enumerate(rows):
                results[row] = [(word, score) for _, word, score in found.distinct(index)]

        # Two batches at once: while one does small things on one core, the other takes the rest.
        with ThreadPoolExecutor(N_AT_ONCE) as pool:
            list(pool.map(fill, _batches(pronunciations, width)))
        return results

    def spell(
        self, pronunciations: Sequence[Sequence[str]], width: int = 5, prefix: str = ""
    ) -> list[SpellFrame]:
        """Spell N pronunciations, and tell all that was computed on the way.

        Args:
            pronunciations: Each of 1 to 40 phonemes.
            width: How many beginnings of a word are kept at each letter.
            prefix: Letters that every word has to begin with; `_` after them ends it.

        Returns:
            For each, up to `width` spellings, the most probable first.

        Raises:
            ParameterError: The prefix is not of letters, or too long.
        """
        check_prefix(prefix)
        results: dict[int, SpellFrame] = {}
        for rows in _batches(pronunciations, width):
            batch = [pronunciations[row] for row in rows]
            found = self._run(batch, width, prefix, traced=True)
            for index, row in enumerate(rows):
                results[row] = self._frame(batch[index], found, index)
        return [results[row] for row in range(len(pronunciations))]

    def warm_up(self, width: int = 5, first: int = 0) -> Iterator[int]:
        """Trace what the first words will need: yields the length of what can be spelled now.

        Args:
            width: As of `spell`.
            first: How many phonemes the word has that waits for it; its length comes first.
        """
        wanted = min(_padded(first or 1), MAX_PHONEMES)
        for n_phonemes in dict.fromkeys((wanted, STEP, 2 * STEP)):
            self.spell([["T"] * n_phonemes], width)
            yield n_phonemes

    def _frame(self, phonemes: Sequence[str], found: _Found, row: int) -> SpellFrame:
        spellings = []
        for beam, word, score in found.distinct(row):
            places = np.arange(len(word) + 1)
            origins = row * found.letters.shape[2] + found.origins[places, row, beam]
            spellings.append(
                Spelling(
                    letters=word,
                    log_probability=score,
                    **_chosen(
                        found.letters[places, row, beam], found.log_probabilities[places, origins]
                    ),
                    alignments=sealed(found.alignments[places, origins, :, : len(phonemes)]),
                )
            )
        return SpellFrame(
            phonemes=tuple(phonemes),
            spellings=tuple(spellings),
            heads=self.speller.heads,
            sees_phonemes=self.speller.sees_phonemes,
        )

    def _run(
        self, pronunciations: Sequence[Sequence[str]], width: int, prefix: str = "", *, traced: bool
    ) -> _Found:
        longest = max(map(len, pronunciations))
        n_phonemes = _padded(longest)
        # Whatever is forced, there is room for more behind it; a few letters more or less shall
        # not make another shape of it.
        longer = max(n_phonemes, -(-len(prefix) // STEP) * STEP) + _MORE_LETTERS
        n_letters = max(longer, _LEAST_PLACES)
        forced = np.full((len(pronunciations), n_letters), FREE, np.int32)
        forced[:, -1] = END_ID
        forced[:, : len(prefix)] = [LETTER_IDS[letter] for letter in prefix]
        with self._lock:
            search = self._traced(n_phonemes, n_letters, width, traced)
        phonemes = encode_phonemes(pronunciations, n_phonemes)
        found = dict(search(tf.constant(phonemes), tf.constant(forced)))
        n_places = int(found.pop("n_letters"))
        scores = found.pop("scores").numpy()
        return _Found(scores, {k: value[:n_places].numpy() for k, value in found.items()})

    def _trace(self, n_phonemes: int, n_letters: int, width: int, traced: bool) -> Any:
        """The search for pronunciations of one length, for batches of any size."""

        def search(phonemes: tf.Tensor, forced: tf.Tensor) -> dict[str, tf.Tensor]:
            return self._search(phonemes, forced, width=width, traced=traced)

        return Program(
            search,
            (self._kind, width, traced),
            [
                tf.TensorSpec([None, n_phonemes], tf.int32),
                tf.TensorSpec([None, n_letters], tf.int32),
            ],
            compiled=self._compiled,
        )

    def _search(
        self, phonemes: tf.Tensor, forced: tf.Tensor, *, width: int, traced: bool
    ) -> dict[str, tf.Tensor]:
        """Search.

        Args:
            phonemes: (B, T) int32.
            forced: (B, L) int32, the letters that have to stand there, or FREE.
            width: W, how many beginnings are kept.
            traced: Whether what was computed at each letter is wanted too.

        Returns:
            letters: (L', B, W) int32, the letter that each beginning got; L' at most L.
            parents: (L', B, W) int32, the beginning it was added to.
            scores: (B, W) float32, log-probabilities, falling.
            log_probabilities: (L', B W, V) float32 of all letters, if traced.
            alignments: (L', B W, A, T) float32, if traced.
        """
        batch, n_letters = tf.unstack(tf.shape(forced))
        n_symbols = len(LETTERS)
        memory = self.speller.read(phonemes)
        memory = tf.nest.map_structure(lambda part: tf.repeat(part, width, 0), memory)
        state = self.speller.start(memory, n_letters)
        symbols = tf.range(n_symbols)
        only_end = tf.where(symbols == END_ID, 0.0, _IMPOSSIBLE)

        scores = tf.repeat([[0.0] + [_IMPOSSIBLE] * (width - 1)], batch, 0)  # (B, W)
        last = tf.fill([batch, width], START_ID)

        def is_open(place: tf.Tensor, last: tf.Tensor, *_: Any) -> tf.Tensor:
            return (place < n_letters) & tf.reduce_any(last != END_ID)

        def add_letter(
            place: tf.Tensor, last: tf.Tensor, scores: tf.Tensor, state: Any, found: Any
        ) -> tuple[Any, ...]:
            logits, alignment, state = self.speller.step(
                memory, state, tf.reshape(last, [-1]), place
            )
            # The start symbol is no letter, and a word has one at least.
            never = (symbols == START_ID) | ((symbols == END_ID) & (place == 0))
            log_probabilities = tf.nn.log_softmax(tf.where(never, _IMPOSSIBLE, logits))  # (B W, V)
            ended = tf.reshape(last == END_ID, [-1, 1])
            allowed = tf.where(ended, only_end, log_probabilities)
            allowed = tf.reshape(allowed, [batch, width, n_symbols])
            must = forced[:, place, tf.newaxis, tf.newaxis]
            other = (must != FREE) & (symbols != must)
            allowed = tf.where(other, _IMPOSSIBLE, allowed)
            totals = tf.reshape(scores[:, :, tf.newaxis] + allowed, [batch, width * n_symbols])
            scores, best = tf.math.top_k(totals, width)
            parent, last = best // n_symbols, best % n_symbols
            if width > 1:
                rows = tf.reshape(parent + width * tf.range(batch)[:, tf.newaxis], [-1])
                state = tf.nest.map_structure(lambda part: tf.gather(part, rows), state)
            values = last, parent, log_probabilities, alignment
            found = [each.write(place, value) for each, value in zip(found, values, strict=False)]
            return place + 1, last, scores, state, found

        shapes = [[None, width], [None, width]]
        if traced:
            shapes += [[None, n_symbols], [None, len(self.speller.heads), None]]
        kinds = tf.int32, tf.int32, tf.float32, tf.float32
        room = [
            tf.TensorArray(kind, n_letters, element_shape=shape)
            for kind, shape in zip(kinds, shapes, strict=False)
        ]
        begun = (0, last, scores, state, room)
        place, _, scores, _, found = tf.while_loop(is_open, add_letter, begun)
        names = "letters", "parents", "log_probabilities", "alignments"
        stacked = {name: each.stack() for name, each in zip(names, found, strict=False)}
        return stacked | {"scores": scores, "n_letters": place}


class _Found:
    """What a search has found.

    Attributes:
        scores: (B, W) float32.
        letters: (L, B, W) int32, of the W final words.
        origins: (L, B, W) int32, the row of the beam that each letter was added to.
        log_probabilities: (L, B W, V) float32, if traced.
        alignments: (L, B W, A, T) float32, if traced.
    """

    def __init__(self, scores: np.ndarray, found: dict[str, np.ndarray]) -> None:
        self.scores = scores
        self.letters, self.origins = _paths(found["letters"], found["parents"])
        self.log_probabilities = found.get("log_probabilities", np.empty(0))
        self.alignments = found.get("alignments", np.empty(0))

    def distinct(self, row: int) -> list[tuple[int, str, float]]:
        """The possible words of a row, each once, most probable first: beam, word and score."""
        words: dict[str, tuple[int, str, float]] = {}
        for beam, score in enumerate(self.scores[row].tolist()):  # they fall
            word = decode_letters(self.letters[:, row, beam])
            if score > _IMPOSSIBLE / 2:
                words.setdefault(word, (beam, word, score))
        return list(words.values())


def _padded(n_phonemes: int) -> int:
    """How many phonemes a batch is padded to."""
    return -(-n_phonemes // STEP) * STEP


def _paths(letters: np.ndarray, parents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Follow each of (L, B, W) final spellings back to its first letter.

    Returns:
        (L, B, W) letters, and the row of the beam that each was added to.
    """
    paths, origins = np.empty_like(letters), np.empty_like(parents)
    beam = np.broadcast_to(np.arange(letters.shape[2]), letters.shape[1:])
    for place in reversed(range(len(letters))):
        paths[place] = np.take_along_axis(letters[place], beam, 1)
        beam = origins[place] = np.take_along_axis(parents[place], beam, 1)
    return paths, origins


def _batches(pronunciations: Sequence[Sequence[str]], width: int) -> Iterator[list[int]]:
    """The rows of pronunciations of similar length, as many at a time as memory allows."""
    rows = sorted(range(len(pronunciations)), key=lambda row: len(pronunciations[row]))
    size = min(BATCH, 5 * BATCH // width)
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _chosen(letters: np.ndarray, log_probabilities: np.ndarray) -> dict[str, Any]:
    """The probabilities of (L,) letters and of the best others, of (L, V) log-probabilities."""
    order = np.argsort(-log_probabilities, axis=1)[:, :N_ALTERNATIVES]
    probabilities = np.exp(log_probabilities)
    return {
        "probabilities": sealed(np.take_along_axis(probabilities, letters[:, None], 1)[:, 0]),
        "alternatives": tuple("".join(LETTERS[index] for index in row) for row in order),
        "alternative_probabilities": sealed(np.take_along_axis(probabilities, order, 1)),
    }
