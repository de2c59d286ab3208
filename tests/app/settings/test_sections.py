"""Sections are read value by value, and merged with the changes of another window."""

import json
import math
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings.sections import (
    MAX_TEXT,
    accepting,
    between,
    merge,
    merged_by,
    one_of,
    overlay,
    read,
)
from engine.clustering.mean_shift.options import Form, MeanShiftOptions, Rule, Seeds
from engine.errors import ParameterError


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Checks itself in __post_init__, like the engine's options."""

    low: int = 0
    high: int = 10
    color: Color = Color.RED

    def __post_init__(self):
        if self.low > self.high:
            raise ParameterError("The range is empty.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    on: bool = True
    count: int = between(5, 0, 100)
    size: float = between(1.0, 0.5, 2.0)
    name: str = "x"
    word: str = one_of("a", "a", "b")
    color: Color = Color.RED
    names: tuple[str, ...] = ()
    number: float | Color = Color.RED
    range: Range = field(default_factory=Range)
    small: Range = accepting(Range(), lambda options: options.high <= 20)
    both: tuple[str, ...] = merged_by((), lambda before, now, there: there + now)


def found(content):
    return read(Section, content, "s")


def test_an_empty_object_gives_the_defaults():
    assert found({}) == (Section(), ())


@pytest.mark.parametrize("content", [None, [], 3, "x", True])
def test_a_section_that_is_not_an_object_is_named_as_a_whole(content):
    assert found(content) == (Section(), ("s",))


@pytest.mark.parametrize(
    ("content", "section"),
    [
        ({"on": False}, Section(on=False)),
        ({"count": 100}, Section(count=100)),
        ({"size": 2}, Section(size=2.0)),
        ({"name": "é\ud800"}, Section(name="é\ud800")),
        ({"word": "b"}, Section(word="b")),
        ({"color": "blue"}, Section(color=Color.BLUE)),
        ({"names": ["b", "a", "b"]}, Section(names=("b", "a"))),
        ({"number": 3}, Section(number=3.0)),
        ({"number": "blue"}, Section(number=Color.BLUE)),
        ({"range": {"low": 3, "color": "blue"}}, Section(range=Range(low=3, color=Color.BLUE))),
        ({"small": {"high": 20}}, Section(small=Range(high=20))),
        ({"of_tomorrow": 1}, Section()),
    ],
)
def test_values_are_converted_to_the_type_of_their_field(content, section):
    result, wrong = found(content)
    assert result == section
    assert wrong == ()
    for name in content:
        if hasattr(section, name):
            assert type(getattr(result, name)) is type(getattr(section, name))


@pytest.mark.parametrize(
    "content",
    [
        {"on": 1}, {"on": None}, {"count": 101}, {"count": True}, {"count": 1.0},
        {"count": 10**400}, {"size": math.nan}, {"size": math.inf}, {"size": 10**400},
        {"size": "1"}, {"name": "\0"}, {"name": "x" * (MAX_TEXT + 1)}, {"name": 1},
        {"word": "c"}, {"word": []}, {"color": "green"}, {"color": []}, {"color": {"a": 1}},
        {"names": "ab"}, {"names": {}}, {"number": "green"}, {"number": True}, {"number": []},
        {"range": []}, {"small": 3},
    ],
)  # fmt: skip
def test_invalid_values_are_named_and_left_at_their_defaults(content):
    (name,) = content
    assert found(content) == (Section(), (f"s.{name}",))


def test_a_number_that_no_spin_box_can_hold_is_refused():
    assert found({"range": {"high": 2**31 - 1}})[1] == ()
    assert found({"range": {"high": 2**31}}) == (Section(), ("s.range.high",))


def test_valid_items_of_a_list_are_kept():
    assert found({"names": ["a", 3, "b"]}) == (Section(names=("a", "b")), ("s.names",))


def test_values_of_a_nested_section_are_read_one_by_one():
    content = {"low": 20, "color": "blue", "high": True}
    section, wrong = found({"range": content})
    assert section == Section(range=Range(color=Color.BLUE))
    assert wrong == ("s.range.low", "s.range.high")


def test_a_field_can_refuse_what_its_class_allows():
    section, wrong = found({"small": {"high": 21, "low": 2}})
    assert section == Section(small=Range(low=2))
    assert wrong == ("s.small.high",)


def test_invalid_engine_options_get_their_defaults():
    @dataclass(frozen=True)
    class Shifting:
        options: MeanShiftOptions = field(default_factory=MeanShiftOptions)

    content = {"bandwidth": -1, "form": "blurring", "seeds": "bins", "kernel": "flat"}
    section, wrong = read(Shifting, {"options": content}, "s")
    assert section.options.bandwidth is Rule.ESTIMATE
    assert (section.options.form, section.options.seeds) == (Form.BLURRING, Seeds.AUTO)
    assert sorted(wrong) == ["s.options.bandwidth", "s.options.seeds"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["on", "count", "size", "names", "range", "small"]), JSON))
def test_any_json_is_read_and_reading_is_idempotent(content):
    section, _ = found(content)
    assert found(json.loads(json.dumps(asdict(section)))) == (section, ())


class TestMerged:
    def test_changes_of_both_windows_are_kept(self):
        before = Section()
        now = replace(before, count=7, range=Range(low=2))
        there = replace(before, name="y", range=Range(color=Color.BLUE))
        both = Section(count=7, name="y", range=Range(low=2, color=Color.BLUE))
        assert merge(before, now, there) == both

    def test_a_field_can_define_its_own_merge(self):
        now, there = Section(both=("now",)), Section(both=("there",))
        assert merge(Section(), now, there).both == ("there", "now")
        assert merge(there, there, there).both == ("there",)

    def test_the_last_of_two_incompatible_changes_wins(self):
        now, there = Section(range=Range(low=8)), Section(range=Range(high=4))
        assert merge(Section(), now, there).range == Range(low=8)


def test_values_of_another_version_stay():
    content = {"new": 1, "name": "old", "range": {"step": 3, "low": -1}, "small": None}
    written = overlay(content, Section(name="y"))
    assert written["new"] == 1
    assert written["name"] == "y"
    assert written["range"] == {"step": 3, "low": 0, "high": 10, "color": "red"}
    assert written["small"] == asdict(Range())
