"""Looking up words, spelled correctly or not."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.spelling.dictionary.lookups import N_NEAR, _Rows, look_up, near, sounds_like
from engine.spelling.dictionary.pronunciations import all_pronunciations, pronunciations


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        *(("naïve", "naive"), ("Naïve", "naive"), ("CAFÉ", "cafe"), ("résumé", "resume")),
        *(("o’clock", "o'clock"), ("O'CLOCK", "o'clock"), ("co-operate", "cooperate")),
        *(("co‑operate", "cooperate"), ("“yacht”", "yacht"), (" yacht. ", "yacht")),
        *(("e-mail", "e-mail"), ("ﬁne", "fine"), ("Zürich", "zurich"), ("can’t", "can't")),
        *(("U.S.", "u.s."), ("us.", "us"), ("A.D.", "a.d."), ("mother-in-law", "mother-in-law")),
        *(("\u200byacht", "yacht"), ("[yacht]", "yacht"), ("/yacht/", "yacht"), ("*it*", "it")),
        *(("read(2)", "read"), ("(o'clock)", "o'clock"), ("“yacht”.", "yacht")),
        *(("**don’t**", "don't"), ("'bout", "'bout")),
    ],
)
def test_case_accents_and_punctuation_do_not_matter(typed, listed):
    found = look_up(typed)
    assert found.word == listed
    assert all(found.pronunciations)


def test_all_pronunciations_are_found_in_order():
    assert look_up("Read").pronunciations == pronunciations()["read"]


@pytest.mark.parametrize("typed", ["recieve", "x1", "", " ", "-", "日本", "fonne"])
def test_unlisted_words_are_not_found(typed):
    assert look_up(typed) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("nite", "night"), ("nite", "nit"), ("fone", "phone"), ("colonnel", "colonel")),
        *(("recieve", "receive"), ("yot", "yacht"), ("kwik", "quick"), ("fisix", "physics")),
        *(("enuff", "enough"), ("thier", "their"), ("neece", "niece"), ("dawter", "daughter")),
        *(("burocratic", "bureaucratic"), ("sychology", "psychology"), ("rong", "wrong")),
        *(("dont", "don't"), ("youre", "you're"), ("oclock", "o'clock"), ("theyre", "they're")),
        *(("motherinlaw", "mother-in-law"), ("tounge", "tongue"), ("yatch", "yacht")),
        *(("wrld", "world"), ("teh", "the")),
    ],
)
def test_the_intended_word_is_among_similar_words(typed, meant):
    assert meant in near(typed)


@pytest.mark.parametrize("typed", ["fone", "colonnel", "recieve", "seperate", "qween", "skool"])
def test_the_most_likely_word_comes_first(typed):
    meant = {"fone": "phone", "colonnel": "colonel", "recieve": "receive", "seperate": "separate"}
    assert near(typed)[0] == {**meant, "qween": "queen", "skool": "school"}[typed]


@pytest.mark.parametrize("typed", ["", "日本", "12", "qqqq", "x" * 10_000, "zzzzzz", "xqzzt"])
def test_some_words_have_no_similar_words(typed):
    assert near(typed) == ()


words = st.text("abcz", max_size=5)


def distance(first, second):
    """Edit distance from its definition: insertions, deletions, substitutions, transpositions."""
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i in range(len(first) + 1):
        for j in range(len(second) + 1):
            ways = [i + j] if 0 in (i, j) else []
            if i and j:
                changed = first[i - 1] != second[j - 1]
                ways += [table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + changed]
            if i > 1 and j > 1 and first[i - 2 : i] == second[j - 2 : j][::-1]:
                ways.append(table[i - 2][j - 2] + 1)
            table[i][j] = min(ways)
    return table[-1][-1]


@given(words, st.lists(words.filter(bool), min_size=1, max_size=6))
def test_distances_match_their_definition(typed, listed):
    codes = {letter: code for code, letter in enumerate(" abcz")}
    costs = (4 * (1 - np.eye(5))).astype(np.uint8)
    found = _Rows(listed, costs, codes).distances(typed)
    for cost, word in zip(found, listed, strict=True):
        expected = 4 * distance(typed, word)
        assert cost == expected or (np.isinf(cost) and abs(len(word) - len(typed)) > 3)


@pytest.mark.slow
@settings(max_examples=20)
@given(st.text(max_size=40))
def test_any_text_can_be_looked_up(text):
    assert len(near(text)) <= N_NEAR
    assert set(near(text)) <= set(all_pronunciations())
    look_up(text)


@pytest.mark.parametrize(
    ("letters", "sounds"),
    [
        *(("nite", "N AY T"), ("phone", "F OW N"), ("yacht", "Y AA T"), ("knife", "N AY F")),
        *(
            ("thing", "TH IH NG"),
            ("nation", "N AE SH AH N"),
            ("queen", "K W IY N"),
            ("the", "TH IY"),
        ),
    ],
)
def test_spelling_rules(letters, sounds):
    assert sounds_like(letters) == tuple(sounds.split())


@pytest.mark.slow
def test_looking_up_needs_no_tensorflow():
    code = "import sys; from engine.spelling.dictionary.lookups import near; near('fone'); "
    code += "sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
