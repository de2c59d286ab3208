"""Settings survive a round trip, two windows at once, and whatever else may lie in their file."""

import base64
import json
import math
import os
import random
from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.controls.clustering.kmeans import KMeansControl
from app.controls.clustering.mean_shift import MeanShiftControl
from app.controls.spelling.training import TrainingControl
from app.controls.transport import RATES
from app.labs import side_by_side
from app.settings import MAX_RECENT, Settings, SettingsFile, aside, read
from engine.errors import DataError
from engine.spelling.recipes import RECIPES
from tests.app.driving import IRIS
from tests.app.shared_window import SETTINGS, shared_window

DEEP = "[" * 100_000 + "]" * 100_000
# What no setting can be, and what only some can be.
ODD = [
    None, True, False, 0, -1, 10**30, 10**400, -(2**31), 2**31, 2**63, 0.5, -0.0, 1e-320, 1e308,
    math.nan, math.inf, -math.inf, "", "\0", "a\0b", "\ud800", "\u202edrawkcab", "x" * 100_000,
    "<img src=x>", "&", "%n", "nan", "../..", "/", "blobs:clusters=1e9", "blobs:?", "é" * 300,
    [], [None], [1, 2], ["a", 3], [["a"]], ["a\0b"], ["\udcff"], ["x" * 300] * 50, {}, {"a": {}},
    [[[[[[[[]]]]]]]], base64.b64encode(b"\x01\xd9\xd0\xcb\0\3\0\0" + b"\xff" * 60).decode(),
    base64.b64encode(b"\0\0\0\xff\0\0\0\1\xff\xff\xff\xff" + b"\x7f" * 20).decode(),
]  # fmt: skip


