"""Pronunciations as people write them."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.phonemes import (
    has_words_in_front,
    notes_of,
    parse,
    parse_entry,
    read,
    read_entry,
)
from engine.data.pronunciations import all_pronunciations, sample
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
        ("cat: K AE1 T", "cat", "K AE1 T"),
        ('"cat K AE1 T"', "cat", "K AE1 T"),
        # The layout of the CMU dictionary.
        ("CAT  K AE1 T", "cat", "K AE1 T"),
        ("CAT K AE1 T", "cat", "K AE1 T"),
        ("CAT\tK AE1 T", "cat", "K AE1 T"),
        ("READ(1)  R EH1 D", "read", "R EH1 D"),
        ("'BOUT  B AW1 T", "'bout", "B AW1 T"),
        ("A.D.  EY2 D IY1", "a.d.", "EY2 D IY1"),
        ("!EXCLAMATION-POINT  EH2 K S", "!exclamation-point", "EH2 K S"),
        ('"CLOSE-QUOTE  K L OW1 Z', '"close-quote', "K L OW1 Z"),
        ("3D  TH R IY1 D IY2", "3d", "TH R IY1 D IY2"),
        ("BLORP  B L AO1 R P", "blorp", "B L AO1 R P"),
        # Phonemes by their names, but listed with these: a word. Otherwise two blanks are a slip.
        ("ER  ER1", "er", "ER1"),
        ("K  K EY1", "k", "K EY1"),
        ("BOY B OY1", "boy", "B OY1"),
        ("K  AE1 T", None, "K AE1 T"),
        ("K  AE1  T", None, "K AE1 T"),
        ("KAE1  T", None, "K AE1 T"),
        ("LAONG T", None, "L AO NG T"),
        ("/K  AE1 T/", None, "K AE1 T"),
    ],
)
def test_a_word_in_front_is_kept(line, word, phonemes):
    assert parse_entry(line) == (word, tuple(phonemes.split()))


@pytest.mark.parametrize("line", ["H AE T", "h ae t", "AX B AW1 T"])
def test_a_slip_in_the_first_phoneme_is_no_word(line):
    with pytest.raises(DataError, match="is not a phoneme"):
        parse_entry(line)


@pytest.mark.parametrize(
    ("separator", "case"),
    [("  ", str.upper), ("\t", str.upper), ("  ", str.lower), (" ", str.lower)],
)
def test_lines_of_the_dictionary_as_it_is_written(separator, case):
    # All of them were read so, once: 126,052 words in each layout.
    for word, ways in sample(list(all_pronunciations().items()), 500):
        line = f"{case(word)}{separator}{' '.join(ways[0])}"
        assert parse_entry(line) == (word, ways[0])


def test_the_lines_around_it_say_that_a_phoneme_is_a_word():
    lines = ["ZH  Z IY1 HH", "CAT  K AE1 T", "CAT(1)  K AE1 D  # no"]
    assert has_words_in_front(lines)
    assert read_entry(lines[0], has_word=True)[:2] == ("zh", ("Z", "IY1", "HH"))
    assert read_entry(lines[0]).word is None
    assert not has_words_in_front([*lines, "K AE1 T"])
    assert not has_words_in_front(["K  AE1 T", "T  AE1 K"])
    assert not has_words_in_front([])
    # With one blank, most of them have to be words, and this one has to be listed.
    lines = ["D D IY1", "CAT K AE1 T", "DOG D AO1 G"]
    assert has_words_in_front(lines)
    assert read_entry(lines[0], has_word=True)[:2] == ("d", ("D", "IY1"))
    assert read_entry(lines[0]).word is None
    assert not has_words_in_front(["D D IY1", "CAT K AE1 T"])
    assert read_entry("K AE1 T", has_word=True).word is None


SAMPA = {
    'br@"zIlj@n': "B R AH0 Z IH1 L Y AH0 N",
    '"kQlIdZ': "K AA1 L IH0 JH",
    '/"kQlIdZ/': "K AA1 L IH0 JH",
    '"f{nt@"stIk': "F AE1 N T AH0 S T IH1 K",
    "TaUz@nd": "TH AW Z AH N D",
    "/TIN/": "TH IH NG",
    "k{t": "K AE T",
    "b3:d": "B ER D",
    "n3s": "N ER S",
    "f3`st": "F ER S T",
    "nI@": "N IH R",
    "e@": "EH R",
    "sku:l": "S K UW L",
    "kVp": "K AH P",
    "bEd": "B EH D",
    "bVt=": "B AH AH T",
    '"D@Uz.%p_hA:': "DH OW1 Z P AA2",
    "r\\EIZ": "R EY ZH",
}


@pytest.mark.parametrize(("text", "expected"), SAMPA.items())
def test_x_sampa(text, expected):
    assert parse(text) == tuple(expected.split())


@pytest.mark.parametrize("text", ["K AE1 T", "{K AE1 T}", '"K AE1 T', "T", "KVP", "t-s", "IY1"])
def test_what_is_all_arpabet_is_no_x_sampa(text):
    assert parse(text) == parse(re.sub("[^A-Za-z0-9]", " ", text))


def test_a_symbol_of_x_sampa_that_is_no_sound_of_english():
    tokens = read('"k@Xt')
    assert [token.phonemes for token in tokens] == [("K",), ("AH1",), (), ("T",)]
    assert tokens[2].problem == "X is no sound of English in X-SAMPA; leave it out."
    assert (tokens[2].start, tokens[2].text) == (3, "X")


@pytest.mark.parametrize("text", ["kAEt", "/kAEt/"])
def test_what_can_be_read_in_two_ways_is_refused(text):
    complaint = (
        f"{text} could be ARPAbet (K AE T) or X-SAMPA (K AA EH T); write the phonemes with blanks "
        "between them."
    )
    with pytest.raises(DataError, match=f"^{re.escape(complaint)}$"):
        parse(text)


@pytest.mark.parametrize("word", ["McDonald", "DeVito", "Paris"])
def test_a_name_with_capitals_is_no_x_sampa(word):
    with pytest.raises(DataError, match="is not a phoneme but a word; it sounds like"):
        parse(word)


@pytest.mark.parametrize(
    ("text", "phonemes", "near"),
    [
        ("/ˈkɒlɪdʒ/", "K AA1 L IH0 JH", "ɒ as AA"),
        ("gəʊ", "G OW", "əʊ as OW"),
        ("/nɪə/", "N IH R", "ɪə as IH R"),
        ("heə", "HH EH R", "eə as EH R"),
        ("hɛː", "HH EH R", "ɛː as EH R"),
        ("/tʊə/", "T UH R", "ʊə as UH R"),
        ("/nɜːs/", "N ER S", "ɜ as ER"),
        ("/kɑː/", "K AA", "ɑ as AA"),
        ("ˈwɔːtə", "W AO1 T AH0", "ɔ as AO"),
        ("ˈlɒrɪ", "L AA1 R IH0", "ɒ as AA"),
        ("k@Ut", "K OW T", "@U as OW"),
    ],
)
def test_british_sounds_become_the_nearest_american_ones(text, phonemes, near):
    tokens = read(text)
    assert parse(text) == tuple(phonemes.split())
    (note,) = notes_of(tokens)
    assert f"({near})" in note
    assert "an approximation" in note
    assert read_entry(text).notes == (note,)


@pytest.mark.parametrize(
    "text", ["ˈfɑːðər", "bɜrd", "ˈbɝd", "goʊ", "ðə", "ˈwɔːtɚ", "K AE1 T", "kɔr", "brəˈzɪljən"]
)
def test_american_sounds_need_no_note(text):
    assert notes_of(read(text)) == ()


QUOTED = [
    *("'{}'", '"{}"', "‘{}’", "“{}”", "„{}“", "`{}`", "«{}»", "‹{}›", "“‘{}’”", " “{} "),
    *("/{}/", "[{}]", '"/{}/"', "({})"),
]


@pytest.mark.parametrize("marks", QUOTED)
@pytest.mark.parametrize("text", ["K AE1 T", "brəˈzɪljən", 'br@"zIlj@n'])
def test_marks_around_a_pasted_pronunciation_are_dropped(marks, text):
    assert parse(marks.format(text)) == parse(text)


def test_a_list_of_quoted_phonemes():
    assert parse('["K", "AE1", "T"]') == parse("['K', 'AE1', 'T']") == ("K", "AE1", "T")


INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202c\ufe0f"


@given(pronunciations, st.lists(st.tuples(st.integers(0, 200), st.sampled_from(INVISIBLE))))
def test_what_nobody_sees_makes_no_difference(phonemes, extra):
    text = " ".join(phonemes)
    for place, character in extra:
        text = text[: place % (len(text) + 1)] + character + text[place % (len(text) + 1) :]
    assert parse(text) == phonemes


@pytest.mark.parametrize(
    "text",
    [
        *("K\u00a0AE1\u00a0T", "K\u2003AE1\u202fT", "K\u2011AE1\u2010T", "K\u2212AE1\u2014T"),
        *("\uff2b \uff21\uff25\uff11 \uff34", "K AE\u00b9 T", "\U0001d40a AE1 T", "K·AE1·T"),
    ],
)
def test_characters_that_look_alike_are_alike(text):
    assert parse(text) == ("K", "AE1", "T")


def test_symbols_of_ipa_that_look_alike_are_alike():
    assert parse("brǝˈzɪljәn") == parse("brəˈzɪljən")
    assert parse("’kæt") == parse("ˈkæt")


def test_a_token_tells_what_was_typed_and_where():
    text = "\ufeff“K\u200b AX”"
    tokens = read(text)
    assert [(token.start, token.text) for token in tokens] == [(2, "K"), (5, "AX")]
    assert [token.start for token in read("/kækæ/")] == [1, 2, 3, 4]


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
