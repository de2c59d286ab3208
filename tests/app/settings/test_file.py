"""The settings file: round trips, two windows at once, and damaged content."""

import base64
import json
import math
import os
import random
from dataclasses import asdict, replace

import pytest

from app.controls.clustering.algorithm import AlgorithmControl, AlgorithmEntry
from app.controls.clustering.algorithm_form import AlgorithmForm
from app.controls.clustering.kmeans import KMeansControl, can_show
from app.controls.spelling.training import TrainingControl
from app.controls.transport import RATES
from app.labs.clustering.algorithms.registry import ALGORITHMS
from app.labs.side_by_side.lab import _POINTS
from app.settings import sections
from app.settings.file import SettingsFile, aside, read
from app.settings.window import SECTIONS
from engine.clustering.kmeans.options import MAX_RUNS, KMeansOptions
from engine.errors import DataError
from engine.spelling.recipes import RECIPES
from tests.app.driving import IRIS
from tests.app.shared_window import saved_sections, settings, shared_window

DEFAULTS = {name: kind() for name, kind in SECTIONS.items()}
FOUR = json.dumps({"clustering": {"kmeans": {"n_clusters": 4}}})
DEEP = "[" * 100_000 + "]" * 100_000
# Values that are invalid for every setting, or for most.
ODD = [
    None, True, False, 0, -1, 10**30, 10**400, -(2**31), 2**31, 2**63, 0.5, -0.0, 1e-320, 1e308,
    math.nan, math.inf, -math.inf, "", "\0", "a\0b", "\ud800", "\u202edrawkcab", "x" * 100_000,
    "<img src=x>", "&", "%n", "nan", "../..", "/", "blobs:clusters=1e9", "blobs:?", "é" * 300,
    [], [None], [1, 2], ["a", 3], [["a"]], ["a\0b"], ["\udcff"], ["x" * 300] * 50, {}, {"a": {}},
    [[[[[[[[]]]]]]]], base64.b64encode(b"\x01\xd9\xd0\xcb\0\3\0\0" + b"\xff" * 60).decode(),
    base64.b64encode(b"\0\0\0\xff\0\0\0\1\xff\xff\xff\xff" + b"\x7f" * 20).decode(),
]  # fmt: skip


def values_of(box):
    return [box.itemData(index) for index in range(box.count())]


def with_k(k):
    """Return the clustering section with another k."""
    return {"clustering": replace(DEFAULTS["clustering"], kmeans=KMeansOptions(n_clusters=k))}


def k_in(path):
    return saved_sections(path)["clustering"].kmeans.n_clusters


def damaged(seed):
    """Return the bytes of a settings file that a seed has damaged."""
    rng = random.Random(seed)
    content = json.loads(json.dumps({name: asdict(each) for name, each in DEFAULTS.items()}))
    for name, values in json.loads(settings()).items():
        content[name] |= values
    places = list(leaves(content))
    for *path, last in rng.sample(places, rng.randint(1, 6)):
        inner = content
        for name in path:
            inner = inner[name]
        inner[last] = rng.choice(ODD)
    for name in rng.sample(sorted(content), rng.choice([0, 0, 0, 1])):
        content[name] = rng.choice(ODD)
    data = json.dumps(content, indent=rng.choice([None, 1])).encode()
    kind = rng.randrange(8)
    if kind == 0:  # truncated
        data = data[: rng.randrange(len(data))]
    elif kind == 1:  # with changed bytes
        data = bytearray(data)
        for _ in range(rng.randint(1, 8)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif kind == 2:
        data = data.decode().encode(rng.choice(["utf-16", "utf-32", "utf-8-sig"]))
    elif kind == 3:
        data = data.replace(b"null", DEEP.encode(), 1).replace(b"false", b"9" * 5000, 1)
    return bytes(data)


def leaves(content, path=()):
    """Yield the path of each value in nested objects."""
    for name, value in content.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, name))
        else:
            yield (*path, name)


