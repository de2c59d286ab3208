"""DBSCAN in the real window: clusters that grow, noise, the ring of eps, its form, its files."""

import csv

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import Qt

from app.controls.clustering.distance import BY_HAND
from app.labs.clustering import undo as undoing
from app.labs.clustering.algorithms.base import MAX_ROWS
from app.labs.clustering.algorithms.dbscan import DBSCAN
from app.labs.clustering.live_line import words
from app.views.scatter.scenery import NOISE
from engine import source
from engine.clustering.dbscan.frames import DbscanFrame
from engine.clustering.dbscan.options import DbscanOptions
from engine.clustering.dbscan.stepper import dbscan
from engine.clustering.frames import Phase, Stop
from tests.app.driving import IRIS, click, drag, hover
from tests.app.shared_window import settings

MOONS = "moons:n_points=600,noise=1.2,seed=1"
RINGS = "rings:n_points=1500,noise=1.5,seed=0"
# Three crowds, and six points that are alone.
CROWDS = np.concatenate(
    [np.random.default_rng(0).normal(middle, 0.6, (40, 2)) for middle in ((0, 0), (9, 0), (4, 8))]
)
ALONE = np.array([[-9, -9], [20, -8], [20, 15], [-8, 14], [4, 20], [22, 3]])


@pytest.fixture
def settings_path(settings_path):
    settings_path.write_text(settings(clustering={"source": MOONS, "algorithm": "dbscan"}))
    return settings_path


@pytest.fixture
def form(lab):
    return lab.algorithm.form(DBSCAN.name)


@pytest.fixture
def play_to_end(qtbot):
    def play(lab):
        lab.player.play_to_end()
        qtbot.waitUntil(lambda: not lab.player.playing)
        assert lab.player.frame.stop is Stop.GROWN

    return play


@pytest.fixture
def noisy(lab, qtbot, tmp_path, form, play_to_end):
    """The lab at the end of a run that finds the crowds, and leaves six points alone."""
    path = tmp_path / "noisy.csv"
    np.savetxt(path, [*CROWDS, *ALONE], delimiter=",", header="x,y", comments="")
    lab.open(str(path))
    qtbot.waitUntil(lambda: lab.loaded.dataset.source == str(path))
    form.eps.setValue(1.5)
    qtbot.waitUntil(lambda: lab.player.frame is not None)
    play_to_end(lab)
    return lab


def choose(lab, name):
    lab.algorithm.kind.setCurrentIndex(lab.algorithm.kind.findData(name))


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


