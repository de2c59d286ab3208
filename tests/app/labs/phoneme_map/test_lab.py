"""The phoneme map on the real engine, with the shipped spellers."""

import functools
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from PyQt6.QtCore import Qt

from app.labs.phoneme_map.lab import PhonemeMapTab, shown_phonemes
from app.labs.phoneme_map.settings import PhonemeMapSettings
from app.running.bridge import Bridge
from app.theme import DARK
from app.views.phoneme_map import describe, look_of
from app.views.scatter.labels import leaders, placed
from engine.clustering.projection import pca
from engine.spelling import library
from engine.spelling.embeddings import phoneme_vectors
from engine.spelling.vocabulary import PHONEME_IDS
from tests.app.driving import hover
from tests.app.pictures import saved_pictures


@pytest.fixture(scope="module", autouse=True)
def _vectors_loaded_once():
    """Otherwise each tab would read the weights again."""
    read = library.load
    load = functools.cache(lambda name, folder: read(name))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "load", lambda name: load(name, library.FOLDER))
        yield


@pytest.fixture
def tab(qtbot):
    bridge = Bridge()
    tab = PhonemeMapTab(bridge, PhonemeMapSettings(speller="plain"))
    qtbot.addWidget(tab)
    tab.resize(1280, 760)
    tab.show()
    qtbot.waitUntil(lambda: tab.shown is not None)
    yield tab
    tab.stop()
    bridge.close()


def test_the_map_is_the_projection_of_the_embeddings(tab):
    assert tab.speller.currentText() == tab.shown.speller == "plain"
    assert len(tab.shown.phonemes) == 39 == len(tab.plot.names.labels) == tab.list.count()
    vectors = phoneme_vectors(library.load("plain").speller)
    rows = [PHONEME_IDS[phoneme] for phoneme in tab.shown.phonemes]
    np.testing.assert_array_equal(tab.shown.vectors, vectors[rows])
    found = pca(vectors[rows])
    np.testing.assert_allclose(tab.plot.xy, found.projected)
    first = tab.plot.getPlotItem().getAxis("bottom").labelText
    assert f"{100 * found.explained[0]:.0f} %" in first
    assert len({look_of(phoneme) for phoneme in tab.shown.phonemes}) == 6


def test_the_ensemble_is_not_offered(tab):
    offered = [tab.speller.itemText(index) for index in range(tab.speller.count())]
    assert "plain" in offered
    assert not set(offered) & set(library.ENSEMBLES)


def test_hovering_a_point_describes_it(tab):
    index = tab.shown.phonemes.index("NG")
    hover(tab.plot, *tab.plot.xy[index])
    assert tab.plot.note.isVisible()
    assert tab.plot.note.text() == describe(tab.shown.phonemes[index])
    assert "ping" in tab.plot.note.text()
    assert "nasal" in tab.plot.note.text()
    low, high = tab.plot.getPlotItem().viewRange()[0]
    hover(tab.plot, high - 0.01 * (high - low), tab.plot.xy[:, 1].min())
    assert not tab.plot.note.isVisible()


def test_arrow_keys_select_phonemes(tab, qtbot):
    tab.window().activateWindow()
    tab.list.setFocus()
    qtbot.waitUntil(tab.list.hasFocus)
    tab.list.setCurrentRow(0)
    qtbot.keyClick(tab.list, Qt.Key.Key_Down)
    assert tab.plot.note.text() == describe(tab.shown.phonemes[1])


def test_vowels_can_be_shown_with_stress(tab, qtbot):
    tab.stress.setChecked(True)
    qtbot.waitUntil(lambda: len(tab.plot.phonemes) == 69)
    assert {"AE0", "AE1", "AE2"} <= set(tab.plot.phonemes)
    assert "AE" not in tab.plot.phonemes
    assert "main stress" in describe("AE1")


def test_another_speller_has_another_map(tab, qtbot):
    before = tab.plot.xy
    tab.speller.setCurrentText("attention")
    qtbot.waitUntil(lambda: tab.shown.speller == "attention")
    assert tab.plot.xy.shape == before.shape
    assert not np.allclose(tab.plot.xy, before)


def test_vectors_and_the_figure_are_saved(tab, qtbot, tmp_path):
    notices = []
    tab.noticed.connect(notices.append)
    tab.save_vectors(tmp_path / "vectors.csv")
    tab.save_picture(tmp_path / "map.png")
    qtbot.waitUntil(lambda: len(notices) == 2)
    lines = (tmp_path / "vectors.csv").read_text().splitlines()
    assert len(lines) == 40
    read = np.array([line.split(",")[1:] for line in lines[1:]], np.float32)
    np.testing.assert_array_equal(read, tab.shown.vectors)
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
    assert not tab.picture().isNull()


def test_vectors_in_parquet_have_types_and_arrays_are_refused(tab, qtbot, tmp_path):
    with qtbot.waitSignal(tab.files.saved):
        tab.save_vectors(tmp_path / "v.parquet")
    table = pl.read_parquet(tmp_path / "v.parquet")
    assert table["phoneme"].to_list() == list(tab.shown.phonemes)
    np.testing.assert_array_equal(table.drop("phoneme").to_numpy(), tab.shown.vectors)
    with qtbot.waitSignal(tab.failed) as failed:
        tab.save_vectors(tmp_path / "v.npy")
    assert "numbers only" in str(failed.args[0])


