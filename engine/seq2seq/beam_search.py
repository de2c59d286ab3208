"""Greedy and beam search, for a batch of sources at once, in one TensorFlow function.

At each position the `width` most probable hypotheses are kept; width 1 is greedy search. A
hypothesis that has its end mark waits, and competes with its probability as it is. The finished
ones are ordered by that probability, which is also the one shown beside them. Every output has its
end mark: where there is no room for another symbol the end is forced, with the probability that the
model gives it there.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import numpy as np

from engine.frames import sealed
from engine.runtime.backend import tf
from engine.runtime.programs import Program
from engine.seq2seq.frames import Hypothesis
from engine.seq2seq.model.encoder_decoder import EncoderDecoder
from engine.seq2seq.vocabulary import END_ID, Vocabulary

N_ALTERNATIVES = 5
BATCH = 256  # sources that are searched at once, or fewer where the beam is wide
N_AT_ONCE = 2  # batches
FREE = -1  # a position at which no symbol is forced
# Sources are padded to a multiple of this, so that few shapes are ever traced.
STEP = 8

_IMPOSSIBLE = -1e9
# Room in the output beyond the length of the source, the end mark included.
_EXTRA_POSITIONS = 8


class BeamSearch:
    """Searches for the most probable outputs of one model.

    Args:
        model: The model.
        source: Its source symbols.
        target: Its target symbols, with a start symbol.
        min_positions: The least room for an output, its end mark included.
        compiled: Whether searches are compiled by XLA. A search then takes half the time, but the
            first one of each length takes seconds, and so does the first batch of each size.
    """

    def __init__(
        self,
        model: EncoderDecoder,
        source: Vocabulary,
        target: Vocabulary,
        *,
        min_positions: int,
        compiled: bool = False,
    ) -> None:
        self.model = model
        self._source, self._target = source, target
        self._min_positions = min_positions
        self._compiled = compiled
        shapes = {name: weight.shape for name, weight in model.named_weights().items()}
        self._key = f"{type(model).__name__} {model.heads} {shapes}"
        self._traced = functools.cache(self._trace)
        self._lock = Lock()  # so that two batches of one length do not both trace

    def best(
        self, sources: Sequence[Sequence[str]], width: int = 1
    ) -> list[list[tuple[tuple[str, ...], float]]]:
        """The most probable outputs for N sources, without what was computed for each symbol.

        Args:
            sources: Each of at least one symbol.
            width: The beam width; 1 is greedy search.

        Returns:
            For each source up to `width` different outputs with their log-probabilities, the most
            probable first.
        """
        results: list[list[tuple[tuple[str, ...], float]]] = [[] for _ in sources]

        def fill(rows: list[int]) -> None:
            found = self._run([sources[row] for row in rows], width, (), keeps_steps=False)
            for index, row in enumerate(rows):
                results[row] = [(symbols, score) for _, symbols, score in found.distinct(index)]

        # Two batches at once: while one runs small operations on one core, the other gets the rest.
        with ThreadPoolExecutor(N_AT_ONCE) as pool:
            list(pool.map(fill, _batches(sources, width)))
        return results

    def hypotheses(
        self, sources: Sequence[Sequence[str]], width: int = 5, prefix: Sequence[str] = ()
    ) -> list[list[tuple[tuple[str, ...], Hypothesis]]]:
        """The most probable outputs for N sources, with what was computed for each symbol.

        Args:
            sources: Each of at least one symbol.
            width: The beam width.
            prefix: Target symbols that every output has to begin with; the end mark ends it.

        Returns:
            For each source up to `width` different outputs, the most probable first.
        """
        results: list[list[tuple[tuple[str, ...], Hypothesis]]] = [[] for _ in sources]
        for rows in _batches(sources, width):
            found = self._run([sources[row] for row in rows], width, prefix, keeps_steps=True)
            for index, row in enumerate(rows):
                results[row] = [
                    (symbols, found.hypothesis(index, beam, len(symbols), len(sources[row]), score))
                    for beam, symbols, score in found.distinct(index)
                ]
        return results

    def _run(
        self,
        sources: Sequence[Sequence[str]],
        width: int,
        prefix: Sequence[str],
        *,
        keeps_steps: bool,
    ) -> "_Found":
        n_source = padded(max(map(len, sources)))
        # There is room for more after any prefix, and lengths are rounded up so that a symbol more
        # or less does not make another shape.
        n_target = max(max(n_source, padded(len(prefix))) + _EXTRA_POSITIONS, self._min_positions)
        forced = np.full((len(sources), n_target), FREE, np.int32)
        forced[:, -1] = END_ID
        forced[:, : len(prefix)] = [self._target.ids[symbol] for symbol in prefix]
        with self._lock:
            search = self._traced(n_source, n_target, width, keeps_steps)
        ids = self._source.encode(sources, n_source)
        found = dict(search(tf.constant(ids), tf.constant(forced)))
        n_positions = int(found.pop("n_positions"))
        scores = found.pop("scores").numpy()
        steps = {name: value[:n_positions].numpy() for name, value in found.items()}
        return _Found(self._target, scores, steps)

    def _trace(
        self, n_source: int, n_target: int, width: int, keeps_steps: bool
    ) -> Callable[..., Any]:
        """The search for sources of one length, for batches of any size."""

        def search(source: tf.Tensor, forced: tf.Tensor) -> dict[str, tf.Tensor]:
            return self._search(source, forced, width=width, keeps_steps=keeps_steps)

        return Program(
            search,
            (self._key, width, keeps_steps),
            [
                tf.TensorSpec([None, n_source], tf.int32),
                tf.TensorSpec([None, n_target], tf.int32),
            ],
            compiled=self._compiled,
        )

    def _search(
        self, source: tf.Tensor, forced: tf.Tensor, *, width: int, keeps_steps: bool
    ) -> dict[str, tf.Tensor]:
        """Search.

        Args:
            source: (B, T) int32.
            forced: (B, L) int32, the symbols that have to stand there, or FREE.
            width: W, the beam width.
            keeps_steps: Whether to return what was computed for each symbol, too.

        Returns:
            symbols: (L', B, W) int32, the symbol added to each hypothesis; L' at most L.
            parents: (L', B, W) int32, the hypothesis it was added to.
            scores: (B, W) float32, log-probabilities in descending order.
            log_probabilities: (L', B W, V) float32 of all symbols, if `keeps_steps`.
            alignments: (L', B W, A, T) float32, if `keeps_steps`.
        """
        batch, n_positions = tf.unstack(tf.shape(forced))
        n_symbols, start_id = len(self._target), self._target.start_id
        memory = self.model.encode(source)
        memory = tf.nest.map_structure(lambda part: tf.repeat(part, width, 0), memory)
        state = self.model.initial_state(memory, n_positions)
        symbols = tf.range(n_symbols)
        only_end = tf.where(symbols == END_ID, 0.0, _IMPOSSIBLE)

        scores = tf.repeat([[0.0] + [_IMPOSSIBLE] * (width - 1)], batch, 0)  # (B, W)
        last = tf.fill([batch, width], start_id)

        def is_open(position: tf.Tensor, last: tf.Tensor, *_: Any) -> tf.Tensor:
            return (position < n_positions) & tf.reduce_any(last != END_ID)

        def add_symbol(
            position: tf.Tensor, last: tf.Tensor, scores: tf.Tensor, state: Any, found: Any
        ) -> tuple[Any, ...]:
            logits, alignment, state = self.model.decode_step(
                memory, state, tf.reshape(last, [-1]), position
            )
            # No output contains the start symbol, and each has at least one symbol.
            never = (symbols == start_id) | ((symbols == END_ID) & (position == 0))
            log_probabilities = tf.nn.log_softmax(tf.where(never, _IMPOSSIBLE, logits))  # (B W, V)
            ended = tf.reshape(last == END_ID, [-1, 1])
            allowed = tf.where(ended, only_end, log_probabilities)
            allowed = tf.reshape(allowed, [batch, width, n_symbols])
            required = forced[:, position, tf.newaxis, tf.newaxis]
            is_forbidden = (required != FREE) & (symbols != required)
            allowed = tf.where(is_forbidden, _IMPOSSIBLE, allowed)
            totals = tf.reshape(scores[:, :, tf.newaxis] + allowed, [batch, width * n_symbols])
            scores, best = tf.math.top_k(totals, width)
            parent, last = best // n_symbols, best % n_symbols
            if width > 1:
                rows = tf.reshape(parent + width * tf.range(batch)[:, tf.newaxis], [-1])
                state = tf.nest.map_structure(lambda part: tf.gather(part, rows), state)
            values = last, parent, log_probabilities, alignment
            written = [
                each.write(position, value) for each, value in zip(found, values, strict=False)
            ]
            return position + 1, last, scores, state, written

        shapes = [[None, width], [None, width]]
        if keeps_steps:
            shapes += [[None, n_symbols], [None, len(self.model.heads), None]]
        dtypes = tf.int32, tf.int32, tf.float32, tf.float32
        arrays = [
            tf.TensorArray(dtype, n_positions, element_shape=shape)
            for dtype, shape in zip(dtypes, shapes, strict=False)
        ]
        initial = (0, last, scores, state, arrays)
        position, _, scores, _, found = tf.while_loop(is_open, add_symbol, initial)
        names = "symbols", "parents", "log_probabilities", "alignments"
        stacked = {name: each.stack() for name, each in zip(names, found, strict=False)}
        return stacked | {"scores": scores, "n_positions": position}


class _Found:
    """What a search has found for B sources.

    Attributes:
        scores: (B, W) float32.
        symbols: (L, B, W) int32, of the W final outputs.
        origins: (L, B, W) int32, the row of the beam that each symbol was added to.
        log_probabilities: (L, B W, V) float32, if the steps were kept.
        alignments: (L, B W, A, T) float32, if the steps were kept.
    """

    def __init__(
        self, target: Vocabulary, scores: np.ndarray, steps: dict[str, np.ndarray]
    ) -> None:
        self._target = target
        self.scores = scores
        self.symbols, self.origins = _paths(steps["symbols"], steps["parents"])
        self.log_probabilities = steps.get("log_probabilities", np.empty(0))
        self.alignments = steps.get("alignments", np.empty(0))

    def distinct(self, row: int) -> list[tuple[int, tuple[str, ...], float]]:
        """Different possible outputs of a row, most probable first: beam, symbols and score."""
        outputs: dict[tuple[str, ...], tuple[int, tuple[str, ...], float]] = {}
        for beam, score in enumerate(self.scores[row].tolist()):  # in descending order
            symbols = self._target.decode(self.symbols[:, row, beam])
            if score > _IMPOSSIBLE / 2:
                outputs.setdefault(symbols, (beam, symbols, score))
        return list(outputs.values())

    def hypothesis(
        self, row: int, beam: int, n_symbols: int, n_source: int, score: float
    ) -> Hypothesis:
        """What was computed for one output of `n_symbols`, from a source of `n_source` symbols."""
        positions = np.arange(n_symbols + 1)
        origins = row * self.symbols.shape[2] + self.origins[positions, row, beam]
        log_probabilities = self.log_probabilities[positions, origins]  # (L, V)
        probabilities = np.exp(log_probabilities)
        chosen = self.symbols[positions, row, beam][:, np.newaxis]
        order = np.argsort(-log_probabilities, axis=1)[:, :N_ALTERNATIVES]
        return Hypothesis(
            log_probability=score,
            probabilities=sealed(np.take_along_axis(probabilities, chosen, 1)[:, 0]),
            alternatives=tuple(
                tuple(self._target.symbols[index] for index in indices) for indices in order
            ),
            alternative_probabilities=sealed(np.take_along_axis(probabilities, order, 1)),
            alignments=sealed(self.alignments[positions, origins, :, :n_source]),
        )


def padded(length: int) -> int:
    """Return the length to which a source of this many symbols is padded."""
    return -(-length // STEP) * STEP


def _paths(symbols: np.ndarray, parents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Follow each of (L, B, W) final outputs back to its first symbol.

    Returns:
        (L, B, W) symbols, and the row of the beam that each was added to.
    """
    paths, origins = np.empty_like(symbols), np.empty_like(parents)
    beam = np.broadcast_to(np.arange(symbols.shape[2]), symbols.shape[1:])
    for position in reversed(range(len(symbols))):
        paths[position] = np.take_along_axis(symbols[position], beam, 1)
        beam = origins[position] = np.take_along_axis(parents[position], beam, 1)
    return paths, origins


def _batches(sources: Sequence[Sequence[str]], width: int) -> Iterator[list[int]]:
    """The rows of sources of similar length, as many at a time as the memory allows."""
    rows = sorted(range(len(sources)), key=lambda row: len(sources[row]))
    size = min(BATCH, 5 * BATCH // width)
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
