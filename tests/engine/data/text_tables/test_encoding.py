"""Detecting the encoding of a text file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.text_tables.encoding import Encoding, as_utf8, certain_from, encoding_of, guessed

GERMAN = "Größe;Straße\n1,5;Köln\n"
WORDS = {
    "windows-1252": [GERMAN, "Preis;Menge\n12,50 €;3\n", "é;b\n1;2\n", "año,niño\n1,2\n"],
    "windows-1251": ["город;число\nМосква;5\nКазань;6\n"],
    "windows-1253": ["πόλη;αριθμός\nΑθήνα;5\n"],
    "cp932": ["都市;人口\n東京;5\n大阪;6\n"],
}


@pytest.mark.parametrize(
    ("name", "text"), [(n, text) for n, texts in WORDS.items() for text in texts]
)
def test_other_encodings_are_guessed(tmp_path, name, text):
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(name))
    assert encoding_of(path) == Encoding(name, is_guessed=True)
    assert as_utf8(path, name) == text.encode()


@pytest.mark.parametrize(
    "name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("text", [GERMAN, *WORDS["windows-1251"], *WORDS["cp932"]])
def test_unicode_is_certain(tmp_path, name, text):
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(name))
    found = encoding_of(path)
    assert not found.is_guessed
    content = as_utf8(path, found.name)
    read = content if isinstance(content, bytes) else content.read_bytes()
    assert read.decode("utf-8-sig") == text


@given(st.binary(max_size=200))
def test_any_bytes_have_an_encoding(content):
    assert isinstance(content.decode(certain_from(content) or guessed(content), "replace"), str)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=50))
def test_utf_8_without_a_byte_order_mark_is_detected(text):
    assert certain_from(text.encode()) is None
