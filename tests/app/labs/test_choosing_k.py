"""The tab How many?, through the real window: curves, clicks, keys, the lottery, cancel."""

import csv

import numpy as np
import polars as pl
import pytest
from PyQt6.QtCore import QPointF, Qt

from app.labs.base import Tab
from app.views.curves.lottery import bars_of
from engine.clustering.choosing_k import stepper as choosing_k
from engine.clustering.choosing_k.choices import LotteryRun, Method
from engine.clustering.choosing_k.stepper import choose_k
from engine.clustering.frames import Stop
from engine.clustering.kmeans.options import KMeansOptions, Seeding
from engine.data import source
from tests import waiting
from tests.app.driving import click, let_work
from tests.app.pictures import saved_pictures
from tests.app.shared_window import shared_window, wait_until


def ask_for_little(window):
    """Bring the tab to the top, and set its form to what is computed soon."""
    tab = window.tabs.choosing_k
    window.tabs.show_tab(tab)
    for box, value in (
        (tab.range.high, 5),
        (tab.range.starts, 2),
        (tab.range.references, 2),
        (tab.lottery.seeds, 4),
    ):
        box.setValue(value)
    return tab


@pytest.fixture
def tab(window):
    return ask_for_little(window)


@pytest.fixture
def measured(tab, qtbot):
    tab.range.start.click()
    qtbot.waitUntil(lambda: not tab.measuring.busy)
    return tab


@pytest.fixture
def endless(tab):
    """So many runs that they end in no test, each of them short."""
    for box in (tab.range.high, tab.range.starts, tab.range.references, tab.lottery.seeds):
        box.setValue(box.maximum())
    tab.range.high.setValue(40)
    return tab


def place_of(tab, method, k):
    view = tab.curves.views[method]
    return view, float(k), float(view.values[list(view.ks).index(k)])


@pytest.fixture(scope="class")
def computed(qapp, tmp_path_factory):
    """A window in which a range of k and lots are computed, and what came of the range."""
    with shared_window(tmp_path_factory.mktemp("computed")) as window:
        tab = window.tabs.choosing_k
        ask_for_little(window)
        tab.range.start.click()
        wait_until(lambda: not tab.measuring.busy)
        tab.lottery.start.click()
        wait_until(lambda: not tab.drawing.busy)
        yield window, tab.curves.frame


