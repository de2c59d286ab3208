"""The records that cross threads: one frozen frame for each visible step of an algorithm.

NumPy only: the window imports this module before TensorFlow is loaded. Frames cross from the
engine thread to the GUI thread, so everything in them is immutable.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from engine.seq2seq.vocabulary import LONGEST_PRONUNCIATION, LONGEST_WORD

# What the number beside a spelling means.
PROBABILITY_MEANING = (
    "probability of the whole word under the model; the rest goes to spellings not listed"
)
WEIGHED_MEANING = (
    "share among the spellings listed, each by its probability times how often it is written"
)


class Phase(StrEnum):
    """What a frame shows: a half-step of k-means, or a part of mean shift."""

    SEED = "seed"
    ASSIGN = "assign"
    UPDATE = "update"
    START = "start"
    SHIFT = "shift"
    MERGE = "merge"


class Kernel(StrEnum):
    """What weighs the points around a place, by their distance d and the bandwidth h.

    GAUSSIAN: exp(-d^2 / 2 h^2).
    FLAT: 1 up to h, 0 beyond.
    """

    GAUSSIAN = "gaussian"
    FLAT = "flat"

    def weights(self, squared: np.ndarray, bandwidth: float) -> np.ndarray:
        """The weight of each squared distance, from 0 to 1."""
        if self is Kernel.FLAT:
            return np.asarray(squared <= bandwidth**2, np.float32)
        return np.asarray(np.exp(squared / (-2 * bandwidth**2)), np.float32)


class EmptyPolicy(StrEnum):
    """What a centroid without points does at the update.

    KEEP: it stays where it is.
    FARTHEST: it jumps to the point that is farthest from its own centroid.
    """

    KEEP = "keep"
    FARTHEST = "farthest"


class Stop(StrEnum):
    """Why a run ended."""

    LABELS = "no label changed"
    TOLERANCE = "no centroid moved farther than the tolerance"
    MAX_ITER = "the largest number of iterations was reached"
    PLATEAU = "the inertia of the batches no longer fell"
    STILL = "nothing moved farther than a thousandth of the bandwidth"


class _Clustered:
    """What can be read off a frame of any algorithm that has centroids."""

    __slots__ = ()
    iteration: int
    centroids: np.ndarray
    sizes: np.ndarray

    @property
    def iterations(self) -> int:
        """`iteration`, under the name it has in a result."""
        return self.iteration

    @property
    def empty(self) -> tuple[int, ...]:
        """Indices of the centroids, or modes, that have no points."""
        return tuple(np.flatnonzero(self.sizes == 0).tolist())

    def distances(self, point: np.ndarray) -> np.ndarray:
        """Distance from a point, (D,) in the units of the frame, to each centroid: (K,)."""
        return np.asarray(np.linalg.norm(self.centroids - point, axis=1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KMeansFrame(_Clustered):
    """One half-step of Lloyd's algorithm, or one centroid of its seeding.

    Attributes:
        iteration: Completed updates; 0 while seeding and at the first assignment.
        phase: Which half-step this is.
        centroids: (K, D) float64, in the units of the points; while seeding, those found so far,
            which are points and so float32.
        labels: (N,) unsigned, the smallest type that holds K: the index of each point's centroid.
        sizes: (K,) int64, how many points have each label.
        inertias: (K,) float64, squared distances from points to their own centroid, summed over
            each cluster.
        changed: How many labels differ from the frame before.
        shift: The longest way that a centroid moved in this half-step, 0 unless an update.
        empty_policy: What the centroids named in `empty` do at the next update.
        seed: Of its seeding, where this is the best of several runs; None where it is the only one.
        stop: Why the run ends here; None while it goes on.
    """

    iteration: int
    phase: Phase
    centroids: np.ndarray
    labels: np.ndarray
    sizes: np.ndarray
    inertias: np.ndarray
    changed: int
    shift: float = 0.0
    empty_policy: EmptyPolicy = EmptyPolicy.KEEP
    seed: int | None = None
    stop: Stop | None = None

    @property
    def inertia(self) -> float:
        """Sum of squared distances from all points to their own centroids."""
        return float(self.inertias.sum())

    @property
    def converged(self) -> bool:
        """Whether the run ends here because there is nothing left to move."""
        return self.stop in (Stop.LABELS, Stop.TOLERANCE, Stop.PLATEAU)


@dataclass(frozen=True, slots=True)
class Search:
    """How far a search for the best of several runs is. It is no frame: nothing of it is drawn.

    Attributes:
        n_done, n_runs: Runs that have ended, and how many there will be.
        inertia: The lowest so far; None before the first has ended.
    """

    n_done: int
    n_runs: int
    inertia: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeanShiftFrame(_Clustered):
    """The start of mean shift, one shift of what climbs, or one more mode found.

    Attributes:
        iteration: Shifts that are done, or being done.
        phase: START, SHIFT or MERGE.
        bandwidth: How far the kernel reaches, in the units of the points.
        kernel: What weighs the points.
        positions: (M, D) float32, where everything that climbs is, in the units of the points. It
            began where the first frame of the run has it.
        centroids: (K, D) float32, the modes found so far, the densest first; none before MERGE.
        labels: (N,) int32, the index of each point's mode; -1 while it has none.
        sizes: (K,) int64, how many points have each label.
        densities: (K,) float64, the weights of all points summed at each mode.
        shift: The longest way that something moved in this iteration.
        moving: How many still move.
        waiting: How many of them have yet to be shifted in this iteration: it is done in batches.
        stop: Why the run ends here; None while it goes on.
    """

    iteration: int
    phase: Phase
    bandwidth: float
    kernel: Kernel
    positions: np.ndarray
    centroids: np.ndarray
    labels: np.ndarray
    sizes: np.ndarray
    densities: np.ndarray
    shift: float = 0.0
    moving: int = 0
    waiting: int = 0
    stop: Stop | None = None

    @property
    def converged(self) -> bool:
        """Whether the run ends here because there is nothing left to move."""
        return self.stop is Stop.STILL

    @property
    def n_alone(self) -> int:
        """How many points are alone in their cluster."""
        return int(np.count_nonzero(self.sizes == 1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairFrame:
    """A step of two algorithms on the same points; one that has ended repeats its last frame."""

    kmeans: KMeansFrame
    mean_shift: MeanShiftFrame

    @property
    def stop(self) -> Stop | None:
        """Why the later one ended; None while one goes on."""
        return self.mean_shift.stop if self.kmeans.stop else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PictureFrame:
    """One half-step of k-means on the pixels of a picture.

    Attributes:
        kmeans: The half-step; its points are the pixels, row by row.
        palette: (K, 3) uint8, the colour of each centroid.
        labels: (h, w) unsigned, the index of each pixel's colour.
    """

    kmeans: KMeansFrame
    palette: np.ndarray
    labels: np.ndarray

    @property
    def stop(self) -> Stop | None:
        """Why the run ends here; None while it goes on."""
        return self.kmeans.stop

    @property
    def shares(self) -> np.ndarray:
        """(K,) the part of the pixels that has each colour."""
        return np.asarray(self.kmeans.sizes / self.labels.size)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spelling:
    """One word that a speller wrote, and what it computed for each letter.

    The last of its L places is that of the end mark, `_`.

    Attributes:
        letters: The word.
        log_probability: Natural logarithm of the whole word's probability, its end included.
        probabilities: (L,) float32, of each letter given those before it.
        alternatives: L strings of five symbols, the most probable letters at that place.
        alternative_probabilities: (L, 5) float32.
        alignments: (L, A, T) float32, for each head the weight of each phoneme; rows sum to 1.
    """

    letters: str
    log_probability: float
    probabilities: np.ndarray
    alternatives: tuple[str, ...]
    alternative_probabilities: np.ndarray
    alignments: np.ndarray

    @property
    def probability(self) -> float:
        """The probability of the whole word under the model, its end included, from 0 to 1."""
        return math.exp(self.log_probability)

    @property
    def is_longer_than_learned(self) -> bool:
        """Whether it has more letters than every word to train on."""
        return len(self.letters) > LONGEST_WORD

    @property
    def symbols(self) -> str:
        """All L places: the letters, and the end mark."""
        return self.letters + "_" * (len(self.probabilities) - len(self.letters))

    @property
    def alignment(self) -> np.ndarray:
        """(L, T) float32, the mean over the heads."""
        return np.asarray(self.alignments.mean(axis=1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpellFrame:
    """The best spellings of one pronunciation.

    Attributes:
        phonemes: T phonemes.
        spellings: The best first, by `shares`.
        heads: A names, one for each head.
        sees_phonemes: Whether alignments have a column for each phoneme; otherwise they have one,
            for the whole word.
        weighed: For each spelling, its part of all that are listed, by probability and by how often
            it is written; empty where the order is that of the probabilities alone.
    """

    phonemes: tuple[str, ...]
    spellings: tuple[Spelling, ...]
    heads: tuple[str, ...]
    sees_phonemes: bool
    weighed: tuple[float, ...] = ()

    @property
    def shares(self) -> tuple[float, ...]:
        """The number to show beside each spelling, from 0 to 1; they fall."""
        return self.weighed or tuple(spelling.probability for spelling in self.spellings)

    @property
    def shares_are(self) -> str:
        """What `shares` means, to be put after "%:"."""
        return WEIGHED_MEANING if self.weighed else PROBABILITY_MEANING

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about what the speller was never trained on: what it writes then is a guess."""
        return unlearned(self.phonemes, [spelling.letters for spelling in self.spellings])