class TestFile:
    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / "settings.json"

    def test_saved_settings_are_loaded(self, tmp_path):
        path = tmp_path / "deep" / "settings.json"
        window = replace(DEFAULTS["window"], theme="dark", scale=1.5, recent_files=("a", "b"))
        training = replace(DEFAULTS["training"], words=1000)
        saved = {"window": window, "training": training, **with_k(9)}
        SettingsFile(path, SECTIONS).save(saved)
        assert SettingsFile(path, SECTIONS).sections == DEFAULTS | saved
        assert {file.name for file in path.parent.iterdir()} == {
            "settings.json",
            ".settings.json.lock",
        }

    def test_the_first_start_shows_no_notice(self, path):
        assert SettingsFile(path, SECTIONS).notice == ""
        assert not path.exists()

    @pytest.mark.parametrize(
        "content", ["", "{", "[1, 2]", "null", "\x00", DEEP, '{"k": ' + "9" * 5000 + "}"]
    )
    def test_an_unreadable_file_gives_the_defaults_and_is_kept_aside(self, path, content):
        path.write_text(content)
        file = SettingsFile(path, SECTIONS)
        assert file.sections == DEFAULTS
        assert "are damaged" in file.notice
        assert aside(path).name in file.notice
        assert path.read_text() == content  # it stays until the window is closed
        file.save(with_k(3))
        assert k_in(path) == 3
        assert aside(path).read_text() == content
        assert SettingsFile(path, SECTIONS).notice == ""

    def test_text_that_is_not_utf_8_counts_as_damaged(self, path):
        path.write_bytes('{"source": "möbel"}'.encode("latin-1"))
        assert "are damaged" in SettingsFile(path, SECTIONS).notice

    def test_invalid_values_get_their_defaults_and_one_notice(self, path):
        path.write_text(
            '{"window": {"scale": 2, "recent_files": ["a", 3], "theme": "dark", "tab": "Nowhere"}, '
            '"clustering": {"kmeans": {"n_clusters": true, "seed": -1}, "rate": 3, "source": "", '
            '"mean_shift": {"bandwidth": NaN}}, "zzz": 1, "training": [1]}'
        )
        file = SettingsFile(path, SECTIONS)
        window = replace(DEFAULTS["window"], scale=2.0, recent_files=("a",), theme="dark")
        assert file.sections == DEFAULTS | {"window": window}
        names = file.notice.rpartition(": ")[2].rstrip(".").split(", ")
        assert sorted(names) == [
            "clustering.kmeans.n_clusters",
            "clustering.kmeans.seed",
            "clustering.mean_shift.bandwidth",
            "clustering.rate",
            "clustering.source",
            "training",
            "window.recent_files",
            "window.tab",
        ]

    def test_values_of_another_version_stay(self, path):
        path.write_text(
            '{"of_tomorrow": [1, 2], "clustering": {"new": 3, "kmeans": {"n_clusters": 4}}}'
        )
        SettingsFile(path, SECTIONS).save(with_k(5))
        written = json.loads(path.read_text())
        assert written["of_tomorrow"] == [1, 2]
        assert written["clustering"]["new"] == 3
        assert written["clustering"]["kmeans"]["n_clusters"] == 5

    def test_a_folder_in_place_of_the_file_is_left_alone_and_reported(self, path):
        path.mkdir()
        file = SettingsFile(path, SECTIONS)
        assert "cannot be read" in file.notice
        file.save(with_k(3))
        assert path.is_dir()
        assert list(path.iterdir()) == []

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
    def test_a_fifo_does_not_block(self, path):
        os.mkfifo(path)
        file = SettingsFile(path, SECTIONS)
        assert "cannot be read" in file.notice
        file.save(with_k(3))
        assert path.is_fifo()

    def test_a_file_without_read_permission_is_left_alone(self, path, monkeypatch):
        path.write_text(FOUR)
        with monkeypatch.context() as patch:
            patch.setattr(type(path), "open", _refused)
            file = SettingsFile(path, SECTIONS)
        assert "Permission denied" in file.notice
        file.save(with_k(3))
        assert path.read_text() == FOUR

    def test_a_write_protected_file_is_not_replaced(self, path, monkeypatch):
        path.write_text(FOUR)
        monkeypatch.setattr(os, "access", lambda found, mode: found != path)
        file = SettingsFile(path, SECTIONS)
        assert "write-protected" in file.notice
        assert file.sections["clustering"].kmeans.n_clusters == 4
        file.save(with_k(3))
        assert path.read_text() == FOUR

    def test_a_read_only_folder_is_reported_once_and_stays_clean(self, tmp_path):
        blocked = tmp_path / "blocked"
        blocked.write_text("not a folder")
        file = SettingsFile(blocked / "barycenter" / "settings.json", SECTIONS)
        assert "cannot be kept" in file.notice
        assert not file.is_writable
        file.save(with_k(3))  # without a second notice
        assert [found.name for found in tmp_path.iterdir()] == ["blocked"]

    def test_a_full_disk_is_an_error_and_leaves_no_files(self, path, monkeypatch):
        path.write_text(FOUR)
        file = SettingsFile(path, SECTIONS)
        monkeypatch.setattr(os, "replace", _refused)
        with pytest.raises(DataError, match=r"settings\.json cannot be written: Permission"):
            file.save(with_k(3))
        assert {found.name for found in path.parent.iterdir()} <= {
            "settings.json",
            ".settings.json.lock",
        }
        assert path.read_text() == FOUR


