"""Escaping text for a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.plain_text import printable, sentence, shortened


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain.csv", "plain.csv"),
        ("café 日本 \u3000\xa0", "café 日本 \u3000\xa0"),
        (
            "\u0645\u06cc\u200c\u062e",
            "\u0645\u06cc\u200c\u062e",
        ),  # Persian, with a zero-width non-joiner
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("\x9b2J", r"\x9b2J"),
        ("a\nb\tc\rd", r"a\nb\tc\rd"),
        ("\u202egnp.exe\u2028", r"\u202egnp.exe\u2028"),
        (b"caf\xe9".decode("utf-8", "surrogateescape"), r"caf\xe9"),
        ("\ud800\udbff", r"\ud800\udbff"),
        ("\x7f\x00", r"\x7f\x00"),
        (ValueError("\x1b"), r"\x1b"),
    ],
)
def test_control_characters_are_escaped(text, shown):
    assert printable(text) == shown


def test_tables_keep_their_line_breaks():
    assert printable("a\tb\nc\x1b\n", keep="\n\t") == "a\tb\nc\\x1b\n"


@given(st.text(st.characters(), max_size=50))
def test_any_text_becomes_one_printable_line(text):
    shown = printable(text)
    shown.encode()
    assert len(shown.splitlines()) <= 1
    assert not any(each < " " or "\x7f" <= each < "\xa0" for each in shown)
    assert printable(shown) == shown


def test_long_text_is_shortened():
    assert shortened("abc", 3) == "abc"
    assert shortened("abcd", 3) == "ab…"


def test_a_sentence_is_shortened_in_the_middle():
    assert sentence("One\x1b.") == "One\\x1b."
    shortened = sentence(f"There is no file {'x' * 5000}; do this.")
    assert shortened.startswith("There is no file xxx")
    assert shortened.endswith("xxx; do this.")
    assert len(shortened) == 1003
