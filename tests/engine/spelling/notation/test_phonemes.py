"""Reading pronunciations in many notations."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DataError
from engine.spelling.dictionary.lines import read_entry
from engine.spelling.dictionary.pronunciations import all_pronunciations, sample
from engine.spelling.notation.phonemes import notes_of, parse, read
from engine.spelling.vocabulary import CONSONANTS, MAX_PHONEMES, PHONEMES, VOWELS

KNOWN = PHONEMES[1:]
pronunciations = st.lists(st.sampled_from(KNOWN), min_size=1, max_size=MAX_PHONEMES).map(tuple)


@given(pronunciations, st.sampled_from([" ", "-", ",", ", ", " – ", "\t", "/"]), st.booleans())
def test_any_case_and_any_separator(phonemes, separator, lower):
    text = separator.join(phonemes)
    assert parse(text.lower() if lower else text) == phonemes


@given(pronunciations.filter(lambda phonemes: ("N", "G") not in itertools.pairwise(phonemes)))
def test_phonemes_need_no_separator(phonemes):
    assert parse("".join(phonemes)) == phonemes


def test_ng_is_one_phoneme_unless_separated():
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
        # Sounds are not merged across syllables.
        ("/ˈlaɪt.ʃeɪd/", "L AY1 T SH EY0 D"),
        ("/ˈlaɪt ʃeɪd/", "L AY1 T SH EY0 D"),
        ("/ˈlaɪt‿ʃeɪd/", "L AY1 T SH EY0 D"),
        ("/ˈlaɪt-ʃeɪd/", "L AY1 T SH EY0 D"),
        ("/be.əl/", "B EH AH L"),
        ("/kə.ɹɛkt/", "K AH R EH K T"),
        ("ˈbjʊə.ti", "B Y UH1 R T IY0"),
        ("/ˈhɪə.rɪŋ/", "HH IH1 R IH0 NG"),
        ("ˈfɜː.ri", "F ER1 IY0"),
        # R-coloured vowels, and symbols of other dictionaries.
        *(("bə˞d", "B ER D"), ("bɜ˞d", "B ER D"), ("kɑ˞t", "K AA R T"), ("kɑː˞t", "K AA R T")),
        *(("nɔ˞θ", "N AO R TH"), ("ˈwɔːtəʳ", "W AO1 T ER0"), ("ˈbʌtᵊn", "B AH1 T AH0 N")),
        *(("ˈrəʊzᵻz", "R OW1 Z IH0 Z"), ("ˈkʊkᵿ", "K UH1 K UH0"), ("ɡɵd", "G UH D")),
        *(("/bout/", "B OW T"), ("/taun/", "T AW N"), ("/taim/", "T AY M"), ("/deit/", "D EY T")),
        *(("bɔi", "B OY"), ("ɡəu", "G OW"), ("/dej/", "D EY"), ("/taj/", "T AY")),
        *(("/daw/", "D AW"), ("tɑʊn", "T AW N"), ("tʌɪm", "T AY M"), ("ɡəʉ", "G OW")),
        *(("ɡɵʊ", "G OW"), ("bʌt̩", "B AH AH T"), ("ˈiːv̍n", "IY1 AH0 V N")),
        *(("šɪp", "SH IH P"), ("/ček/", "CH EH K"), ("/ǰæz/", "JH AE Z"), ("mɛžər", "M EH ZH ER")),
        ("s\u030cɪp", "SH IH P"),
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
        ("/ñɪ/", "ñ is not a sound of English in IPA; leave it out."),
        ("K AE1 T 93", "93 is not a phoneme but a number; leave the number out."),
        ("at", "AT is not a phoneme but a word; it sounds like AE1 T."),
        ("to", "TO is not a phoneme but a word; it sounds like T UW1."),
        ("OR", "OR is not a phoneme but a word; it sounds like AO1 R."),
        ("Ed", "ED is not a phoneme but a word; it sounds like EH1 D."),
        (
            "К AE1 T",
            "К is not a phoneme: it has Cyrillic letters; did you mean K in Latin ones?",
        ),
        ("Κ AE1 T", "Κ is not a phoneme: it has Greek letters; did you mean K in Latin ones?"),
        ("кот", "КОТ is not a phoneme: it has Cyrillic letters; type it in Latin ones."),
        ("/kʘt/", "ʘ is not a sound of English in IPA; leave it out."),
        ("_", "There is no phoneme; type some, such as K AE1 T."),
        ("T " * 41, "41 phonemes are too many: a word may have 40 at most."),
        ("t" * 90, "90 phonemes are too many: a word may have 40 at most."),
        ("t" * 50_000, "50,000 characters are too many for one word: it may have 40 phonemes."),
    ],
)
def test_error_messages_are_helpful(text, complaint):
    with pytest.raises(DataError, match=f"^{re.escape(complaint)}$"):
        parse(text)


def phonemes_or_error(text):
    try:
        return parse(text)
    except DataError as error:
        return str(error)


@given(st.text(max_size=30))
def test_any_text_is_phonemes_or_an_error_message(text):
    result = phonemes_or_error(text)
    assert result[-1] in KNOWN if isinstance(result, tuple) else result.endswith((".", "?"))


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
    '"b{t@`': "B AE1 T ER0",
    '"b{t@`"': "B AE T ER",
    "`b{t@`": "B AE T AH",
    "b3`": "B ER",
    '"kA`t': "K AA1 R T",
    '"laIt.SeId': "L AY1 T SH EY0 D",
    "be.@l": "B EH AH L",
    'br"Edkr"Vm': "B R EH1 D K R AH1 M",
}


@pytest.mark.parametrize(("text", "expected"), SAMPA.items())
def test_x_sampa(text, expected):
    assert parse(text) == tuple(expected.split())


# In IPA and in X-SAMPA; the vowels of "hut" and "hurt" have other symbols without stress.
SYMBOLS = {
    **{"AA": "ɑ A", "AE": "æ {", "AH": "ʌ V", "AH0": "ə @", "AO": "ɔ O", "AW": "aʊ aU"},
    **{"AY": "aɪ aI", "EH": "ɛ E", "ER": "ɝ 3`", "ER0": "ɚ @`", "EY": "eɪ eI", "IH": "ɪ I"},
    **{"IY": "i i", "OW": "oʊ oU", "OY": "ɔɪ OI", "UH": "ʊ U", "UW": "u u", "CH": "tʃ tS"},
    **{"DH": "ð D", "HH": "h h", "JH": "dʒ dZ", "NG": "ŋ N", "R": "ɹ r\\", "SH": "ʃ S"},
    **{"TH": "θ T", "Y": "j j", "ZH": "ʒ Z", "1": 'ˈ "', "2": "ˌ %"},
}


def written(phonemes, notation):
    """Write phonemes in symbols, with a dot between sounds that could be read as one."""
    text, before = "", ""
    for phoneme in phonemes:
        mark = SYMBOLS[phoneme[-1]].split(" ")[notation] if phoneme[-1] in "12" else ""
        symbols = SYMBOLS.get(phoneme, SYMBOLS.get(phoneme.rstrip("012")))
        is_after_vowel = before[-1:].isdigit() and (phoneme[-1].isdigit() or phoneme == "R")
        is_affricate = (before, phoneme) in (("T", "SH"), ("D", "ZH"))
        text += mark or "." * (is_after_vowel or is_affricate)
        text += symbols.split(" ")[notation] if symbols else phoneme.lower()
        before = phoneme
    return text


@pytest.mark.parametrize("notation", [0, 1])
def test_pronunciations_of_the_dictionary_survive_a_round_trip(notation):
    assert written(("B", "AE1", "T", "ER0"), notation) == ("bˈætɚ", 'b"{t@`')[notation]
    for _, (pronunciation, *_) in sample(list(all_pronunciations().items()), 2000):
        # Without stress marks a text cannot be recognized as X-SAMPA.
        if not {"1", "2"}.isdisjoint("".join(pronunciation)):
            assert parse(written(pronunciation, notation)) == pronunciation


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        # Decided by the dictionary (idea, museum, theater, beard), otherwise by the stress.
        ("aɪˈdɪə", "AY0 D IY1 AH0"),
        ("mjuːˈzɪəm", "M Y UW0 Z IY1 AH0 M"),
        ("ˈθɪətə", "TH IY1 AH0 T AH0"),
        ("/bɪəd/", "B IH R D"),
        ("ˈɪndɪə", "IH1 N D IY0 AH0"),
        ("ˈblɔːpɪə", "B L AO1 P IY0 AH0"),
        ("ˈblɪəp", "B L IH1 R P"),
    ],
)
def test_one_vowel_or_two(text, phonemes):
    assert parse(text) == tuple(phonemes.split())
    sounds = "IY AH" if "IY" in phonemes else "IH R"
    assert any(f"ɪə as {sounds}" in note for note in notes_of(read(text)))


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [("ˈkat", "K AE1 T"), ("/ˈfaðər/", "F AA1 DH ER0"), ("/blaːp/", "B L AA P")],
)
def test_an_ambiguous_a_is_decided_by_listed_words(text, phonemes):
    assert parse(text) == tuple(phonemes.split())
    assert bool(notes_of(read(text))) == ("ː" not in text)


def test_a_sound_that_english_lacks_is_reported():
    assert parse("lɑx") == ("L", "AA", "K")
    assert notes_of(read("lɑx")) == (
        "American English has no such sound; the nearest is taken (x as K).",
    )


@pytest.mark.parametrize(
    ("word", "sounds", "meant"),
    [
        *(("they", "TH EY", "DH EY1"), ("away", "AW AY", "AH0 W EY1"), ("my", "M Y", "M AY1")),
        ("Lawyer", "L AW Y ER", "L AO1 Y ER0"),
    ],
)
def test_a_word_read_as_other_phonemes_is_noted(word, sounds, meant):
    assert parse(word) == tuple(sounds.split())
    assert read_entry(word).notes == (
        f"This is read as the sounds {sounds}; the word {word.lower()} sounds like {meant}.",
    )


@pytest.mark.parametrize("text", ["ER", "T", "beh", "DH EY", "th-ey", "boy"])
def test_other_pronunciations_need_no_note(text):
    assert notes_of(read(text)) == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("K AE1 T, K AH0 T", "K AE1 T and K AH0 T"),
        ("K AE1 T / K AH0 T", "K AE1 T and K AH0 T"),
        ("k ae1 t or k ah0 t", "k ae1 t and k ah0 t"),
        ("AY1 DH ER0; IY1 DH ER0", "AY1 DH ER0 and IY1 DH ER0"),
        ("KAE1T, KEH1T", "KAE1T and KEH1T"),
        ('"k{t, "kEt', '"k{t and "kEt'),
    ],
)
def test_two_pronunciations_are_refused(text, named):
    complaint = f"These are 2 pronunciations ({named}); give one of them."
    with pytest.raises(DataError, match=f"^{re.escape(complaint)}$"):
        parse(text)


@pytest.mark.parametrize("text", ["B AH0, N AE1, N AH0", "B, AH0", "BAH0-NAE1-NAH0"])
def test_syllables_are_not_several_pronunciations(text):
    assert parse(text)[:2] == ("B", "AH0")


def test_a_long_text_is_refused_quickly():
    for symbol in ("æ", "T ", '"', "AX "):
        (token,) = read(symbol * 2001)
        assert token.problem.endswith("are too many for one word: it may have 40 phonemes.")


@pytest.mark.parametrize("text", ["K AE1 T", "{K AE1 T}", '"K AE1 T', "T", "KVP", "t-s", "IY1"])
def test_arpabet_is_not_read_as_x_sampa(text):
    assert parse(text) == parse(re.sub("[^A-Za-z0-9]", " ", text))


def test_an_x_sampa_symbol_that_english_lacks():
    tokens = read('"k@Xt')
    assert [token.phonemes for token in tokens] == [("K",), ("AH1",), (), ("T",)]
    assert tokens[2].problem == "X is not a sound of English in X-SAMPA; leave it out."
    assert (tokens[2].start, tokens[2].text) == (3, "X")


@pytest.mark.parametrize("text", ["kAEt", "/kAEt/"])
def test_ambiguous_text_is_refused(text):
    complaint = (
        f"{text} could be ARPAbet (K AE T) or X-SAMPA (K AA EH T); write the phonemes with blanks "
        "between them."
    )
    with pytest.raises(DataError, match=f"^{re.escape(complaint)}$"):
        parse(text)


@pytest.mark.parametrize("word", ["McDonald", "DeVito", "Paris"])
def test_a_name_with_capitals_is_not_x_sampa(word):
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
def test_british_phonemes_become_the_nearest_american_ones(text, phonemes, near):
    tokens = read(text)
    assert parse(text) == tuple(phonemes.split())
    (note,) = notes_of(tokens)
    assert f"({near})" in note
    assert "an approximation" in note
    assert read_entry(text).notes == (note,)


@pytest.mark.parametrize(
    "text", ["ˈfɑːðər", "bɜrd", "ˈbɝd", "goʊ", "ðə", "ˈwɔːtɚ", "K AE1 T", "kɔr", "brəˈzɪljən"]
)
def test_american_phonemes_need_no_note(text):
    assert notes_of(read(text)) == ()


QUOTED = [
    *("'{}'", '"{}"', "‘{}’", "“{}”", "„{}“", "`{}`", "«{}»", "‹{}›", "“‘{}’”", " “{} "),
    *("/{}/", "[{}]", '"/{}/"', "({})"),
]


@pytest.mark.parametrize("marks", QUOTED)
@pytest.mark.parametrize("text", ["K AE1 T", "brəˈzɪljən", 'br@"zIlj@n'])
def test_quotation_marks_around_a_pronunciation_are_ignored(marks, text):
    assert parse(marks.format(text)) == parse(text)


def test_a_list_of_quoted_phonemes():
    assert parse('["K", "AE1", "T"]') == parse("['K', 'AE1', 'T']") == ("K", "AE1", "T")


INVISIBLE = "\u034f\u115f\u1160\u3164\uffa0\U000e0100"
INVISIBLE += "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202c\ufe0f"


@given(pronunciations, st.lists(st.tuples(st.integers(0, 200), st.sampled_from(INVISIBLE))))
def test_invisible_characters_are_ignored(phonemes, extra):
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
def test_characters_that_look_alike_are_equivalent(text):
    assert parse(text) == ("K", "AE1", "T")


def test_ipa_symbols_that_look_alike_are_equivalent():
    assert parse("brǝˈzɪljәn") == parse("brəˈzɪljən")
    assert parse("’kæt") == parse("ˈkæt")


def test_a_token_has_the_typed_text_and_its_position():
    text = "\ufeff“K\u200b AX”"
    tokens = read(text)
    assert [(token.start, token.text) for token in tokens] == [(2, "K"), (5, "AX")]
    assert [token.start for token in read("/kækæ/")] == [1, 2, 3, 4]


def test_there_are_39_phonemes():
    assert (len(VOWELS), len(CONSONANTS)) == (15, 24)
    assert parse(" ".join([*VOWELS, *CONSONANTS])) == (*VOWELS, *CONSONANTS)


def test_tokens_are_read_one_by_one_and_the_wrong_one_is_marked():
    tokens = read("k-AX t1  ct")
    assert [token.text for token in tokens] == ["k", "AX", "t1", "ct"]
    assert [token.start for token in tokens] == [0, 2, 5, 9]
    assert tokens[0].phonemes == ("K",)
    assert tokens[0].problem == ""
    assert tokens[1].phonemes == ()
    assert (tokens[1].problem, tokens[1].meant) == ("AX is not a phoneme; did you mean AH0?", "AH0")
    assert tokens[2].meant == "T"


def test_a_word_suggests_its_pronunciation():
    (token,) = read("colonel")
    assert token.meant == "K ER1 N AH0 L"


def test_a_wrong_ipa_symbol_is_marked_and_the_others_are_read():
    tokens = read("/kæ¿t/")
    assert [token.phonemes for token in tokens] == [("K",), ("AE",), (), ("T",)]
    assert tokens[2].start == 3


@given(st.text(max_size=60))
def test_reading_never_fails_and_gives_positions(text):
    for token in read(text):
        assert bool(token.phonemes) != bool(token.problem)
        assert 0 <= token.start <= len(text)
