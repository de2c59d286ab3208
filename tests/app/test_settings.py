"""Settings survive a round trip, and whatever else may lie in their file."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import settings
from app.settings import MAX_RECENT, Settings


def test_what_is_saved_is_loaded(tmp_path):
    path = tmp_path / "deep" / "settings.json"
    saved = Settings(theme="dark", scale=1.5, recent_files=("a", "b"), k=9, tween=False)
    settings.save(saved, path)
    assert settings.load(path) == saved
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", "null", "\x00", '{"k": "six", "zzz": 1}'])
def test_a_foreign_file_gives_the_defaults(tmp_path, content):
    path = tmp_path / "settings.json"
    path.write_text(content)
    assert settings.load(path) == Settings()


def test_a_value_of_another_type_is_left_at_its_default_and_the_rest_is_taken(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"k": true, "scale": 2, "recent_files": ["a", 3], "theme": "dark"}')
    expected = Settings(scale=2.0, recent_files=("a",), theme="dark")
    assert settings.load(path) == expected


@given(st.lists(st.sampled_from("abcdefghijkl"), max_size=30))
def test_recent_files_are_few_and_different_with_the_newest_first(paths):
    current = Settings()
    for path in paths:
        current = dataclasses.replace(current, recent_files=current.with_recent(path))
    recent = current.recent_files
    assert len(recent) == len(set(recent)) <= MAX_RECENT
    if paths:
        assert recent[0] == paths[-1]
