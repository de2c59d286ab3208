"""Kinds of mistakes, differences, and accuracy by length, by hand."""

import pytest

from engine.spelling.dictionary.pronunciations import Entry, pronunciations
from engine.spelling.evaluation.answers import (
    Answer,
    LengthFigures,
    Mistake,
    Span,
    by_length,
    difference,
    judge,
    mistake,
)


def answer(word, spelled, phonemes=("T",)):
    return Answer(Entry(word, phonemes), ((spelled, -1.0),))


@pytest.mark.parametrize(
    ("truth", "predicted", "kind"),
    [
        ("apple", "apple", Mistake.NONE),
        ("there", "their", Mistake.HOMOPHONE),
        ("apple", "aple", Mistake.DOUBLED),
        ("robin", "robbin", Mistake.DOUBLED),
        ("city", "cite", Mistake.ENDING),  # a vowel differs too; the ending takes precedence
        ("walk", "walks", Mistake.ENDING),
        ("misses", "miss", Mistake.ENDING),
        ("dog", "cat", Mistake.OTHER),  # no common prefix
        ("cart", "cinema", Mistake.OTHER),  # too long for an ending
        ("seperate", "separate", Mistake.VOWEL),
        ("cat", "cut", Mistake.VOWEL),  # the ending is the same
        ("knight", "kite", Mistake.OTHER),
    ],
)
def test_kinds_of_mistakes(truth, predicted, kind):
    assert mistake(answer(truth, predicted), {"there", "their"}) is kind


def test_differences_are_spans_of_both_words():
    assert difference("apple", "aplle") == (
        Span(True, "ap", "ap"),
        Span(False, "p", "l"),
        Span(True, "le", "le"),
    )
    assert difference("apple", "aple")[1] == Span(False, "p", "")
    assert difference("aple", "apple")[1] == Span(False, "", "p")
    assert difference("cat", "cut")[1] == Span(False, "a", "u")
    assert difference("cat", "") == (Span(False, "cat", ""),)


@pytest.mark.parametrize(("truth", "predicted"), [("brazilian", "brasilien"), ("a", "b"), ("", "")])
def test_the_spans_make_up_both_words(truth, predicted):
    spans = difference(truth, predicted)
    assert "".join(span.truth for span in spans) == truth
    assert "".join(span.predicted for span in spans) == predicted
    assert all(span.same == (span.truth == span.predicted) for span in spans)


def test_a_word_is_judged_by_the_dictionary():
    there = pronunciations()["there"][0]
    fair, right, wrong, unlisted = judge(
        [
            answer("there", "their", there),
            answer("there", "there", there),
            answer("there", "thare", there),
            answer("qqqqq", "qqqqq", ("ZH", "ZH", "ZH")),
        ]
    )
    assert (fair.mistake, fair.is_fair) == (Mistake.HOMOPHONE, True)
    assert (right.mistake, right.is_fair) == (Mistake.NONE, True)
    assert (wrong.mistake, wrong.is_fair) == (Mistake.VOWEL, False)
    assert (unlisted.mistake, unlisted.is_fair) == (Mistake.NONE, False)


def test_accuracy_by_length():
    there, apple = pronunciations()["there"][0], pronunciations()["brazilian"][0]
    judged = judge(
        [
            answer("brazilian", "brazilian", apple),
            answer("there", "their", there),
            answer("there", "thare", there),
        ]
    )
    assert by_length(judged) == (
        LengthFigures(n_letters=5, n_words=2, n_exact=0, n_fair=1),
        LengthFigures(n_letters=9, n_words=1, n_exact=1, n_fair=1),
    )
    assert by_length([]) == ()
