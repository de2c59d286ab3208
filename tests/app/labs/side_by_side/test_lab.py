"""k-means and mean shift side by side in the real window."""

import numpy as np
import pytest

from engine import source
from engine.clustering.frames import Stop
from engine.clustering.kmeans.options import KMeansOptions
from engine.clustering.mean_shift.options import MeanShiftOptions
from engine.clustering.side_by_side.stepper import side_by_side
from tests.app.pictures import saved_pictures
from tests.app.shared_window import settings


@pytest.fixture
def settings_path(settings_path):
    """The few points of the clustering tab, because each frame draws all trajectories."""
    settings_path.write_text(settings(side_by_side={"points": "clustering"}))
    return settings_path


@pytest.fixture
def pair(window, qtbot):
    """The tab after its first frame."""
    lab = window.tabs.side_by_side
    window.tabs.show_tab(lab)
    qtbot.waitUntil(lambda: lab.player.frame is not None)
    return lab


def choose(pair, qtbot, text, n_points):
    pair.points.setCurrentText(text)
    qtbot.waitUntil(lambda: len(shown(pair)) == n_points)


def shown(pair):
    """The labels on screen; none before the first frame."""
    return () if pair.player.frame is None else pair.player.frame.kmeans.labels


def end(pair, qtbot):
    pair.player.play_to_end()
    qtbot.waitUntil(lambda: not pair.player.playing)
    return pair.player.frame


def test_both_run_on_the_same_points_until_both_have_ended(pair, lab, qtbot):
    last = end(pair, qtbot)
    assert (last.kmeans.stop, last.mean_shift.stop) == (Stop.LABELS, Stop.NO_SHIFT)
    points = source.load(lab.loaded.dataset.source).points
    expected = list(side_by_side(points, KMeansOptions(n_clusters=3), MeanShiftOptions()))
    assert len(pair.player.branch.frames) == len(expected)
    np.testing.assert_array_equal(last.kmeans.labels, expected[-1].kmeans.labels)
    np.testing.assert_array_equal(last.mean_shift.labels, expected[-1].mean_shift.labels)
    left, right = (side.view for side in pair.sides)
    np.testing.assert_allclose(left.shown_centroids, last.kmeans.centroids)
    np.testing.assert_allclose(right.shown_centroids, last.mean_shift.centroids)
    assert "Converged" in pair.sides[0].state_line.text()
    assert "nothing moves" in pair.sides[1].state_line.text()


def test_the_algorithm_that_ends_first_repeats_its_last_frame(pair, qtbot):
    end(pair, qtbot)
    ended = [frame for frame in pair.player.branch.frames if frame.kmeans.stop]
    assert len(ended) > 1
    assert all(frame.kmeans is ended[0].kmeans for frame in ended)
    assert [frame.stop for frame in ended[:-1]] == [None] * (len(ended) - 1)


def test_other_points_set_k_to_their_number_of_clusters(pair, qtbot):
    choose(pair, qtbot, "Skinny", 900)
    assert pair.k.value() == 3
    last = end(pair, qtbot)
    # The lesson: k-means cuts long clusters across, mean shift follows them.
    truth = np.repeat(np.arange(3), 300)
    assert agreement(last.mean_shift.labels, truth) > 0.9 > agreement(last.kmeans.labels, truth)


def agreement(labels, truth):
    """Count the points that have the most frequent label of their true cluster."""
    return sum(np.bincount(labels[truth == each]).max() for each in range(3)) / len(truth)


def test_points_can_be_taken_from_the_clustering_tab(pair, window, qtbot):
    choose(pair, qtbot, "Moons", 1500)
    assert pair.k.value() == 2
    choose(pair, qtbot, "Points of Clustering", 120)
    assert pair.k.value() == 3
    np.testing.assert_array_equal(pair.sides[1].view.xy, window.tabs.clustering.scatter.xy)


def test_another_k_restarts(pair, qtbot):
    pair.k.setValue(4)
    qtbot.waitUntil(lambda: pair.player.frame is not None and not pair.player.waiting)
    assert len(end(pair, qtbot).kmeans.centroids) == 4


def test_the_choice_of_points_is_remembered(open_window, qtbot):
    window = open_window()
    tab = window.tabs.side_by_side
    window.tabs.show_tab(tab)
    tab.points.setCurrentText("Rings")
    window.close()
    assert open_window().tabs.side_by_side.points.currentData() == "rings"


def test_both_plots_are_saved_in_the_format_of_the_suffix(pair, qtbot, tmp_path, monkeypatch):
    end(pair, qtbot)
    saved_pictures(pair, monkeypatch, qtbot.waitUntil, tmp_path)


def test_old_points_are_named_until_the_chosen_ones_are_ready(pair, qtbot):
    assert pair.stale.sentence == ""
    pair.points.setCurrentText("Moons")
    assert pair.stale.sentence == "Still shown: blobs, 120 points; now generating points."
    assert pair.stale.veils[0].isVisible()
    pair.loader.busy.cancel_button.click()
    assert pair.stale.sentence == (
        "Still shown: blobs, 120 points; the chosen points are not available."
    )
    pair.points.setCurrentText("Points of Clustering")
    assert pair.stale.sentence == ""


def test_new_points_of_the_clustering_tab_are_taken_over(pair, lab, qtbot):
    lab.open("blobs:clusters=2,per_cluster=30,variance=20,seed=5")
    qtbot.waitUntil(lambda: len(shown(pair)) == 60)
    assert pair.stale.sentence == ""