class TestComputed:
    """What is computed once: a range of k, and lots."""

    @pytest.fixture
    def window(self, computed, qtbot):
        """As it was when all was computed."""
        window, frame = computed
        tab, lab = window.tabs.choosing_k, window.tabs.clustering
        window.tabs.show_tab(tab)
        lab.player.pause()
        lab.algorithm.show_kmeans(KMeansOptions(n_clusters=3))
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        tab.lottery.k.setValue(3)
        loaded = lab.loaded
        tab.curves.set_points(loaded.dataset.points, lab.plane, loaded.dataset.columns)
        tab.curves.draw(frame, tab._options)
        tab.histogram.draw((), (), ())
        tab._draw_histogram()
        return window

    @pytest.fixture
    def measured(self, window):
        window.tabs.choosing_k.pages.setCurrentIndex(0)
        return window.tabs.choosing_k

    @pytest.fixture
    def drawn(self, window):
        window.tabs.choosing_k.pages.setCurrentIndex(1)
        return window.tabs.choosing_k

    def test_the_curves_are_those_of_the_engine(self, measured, lab):
        frame = measured.curves.frame
        assert frame.stop is True
        points = source.load(lab.loaded.dataset.source).points
        *_, expected = choose_k(points, measured.range.options(lab.kmeans.options))
        for method, view in measured.curves.views.items():
            np.testing.assert_array_equal(view.ks, [2, 3, 4, 5])
            np.testing.assert_array_equal(view.values, expected.values(method))
            choice = expected.choice(method)
            assert view.chosen == choice.k
            assert choice.why in measured.curves.words[method].text()

    def test_a_click_previews_a_k_and_a_second_click_opens_it(self, window, measured, lab, qtbot):
        view, x, y = place_of(measured, Method.SILHOUETTE, 4)
        click(view, x, y)
        frame = measured.curves.frame
        assert measured.curves.at == 2
        assert len(measured.curves.preview.shown_centroids) == 4
        assert "k = 4, the best of 2 starts" in measured.curves.about.text()
        assert measured.lottery.k.value() == 4
        assert window.tabs.top is measured
        click(view, x, y)
        assert window.tabs.top is lab
        qtbot.waitUntil(lambda: lab.player.frame is not None and not lab.player.playing)
        assert lab.player.frame.stop is Stop.LABELS
        assert lab.kmeans.options.n_clusters == 4
        np.testing.assert_array_equal(lab.player.frame.labels, frame.best[2].labels)
        assert lab.player.frame.centroids.tobytes() == frame.best[2].centroids.tobytes()

    def test_keys_walk_from_k_to_k_and_open_one(self, window, measured, lab, qtbot):
        view = measured.curves.views[Method.GAP]
        view.setFocus()
        for _ in range(3):
            qtbot.keyClick(view, Qt.Key.Key_Right)
        qtbot.keyClick(view, Qt.Key.Key_Left)
        assert measured.curves.at == 1
        assert all(other.at == 1 for other in measured.curves.views.values())
        qtbot.keyClick(view, Qt.Key.Key_Return)
        assert window.tabs.top is lab
        assert lab.kmeans.options.n_clusters == 3
        assert lab.kmeans.options.seeding is Seeding.PLUS_PLUS

    def test_the_button_opens_what_is_looked_at(self, window, measured, lab):
        assert not measured.curves.open.isEnabled()
        measured.curves.look_at(0)
        measured.curves.open.click()
        assert window.tabs.top is lab
        assert lab.kmeans.options.n_clusters == 2

    def test_a_click_on_a_bar_replays_a_run_of_it(self, window, drawn, lab, qtbot):
        assert len(drawn.lots.runs) == 20
        bar = drawn.histogram.bars[0]
        view = drawn.histogram
        click(view, (bar.low + bar.high) / 2, len(drawn.lottery.seedings) - 1 - bar.row + 0.02)
        assert window.tabs.top is lab
        run = bar.runs[0]
        assert lab.kmeans.options == run.options
        assert lab.player.playing
        lab.player.play_to_end()
        qtbot.waitUntil(lambda: not lab.player.playing)
        assert lab.player.frame.inertia == pytest.approx(run.inertia, rel=1e-6)
        assert lab.player.frame.iteration == run.iterations

    def test_the_next_click_replays_the_next_run(self, drawn, qtbot):
        index, bar = next((i, b) for i, b in enumerate(drawn.histogram.bars) if len(b.runs) > 1)
        picked = []
        drawn.histogram.picked.connect(picked.append)
        for _ in range(len(bar.runs) + 1):
            drawn.histogram.pick(index)
        assert picked == [*bar.runs, bar.runs[0]]

    def test_keys_walk_from_bar_to_bar(self, window, drawn, lab, qtbot):
        view = drawn.histogram
        view.setFocus()
        qtbot.keyClick(view, Qt.Key.Key_Down)
        assert view.at == 0
        qtbot.keyClick(view, Qt.Key.Key_Down)
        assert view.bars[view.at].row == 1
        assert "k-means++" in view.note.text()
        qtbot.keyClick(view, Qt.Key.Key_Return)
        assert window.tabs.top is lab
        assert lab.kmeans.options.seeding is Seeding.PLUS_PLUS

    def test_a_place_beside_all_bars_picks_nothing(self, drawn):
        picked = []
        drawn.histogram.picked.connect(picked.append)
        view = drawn.histogram
        assert view._bar_at(QPointF(-5, -5)) == -1
        click(view, view.bars[0].low, len(drawn.lottery.seedings) - 0.01)
        assert picked == []

    def test_curves_and_lots_are_saved(self, measured, drawn, qtbot, tmp_path):
        for name, save in (("k.csv", measured.save_curves), ("lots.csv", measured.save_lots)):
            with qtbot.waitSignal(measured.files.saved):
                save(tmp_path / name)
        with (tmp_path / "k.csv").open() as file:
            rows = list(csv.DictReader(file))
        assert [row["k"] for row in rows] == ["2", "3", "4", "5"]
        assert float(rows[1]["inertia"]) == measured.curves.frame.inertias[1]
        with (tmp_path / "lots.csv").open() as file:
            assert len(list(csv.DictReader(file))) == 20

    def test_curves_are_numbers_and_lots_have_text(self, measured, drawn, qtbot, tmp_path):
        for name, save in (("k.npy", measured.save_curves), ("lots.parquet", measured.save_lots)):
            with qtbot.waitSignal(measured.files.saved):
                save(tmp_path / name)
        frame, curves = measured.curves.frame, np.load(tmp_path / "k.npy")
        assert (curves.shape, curves.dtype) == ((4, 7), np.float64)
        np.testing.assert_array_equal(curves[:, 0], frame.ks)
        np.testing.assert_array_equal(curves[:, 2], frame.inertias)
        np.testing.assert_array_equal(curves[:, 4], frame.gaps)  # NaN where nothing is known
        lots = pl.read_parquet(tmp_path / "lots.parquet")
        assert lots.height == 20
        assert lots["inertia"].to_list() == [run.inertia for run in drawn.lots.runs]
        with qtbot.waitSignal(measured.files.failed) as failed:
            measured.save_lots(tmp_path / "lots.npy")
        assert "numbers only" in str(failed.args[0])

    def test_the_picture_is_what_its_suffix_says(self, measured, qtbot, tmp_path, monkeypatch):
        saved_pictures(measured, monkeypatch, qtbot.waitUntil, tmp_path)


