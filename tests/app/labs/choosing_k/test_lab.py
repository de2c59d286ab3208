"""The tab "How many?" in the real window: curves, clicks, keys, the start lottery, cancelling."""

import csv

import numpy as np
import polars as pl
import pytest
from PyQt6.QtCore import QPointF, Qt

from app.labs.base import Tab
from app.views.curves.lottery import bars_of
from engine import source
from engine.clustering.choosing_k import stepper as choosing_k
from engine.clustering.choosing_k.choices import LotteryRun, Method
from engine.clustering.choosing_k.stepper import choose_k
from engine.clustering.frames import Stop
from engine.clustering.kmeans.options import KMeansOptions, Seeding
from tests import waiting
from tests.app.driving import click, wait_for_engine
from tests.app.pictures import saved_pictures
from tests.app.shared_window import shared_window, wait_until


def set_small_form(window):
    """Show the tab, and fill in a form that is computed quickly."""
    tab = window.tabs.choosing_k
    window.tabs.show_tab(tab)
    for box, value in (
        (tab.curves.form.high, 5),
        (tab.curves.form.starts, 2),
        (tab.curves.form.references, 2),
        (tab.lottery.form.seeds, 4),
    ):
        box.setValue(value)
    return tab


@pytest.fixture
def tab(window):
    return set_small_form(window)


@pytest.fixture
def measured(tab, qtbot):
    tab.curves.form.start.click()
    qtbot.waitUntil(lambda: not tab.curves.request.is_busy)
    return tab


@pytest.fixture
def endless(tab):
    """Request so many short runs that they never end within a test."""
    for box in (
        tab.curves.form.high,
        tab.curves.form.starts,
        tab.curves.form.references,
        tab.lottery.form.seeds,
    ):
        box.setValue(box.maximum())
    tab.curves.form.high.setValue(40)
    return tab


def point_of(tab, method, k):
    view = tab.curves.curves.views[method]
    return view, float(k), float(view.values[list(view.ks).index(k)])


@pytest.fixture(scope="class")
def computed(qapp, tmp_path_factory):
    """A window with a computed range of k and a start lottery, and the last frame of the range."""
    with shared_window(tmp_path_factory.mktemp("computed")) as window:
        tab = window.tabs.choosing_k
        set_small_form(window)
        tab.curves.form.start.click()
        wait_until(lambda: not tab.curves.request.is_busy)
        tab.lottery.form.start.click()
        wait_until(lambda: not tab.lottery.request.is_busy)
        yield window, tab.curves.curves.frame


