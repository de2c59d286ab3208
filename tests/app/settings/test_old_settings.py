"""The flat settings of version 0.1 are found in today's sections."""

import json

import pytest

from app.settings.file import SettingsFile, read
from app.settings.old_settings import _PLACES, _TABS, in_sections
from app.settings.window import SECTIONS
from app.tabs import TABS
from engine.clustering.kmeans.frames import EmptyPolicy
from engine.clustering.kmeans.options import Formulation, KMeansOptions, Seeding
from engine.clustering.mean_shift.frames import Kernel
from engine.clustering.mean_shift.options import Form, MeanShiftOptions, Rule, Seeds

# Every value differs from its default in both versions.
FLAT = {
    "theme": "dark", "scale": 1.5, "geometry": "AAAA", "columns": "BBBB", "tab": "How many?",
    "recent_files": ["a", "b"], "source": "moons", "k": 9, "seeding": "k-means++", "seed": 3,
    "n_init": 2, "empty": "farthest", "formulation": "lecture", "max_iter": 50,
    "standardize": True, "algorithm": "mean shift", "bandwidth": 7.5, "bandwidth_rule": "hand",
    "kernel": "flat", "form": "climbing", "climbs_from": "bins", "side_points": "rings",
    "rate": 8.0, "train_recipe": "attention", "train_words": 1000, "train_epochs": 4,
    "train_seed": 5, "regions": False, "lines": True, "trails": False, "shapes": True,
    "tween": False, "live_line": True, "speller": "transformer", "beside": "plain",
    "known_words": True, "phonemes": "K AE1 T", "by_letter": False,
    "accuracy_spellers": ["plain"], "keep_programs": False,
}  # fmt: skip


def sections(path, content):
    path.write_text(json.dumps(content))
    found = read(path, SECTIONS)
    assert found.wrong == ()
    return found.sections


def test_no_choice_is_lost(tmp_path):
    found = sections(tmp_path / "settings.json", FLAT)
    window, clustering = found["window"], found["clustering"]
    assert (window.theme, window.scale, window.geometry) == ("dark", 1.5, "AAAA")
    assert (window.tab, window.recent_files) == ("choosing_k", ("a", "b"))
    assert not window.keep_programs
    assert clustering.kmeans == KMeansOptions(
        n_clusters=9,
        seeding=Seeding.PLUS_PLUS,
        seed=3,
        n_init=2,
        empty=EmptyPolicy.FARTHEST,
        formulation=Formulation.LECTURE,
        max_iter=50,
    )
    shift = MeanShiftOptions(bandwidth=7.5, kernel=Kernel.FLAT, seeds=Seeds.BINS)
    assert clustering.mean_shift == found["side_by_side"].mean_shift == shift
    fields = {tuple(place.split(".")[:2]) for places in _PLACES.values() for place in places}
    for name, field in fields:
        assert getattr(found[name], field) != getattr(SECTIONS[name](), field), (name, field)


def test_every_flat_value_has_a_place_in_a_section():
    assert set(_PLACES) == set(FLAT) - {"bandwidth_rule"}
    for place in (place for places in _PLACES.values() for place in places):
        section, *path = place.split(".")
        value = SECTIONS[section]()
        for name in path:
            value = getattr(value, name)


def test_tabs_are_identified_by_their_titles():
    assert {entry.title: name for name, entry in TABS.items()} == _TABS


def test_a_bandwidth_found_by_a_rule_becomes_the_rule(tmp_path):
    found = sections(tmp_path / "settings.json", FLAT | {"bandwidth_rule": "lecture"})
    assert found["clustering"].mean_shift.bandwidth is Rule.LECTURE


def test_the_blurring_form_drops_the_seeds(tmp_path):
    found = sections(tmp_path / "settings.json", FLAT | {"form": "blurring"})
    shift = found["clustering"].mean_shift
    assert (shift.form, shift.seeds) == (Form.BLURRING, Seeds.AUTO)


def test_a_value_in_its_section_takes_precedence():
    content = {"k": 9, "seed": 3, "clustering": {"kmeans": {"n_clusters": 4}}}
    found = in_sections(content).content
    assert found["clustering"]["kmeans"] == {"n_clusters": 4, "seed": 3}
    assert content["clustering"] == {"kmeans": {"n_clusters": 4}}  # the argument is not changed


def test_other_values_are_left_alone():
    assert in_sections({"k": 9, "clustering": 3}).content["clustering"] == 3


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        ({"scale": 9}, ("scale",)),
        ({"bandwidth": -1.0, "bandwidth_rule": "hand"}, ("bandwidth",)),
        ({"bandwidth": 2.0, "bandwidth_rule": "guess"}, ("bandwidth_rule",)),
        ({"climbs_from": "above"}, ("climbs_from",)),
        ({"climbs_from": ["bins"], "form": "blurring"}, ("climbs_from",)),
        ({"k": 0, "side_by_side": {"k": 1000}}, ("k", "side_by_side.k")),
        ({"k": 0, "clustering": {"kmeans": {"n_clusters": 3}}}, ("k",)),
        ({"regions": 1, "rate": "fast"}, ("rate", "regions")),
    ],
)
def test_a_bad_value_is_named_once_by_its_key_in_the_file(tmp_path, content, keys):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(content))
    assert sorted(read(path, SECTIONS).wrong) == sorted(keys)


def test_flat_values_are_in_their_sections_after_the_first_save(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(FLAT | {"of_tomorrow": 1}))
    file = SettingsFile(path, SECTIONS)
    file.save(file.sections)
    written = json.loads(path.read_text())
    assert set(written) == {*SECTIONS, "of_tomorrow"}
    assert SettingsFile(path, SECTIONS).sections == file.sections
    assert written["clustering"]["kmeans"]["n_clusters"] == 9
