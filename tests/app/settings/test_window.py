"""Recent files of one window and of two."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.settings.file import SettingsFile, read
from app.settings.window import MAX_RECENT, SECTIONS, WindowSettings


@given(st.lists(st.sampled_from("abcdefghijkl"), max_size=30))
def test_recent_files_are_limited_and_unique_with_the_newest_first(paths):
    current = WindowSettings()
    for path in paths:
        current = current.with_recent(path)
    recent = current.recent_files
    assert len(recent) == len(set(recent)) <= MAX_RECENT
    if paths:
        assert recent[0] == paths[-1]


class TestTwoWindows:
    @staticmethod
    def save(file, **changes):
        now = replace(file.sections["window"], **changes)
        file.save({"window": now})

    @staticmethod
    def two_windows(path, before):
        SettingsFile(path, SECTIONS).save({"window": WindowSettings(recent_files=before)})
        return SettingsFile(path, SECTIONS), SettingsFile(path, SECTIONS)

    @staticmethod
    def recent(path):
        return read(path, SECTIONS).sections["window"].recent_files

    def test_files_of_both_windows_are_recent(self, tmp_path):
        path = tmp_path / "settings.json"
        one, other = self.two_windows(path, ("old",))
        self.save(one, recent_files=("a", "old"))
        self.save(other, recent_files=("b", "old"))
        assert self.recent(path) == ("b", "a", "old")

    def test_a_window_that_opened_nothing_does_not_change_the_order(self, tmp_path):
        path = tmp_path / "settings.json"
        one, other = self.two_windows(path, ("old",))
        self.save(one, recent_files=("a", "old"))
        self.save(other)
        assert self.recent(path) == ("a", "old")

    @given(
        st.lists(st.sampled_from("abcdefghijkl"), unique=True, max_size=MAX_RECENT),
        st.lists(st.sampled_from("abcdefghijkl"), max_size=5),
        st.lists(st.sampled_from("abcdefghijkl"), max_size=5),
    )
    def test_files_opened_in_either_window_are_recent(
        self, tmp_path_factory, before, first, second
    ):
        path = tmp_path_factory.mktemp("merged") / "settings.json"
        files = self.two_windows(path, tuple(before))
        for opened, file in zip((first, second), files, strict=True):
            now = file.sections["window"]
            for name in opened:
                now = now.with_recent(name)
            file.save({"window": now})
        recent = self.recent(path)
        assert len(recent) == len(set(recent)) <= MAX_RECENT
        moved = [name for name in dict.fromkeys(reversed(second)) if before[:1] != [name]]
        assert set(moved[:MAX_RECENT]) <= set(recent)
