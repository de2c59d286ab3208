"""Spelling a word in frames of one letter each."""

import pytest

from engine.errors import ParameterError
from engine.spelling import known_words
from engine.spelling.decoding import Decoder
from engine.spelling.frames import Standing
from engine.spelling.letter_by_letter import letters, spell
from tests.engine.spelling.tiny import KINDS, speller

SOUNDS = ("N", "AY1", "T")


@pytest.fixture(scope="module")
def decoders():
    return [Decoder(speller(kind)) for kind in KINDS[:2]]


def frames_of(decoders, **options):
    given = {"width": 3, "prefixes": [""] * len(decoders), **options}
    return list(spell(decoders, SOUNDS, **given))


def test_there_is_one_frame_before_the_first_letter_and_one_per_letter(decoders):
    frames = frames_of(decoders[:1])
    n_places = len(frames[0].spelling().probabilities)
    assert [frame.n_written for frame in frames] == list(range(n_places + 1))
    assert [frame.stop for frame in frames] == [None] * n_places + [True]


def test_two_spellers_continue_until_the_longer_word_ends(decoders):
    frames = frames_of(decoders)
    places = [len(frames[0].spelling(index).probabilities) for index in (0, 1)]
    assert len(frames) == max(places) + 1


@pytest.mark.slow
def test_a_prefix_applies_only_to_its_speller(decoders):
    alone = frames_of(decoders)[0]
    forced = frames_of(decoders, prefixes=["", "qu"], n_written=2)
    assert forced[0].n_written == 2
    assert forced[0].spelling(1).letters.startswith("qu")
    assert forced[0].spelling(0).letters == alone.spelling(0).letters


def test_other_hypotheses_need_no_new_search(decoders):
    frame = frames_of(decoders[:1])[-1]
    other = list(letters(frame.results, frame.standings, [1]))
    assert other[0].results == frame.results
    assert other[-1].spelling() is frame.results[0].spellings[1]
    assert len(other) == len(frame.results[0].spellings[1].probabilities) + 1


def test_an_invalid_prefix_is_refused(decoders):
    with pytest.raises(ParameterError):
        frames_of(decoders[:1], prefixes=["1"])


@pytest.mark.slow
def test_standings_compare_with_the_dictionary(decoders, monkeypatch):
    (frame,) = decoders[0].spell([SOUNDS], 3)
    words = ("knight", "cat", "xyzzy")
    renamed = [
        type(spelling)(
            letters=word,
            **{
                name: getattr(spelling, name)
                for name in (
                    *("log_probability", "probabilities", "alternatives"),
                    *("alternative_probabilities", "alignments"),
                )
            },
        )
        for word, spelling in zip(words, frame.spellings, strict=True)
    ]
    frame = type(frame)(
        phonemes=SOUNDS, spellings=tuple(renamed), heads=frame.heads, sees_phonemes=True
    )
    expected = (Standing.HOMOPHONE, Standing.WORD, Standing.UNKNOWN)
    assert known_words.standings(frame) == expected
    bare = type(frame)(
        phonemes=("N", "AY", "T"), spellings=frame.spellings, heads=frame.heads, sees_phonemes=True
    )
    assert known_words.standings(bare) == expected


def test_words_of_the_dictionary_are_in_the_frame(decoders):
    frame = frames_of(decoders[:1])[-1]
    assert {"knight", "night"} <= set(frame.listed)
    (other,) = list(letters(frame.results, frame.standings, [1]))[-1:]
    assert other.listed == frame.listed