def test_it_says_whose_points_are_measured(tab, lab, qtbot, tmp_path):
    assert tab.source.text() == "blobs, 120 points: those of the tab Clustering"
    path = tmp_path / "three.csv"
    path.write_text("x,y\n1,2\n3,4\n9,1\n")
    lab.data.standardize.setChecked(True)
    lab.open(str(path))
    expected = "three.csv, 3 points, standardized: those of the tab Clustering"
    qtbot.waitUntil(lambda: tab.source.text() == expected)


def test_the_window_closes_while_it_computes(window, endless, qtbot, monkeypatch, was_idle):
    left = []

    def followed(*arguments):
        try:
            yield from choose_k(*arguments)
        except GeneratorExit:
            left.append(True)
            raise

    monkeypatch.setattr(choosing_k, "choose_k", followed)
    # Beside busy programs the engine may take long to come to where it can be left.
    monkeypatch.setattr(Tab, "close_seconds", property(lambda _: waiting.seconds_left()))
    endless.range.start.click()
    qtbot.waitUntil(lambda: endless.curves.frame is not None)
    window.close()
    assert was_idle == [True]
    assert left


def test_cancel_leaves_what_was_measured(endless, lab, qtbot):
    tab = endless
    tab.range.start.click()
    assert tab.range.start.text() == "Cancel"
    qtbot.waitUntil(lambda: tab.curves.frame is not None and tab.curves.frame.n_done > 0)
    tab.range.start.click()
    assert not tab.measuring.busy
    assert tab.range.start.text() == "Compute"
    assert tab.state.text().startswith("Cancelled: ")
    before = tab.curves.frame
    let_work(lab.bridge)
    assert tab.curves.frame is before
    assert np.isfinite(before.inertias[0])


def test_the_status_bar_says_what_goes_on_and_cancels_too(endless, qtbot):
    tab = endless
    tab.range.start.click()
    line = tab.measuring.busy_line
    qtbot.waitUntil(line.isVisible)
    line.cancel_button.click()
    assert not tab.measuring.busy
    assert not line.isVisible()


def test_other_points_take_everything_away(measured, lab, qtbot):
    lab.open("moons:n_points=90,seed=1")
    qtbot.waitUntil(lambda: measured.curves.frame is None)
    assert "Nothing is measured" in measured.state.text()
    assert not any(action.isEnabled() for action in measured.file_actions)


def test_other_units_take_everything_away(measured, lab):
    lab.data.standardize.setChecked(True)
    assert measured.curves.frame is None


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(6, 5, "must not be below"), (2, 80, "3 points cannot have 80 clusters")],
)
def test_a_wrong_range_is_a_notice(window, tab, lab, qtbot, tmp_path, low, high, words):
    path = tmp_path / "three.csv"
    path.write_text("x,y\n1,2\n3,4\n9,1\n")
    lab.open(str(path))
    qtbot.waitUntil(lambda: lab.loaded.dataset.source == str(path))
    tab.range.low.setValue(low)
    tab.range.high.setValue(high)
    tab.range.start.click()
    qtbot.waitUntil(lambda: words in window.notices.text)
    assert tab.range.start.text() == "Compute"
    assert not tab.measuring.busy


