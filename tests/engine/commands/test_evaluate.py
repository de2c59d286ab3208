"""`evaluate` on the command line: what it prints, and errors."""

import json

import pytest

from engine.spelling.dictionary.pronunciations import Part, part_of

pytestmark = pytest.mark.usefixtures("spellers_traced_once")


@pytest.mark.slow
def test_json_has_the_documented_keys(command):
    _, out, err = command("evaluate attention plain --words 60 --beam 5 --json")
    found = [json.loads(line) for line in out.splitlines()]
    assert err == ""
    assert [each["model"] for each in found] == ["attention", "plain"]
    promised = {
        *("model", "part", "beam", "n_words", "exact", "exact_at_5", "fair", "unseen"),
        *("letter_error_rate", "lists_out_of_order", "by_length", "words_per_second"),
    }
    for each in found:
        assert promised | {"stress"} == set(each)
        assert (each["part"], each["beam"], each["n_words"]) == ("test", 5, 60)
        assert sum(row["n_words"] for row in each["by_length"].values()) == 60
        assert each["lists_out_of_order"] == 0
        assert each["exact"] <= min(each["fair"], each["exact_at_5"])
        mean = sum(r["n_words"] * r["exact"] for r in each["by_length"].values()) / 60
        assert mean == pytest.approx(each["exact"], abs=1e-5)
    assert found[0]["exact"] > found[1]["exact"]


@pytest.mark.slow
def test_metrics_and_twenty_words_are_printed(command):
    _, out, _ = command("evaluate attention --part valid --words 40 --without-stress")
    lines = out.splitlines()
    assert lines[0].startswith("attention: 40 words for valid, beam 1, without stress, ")
    assert lines[1].startswith("exact ")
    examples = [line.split() for line in lines[-20:]]
    assert all(len(example) == 4 for example in examples)
    for phonemes, word, spelled, verdict in examples:
        assert part_of(word) is Part.VALID
        assert verdict == ("right" if word == spelled else "wrong")
        assert not any(digit in phonemes for digit in "012")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("evaluate none", "There is no speller none; choose"),
        ("evaluate plain --beam 51", "The beam width must be from 1 to 50, not 51."),
        ("evaluate plain --words 0", "--words must be 1 or more, not 0."),
    ],
)
def test_errors_are_one_line_and_exit_status_2(command, line, complaint):
    status, out, err = command(line)
    assert (status, out) == (2, "")
    assert err.startswith(complaint)
    assert err.count("\n") == 1