class TestRuns:
    def test_shows_the_frames_of_the_engine(self, lab, play_to_end):
        play_to_end(lab)
        points = source.load(lab.loaded.dataset.source).points
        expected = list(dbscan(points, DbscanOptions()))
        assert len(lab.player.branch.frames) == len(expected)
        for shown, computed in zip(lab.player.branch.frames, expected, strict=True):
            np.testing.assert_array_equal(shown.labels, computed.labels)
            np.testing.assert_array_equal(shown.n_neighbors, computed.n_neighbors)

    @pytest.mark.parametrize("recipe", [MOONS, RINGS], ids=["moons", "rings"])
    def test_finds_each_moon_and_each_ring(self, lab, qtbot, play_to_end, recipe):
        lab.open(recipe)
        qtbot.waitUntil(lambda: lab.loaded.dataset.source == recipe)
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        play_to_end(lab)
        labels = lab.player.frame.labels
        for half in np.split(labels, 2):  # each shape is a half of the points
            assert len(set(half.tolist()) - {-1}) == 1
        assert lab.player.frame.n_clusters == 2
        assert lab.player.frame.n_unassigned < 0.01 * len(labels)
        assert lab.table.rowCount() == 3

    def test_clusters_grow_one_after_the_other(self, lab, play_to_end):
        play_to_end(lab)
        frames = lab.player.branch.frames
        assert frames[0].phase is Phase.COUNT
        n_reached = [len(frame.labels) - frame.n_unassigned for frame in frames]
        assert n_reached == sorted(n_reached)
        lab.player.seek(3)
        status = lab.lines.status.text()
        assert "cluster 0 (blue) grows" in status
        assert f"{lab.player.frame.n_unassigned:,} not reached yet" in status
        assert lab.table.rowCount() == 1

    def test_everything_is_named_for_it_and_back(self, lab, form, qtbot, play_to_end):
        play_to_end(lab)
        assert (lab.lines.headline.text(), lab.lines.measure.text()) == ("DBSCAN", "Unassigned")
        assert lab.lines.status.text().startswith("Complete after ")
        assert lab.table.horizontalHeaderItem(2).text() == "Core"
        assert form.isVisible()
        layers = (lab.toggles.regions, lab.toggles.lines, lab.toggles.trails)
        assert not any(layer.isEnabled() for layer in layers)
        choose(lab, "k-means")
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        assert all(layer.isEnabled() for layer in layers)
        assert not form.isVisible()
        assert lab.table.horizontalHeaderItem(2).text() == "Inertia"

    def test_the_curve_falls_to_the_noise(self, lab, play_to_end):
        play_to_end(lab)
        curve = lab.curve.curves[0]
        assert np.isfinite(curve).all()
        assert (np.diff(curve[:, 0]) >= 0).all()
        assert curve[0].tolist() == [0, 600]
        assert curve[-1, 1] == lab.player.frame.n_unassigned

    def test_advice_at_the_end_is_noticed(self, window, lab, form, qtbot, play_to_end):
        form.eps.setValue(0.01)
        play_to_end(lab)
        assert "600 of 600 points are noise" in window.notices.text
        assert lab.table.rowCount() == 1

    def test_many_clusters_are_not_all_listed(self, lab, form, qtbot, play_to_end):
        form.min_points.setValue(1)
        form.eps.setValue(0.01)
        play_to_end(lab)
        assert lab.player.frame.n_clusters > MAX_ROWS
        assert lab.table.rowCount() == MAX_ROWS + 1
        assert f"listing {MAX_ROWS} clusters" in lab.lines.status.text()

    def test_nothing_can_be_dragged(self, lab, play_to_end):
        play_to_end(lab)
        assert len(lab.scatter.shown_centroids) == 0
        drag(lab.scatter, (0, 0), (5, 5))
        assert len(lab.player.branches) == 1

    @pytest.mark.slow
    def test_switching_between_algorithms_while_it_plays(self, lab, qtbot):
        names = [lab.algorithm.kind.itemData(index) for index in range(lab.algorithm.kind.count())]
        for name in [*names, "dbscan", "mean-shift", "dbscan"]:
            lab.player.play()
            qtbot.waitUntil(lambda: lab.player.position > 0 or not lab.player.playing)
            choose(lab, name)
            qtbot.waitUntil(lambda: lab.player.frame is not None)
            assert lab.state.view.name == name
        assert isinstance(lab.player.frame, DbscanFrame)

    def test_painted_points_are_clustered_from_the_beginning(self, window, lab, qtbot, play_to_end):
        play_to_end(lab)
        before = lab.player.frame
        qtbot.keyClick(window, Qt.Key.Key_B)
        click(lab.scatter, 20, 20)
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        frame = lab.player.frame
        assert (frame.phase, len(frame.labels)) == (Phase.COUNT, len(before.labels) + 30)
        play_to_end(lab)
        assert lab.player.frame.n_clusters == 3
        lab.undo.undo()
        assert lab.player.frame is before

    def test_the_live_line_says_why_it_is_empty(self, lab, play_to_end):
        play_to_end(lab)
        lab.live.action.setChecked(True)
        assert lab.live.listing is None
        assert lab.live.panel.says.text() == words.OTHER


class TestNoise:
    def test_it_is_drawn_and_counted_at_the_end_only(self, noisy):
        lab = noisy
        assert np.flatnonzero(lab.scatter._scene.labels == NOISE).tolist() == list(range(120, 126))
        assert lab.table.item(3, 0).text() == "noise"
        assert lab.table.item(3, 1).text() == "6"
        assert "6 noise points" in lab.lines.status.text()
        lab.player.back()
        assert (lab.scatter._scene.labels >= -1).all()
        assert lab.table.item(lab.table.rowCount() - 1, 0).text() != "noise"

    def test_a_point_says_what_it_is(self, noisy):
        lab = noisy
        frame = lab.player.frame
        for row, kind in ((0, "core point"), (120, "noise")):
            hover(lab.scatter, *lab.scatter.xy[row].tolist())
            text = lab.scatter.note.text()
            assert f"<b>{kind}</b>: {frame.n_neighbors[row]:,} point" in text
            assert "5 or more make a core point" in text
            assert ("label" in text) == (kind != "noise")

    def test_a_border_point_is_in_a_cluster_without_being_a_core_point(self):
        frame = _frame([5, 4, 2], [0, 0, -1], min_points=5)
        said = [DBSCAN.about_point(frame, index, np.zeros(2)) for index in range(3)]
        assert said[0][:2] == [
            "label <b>0</b> (blue)",
            "<b>core point</b>: 5 points within eps",
        ]
        assert said[1][1].startswith("<b>border point</b>: 4 points")
        assert said[2][0].startswith("<b>not a core point</b>: 2 points")

    def test_what_is_not_reached_yet_is_not_called_noise(self, noisy):
        noisy.player.seek(0)
        hover(noisy.scatter, *ALONE[1].tolist())
        assert "<b>not a core point</b>" in noisy.scatter.note.text()


