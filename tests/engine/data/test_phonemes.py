"""Pronunciations as people write them."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.phonemes import parse, parse_entry, read
from engine.errors import DataError
from engine.seq2seq.vocabulary import CONSONANTS, MAX_PHONEMES, PHONEMES, VOWELS

KNOWN = PHONEMES[1:]
pronunciations = st.lists(st.sampled_from(KNOWN), min_size=1, max_size=MAX_PHONEMES).map(tuple)


@given(pronunciations, st.sampled_from([" ", "-", ",", ", ", " – ", "\t", "/"]), st.booleans())
def test_any_case_and_any_separator(phonemes, separator, lower):
    text = separator.join(phonemes)
    assert parse(text.lower() if lower else text) == phonemes


@given(pronunciations.filter(lambda phonemes: ("N", "G") not in itertools.pairwise(phonemes)))
def test_nothing_between_them_is_read_too(phonemes):
    assert parse("".join(phonemes)) == phonemes


def test_ng_is_one_sound_unless_a_blank_says_otherwise():
    assert parse("LAONG") == ("L", "AO", "NG")
    assert parse("L AO N G") == ("L", "AO", "N", "G")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/brəˈzɪljən/", "B R AH0 Z IH1 L Y AH0 N"),
        ("kæt", "K AE T"),
        ("/kip/", "K IY P"),
        ("[kʰæt]", "K AE T"),
        ("ˈbʌtn̩", "B AH1 T AH0 N"),
        ("tʃɜːtʃ", "CH ER CH"),
        ("t͡ʃɪp", "CH IH P"),
        ("/ˌnɒlɪdʒ ˈbʊk/", "N AA2 L IH0 JH B UH1 K"),
        ("ˈhaʊs", "HH AW1 S"),
        ("/'wɔːtə/", "W AO1 T AH0"),
        ("θɪŋ", "TH IH NG"),
        ("ˈbɝd", "B ER1 D"),
        ("ˈbɜrd", "B ER1 D"),
        ("njuː", "N Y UW"),
        ("/ˈnɪə(r)/", "N IH1 R"),
        ("/heə/", "HH EH R"),
        ("/ˈwɔːtər/", "W AO1 T ER0"),
    ],
)
def test_ipa(text, expected):
    assert parse(text) == tuple(expected.split())


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "There is no phoneme; type some, such as K AE1 T."),
        (" - ,", "There is no phoneme; type some, such as K AE1 T."),
        ("AX", "AX is not a phoneme; did you mean AH0?"),
        ("H AE T", "H is not a phoneme; did you mean HH?"),
        ("AXR1", "AXR1 is not a phoneme; did you mean ER0?"),
        ("B1", "B1 is not a phoneme: only vowels carry a stress; write B."),
        ("AH3", "AH3 is not a phoneme: the stress of a vowel is 0, 1 or 2, as in AH1."),
        ("cat", "CAT is not a phoneme but a word; it sounds like K AE1 T."),
        ("QQQQ", "QQQQ is not a phoneme; write how a word sounds, such as K AE1 T for cat."),
        ("日本", "日本 is not a phoneme; write how a word sounds, such as K AE1 T for cat."),
        ("/kʘt/", "ʘ is no sound of English in IPA; leave it out."),
        ("_", "There is no phoneme; type some, such as K AE1 T."),
        ("T " * 41, "41 phonemes are too many: a word may have 40 at most."),
        ("t" * 90, "90 phonemes are too many: a word may have 40 at most."),
        ("t" * 50_000, "TTTTTTTTTTTT... is too long: a word may have 40 phonemes."),
    ],
)
def test_a_complaint_is_a_sentence_that_helps(text, complaint):
    with pytest.raises(DataError, match=f"^{re.escape(complaint)}$"):
        parse(text)


def phonemes_or_sentence(text):
    try:
        return parse(text)
    except DataError as error:
        return str(error)


@given(st.text(max_size=30))
def test_any_text_is_phonemes_or_a_sentence(text):
    result = phonemes_or_sentence(text)
    assert result[-1] in KNOWN if isinstance(result, tuple) else result.endswith((".", "?"))


@pytest.mark.parametrize(
    ("line", "word", "phonemes"),
    [
        ("cat K AE1 T\n", "cat", "K AE1 T"),
        ("cat k ae1 t", "cat", "K AE1 T"),
        ("read(2)  R EH1 D # past", "read", "R EH1 D"),
        ("'bout B AW1 T", "'bout", "B AW1 T"),
        ("o'clock AH0 K L AA1 K", "o'clock", "AH0 K L AA1 K"),
        ("cat /kæt/", "cat", "K AE T"),
        ("k ae1 t", None, "K AE1 T"),
        ("K AE1 T", None, "K AE1 T"),
        # A phoneme in front of phonemes is one.
        ("b k ae t", None, "B K AE T"),
    ],
)
def test_a_word_in_lower_case_in_front_is_kept(line, word, phonemes):
    assert parse_entry(line) == (word, tuple(phonemes.split()))


def test_there_are_39_phonemes():
    assert (len(VOWELS), len(CONSONANTS)) == (15, 24)
    assert parse(" ".join([*VOWELS, *CONSONANTS])) == (*VOWELS, *CONSONANTS)


def test_every_piece_is_read_for_itself_and_the_wrong_one_is_marked():
    tokens = read("k-AX t1  ct")
    assert [token.text for token in tokens] == ["k", "AX", "t1", "ct"]
    assert [token.start for token in tokens] == [0, 2, 5, 9]
    assert tokens[0].phonemes == ("K",)
    assert tokens[0].problem == ""
    assert tokens[1].phonemes == ()
    assert (tokens[1].problem, tokens[1].meant) == ("AX is not a phoneme; did you mean AH0?", "AH0")
    assert tokens[2].meant == "T"


def test_a_word_among_the_phonemes_is_meant_as_it_sounds():
    (token,) = read("colonel")
    assert token.meant == "K ER1 N AH0 L"


def test_a_wrong_symbol_among_ipa_is_marked_and_the_others_are_read():
    tokens = read("/kæ¿t/")
    assert [token.phonemes for token in tokens] == [("K",), ("AE",), (), ("T",)]
    assert tokens[2].start == 3


@given(st.text(max_size=60))
def test_reading_never_fails_and_tells_where(text):
    for token in read(text):
        assert bool(token.phonemes) != bool(token.problem)
        assert 0 <= token.start <= len(text)
