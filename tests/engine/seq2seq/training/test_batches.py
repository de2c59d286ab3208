"""Batches: every example once, of similar lengths, in an order determined by the seed."""

from collections import Counter

import numpy as np

from engine.seq2seq.training.batches import Examples, buckets_of, epoch_of, n_batches
from engine.seq2seq.vocabulary import Vocabulary

SOURCE = Vocabulary(("_", *"ABCDE"))
TARGET = Vocabulary(("_", *"abcde", "*"), start="*")
WORDS = ("a", "bad", "cab", "dab", "abcde", "ebb", "bee", "add")
EXAMPLES = [(word.upper(), word) for word in WORDS]


def unchanged(source, rng):
    return source


def words(batches):
    return Counter("".join(TARGET.decode(row)) for _, target in batches for row in target)


def test_each_example_occurs_once_per_epoch():
    buckets = buckets_of(EXAMPLES, SOURCE, TARGET, (4, 6))
    batches = list(epoch_of(buckets, 2, 0, 0, unchanged))
    assert words(batches) == Counter(WORDS)
    assert len(batches) == n_batches(buckets, 2)
    assert max(len(target) for _, target in batches) == 2
    assert len(Examples(buckets, unchanged)) == len(WORDS)


def test_examples_are_in_the_smallest_bucket_that_fits():
    buckets = buckets_of([*EXAMPLES, ("A", "abcd"), ("ABCD", "a")], SOURCE, TARGET, (4, 5, 6, 9))
    assert [bucket.target.shape for bucket in buckets] == [(7, 4), (2, 5), (1, 6)]
    assert [bucket.source.shape for bucket in buckets] == [(7, 3), (2, 4), (1, 5)]


def test_the_order_is_determined_by_seed_and_epoch():
    buckets = buckets_of(EXAMPLES * 5, SOURCE, TARGET, (6,))

    def drawn(seed, epoch):
        batches = epoch_of(buckets, 4, seed, epoch, unchanged)
        return [np.concatenate(batch, 1).tolist() for batch in batches]

    assert drawn(1, 2) == drawn(1, 2)
    assert drawn(1, 2) != drawn(1, 3)
    assert drawn(1, 2) != drawn(2, 2)


def test_augmentation_is_determined_by_the_seed():
    buckets = buckets_of(EXAMPLES * 5, SOURCE, TARGET, (6,))

    def masked(source, rng):
        return np.where(rng.random(source.shape) < 0.5, 0, source)

    def sources(seed, augment):
        return [source.tolist() for source, _ in epoch_of(buckets, 4, seed, 0, augment)]

    assert sources(1, masked) == sources(1, masked) != sources(1, unchanged)