class TestComputed:
    """Tests that share one computed range of k and one start lottery."""

    @pytest.fixture
    def window(self, computed, qtbot):
        """The shared window, reset to its state after the computation."""
        window, frame = computed
        tab, lab = window.tabs.choosing_k, window.tabs.clustering
        window.tabs.show_tab(tab)
        lab.player.pause()
        lab.algorithm.choose("k-means", KMeansOptions(n_clusters=3))
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        tab.lottery.form.k.setValue(3)
        loaded = lab.loaded
        tab.curves.curves.set_points(loaded.dataset.points, lab.plane, loaded.dataset.columns)
        tab.curves.curves.draw(frame, tab.curves._options)
        tab.lottery.histogram.draw((), (), ())
        tab.lottery.draw()
        return window

    @pytest.fixture
    def measured(self, window):
        window.tabs.choosing_k.pages.setCurrentIndex(0)
        return window.tabs.choosing_k

    @pytest.fixture
    def drawn(self, window):
        window.tabs.choosing_k.pages.setCurrentIndex(1)
        return window.tabs.choosing_k

    def test_curves_match_the_engine(self, measured, lab):
        frame = measured.curves.curves.frame
        assert frame.stop is True
        points = source.load(lab.loaded.dataset.source).points
        *_, expected = choose_k(points, measured.curves.form.options(lab.kmeans.options))
        for method, view in measured.curves.curves.views.items():
            np.testing.assert_array_equal(view.ks, [2, 3, 4, 5])
            np.testing.assert_array_equal(view.values, expected.values(method))
            choice = expected.choice(method)
            assert view.chosen == choice.k
            assert choice.why in measured.curves.curves.words[method].text()

    def test_a_click_previews_a_k_and_a_second_click_opens_it(self, window, measured, lab, qtbot):
        view, x, y = point_of(measured, Method.SILHOUETTE, 4)
        click(view, x, y)
        frame = measured.curves.curves.frame
        assert measured.curves.curves.at == 2
        assert len(measured.curves.curves.preview.shown_centroids) == 4
        assert "k = 4, the best of 2 starts" in measured.curves.curves.about.text()
        assert measured.lottery.form.k.value() == 4
        assert window.tabs.top is measured
        click(view, x, y)
        assert window.tabs.top is lab
        qtbot.waitUntil(lambda: lab.player.frame is not None and not lab.player.playing)
        assert lab.player.frame.stop is Stop.LABELS
        assert lab.kmeans.options.n_clusters == 4
        np.testing.assert_array_equal(lab.player.frame.labels, frame.best[2].labels)
        assert lab.player.frame.centroids.tobytes() == frame.best[2].centroids.tobytes()

    def test_keys_move_between_ks_and_open_one(self, window, measured, lab, qtbot):
        view = measured.curves.curves.views[Method.GAP]
        view.setFocus()
        for _ in range(3):
            qtbot.keyClick(view, Qt.Key.Key_Right)
        qtbot.keyClick(view, Qt.Key.Key_Left)
        assert measured.curves.curves.at == 1
        assert all(other.at == 1 for other in measured.curves.curves.views.values())
        qtbot.keyClick(view, Qt.Key.Key_Return)
        assert window.tabs.top is lab
        assert lab.kmeans.options.n_clusters == 3
        assert lab.kmeans.options.seeding is Seeding.PLUS_PLUS

    def test_the_button_opens_the_selected_k(self, window, measured, lab):
        assert not measured.curves.curves.open.isEnabled()
        measured.curves.curves.look_at(0)
        measured.curves.curves.open.click()
        assert window.tabs.top is lab
        assert lab.kmeans.options.n_clusters == 2

    def test_a_click_on_a_bar_replays_one_of_its_runs(self, window, drawn, lab, qtbot):
        assert len(drawn.lottery.lots.runs) == 20
        bar = drawn.lottery.histogram.bars[0]
        view = drawn.lottery.histogram
        click(view, (bar.low + bar.high) / 2, len(drawn.lottery.form.seedings) - 1 - bar.row + 0.02)
        assert window.tabs.top is lab
        run = bar.runs[0]
        assert lab.kmeans.options == run.options
        assert lab.player.playing
        lab.player.play_to_end()
        qtbot.waitUntil(lambda: not lab.player.playing)
        assert lab.player.frame.inertia == pytest.approx(run.inertia, rel=1e-6)
        assert lab.player.frame.iteration == run.iterations

    def test_the_next_click_replays_the_next_run(self, drawn, qtbot):
        index, bar = next(
            (i, b) for i, b in enumerate(drawn.lottery.histogram.bars) if len(b.runs) > 1
        )
        picked = []
        drawn.lottery.histogram.picked.connect(picked.append)
        for _ in range(len(bar.runs) + 1):
            drawn.lottery.histogram.pick(index)
        assert picked == [*bar.runs, bar.runs[0]]

    def test_keys_move_between_bars(self, window, drawn, lab, qtbot):
        view = drawn.lottery.histogram
        view.setFocus()
        qtbot.keyClick(view, Qt.Key.Key_Down)
        assert view.at == 0
        qtbot.keyClick(view, Qt.Key.Key_Down)
        assert view.bars[view.at].row == 1
        assert "k-means++" in view.note.text()
        qtbot.keyClick(view, Qt.Key.Key_Return)
        assert window.tabs.top is lab
        assert lab.kmeans.options.seeding is Seeding.PLUS_PLUS

    def test_a_click_outside_the_bars_selects_nothing(self, drawn):
        picked = []
        drawn.lottery.histogram.picked.connect(picked.append)
        view = drawn.lottery.histogram
        assert view._bar_at(QPointF(-5, -5)) == -1
        click(view, view.bars[0].low, len(drawn.lottery.form.seedings) - 0.01)
        assert picked == []

    def test_curves_and_the_lottery_are_saved(self, measured, drawn, qtbot, tmp_path):
        for name, save in (("k.csv", measured.curves.save), ("lots.csv", measured.lottery.save)):
            with qtbot.waitSignal(measured.files.saved):
                save(tmp_path / name)
        with (tmp_path / "k.csv").open() as file:
            rows = list(csv.DictReader(file))
        assert [row["k"] for row in rows] == ["2", "3", "4", "5"]
        assert float(rows[1]["inertia"]) == measured.curves.curves.frame.inertias[1]
        with (tmp_path / "lots.csv").open() as file:
            assert len(list(csv.DictReader(file))) == 20

    def test_curves_are_saved_as_numbers_and_the_lottery_with_text(
        self, measured, drawn, qtbot, tmp_path
    ):
        for name, save in (
            ("k.npy", measured.curves.save),
            ("lots.parquet", measured.lottery.save),
        ):
            with qtbot.waitSignal(measured.files.saved):
                save(tmp_path / name)
        frame, curves = measured.curves.curves.frame, np.load(tmp_path / "k.npy")
        assert (curves.shape, curves.dtype) == ((4, 7), np.float64)
        np.testing.assert_array_equal(curves[:, 0], frame.ks)
        np.testing.assert_array_equal(curves[:, 2], frame.inertias)
        np.testing.assert_array_equal(curves[:, 4], frame.gaps)  # NaN for unknown values
        lots = pl.read_parquet(tmp_path / "lots.parquet")
        assert lots.height == 20
        assert lots["inertia"].to_list() == [run.inertia for run in drawn.lottery.lots.runs]
        with qtbot.waitSignal(measured.files.failed) as failed:
            measured.lottery.save(tmp_path / "lots.npy")
        assert "numbers only" in str(failed.args[0])

    def test_the_figure_is_saved_in_the_format_of_its_suffix(
        self, measured, qtbot, tmp_path, monkeypatch
    ):
        saved_pictures(measured, monkeypatch, qtbot.waitUntil, tmp_path)


