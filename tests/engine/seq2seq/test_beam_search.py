"""Beam search over words instead of letters, on a model whose probabilities are a table."""

import functools

import numpy as np
import pytest

from engine.seq2seq.beam_search import BeamSearch
from engine.seq2seq.vocabulary import Vocabulary
from tests.engine.seq2seq.table_model import TableModel

SOURCE = Vocabulary(("_", "le", "chat", "dort"))
TARGET = Vocabulary(("_", "the", "cat", "sleeps", "a", "*"), start="*")
NEXT = {
    "*": {"the": 0.7, "a": 0.3},
    "the": {"cat": 0.9, "_": 0.1},
    "a": {"cat": 0.5, "_": 0.5},
    "cat": {"sleeps": 0.6, "_": 0.4},
    "sleeps": {"_": 1.0},
}


class TwoHeads(TableModel):
    heads = ("left", "right")


@functools.cache
def search():
    return BeamSearch(TwoHeads(NEXT, TARGET.ids), SOURCE, TARGET, min_positions=4)


SENTENCE = ("le", "chat", "dort")


def test_the_best_hypotheses_are_sequences_of_words():
    (found,) = search().best([SENTENCE], 2)
    assert found == [
        (("the", "cat", "sleeps"), pytest.approx(np.log(0.7 * 0.9 * 0.6), rel=1e-4)),
        (("the", "cat"), pytest.approx(np.log(0.7 * 0.9 * 0.4), rel=1e-4)),
    ]


def test_a_hypothesis_has_a_probability_and_alignment_for_each_word():
    ((words, found), *_), _ = search().hypotheses([SENTENCE, ("chat",)], 2)
    assert words == ("the", "cat", "sleeps")
    assert found.probability == pytest.approx(0.7 * 0.9 * 0.6, rel=1e-4)
    np.testing.assert_allclose(found.probabilities, [0.7, 0.9, 0.6, 1.0], rtol=1e-4)
    assert [best[0] for best in found.alternatives] == ["the", "cat", "sleeps", "_"]
    assert found.alternatives[0][:2] == ("the", "a")
    # Four positions, two heads, and the three source words without padding.
    assert found.alignments.shape == (4, 2, 3)
    np.testing.assert_allclose(found.alignment.sum(1), np.ones(4), rtol=1e-5)


def test_outputs_can_begin_with_a_prefix():
    (found,) = search().hypotheses([SENTENCE], 2, ("a", "cat", "_"))
    assert [words for words, _ in found] == [("a", "cat")]
    assert found[0][1].probability == pytest.approx(0.3 * 0.5 * 0.4, rel=1e-4)