def damaged(seed):
    """The bytes of a settings file in which something is wrong; the same for the same seed."""
    rng = random.Random(seed)
    content = asdict(Settings()) | SETTINGS
    for name in rng.sample(sorted(content), rng.randint(1, 6)):
        content[name] = rng.choice(ODD)
    data = json.dumps(content, indent=rng.choice([None, 1])).encode()
    kind = rng.randrange(8)
    if kind == 0:  # cut off
        data = data[: rng.randrange(len(data))]
    elif kind == 1:  # bytes changed
        data = bytearray(data)
        for _ in range(rng.randint(1, 8)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif kind == 2:
        data = data.decode().encode(rng.choice(["utf-16", "utf-32", "utf-8-sig"]))
    elif kind == 3:
        data = data.replace(b"null", DEEP.encode(), 1).replace(b"false", b"9" * 5000, 1)
    return bytes(data)


class TestFile:
    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / "settings.json"

    def test_what_is_saved_is_loaded(self, tmp_path):
        path = tmp_path / "deep" / "settings.json"
        saved = Settings(theme="dark", scale=1.5, recent_files=("a", "b"), k=9, tween=False)
        SettingsFile(path).save(saved)
        assert SettingsFile(path).settings == saved
        assert {file.name for file in path.parent.iterdir()} == {
            "settings.json",
            ".settings.json.lock",
        }

    def test_the_first_start_says_nothing(self, path):
        assert SettingsFile(path).notice == ""
        assert not path.exists()

    @pytest.mark.parametrize(
        "content", ["", "{", "[1, 2]", "null", "\x00", DEEP, '{"k": ' + "9" * 5000 + "}"]
    )
    def test_a_file_without_settings_gives_the_defaults_and_is_kept_aside(self, path, content):
        path.write_text(content)
        file = SettingsFile(path)
        assert file.settings == Settings()
        assert "are damaged" in file.notice
        assert aside(path).name in file.notice
        assert path.read_text() == content  # until the window is closed
        file.save(Settings(k=3))
        assert read(path).settings.k == 3
        assert aside(path).read_text() == content
        assert SettingsFile(path).notice == ""

    def test_text_that_is_not_utf_8_is_damaged(self, path):
        path.write_bytes('{"source": "möbel"}'.encode("latin-1"))
        assert "are damaged" in SettingsFile(path).notice

    def test_each_wrong_value_is_at_its_default_and_named_in_one_notice(self, path):
        path.write_text(
            '{"k": true, "scale": 2, "recent_files": ["a", 3], "theme": "dark", "tab": "Nowhere", '
            '"bandwidth": NaN, "rate": 3, "seed": -1, "zzz": 1, "source": ""}'
        )
        file = SettingsFile(path)
        assert file.settings == Settings(scale=2.0, recent_files=("a",), theme="dark")
        names = file.notice.rpartition(": ")[2].rstrip(".").split(", ")
        assert sorted(names) == ["bandwidth", "k", "rate", "recent_files", "seed", "source", "tab"]

    def test_what_another_version_has_kept_stays(self, path):
        path.write_text('{"of_tomorrow": [1, 2], "k": 4}')
        SettingsFile(path).save(Settings(k=5))
        kept = json.loads(path.read_text())
        assert (kept["of_tomorrow"], kept["k"]) == ([1, 2], 5)

    def test_a_folder_in_its_place_is_left_alone_and_said(self, path):
        path.mkdir()
        file = SettingsFile(path)
        assert "cannot be read" in file.notice
        file.save(Settings(k=3))
        assert path.is_dir()
        assert list(path.iterdir()) == []

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
    def test_a_fifo_is_not_waited_for(self, path):
        os.mkfifo(path)
        file = SettingsFile(path)
        assert "cannot be read" in file.notice
        file.save(Settings(k=3))
        assert path.is_fifo()

    def test_a_file_that_may_not_be_read_is_left_alone(self, path, monkeypatch):
        path.write_text('{"k": 4}')
        with monkeypatch.context() as patch:
            patch.setattr(type(path), "open", _refused)
            file = SettingsFile(path)
        assert "Permission denied" in file.notice
        file.save(Settings(k=3))
        assert path.read_text() == '{"k": 4}'

    def test_a_write_protected_file_is_not_replaced(self, path, monkeypatch):
        path.write_text('{"k": 4}')
        monkeypatch.setattr(os, "access", lambda found, mode: found != path)
        file = SettingsFile(path)
        assert "write-protected" in file.notice
        assert file.settings.k == 4
        file.save(Settings(k=3))
        assert path.read_text() == '{"k": 4}'

    def test_a_folder_that_cannot_be_written_is_said_once_and_nothing_is_left(self, tmp_path):
        blocked = tmp_path / "blocked"
        blocked.write_text("not a folder")
        file = SettingsFile(blocked / "barycenter" / "settings.json")
        assert "cannot be kept" in file.notice
        assert not file.is_writable
        file.save(Settings(k=3))  # silently: it has been said
        assert [found.name for found in tmp_path.iterdir()] == ["blocked"]

    def test_a_disk_that_is_full_at_the_end_is_an_error_and_nothing_is_left(
        self, path, monkeypatch
    ):
        path.write_text('{"k": 4}')
        file = SettingsFile(path)
        monkeypatch.setattr(os, "replace", _refused)
        with pytest.raises(DataError, match=r"settings\.json cannot be written: Permission"):
            file.save(Settings(k=3))
        assert {found.name for found in path.parent.iterdir()} <= {
            "settings.json",
            ".settings.json.lock",
        }
        assert path.read_text() == '{"k": 4}'


class TestTwoWindows:
    @pytest.fixture
    def path(self, tmp_path):
        path = tmp_path / "settings.json"
        SettingsFile(path).save(Settings(k=4, recent_files=("old",)))
        return path

    def test_each_keeps_what_it_has_changed(self, path):
        one, other = SettingsFile(path), SettingsFile(path)
        one.save(replace(one.settings, k=5, theme="dark"))
        other.save(replace(other.settings, seed=7))
        assert read(path).settings == Settings(k=5, theme="dark", seed=7, recent_files=("old",))

    def test_the_files_of_both_are_recent(self, path):
        one, other = SettingsFile(path), SettingsFile(path)
        one.save(replace(one.settings, recent_files=("a", "old")))
        other.save(replace(other.settings, recent_files=("b", "old")))
        assert read(path).settings.recent_files == ("b", "a", "old")

    def test_who_opened_nothing_changes_no_order(self, path):
        one, other = SettingsFile(path), SettingsFile(path)
        one.save(replace(one.settings, recent_files=("a", "old")))
        other.save(other.settings)
        assert read(path).settings.recent_files == ("a", "old")

    @given(
        st.lists(st.sampled_from("abcdefghijkl"), unique=True, max_size=MAX_RECENT),
        st.lists(st.sampled_from("abcdefghijkl"), max_size=5),
        st.lists(st.sampled_from("abcdefghijkl"), max_size=5),
    )
    def test_what_either_opened_is_recent(self, tmp_path_factory, before, first, second):
        path = tmp_path_factory.mktemp("merged") / "settings.json"
        SettingsFile(path).save(Settings(recent_files=tuple(before)))
        for opened, file in [(first, SettingsFile(path)), (second, SettingsFile(path))]:
            now = file.settings
            for name in opened:
                now = replace(now, recent_files=now.with_recent(name))
            file.save(now)
        recent = read(path).settings.recent_files
        assert len(recent) == len(set(recent)) <= MAX_RECENT
        moved = [name for name in dict.fromkeys(reversed(second)) if before[:1] != [name]]
        assert set(moved[:MAX_RECENT]) <= set(recent)

    def test_a_file_damaged_meanwhile_is_kept_aside(self, path):
        file = SettingsFile(path)
        path.write_text("{")
        file.save(replace(file.settings, k=7))
        assert aside(path).read_text() == "{"
        assert read(path).settings == Settings(k=7)


@given(st.lists(st.sampled_from("abcdefghijkl"), max_size=30))
def test_recent_files_are_few_and_different_with_the_newest_first(paths):
    current = Settings()
    for path in paths:
        current = replace(current, recent_files=current.with_recent(path))
    recent = current.recent_files
    assert len(recent) == len(set(recent)) <= MAX_RECENT
    if paths:
        assert recent[0] == paths[-1]


class TestAgainstTheWindow:
    """What settings may be is what the controls can show."""

    def test_the_largest_numbers_are_those_of_the_controls(self, qapp):
        most = Settings(k=100, max_iter=100_000, seed=2**31 - 1, train_epochs=1000)
        control = KMeansControl(most)
        assert control.remember(Settings()) == replace(most, train_epochs=0)
        training = TrainingControl(most, RECIPES)
        assert training.epochs.value() == training.epochs.maximum() == 1000
        assert control.k.maximum() == 100

    def test_each_choice_is_one_of_a_control(self, qapp, tmp_path):
        allowed = {entry.name: entry.metadata.get("allowed") for entry in fields(Settings)}
        control = KMeansControl(Settings())
        shift = MeanShiftControl(Settings())
        training = TrainingControl(Settings(), RECIPES)
        for name, box in {
            "seeding": control.seeding,
            "empty": control.empty,
            "formulation": control.formulation,
            "bandwidth_rule": shift.rule,
            "kernel": shift.kernel,
            "form": shift.form,
            "climbs_from": shift.seeds,
            "train_recipe": training.recipe,
            "train_words": training.words,
        }.items():
            for index in range(box.count()):
                assert allowed[name](box.itemData(index)), name
        assert all(map(allowed["rate"], RATES))
        assert all(map(allowed["side_points"], side_by_side._POINTS))

    def test_the_defaults_are_allowed(self, tmp_path):
        path = tmp_path / "settings.json"
        path.write_text(json.dumps(asdict(Settings())))
        assert read(path).wrong == ()


class TestDamaged:
    def test_a_thousand_damaged_files_are_read_and_replaced(self, tmp_path):
        for seed in range(1000):
            path = tmp_path / f"{seed}.json"
            path.write_bytes(damaged(seed))
            file = SettingsFile(path)
            file.save(file.settings)
            again = SettingsFile(path)
            assert again.notice == ""
            assert again.settings == file.settings

    @pytest.mark.slow
    def test_the_window_opens_with_damaged_settings(self, qapp, tmp_path):
        for seed in range(20):
            folder = tmp_path / str(seed)
            folder.mkdir()
            with shared_window(folder, content=damaged(seed)) as window:
                assert window.notices.text == window._remembered.notice
                for tab in ("choosing_k", "side_by_side", "spelling", "accuracy", "training"):
                    window.tabs.show_tab(getattr(window.tabs, tab))

    def test_a_notice_of_the_start_stays_until_it_is_dismissed(self, qapp, tmp_path):
        with shared_window(tmp_path, k=-3) as window:
            assert window.notices.text.endswith("are taken instead: k.")
            window.tabs.show_tab(window.tabs.pictures)
            assert window.notices.text.endswith("are taken instead: k.")
            window.notices.close_button.click()
            assert window.notices.text == ""

    def test_recent_files_of_two_windows(self, qapp, tmp_path):
        with shared_window(tmp_path) as window:
            (tmp_path / "settings.json").write_text(json.dumps(SETTINGS | {"k": 9}))
            window._keep_recent(str(IRIS))
            window.close()
        kept = read(tmp_path / "settings.json").settings
        assert (kept.k, kept.recent_files) == (9, (str(IRIS),))


def _refused(*_, **__):
    raise PermissionError(13, "Permission denied")