def test_it_names_the_data_set(tab, lab, qtbot, tmp_path):
    assert tab.source.text() == "blobs, 120 points: those of the tab Clustering"
    path = tmp_path / "three.csv"
    path.write_text("x,y\n1,2\n3,4\n9,1\n")
    lab.data.standardize.setChecked(True)
    lab.open(str(path))
    expected = "three.csv, 3 points, standardized: those of the tab Clustering"
    qtbot.waitUntil(lambda: tab.source.text() == expected)


def test_the_window_can_close_during_a_computation(
    window, endless, qtbot, monkeypatch, idle_at_close
):
    left = []

    def followed(*arguments):
        try:
            yield from choose_k(*arguments)
        except GeneratorExit:
            left.append(True)
            raise

    monkeypatch.setattr(choosing_k, "choose_k", followed)
    # Next to busy programs the engine may take long to reach a point where it can stop.
    monkeypatch.setattr(Tab, "close_seconds", property(lambda _: waiting.seconds_left()))
    endless.curves.form.start.click()
    qtbot.waitUntil(lambda: endless.curves.curves.frame is not None)
    window.close()
    assert idle_at_close == [True]
    assert left


def test_cancelling_keeps_what_was_measured(endless, lab, qtbot):
    tab = endless
    tab.curves.form.start.click()
    assert tab.curves.form.start.text() == "Cancel"
    qtbot.waitUntil(
        lambda: tab.curves.curves.frame is not None and tab.curves.curves.frame.n_done > 0
    )
    tab.curves.form.start.click()
    assert not tab.curves.request.is_busy
    assert tab.curves.form.start.text() == "Compute"
    assert tab.curves.state.text().startswith("Cancelled: ")
    before = tab.curves.curves.frame
    wait_for_engine(lab.bridge)
    assert tab.curves.curves.frame is before
    assert np.isfinite(before.inertias[0])


def test_the_status_bar_shows_progress_and_cancels(endless, qtbot):
    tab = endless
    tab.curves.form.start.click()
    line = tab.curves.busy
    qtbot.waitUntil(line.isVisible)
    line.cancel_button.click()
    assert not tab.curves.request.is_busy
    assert not line.isVisible()


def test_other_points_clear_the_results(measured, lab, qtbot):
    lab.open("moons:n_points=90,seed=1")
    qtbot.waitUntil(lambda: measured.curves.curves.frame is None)
    assert "Nothing is measured" in measured.curves.state.text()
    assert not any(action.isEnabled() for action in measured.file_actions)


def test_standardizing_clears_the_results(measured, lab):
    lab.data.standardize.setChecked(True)
    assert measured.curves.curves.frame is None


def test_another_plane_of_the_same_points_keeps_the_results(tab, lab, qtbot):
    lab.open("iris")
    qtbot.waitUntil(lambda: lab.loaded.dataset.source == "iris")
    tab.curves.form.start.click()
    qtbot.waitUntil(lambda: not tab.curves.request.is_busy)
    frame, plane = tab.curves.curves.frame, lab.plane
    view = lab.data.viewpoint
    view.kind.setCurrentIndex(view.kind.findData("components"))
    qtbot.waitUntil(lambda: lab.plane is not plane)
    assert tab.curves.curves.frame is frame
    assert tab.curves.curves.frame.stop


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(6, 5, "must not be below"), (2, 80, "3 points cannot have 80 clusters")],
)
def test_an_invalid_range_shows_a_notice(window, tab, lab, qtbot, tmp_path, low, high, words):
    path = tmp_path / "three.csv"
    path.write_text("x,y\n1,2\n3,4\n9,1\n")
    lab.open(str(path))
    qtbot.waitUntil(lambda: lab.loaded.dataset.source == str(path))
    tab.curves.form.low.setValue(low)
    tab.curves.form.high.setValue(high)
    tab.curves.form.start.click()
    qtbot.waitUntil(lambda: words in window.notices.text)
    assert tab.curves.form.start.text() == "Compute"
    assert not tab.curves.request.is_busy