class TestTwoWindows:
    @pytest.fixture
    def path(self, tmp_path):
        path = tmp_path / "settings.json"
        SettingsFile(path, SECTIONS).save(with_k(4))
        return path

    def test_each_window_saves_what_it_has_changed(self, path):
        one, other = SettingsFile(path, SECTIONS), SettingsFile(path, SECTIONS)
        dark = replace(one.sections["window"], theme="dark")
        one.save({"window": dark, **with_k(5)})
        clustering = other.sections["clustering"]
        options = replace(clustering.kmeans, seed=7)
        other.save({"clustering": replace(clustering, kmeans=options)})
        found = saved_sections(path)
        assert found["window"] == dark
        assert found["clustering"].kmeans == KMeansOptions(n_clusters=5, seed=7)

    def test_a_file_damaged_in_the_meantime_is_kept_aside(self, path):
        file = SettingsFile(path, SECTIONS)
        path.write_text("{")
        file.save(with_k(7))
        assert aside(path).read_text() == "{"
        assert saved_sections(path) == DEFAULTS | with_k(7)


class TestAgainstTheWindow:
    """The allowed values are those that the controls can show."""

    def test_the_largest_numbers_fit_in_the_controls(self, qapp):
        most = KMeansOptions(n_clusters=100, max_iter=100_000, seed=2**31 - 1, n_init=MAX_RUNS)
        assert can_show(most)
        assert KMeansControl(most).options == most
        for more in ({"n_clusters": 101}, {"max_iter": 100_001}):
            assert not can_show(replace(most, **more))
        training = {"recipe": "plain", "words": 0, "epochs": 1000, "seed": 2**31 - 1}
        control = TrainingControl(RECIPES, "plain", 0, 1000, 2**31 - 1)
        assert control.epochs.value() == control.epochs.maximum() == 1000
        assert control.seed.value() == 2**31 - 1
        assert sections.read(SECTIONS["training"], training, "training")[1] == ()

    def test_every_choice_of_a_control_is_allowed(self, qapp):
        control = TrainingControl(RECIPES, "plain", 0, 0, 0)
        forms = (AlgorithmEntry(each.name, "", "", AlgorithmForm()) for each in ALGORITHMS)
        algorithm = AlgorithmControl(tuple(forms), "k-means")
        for section, name, values in (
            ("training", "recipe", values_of(control.recipe)),
            ("training", "words", values_of(control.words)),
            ("clustering", "rate", RATES),
            ("clustering", "algorithm", values_of(algorithm.kind)),
            ("side_by_side", "points", _POINTS),
        ):
            for value in values:
                assert sections.read(SECTIONS[section], {name: value}, "")[1] == (), (name, value)

    def test_the_defaults_are_allowed(self, tmp_path):
        path = tmp_path / "settings.json"
        path.write_text(json.dumps({name: asdict(each) for name, each in DEFAULTS.items()}))
        assert read(path, SECTIONS).wrong == ()


class TestDamaged:
    def test_a_thousand_damaged_files_are_read_and_replaced(self, tmp_path):
        for seed in range(1000):
            path = tmp_path / f"{seed}.json"
            path.write_bytes(damaged(seed))
            file = SettingsFile(path, SECTIONS)
            file.save(file.sections)
            again = SettingsFile(path, SECTIONS)
            assert again.notice == ""
            assert again.sections == file.sections

    @pytest.mark.slow
    def test_the_window_opens_with_damaged_settings(self, qapp, tmp_path):
        for seed in range(20):
            folder = tmp_path / str(seed)
            folder.mkdir()
            with shared_window(folder, content=damaged(seed)) as window:
                assert window.notices.text == window.session.notice
                for tab in ("choosing_k", "side_by_side", "spelling", "accuracy", "training"):
                    window.tabs.show_tab(getattr(window.tabs, tab))

    def test_a_notice_at_the_start_stays_until_it_is_dismissed(self, qapp, tmp_path):
        with shared_window(tmp_path, content=b'{"side_by_side": {"k": -3}}') as window:
            assert window.notices.text.endswith("are used instead: side_by_side.k.")
            window.tabs.show_tab(window.tabs.pictures)
            assert window.notices.text.endswith("are used instead: side_by_side.k.")
            window.notices.close_button.click()
            assert window.notices.text == ""

    def test_recent_files_of_two_windows(self, qapp, tmp_path):
        with shared_window(tmp_path) as window:
            path = tmp_path / "settings.json"
            path.write_text(settings(clustering={"kmeans": {"n_clusters": 9}}))
            window._keep_recent(str(IRIS))
            window.close()
        assert (k_in(path), saved_sections(path)["window"].recent_files) == (9, (str(IRIS),))


def _refused(*_, **__):
    raise PermissionError(13, "Permission denied")
