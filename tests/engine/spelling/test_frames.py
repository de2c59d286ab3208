"""Notes of words that are longer than any in the training set."""

from engine.spelling.frames import unlearned


def test_words_longer_than_any_in_training_are_noted():
    assert unlearned(["T"] * 20, ["a" * 22]) == ()
    assert unlearned(["T"], ["a" * 23, "b", "c" * 24]) == (
        f"{'a' * 23} and {'c' * 24} are longer than any word it has learned (22 letters).",
    )
    assert unlearned(["T"], ["a" * 23] * 5) == (
        "5 of the spellings are longer than any word it has learned (22 letters).",
    )
    (note,) = unlearned(["T"] * 21, ["a"])
    assert note == (
        "21 phonemes are more than any word has that the speller has learned (20); what it writes "
        "is a guess."
    )