def test_the_lottery_is_cancelled(endless, qtbot):
    tab = endless
    tab.lottery.start.click()
    qtbot.waitUntil(lambda: tab.lots is not None and len(tab.lots.runs) > 0)
    tab.lottery.start.click()
    assert not tab.drawing.busy
    assert tab.lots_state.text().startswith("Cancelled: ")


def test_a_lottery_without_seedings_cannot_be_drawn(tab):
    for box in tab.lottery.boxes.values():
        box.setChecked(False)
    assert not tab.lottery.start.isEnabled()


def lot(seeding, inertia, seed=0):
    return LotteryRun(KMeansOptions(seeding=seeding, seed=seed), inertia, 3)


def test_runs_are_sorted_into_bars_of_the_same_width():
    """From 0 to 30 in 30 bars: 0.2 and 0.9 share the first, 30 is in the last."""
    far, random = Seeding.FARTHEST, Seeding.RANDOM
    runs = [lot(far, 0.9, 1), lot(far, 0.2, 2), lot(random, 30.0), lot(random, 0.0)]
    bars = bars_of(runs, [far, random])
    assert [(bar.row, bar.low, bar.high) for bar in bars] == [(0, 0, 1), (1, 0, 1), (1, 29, 30)]
    assert [run.options.seed for run in bars[0].runs] == [2, 1]


def test_equal_runs_share_a_bar():
    assert len(bars_of([lot(Seeding.RANDOM, 0.0)] * 3, [Seeding.RANDOM])) == 1
    (bar,) = bars_of([lot(Seeding.RANDOM, 5.0)] * 3, [Seeding.RANDOM])
    assert len(bar.runs) == 3
    assert bar.low <= 5 < bar.high


@pytest.mark.parametrize("inertia", [1e-30, 4490.448489625933, 1e17])
def test_runs_that_differ_by_rounding_are_one_bar(inertia):
    runs = [lot(Seeding.RANDOM, each) for each in (inertia, np.nextafter(inertia, np.inf))]
    (bar,) = bars_of(runs, [Seeding.RANDOM])
    assert len(bar.runs) == 2
    assert bar.low <= inertia <= bar.high


def test_curves_are_named_where_another_range_is_chosen(measured, qtbot):
    assert measured.stale_curves.sentence == ""
    measured.range.high.setValue(6)
    assert measured.stale_curves.sentence == (
        "Still shown: k from 2 to 5, 2 starts, 2 references, k-means++, seed 0; "
        "press Compute for what is chosen now."
    )
    assert measured.stale_curves.veils[0].isVisible()
    measured.range.high.setValue(1)  # below the smallest: cannot be computed at all
    assert measured.stale_curves.sentence
    measured.range.high.setValue(5)
    assert measured.stale_curves.sentence == ""
    measured._lab.kmeans.max_iter.setValue(3)  # a run is another one
    assert measured.stale_curves.sentence
    measured.range.start.click()
    assert measured.stale_curves.sentence == ""  # nothing is on screen
    qtbot.waitUntil(lambda: not measured.measuring.busy)
    assert measured.stale_curves.sentence == ""


def test_lots_are_named_where_another_k_is_chosen(tab, qtbot):
    tab.lottery.start.click()
    qtbot.waitUntil(lambda: not tab.drawing.busy)
    assert tab.stale_lots.sentence == ""
    k = tab.lottery.k.value()
    tab.lottery.k.setValue(k + 1)
    assert tab.stale_lots.sentence.startswith(f"Still shown: k = {k}, 4 seeds, ")
    tab.lottery.k.setValue(k)
    assert tab.stale_lots.sentence == ""


@pytest.mark.parametrize(("scale", "width"), [(1.0, 1024), (2.0, 1280), (2.5, 1600)])
def test_larger_text_leaves_the_window_on_the_screen(window, tab, qtbot, scale, width):
    window.zoom(scale)
    for page in range(tab.pages.count()):
        tab.pages.setCurrentIndex(page)
        qtbot.waitUntil(lambda: window.minimumSizeHint().width() <= width)
    window.zoom(0)
