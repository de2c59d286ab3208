"""Parsing and counting."""

import math

import pytest

from engine.numbers import counted, real, whole


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), (" -3 ", -3), ("+0", 0), ("9" * 18, 10**18 - 1)]
)
def test_whole_numbers(text, number):
    assert whole(text) == number


@pytest.mark.parametrize("text", ["", "1_0", "1.0", "1e3", "0x1", "- 1", "9" * 19, "9" * 5000, "²"])
def test_not_whole_numbers(text):
    with pytest.raises(ValueError, match="not a whole number"):
        whole(text)


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("-.5e1", -5), ("inf", math.inf)])
def test_numbers(text, number):
    assert real(text) == number


@pytest.mark.parametrize("text", ["", "1_0", "1,5", "one", "0" * 1000])
def test_not_numbers(text):
    with pytest.raises(ValueError, match=r"number|convert"):
        real(text)


def test_one_thing_is_singular_and_every_other_number_plural():
    assert [counted(n, "point") for n in (0, 1, 1500)] == ["0 points", "1 point", "1,500 points"]
    assert [counted(n, "batch", "batches") for n in (1, 2)] == ["1 batch", "2 batches"]
