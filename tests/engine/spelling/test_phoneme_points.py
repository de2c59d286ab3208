"""The embeddings of the phonemes as ready-made data."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.errors import ParameterError
from engine.source import load
from engine.spelling import library
from engine.spelling.embeddings import phoneme_vectors
from engine.spelling.vocabulary import PHONEME_IDS
from tests.waiting import seconds_left

ROOT = Path(__file__).parents[3]


def test_points_are_the_learned_embeddings():
    found = load("phonemes:plain")
    vectors = phoneme_vectors(library.load("plain").speller)
    rows = [PHONEME_IDS[name] for name in found.names]
    np.testing.assert_array_equal(found.points, vectors[rows])
    assert len(set(found.names)) == 39
    assert {"AA", "ZH"} <= set(found.names)
    assert (load("phonemes").points == load("phonemes:attention").points).all()


def test_an_unknown_speller_is_refused():
    with pytest.raises(ParameterError, match=r'"ensemble"; choose attention, .*plain'):
        load("phonemes:ensemble")


def test_loading_them_does_not_import_tensorflow():
    code = (
        "import sys; from engine.source import load; load('phonemes'); "
        "sys.exit('tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_they_are_registered_whatever_is_imported_first():
    code = "from engine.source import is_file; import sys; sys.exit(is_file('phonemes'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=seconds_left())
    assert done.returncode == 0
