"""The learned embeddings of the phonemes, in the order of the vocabulary."""

import numpy as np
import pytest

from engine.seq2seq.model.ensemble import Ensemble
from engine.spelling.embeddings import phoneme_vectors, write_vectors
from engine.spelling.vocabulary import (
    CONSONANTS,
    EXAMPLES,
    KINDS,
    PHONEME_IDS,
    PHONEMES,
    VOWELS,
    encode_phonemes,
)
from tests.engine.spelling.tiny import speller


@pytest.mark.parametrize("kind", ["plain", "attention"])
def test_the_vectors_are_those_that_the_model_looks_up(kind):
    made = speller(kind)
    table = made.embedding if kind == "plain" else made.source_embedding
    ids = encode_phonemes([["K", "AE1", "T"]])
    vectors = phoneme_vectors(made)
    assert vectors.shape == (len(PHONEMES), 6)
    np.testing.assert_array_equal(vectors[ids], table(ids).numpy())
    assert not vectors.flags.writeable


def test_tables_of_an_ensemble_are_concatenated():
    transformer, plain = speller("transformer"), speller("plain")
    vectors = phoneme_vectors(transformer)
    assert vectors.shape == (len(PHONEMES), 3 * 8)
    np.testing.assert_array_equal(vectors[:, :8], transformer.source_embedding[0].vectors.numpy())
    both = phoneme_vectors(Ensemble([transformer, plain], ["a", "b"]))
    np.testing.assert_array_equal(both, np.concatenate([vectors, phoneme_vectors(plain)], 1))


def test_vectors_survive_a_round_trip_through_csv(tmp_path):
    vectors = phoneme_vectors(speller("plain"))[1:4]
    write_vectors(tmp_path / "vectors.csv", PHONEMES[1:4], vectors)
    head, *lines = (tmp_path / "vectors.csv").read_text().splitlines()
    assert head == "phoneme,1,2,3,4,5,6"
    assert [line.partition(",")[0] for line in lines] == list(PHONEMES[1:4])
    read = np.array([line.split(",")[1:] for line in lines], np.float32)
    np.testing.assert_array_equal(read, vectors)


def test_each_phoneme_has_one_kind_and_an_example():
    bare = {*VOWELS, *CONSONANTS}
    kinds = [phoneme for kind in KINDS.values() for phoneme in kind]
    assert sorted(kinds) == sorted(bare)
    assert set(EXAMPLES) == bare <= set(PHONEME_IDS)