class TestRing:
    def test_it_is_as_large_as_eps_and_counts_the_points(self, noisy):
        lab = noisy
        hover(lab.scatter, 4.5, 3.0)
        assert lab.scatter.note.isHidden()
        lit = lab.kernel.lit
        within = np.linalg.norm(lab.loaded.dataset.points - lit.at, axis=1) <= 1.5
        np.testing.assert_array_equal(lit.weights, within)
        assert lab.kernel.caption.text().startswith(f"{within.sum()} points in the ring")
        assert "too few" in lab.kernel.caption.text()
        assert lab.kernel.item.boundingRect().width() == pytest.approx(3, abs=0.1)

    def test_beside_enough_points_there_would_be_a_core_point(self):
        caption = DBSCAN.neighborhood(_frame([5, 5], [0, 0], min_points=5)).caption
        assert "a point here would be a <b>core point</b>" in caption(4)
        assert "too few" in caption(3)

    def test_at_a_point_it_has_the_neighbours_of_the_point(self, noisy):
        lab = noisy
        for row in (7, 60, 122):
            x, y = lab.scatter.xy[row].tolist()
            hover(lab.scatter, x, y)
            index = lab.state.hovered
            np.testing.assert_array_equal(lab.kernel.lit.at, lab.scatter.xy[index])
            assert lab.kernel.lit.n_within == lab.player.frame.n_neighbors[index]
            assert lab.kernel.caption.isHidden()

    def test_it_is_not_there_where_the_plot_hides_distances(self, lab, qtbot):
        lab.open(str(IRIS))
        qtbot.waitUntil(lambda: lab.loaded.dataset.source == str(IRIS))
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        hover(lab.scatter, *lab.scatter.xy[3].tolist())
        assert lab.kernel.lit is None


class TestForm:
    def test_the_rule_finds_an_eps_until_one_is_set_by_hand(self, lab, form, qtbot):
        assert form.options == DbscanOptions()
        assert form.eps.value() == pytest.approx(lab.player.frame.eps, abs=0.01)
        form.slider.setValue(form.slider.value() + 10)
        assert form.rule.currentData() == BY_HAND
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        assert lab.player.frame.eps == form.eps.value()
        form.rule.setCurrentIndex(0)
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        assert lab.state.options == DbscanOptions()

    def test_what_is_chosen_is_there_the_next_time(self, open_window):
        window = open_window()
        form = window.tabs.clustering.algorithm.form(DBSCAN.name)
        form.min_points.setValue(9)
        form.eps.setValue(3.25)
        window.close()
        window = open_window()
        again = window.tabs.clustering
        assert again.algorithm.name == "dbscan"
        assert again.state.options == DbscanOptions(eps=3.25, min_points=9)
        again.algorithm.form(DBSCAN.name).rule.setCurrentIndex(0)
        window.close()
        assert open_window().tabs.clustering.state.options == DbscanOptions(min_points=9)

    def test_undo_brings_back_the_rule_and_the_clusters(
        self, lab, form, qtbot, play_to_end, monkeypatch
    ):
        monkeypatch.setattr(undoing, "MERGE_SECONDS", -1.0)
        play_to_end(lab)
        frame, shown = lab.player.frame, form.eps.value()
        form.eps.setValue(0.5)
        form.min_points.setValue(3)
        assert lab.undo.undoText() == "Minimum points 5 → 3"
        lab.undo.undo()
        lab.undo.undo()
        assert lab.player.frame is frame
        assert form.options == lab.state.options == DbscanOptions()
        assert form.eps.value() == shown
        lab.undo.redo()
        assert form.options == lab.state.options == DbscanOptions(eps=0.5)


class TestFiles:
    def test_noise_is_written_once_it_is_known(self, noisy, qtbot, tmp_path):
        lab, frame = noisy, noisy.player.frame
        lab.exports.save_labels(tmp_path / "labels.csv")
        lab.exports.save_with_clusters(tmp_path / "table.csv")
        lab.player.seek(1)
        lab.exports.save_labels(tmp_path / "before.csv")
        qtbot.waitUntil((tmp_path / "before.csv").exists)
        labels = [int(row["label"]) for row in rows(tmp_path / "labels.csv")]
        assert labels == frame.labels.tolist()
        assert labels[-6:] == [-1] * 6
        assert [int(row["cluster"]) for row in rows(tmp_path / "table.csv")] == labels
        assert {row["label"] for row in rows(tmp_path / "before.csv")} == {"", "0"}

    def test_centroids_cannot_be_saved_and_it_says_why(self, lab, qtbot, play_to_end):
        play_to_end(lab)
        save = next(each for each in lab.file_actions if each and "centroids" in each.text())
        assert not save.isEnabled()
        assert save.toolTip() == "DBSCAN has no centroids."
        choose(lab, "k-means")
        qtbot.waitUntil(save.isEnabled)
        assert "DBSCAN" not in save.toolTip()

    def test_the_history_is_saved_as_an_animation(self, noisy, qtbot, tmp_path):
        animation = tmp_path / "grow.gif"
        noisy.recording.save(animation)
        qtbot.waitUntil(animation.exists)
        with Image.open(animation) as film:
            assert film.n_frames == len(noisy.player.branch.frames)


def _frame(n_neighbors, labels, min_points):
    labels = np.asarray(labels)
    return DbscanFrame(
        iteration=1,
        phase=Phase.GROW,
        eps=1.0,
        min_points=min_points,
        n_neighbors=np.asarray(n_neighbors),
        labels=labels,
        reached=np.empty(0, int),
        sizes=np.bincount(labels[labels >= 0]),
        n_core=np.zeros(1, int),
    )
