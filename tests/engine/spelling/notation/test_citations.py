"""Extracting one pronunciation from the text of a dictionary entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.spelling.notation.citations import cited
from engine.spelling.notation.pasted import pasted


def found(text):
    return cited(pasted(text))


@pytest.mark.parametrize(
    ("text", "word", "sounds"),
    [
        ("US /ˈwɑː.t̬ɚ/", None, "/ˈwɑː.t̬ɚ/"),
        ("(US) /kæt/", None, "/kæt/"),
        ("GA: /kæt/", None, "/kæt/"),
        ("us /ʌs/", "us", "/ʌs/"),
        ("cat (n) /kæt/", "cat", "/kæt/"),
        ("cat noun /kæt/", "cat", "/kæt/"),
        ("cat [kʰæt]", "cat", "[kʰæt]"),
        ("cat/kæt/", "cat", "/kæt/"),
        ("read(2) /rɛd/", "read", "/rɛd/"),
        ("american\t/əˈmɛrɪkən/", "american", "/əˈmɛrɪkən/"),
        ("/brəˈzɪl/ brə-ZIL", None, "/brəˈzɪl/"),
        ("IPA(key): /kæt/", None, "/kæt/"),
        ("enPR: kăt, IPA(key): /kæt/", None, "/kæt/"),
        ("how to say cat /kæt/", None, "/kæt/"),
    ],
)
def test_only_text_between_slashes_is_a_pronunciation(text, word, sounds):
    result = found(text)
    assert (result.word, result.sounds.text, result.problem) == (word, sounds, "")
    assert result.is_cited


@pytest.mark.parametrize(
    "text", ["/kæt/", "[kæt]", "K/AE1/T", "/K/ /AE1/ /T/", "ˈnɪə(r)", "kæt", "", "/", "r\\EIZ"]
)
def test_a_bare_pronunciation_is_unchanged(text):
    assert found(text) == (pasted(text), False, None, "")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("/kæt/, /kɛt/", "/kæt/ and /kɛt/"),
        ("/kæt/ or /kɛt/", "/kæt/ and /kɛt/"),
        ("/kæt/ [kʰæt]", "/kæt/ and [kʰæt]"),
        ("UK /kæt/ US /kɛt/", "/kæt/ and /kɛt/"),
        ("/kæt, kɛt/", "kæt and kɛt"),
        ("kæt/kɛt", "kæt and kɛt"),
        ("kæt [kʰæt]", "kæt and [kʰæt]"),
        ("K AE1 T /kæt/", "K AE1 T and /kæt/"),
    ],
)
def test_two_pronunciations_are_refused(text, named):
    assert found(text).problem == f"These are 2 pronunciations ({named}); give one of them."


def test_many_pronunciations_are_counted():
    assert found("/kæt/ " * 12).problem == (
        "These are 12 pronunciations (/kæt/, /kæt/, /kæt/ and 9 more); give one of them."
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("\\ ˈkat \\", "it stands between backslashes"),
        ("cat \\ˈkat\\", "it stands between backslashes"),
        ("ˈt\u035fhen", "t\u035fh is no letter of it"),
        ("ˈwȯ-tər", "ȯ is no letter of it"),
        ("ə-ˈbau̇t", "u̇ is no letter of it"),
        ("ˈtā-bəl", "ā is no letter of it"),
        ("kăt", "ă is no letter of it"),
        ("ˈjüs", "ü is no letter of it"),
        ("ˈpät", "ä is no letter of it"),
        ("ˈchərch", "ch is no symbol of it"),
        ("ˈshərt", "sh is no symbol of it"),
        ("ˈthin", "th is no symbol of it"),
        ("brə-ZIL", "it has no capitals, such as ZI"),
    ],
)
def test_a_respelling_is_not_ipa(text, reason):
    assert found(text).problem == (
        f"{text} is a respelling, as in Merriam-Webster, not IPA: {reason}; write IPA, such as "
        "/kæt/, or phonemes, such as K AE1 T."
    )


@pytest.mark.parametrize("text", ["ˈmɪshæp", "ˈlaɪthaʊs", "brəˈzɪl", "KÆT", "thin"])
def test_adjacent_ipa_letters_are_not_a_respelling(text):
    assert found(text).problem == ""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("<b>kæt</b>", "<b> is a tag or a spelling, not a sound; leave it out."),
        ("⟨cat⟩", "⟨cat⟩ is a tag or a spelling, not a sound; leave it out."),
        ("kæt&nbsp;", "&nbsp; is a mark of HTML, not a sound; leave it out."),
    ],
)
def test_tags_are_refused(text, complaint):
    assert found(text).problem == complaint


def test_punctuation_is_ignored():
    assert found("<s> K AE T </s>").sounds.text == "K AE T"


@given(st.text("/[]<>⟨⟩\\ ,;:kæt()or", max_size=40))
def test_any_text_gives_part_of_itself_or_an_error_message(text):
    result = found(text)
    assert result.problem.endswith(".") or result.sounds.text in text