def unlearned(phonemes: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """Sentences about a pronunciation, or words for it, that are longer than any to train on."""
    notes = []
    if len(phonemes) > LONGEST_PRONUNCIATION:
        notes.append(
            f"{len(phonemes)} phonemes are more than any word has that the speller has learned "
            f"({LONGEST_PRONUNCIATION}); what it writes is a guess."
        )
    longer = [word for word in words if len(word) > LONGEST_WORD]
    if longer:
        verb = "is" if len(longer) == 1 else "are"
        named = " and ".join(longer) if len(longer) < 3 else f"{len(longer)} of the spellings"
        notes.append(
            f"{named} {verb} longer than any word it has learned ({LONGEST_WORD} letters)."
        )
    return tuple(notes)


class Standing(StrEnum):
    """What the dictionary says of a spelling.

    HOMOPHONE: it lists it for exactly these phonemes.
    WORD: it lists it, but for others.
    UNKNOWN: it does not list it.
    """

    HOMOPHONE = "listed for these sounds"
    WORD = "a word, but listed for other sounds"
    UNKNOWN = "not in the dictionary"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LetterFrame:
    """One more letter of a word, written by one speller or by several side by side.

    Attributes:
        results: Of each speller, all that it computed for the whole word.
        standings: Of each speller, what the dictionary says of each of its spellings.
        chosen: Of each speller, which of its spellings is being written.
        n_written: Letters written so far, the end mark counted as one.
        listed: The words that the dictionary lists for these sounds, whatever the spellers write.
    """

    results: tuple[SpellFrame, ...]
    standings: tuple[tuple[Standing, ...], ...]
    chosen: tuple[int, ...]
    n_written: int
    listed: tuple[str, ...] = ()

    @property
    def stop(self) -> bool | None:
        """True where no letter follows; None while one does."""
        n_places = [len(self.spelling(i).probabilities) for i in range(len(self.results))]
        return True if self.n_written >= max(n_places) else None

    def spelling(self, speller: int = 0) -> Spelling:
        """What a speller is writing."""
        return self.results[speller].spellings[self.chosen[speller]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Validation:
    """How well the averaged weights spell words they were not trained on, running free.

    Attributes:
        step: After how many training steps.
        loss: Cross-entropy in nats a letter, given the right letters before it.
        letters_right: Part of the letters, given the right letters before them.
        words_right: Part of the words, greedy.
        spelled: Pairs of a fixed word and how it is spelled now.
        watched: How the first of the fixed words is spelled, with its alignment.
    """

    step: int
    loss: float
    letters_right: float
    words_right: float
    spelled: tuple[tuple[str, str], ...]
    watched: SpellFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainFrame:
    """One step of a training.

    Attributes:
        step: Steps done, from 1.
        n_steps: Steps in all.
        epoch: Which time all words are being seen, from 1.
        loss: Cross-entropy in nats a letter on this step's words, with dropout.
        letters_right: Part of their letters, given the right letters before them.
        learning_rate: Of this step.
        words_per_second: Since this training was started or resumed, steps alone, and of those not
            the first of each length, which TensorFlow traces.
        words_left: Pronunciations that are still to be seen, those of all epochs counted.
        validation: Now and then.
        watched: More often, if asked for: pairs of a fixed word and how it is spelled now.
    """

    step: int
    n_steps: int
    epoch: int
    loss: float
    letters_right: float
    learning_rate: float
    words_per_second: float
    words_left: int
    validation: Validation | None = None
    watched: tuple[tuple[str, SpellFrame], ...] = ()

    @property
    def seconds_left(self) -> float:
        """How long it still takes at this pace, without validations."""
        return self.words_left / self.words_per_second


def sealed(values: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> np.ndarray:
    """Copy a tensor or an array into a read-only array that any thread may hold."""
    array = np.array(values, dtype)
    array.flags.writeable = False
    return array


def label_dtype(n_clusters: int) -> np.dtype:
    """The smallest unsigned type that holds the labels of `n_clusters` clusters."""
    return np.min_scalar_type(max(n_clusters - 1, 0))
