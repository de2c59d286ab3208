"""The metrics, computed by hand for a few answers."""

import pytest

from engine.spelling.decoding import Decoder
from engine.spelling.dictionary.pronunciations import Entry, pronunciations
from engine.spelling.evaluation.figures import Answer, evaluate, letter_errors, summary, unstressed
from tests.engine.spelling.tiny import EIGHT, speller

pytestmark = pytest.mark.slow


def answer(word, *spellings, phonemes=None):
    phonemes = pronunciations()[word][0] if phonemes is None else tuple(phonemes.split())
    return Answer(Entry(word, phonemes), tuple((spelling, -1.0) for spelling in spellings))


ANSWERS = [
    answer("there", "their", "there"),  # fair: listed for the same phonemes
    answer("brazilian", "brazilian"),
    answer("apple", "appel", "aple", "appl", "apel", "appul", "apple"),  # correct, but ranked sixth
    answer("zzzzz", "zz", phonemes="ZH ZH"),  # a pronunciation of no training word
    answer("qqqqq", "qqqqq", phonemes="ZH ZH ZH"),
]


def test_metrics_by_hand():
    found = summary(ANSWERS, 6)
    assert found["n_words"] == 5
    assert found["exact"] == pytest.approx(2 / 5)
    assert found["exact_at_5"] == pytest.approx(3 / 5)
    assert found["fair"] == pytest.approx(3 / 5)
    assert found["unseen"] == pytest.approx(1 / 2)
    # Edits: there/their 2, appel 2, zz 3 insertions; of 29 letters.
    assert found["letter_error_rate"] == pytest.approx(7 / 29)
    assert found["by_length"]["5"] == {
        "n_words": 4,
        "exact": pytest.approx(1 / 4),
        "fair": pytest.approx(2 / 4),
    }
    assert set(found["by_length"]) == {"5", "9"}


def test_lists_out_of_order_by_hand():
    entry = Entry("red", ("R", "EH1", "D"))
    falling = Answer(entry, (("red", -1.0), ("read", -1.5), ("redd", -1.5)))
    rising = Answer(entry, (("reade", -1.6), ("red", -1.2)))
    assert summary([falling, rising, falling], 5)["lists_out_of_order"] == pytest.approx(1 / 3)


def test_a_narrow_beam_has_no_five_best():
    assert summary(ANSWERS, 4)["exact_at_5"] is None


def test_without_unseen_words_there_is_no_such_metric():
    assert summary(ANSWERS[:1], 5)["unseen"] is None


@pytest.mark.parametrize(
    ("spelled", "edits"), [("apple", 0), ("aple", 1), ("apples", 1), ("bpple", 1), ("b", 5)]
)
def test_letter_errors(spelled, edits):
    assert letter_errors([answer("apple", spelled)]) == edits


def test_fair_spellings_do_not_depend_on_stress():
    entries = unstressed([entry.entry for entry in ANSWERS])
    assert entries[0] == Entry("there", ("DH", "EH", "R"))
    bare = [Answer(entry, a.spellings) for entry, a in zip(entries, ANSWERS, strict=True)]
    assert summary(bare, 6)["fair"] == pytest.approx(3 / 5)
    assert summary(bare, 6)["unseen"] == pytest.approx(1 / 2)


def test_every_word_is_spelled_once():
    frames = list(evaluate(Decoder(speller("attention")), EIGHT * 80, 2))
    assert [frame.n_done for frame in frames] == [512, 640]
    assert {frame.n_words for frame in frames} == {640}
    asked = [answer.entry for frame in frames for answer in frame.answers]
    assert sorted(asked) == sorted(EIGHT * 80)
    assert all(1 <= len(answer.spellings) <= 2 for frame in frames for answer in frame.answers)
    assert frames[0].seconds < frames[1].seconds


def test_the_number_of_words_per_frame_does_not_matter():
    frames = list(evaluate(Decoder(speller("plain")), EIGHT, 1, batch=3))
    assert [frame.n_done for frame in frames] == [3, 6, 8]
    small = [answer for frame in frames for answer in frame.answers]
    (whole,) = evaluate(Decoder(speller("plain")), EIGHT)
    assert [(a.entry, a.word) for a in small] == [(a.entry, a.word) for a in whole.answers]