def test_the_lottery_can_be_cancelled(endless, qtbot):
    tab = endless
    tab.lottery.form.start.click()
    qtbot.waitUntil(lambda: tab.lottery.lots is not None and len(tab.lottery.lots.runs) > 0)
    tab.lottery.form.start.click()
    assert not tab.lottery.request.is_busy
    assert tab.lottery.state.text().startswith("Cancelled: ")


def test_a_lottery_needs_a_seeding(tab):
    for box in tab.lottery.form.boxes.values():
        box.setChecked(False)
    assert not tab.lottery.form.start.isEnabled()


def lottery_run(seeding, inertia, seed=0):
    return LotteryRun(KMeansOptions(seeding=seeding, seed=seed), inertia, 3)


def test_bars_have_equal_widths():
    """With 30 bars from 0 to 30, 0.2 and 0.9 are in the first bar and 30 in the last."""
    far, random = Seeding.FARTHEST, Seeding.RANDOM
    runs = [
        lottery_run(far, 0.9, 1),
        lottery_run(far, 0.2, 2),
        lottery_run(random, 30.0),
        lottery_run(random, 0.0),
    ]
    bars = bars_of(runs, [far, random])
    assert [(bar.row, bar.low, bar.high) for bar in bars] == [(0, 0, 1), (1, 0, 1), (1, 29, 30)]
    assert [run.options.seed for run in bars[0].runs] == [2, 1]


def test_equal_inertias_share_a_bar():
    assert len(bars_of([lottery_run(Seeding.RANDOM, 0.0)] * 3, [Seeding.RANDOM])) == 1
    (bar,) = bars_of([lottery_run(Seeding.RANDOM, 5.0)] * 3, [Seeding.RANDOM])
    assert len(bar.runs) == 3
    assert bar.low <= 5 < bar.high


@pytest.mark.parametrize("inertia", [1e-30, 4490.448489625933, 1e17])
def test_inertias_that_differ_by_rounding_share_a_bar(inertia):
    runs = [lottery_run(Seeding.RANDOM, each) for each in (inertia, np.nextafter(inertia, np.inf))]
    (bar,) = bars_of(runs, [Seeding.RANDOM])
    assert len(bar.runs) == 2
    assert bar.low <= inertia <= bar.high


def test_curves_are_marked_as_stale_when_the_range_changes(measured, lab, qtbot):
    assert measured.curves.stale.sentence == ""
    measured.curves.form.high.setValue(6)
    assert measured.curves.stale.sentence == (
        "Still shown: k from 2 to 5, 2 starts, 2 references, k-means++, seed 0; "
        "press Compute for what is chosen now."
    )
    assert measured.curves.stale.veils[0].isVisible()
    measured.curves.form.high.setValue(1)  # less than the minimum, so nothing can be computed
    assert measured.curves.stale.sentence
    measured.curves.form.high.setValue(5)
    assert measured.curves.stale.sentence == ""
    lab.kmeans.max_iter.setValue(3)  # another number of starts
    assert measured.curves.stale.sentence
    measured.curves.form.start.click()
    assert measured.curves.stale.sentence == ""  # no curves are on screen
    qtbot.waitUntil(lambda: not measured.curves.request.is_busy)
    assert measured.curves.stale.sentence == ""


def test_the_lottery_is_marked_as_stale_when_k_changes(tab, qtbot):
    tab.lottery.form.start.click()
    qtbot.waitUntil(lambda: not tab.lottery.request.is_busy)
    assert tab.lottery.stale.sentence == ""
    k = tab.lottery.form.k.value()
    tab.lottery.form.k.setValue(k + 1)
    assert tab.lottery.stale.sentence.startswith(f"Still shown: k = {k}, 4 seeds, ")
    tab.lottery.form.k.setValue(k)
    assert tab.lottery.stale.sentence == ""


@pytest.mark.parametrize(("scale", "width"), [(1.0, 1024), (2.0, 1280), (2.5, 1600)])
def test_the_window_fits_the_screen_with_larger_text(window, tab, qtbot, scale, width):
    window.zoom(scale)
    for page in range(tab.pages.count()):
        tab.pages.setCurrentIndex(page)
        qtbot.waitUntil(lambda: window.minimumSizeHint().width() <= width)
    window.zoom(0)
