"""Lines of pronouncing dictionaries, in whatever layout."""

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
        # Tables, and what stands behind.
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
def test_a_word_in_front_is_kept(line, word, phonemes):
    assert read_entry(line)[:2] == (word, tuple(phonemes.split()))


@pytest.mark.parametrize("line", ["H AE T", "h ae t", "AX B AW1 T"])
def test_a_slip_in_the_first_phoneme_is_no_word(line):
    with pytest.raises(DataError, match="is not a phoneme"):
        read_entry(line)


@pytest.mark.parametrize(
    ("separator", "case"),
    [("  ", str.upper), ("\t", str.upper), ("  ", str.lower), (" ", str.lower)],
)
def test_lines_of_the_dictionary_as_it_is_written(separator, case):
    # All of them were read so, once: 126,052 words in each layout.
    for word, ways in sample(list(all_pronunciations().items()), 500):
        line = f"{case(word)}{separator}{' '.join(ways[0])}"
        assert read_entry(line)[:2] == (word, ways[0])


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


def test_the_sounds_after_a_word_stand_where_they_were_typed():
    _, tokens = read_line("cat  kæt")
    assert [(token.start, token.text) for token in tokens] == [(5, "k"), (6, "æ"), (7, "t")]


@pytest.mark.parametrize("line", ["cat K AE1 T, K AH0 T", "cat /kæt/, /kɛt/", "cat kæt, kɛt"])
def test_a_word_with_two_pronunciations_is_refused(line):
    with pytest.raises(DataError, match="These are 2 pronunciations"):
        read_entry(line)
