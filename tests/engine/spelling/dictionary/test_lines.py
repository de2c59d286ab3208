"""Lines of pronouncing dictionaries in many layouts."""

import pytest

from engine.errors import DataError
from engine.spelling.dictionary.lines import has_words_in_front, read_entry, read_line
from engine.spelling.dictionary.pronunciations import all_pronunciations, sample


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
        # A phoneme before phonemes is a phoneme, not a word.
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
        # Names of phonemes that are also words: a word if listed with these phonemes. Otherwise the
        # double space is a typing error.
        ("ER  ER1", "er", "ER1"),
        ("K  K EY1", "k", "K EY1"),
        ("BOY B OY1", "boy", "B OY1"),
        ("K  AE1 T", None, "K AE1 T"),
        ("K  AE1  T", None, "K AE1 T"),
        ("KAE1  T", None, "K AE1 T"),
        ("LAONG T", None, "L AO NG T"),
        ("/K  AE1 T/", None, "K AE1 T"),
        # IPA and X-SAMPA after a word.
        ("us\tʌs", "us", "AH S"),
        ("us ʌs", "us", "AH S"),
        ("a\tə", "a", "AH"),
        ("I\taɪ", "i", "AY"),
        ("cat\tkæt", "cat", "K AE T"),
        ("cat  kæt", "cat", "K AE T"),
        ("to\ttu", "to", "T UW"),
        ("they\tðeɪ", "they", "DH EY"),
        ("cat\tk{t", "cat", "K AE T"),
        ("the\tD@", "the", "DH AH"),
        ("cat noun /kæt/", "cat", "K AE T"),
        ("us\t/ʌs/", "us", "AH S"),
        ("k  æ  t", None, "K AE T"),
        ("k\tæ\tt", None, "K AE T"),
        # Tables, and trailing text.
        ("cat,K AE1 T", "cat", "K AE1 T"),
        ("cat, K AE1 T", "cat", "K AE1 T"),
        ("cat;K AE1 T", "cat", "K AE1 T"),
        ("cat|K AE1 T", "cat", "K AE1 T"),
        ("cat,kæt", "cat", "K AE T"),
        ("cat,/kæt/", "cat", "K AE T"),
        ('"cat","K AE1 T"', "cat", "K AE1 T"),
        ('"cat"\t"K AE1 T"', "cat", "K AE1 T"),
        ('"cat"  K AE1 T', "cat", "K AE1 T"),
        ("cat\tK AE1 T\t0.93", "cat", "K AE1 T"),
        ("cat\t-1.5e-3\tK AE1 T", "cat", "K AE1 T"),
        ("cat\tK AE1 T\t12", "cat", "K AE1 T"),
        ("cat\tnoun\tK AE1 T", "cat", "K AE1 T"),
        ("1\tcat\tK AE1 T", "cat", "K AE1 T"),
        ("cat,K AE1 T,0.93", "cat", "K AE1 T"),
        ('"cat","K AE1 T","0.93"', "cat", "K AE1 T"),
        ("cat;n;kæt", "cat", "K AE T"),
        ("ga\t-1.25\tG AA1", "ga", "G AA1"),
        ("b\tae1\tn", None, "B AE1 N"),
        ("cat K AE1 T (noun)", "cat", "K AE1 T"),
        ("K AE1 T (n)", None, "K AE1 T"),
        ("kæt (n)", None, "K AE T"),
        ("<s> K AE T </s>", None, "K AE T"),
        ("B,D IY1", None, "B D IY1"),
        ("K,AE1,T", None, "K AE1 T"),
    ],
)
def test_a_leading_word_is_kept(line, word, phonemes):
    assert read_entry(line)[:2] == (word, tuple(phonemes.split()))


@pytest.mark.parametrize("line", ["H AE T", "h ae t", "AX B AW1 T"])
def test_a_mistyped_first_phoneme_is_not_a_word(line):
    with pytest.raises(DataError, match="is not a phoneme"):
        read_entry(line)


@pytest.mark.parametrize(
    ("separator", "case"),
    [("  ", str.upper), ("\t", str.upper), ("  ", str.lower), (" ", str.lower)],
)
def test_lines_of_the_dictionary(separator, case):
    # A sample; all 126,052 words were read in each layout once.
    for word, ways in sample(list(all_pronunciations().items()), 500):
        line = f"{case(word)}{separator}{' '.join(ways[0])}"
        assert read_entry(line)[:2] == (word, ways[0])


def test_the_other_lines_decide_if_a_phoneme_is_a_word():
    lines = ["ZH  Z IY1 HH", "CAT  K AE1 T", "CAT(1)  K AE1 D  # no"]
    assert has_words_in_front(lines)
    assert read_entry(lines[0], has_word=True)[:2] == ("zh", ("Z", "IY1", "HH"))
    assert read_entry(lines[0]).word is None
    assert not has_words_in_front([*lines, "K AE1 T"])
    assert not has_words_in_front(["K  AE1 T", "T  AE1 K"])
    assert not has_words_in_front([])
    # With single spaces, most lines must begin with a word, and this one must be listed.
    lines = ["D D IY1", "CAT K AE1 T", "DOG D AO1 G"]
    assert has_words_in_front(lines)
    assert read_entry(lines[0], has_word=True)[:2] == ("d", ("D", "IY1"))
    assert read_entry(lines[0]).word is None
    assert not has_words_in_front(["D D IY1", "CAT K AE1 T"])
    assert read_entry("K AE1 T", has_word=True).word is None


def test_phonemes_after_a_word_have_their_typed_positions():
    _, tokens = read_line("cat  kæt")
    assert [(token.start, token.text) for token in tokens] == [(5, "k"), (6, "æ"), (7, "t")]


@pytest.mark.parametrize("line", ["cat K AE1 T, K AH0 T", "cat /kæt/, /kɛt/", "cat kæt, kɛt"])
def test_a_word_with_two_pronunciations_is_refused(line):
    with pytest.raises(DataError, match="These are 2 pronunciations"):
        read_entry(line)