def test_the_figure_is_saved_in_the_format_of_its_suffix(tab, qtbot, tmp_path, monkeypatch):
    saved_pictures(tab, monkeypatch, qtbot.waitUntil, tmp_path)


def test_damaged_weights_are_reported(tab, qtbot, tmp_path, monkeypatch):
    for name in library.names():
        if name not in library.ENSEMBLES:
            (tmp_path / f"{name}.npz").write_bytes(b"")
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    with qtbot.waitSignal(tab.failed):
        tab.stress.setChecked(True)
    assert len(tab.plot.phonemes) == 39  # the old map stays


def test_the_theme_changes(tab, apply_theme):
    apply_theme(DARK)
    tab.show()
    assert tab.plot.backgroundBrush().color().name() == DARK.card
    assert len(tab.plot.names.labels) == 39
    assert len(tab.plot.phonemes) == 39


def test_each_phoneme_appears_once():
    assert len(set(shown_phonemes(False))) == 39
    assert len(set(shown_phonemes(True))) == 69


def test_labels_do_not_overlap_if_there_is_room():
    points = np.array([[0, 0], [12, 0], [12, 10], [100, 100]], float)
    sizes = np.full((4, 2), (24, 12), float)
    middles, found = placed(points, sizes, 7, np.full(2, -200), np.full(2, 200))
    assert found.all()
    for one in range(4):
        for other in range(one):
            apart = np.abs(middles[one] - middles[other])
            assert (apart >= sizes[0] - 1e-9).any()
    np.testing.assert_allclose(middles[3], (100, 87))  # a single label is just above its point


def test_labels_stay_inside_the_plot():
    corner, found = placed(
        np.zeros((1, 2)), np.array([[24.0, 12.0]]), 7, np.zeros(2), np.full(2, 100)
    )
    np.testing.assert_allclose(corner, [(19, 13)])
    assert found.all()


def test_labels_that_do_not_fit_are_left_out():
    points, sizes = np.zeros((60, 2)), np.full((60, 2), (24, 12), float)
    middles, found = placed(points, sizes, 7, np.full(2, -100), np.full(2, 100))
    assert found[0]
    assert 8 <= found.sum() <= 24  # there are 24 positions around a point
    for one, other in combinations(middles[found], 2):
        assert (np.abs(one - other) >= 0.9 * sizes[0]).any()
    _, outside = placed(np.full((1, 2), 300.0), sizes[:1], 7, np.zeros(2), np.full(2, 100))
    assert not outside.any()


def test_labels_come_back_when_there_is_room(tab, qtbot):
    box = tab.plot.getPlotItem().getViewBox()
    names = tab.plot.names
    box.setRange(xRange=(-1e3, 1e3), yRange=(-1e3, 1e3))  # all at the same point
    qtbot.waitUntil(lambda: 0 < sum(label.isVisible() for label in names.labels) < 30)
    # A label has an empty border of some pixels around its text.
    texts = [
        label.sceneBoundingRect().adjusted(5, 6, -5, -6)
        for label in names.labels
        if label.isVisible()
    ]
    assert not any(one.intersects(other) for one, other in combinations(texts, 2))
    box.autoRange()
    qtbot.waitUntil(lambda: sum(label.isVisible() for label in names.labels) >= 35)


def test_a_leader_line_ends_at_the_border_of_the_label():
    sizes = np.array([[24.0, 12.0]] * 2)
    middles = np.array([[50.0, 0.0], [0.0, -40.0]])
    np.testing.assert_allclose(leaders(np.zeros((2, 2)), middles, sizes), [(38, 0), (0, -34)])


def test_the_old_map_is_greyed_and_named_until_the_chosen_one_is_ready(tab, qtbot):
    assert tab.stale.sentence == ""
    tab.stress.setChecked(True)
    assert tab.stale.sentence == (
        "Still shown: the phonemes of plain, without stress; now loading the speller plain."
    )
    assert tab.stale.veils[0].isVisible()
    qtbot.waitUntil(lambda: len(tab.shown.phonemes) == 69)
    assert tab.stale.sentence == ""


def test_the_old_map_stays_named_if_the_chosen_one_fails_to_load(tab, qtbot, monkeypatch):
    tab.speller.setCurrentText("attention")
    tab.loading.cancel_button.click()
    named = "Still shown: the phonemes of plain, without stress; attention was not loaded."
    assert tab.stale.sentence == named
    assert tab.shown.speller == "plain"
    monkeypatch.setattr(library, "load", lambda name: 1 / 0)
    with qtbot.waitSignal(tab.failed):
        tab.restart()
    assert tab.stale.sentence == named
    tab.speller.setCurrentText("plain")
    qtbot.waitUntil(lambda: not tab.loading.text)
    assert tab.stale.sentence == ""  # the map on screen is the chosen one again
