"""Examples as arrays: batches of similar length, in an order that follows from the seed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.seq2seq.vocabulary import Vocabulary

# Changes some of a batch's (B, T) int32 sources at random, and returns as many.
Augment = Callable[[np.ndarray, np.random.Generator], np.ndarray]


@dataclass(frozen=True, slots=True)
class Bucket:
    """Examples of similar length.

    Attributes:
        source: (N, T) int32, padded.
        target: (N, T + 1) int32, padded: each ends in one padding at least.
    """

    source: np.ndarray
    target: np.ndarray


@dataclass(frozen=True, slots=True)
class Examples:
    """What to train on.

    Attributes:
        buckets: The examples.
        augment: Changes some of the sources of a batch at random.
    """

    buckets: Sequence[Bucket]
    augment: Augment

    def __len__(self) -> int:
        return sum(len(bucket.target) for bucket in self.buckets)


def buckets_of(
    examples: Sequence[tuple[Sequence[str], Sequence[str]]],
    source: Vocabulary,
    target: Vocabulary,
    lengths: Sequence[int],
) -> list[Bucket]:
    """Sort examples into buckets, each padded to the smallest length that holds it.

    Args:
        examples: Pairs of a source and a target.
        source: The source symbols.
        target: The target symbols.
        lengths: In ascending order: of a target with its end mark, or of a source and one more.
            Few, because every one of them is traced.
    """
    needed = np.array([max(map(len, example)) + 1 for example in examples])
    sorts = np.searchsorted(lengths, needed)
    buckets = []
    for sort in np.unique(sorts):
        inside = [examples[index] for index in np.flatnonzero(sorts == sort).tolist()]
        buckets.append(
            Bucket(
                source.encode([symbols for symbols, _ in inside], lengths[sort] - 1),
                target.encode([symbols for _, symbols in inside], lengths[sort]),
            )
        )
    return buckets


def n_batches(buckets: Sequence[Bucket], batch_size: int) -> int:
    """The number of batches in an epoch."""
    return sum(-(-len(bucket.target) // batch_size) for bucket in buckets)


def epoch_of(
    buckets: Sequence[Bucket], batch_size: int, seed: int, epoch: int, augment: Augment
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """All batches of one epoch: each example once.

    The order and the augmentation follow from the seed and the number of the epoch alone.

    Yields:
        (B, T) int32 sources and (B, T + 1) int32 targets.
    """
    rng = np.random.default_rng([seed, epoch])
    batches = []
    for index, bucket in enumerate(buckets):
        rows = rng.permutation(len(bucket.target))
        for start in range(0, len(rows), batch_size):
            batches.append((index, rows[start : start + batch_size]))
    for place in rng.permutation(len(batches)):
        index, rows = batches[place]
        bucket = buckets[index]
        yield augment(bucket.source[rows], rng), bucket.target[rows]
