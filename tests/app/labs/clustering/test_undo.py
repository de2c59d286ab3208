"""Undo and redo of everything that a hand does in the clustering lab."""

import numpy as np
import pytest
from PyQt6.QtCore import Qt

from app.labs.clustering import undo as undoing
from engine.clustering.kmeans.options import Seeding
from tests.app.driving import IRIS, click, drag

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True, scope="module")
def each_step_alone():
    """Tests change boxes faster than any hand."""
    before, undoing.MERGE_SECONDS = undoing.MERGE_SECONDS, -1.0
    yield
    undoing.MERGE_SECONDS = before


@pytest.fixture
def undo(window, qtbot):
    return lambda: qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)


@pytest.fixture
def redo(window, qtbot):
    return lambda: qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL | SHIFT)


def settle(lab, qtbot):
    qtbot.waitUntil(lambda: lab.player.frame is not None)


def test_at_first_there_is_nothing_to_undo(lab):
    assert lab.undo.count() == 0


def test_a_dragged_centroid(lab, qtbot, play_to_end, undo, redo):
    play_to_end(lab)
    lab.player.seek(4)
    first, before = lab.player.branch, lab.player.frame
    drag(lab.scatter, before.centroids[1], (0, 0))
    qtbot.waitUntil(lambda: lab.player.position == 5)
    play_to_end(lab)
    second, place = lab.player.branch, lab.player.position
    assert lab.undo.undoText() == "dragging centroid 1"
    undo()
    assert lab.player.branches == [first]
    assert lab.player.frame is before
    assert len(lab.curve.curves) == 1
    redo()
    assert lab.player.branches == [first, second]
    assert (lab.player.branch, lab.player.position) == (second, place)
    assert lab.branches.tree.currentItem().text(0) == "1 dragged at iteration 1"


def test_painted_points_and_the_history_before_them(window, lab, qtbot, play_to_end, undo, redo):
    play_to_end(lab)
    loaded, frame, view = lab.loaded, lab.player.frame, lab.scatter.view
    qtbot.keyClick(window, Qt.Key.Key_B)
    view = lab.scatter.view
    click(lab.scatter, 30, 30)
    settle(lab, qtbot)
    assert lab.undo.undoText() == "paint 30 points"
    painted = lab.loaded
    undo()
    assert lab.loaded is loaded
    assert lab.player.frame is frame
    assert lab.scatter.view == view
    assert window.windowTitle() == "Barycenter"
    np.testing.assert_array_equal(lab.scatter._xy, loaded.dataset.points)
    redo()
    assert lab.loaded is painted
    assert len(lab.player.frame.labels) == 150
    assert window.windowTitle() == "painted – Barycenter"


def test_clearing_all_points(window, lab, qtbot, undo, redo):
    before = lab.loaded
    qtbot.keyClick(window, Qt.Key.Key_E, SHIFT)
    assert lab.undo.undoText() == "clear all points"
    undo()
    assert lab.loaded is before
    assert len(lab.player.frame.labels) == 120
    redo()
    assert len(lab.loaded.dataset.points) == 0
    assert lab.player.frame is None


def test_k_and_what_was_played_with_it(lab, qtbot, play_to_end, undo, redo):
    play_to_end(lab)
    before = lab.player.frame
    lab.kmeans.k.setValue(5)
    assert lab.undo.undoText() == "k 3 → 5"
    settle(lab, qtbot)
    undo()
    assert lab.kmeans.k.value() == lab.kmeans.slider.value() == 3
    assert lab.player.frame is before
    assert lab.state.options.n_clusters == 3
    redo()
    assert lab.kmeans.k.value() == 5
    assert lab.state.options.n_clusters == 5
    play_to_end(lab)
    assert len(lab.player.frame.centroids) == 5


def test_k_in_the_box_that_has_the_focus(lab, qtbot):
    lab.kmeans.k.setFocus()
    qtbot.keyClick(lab.kmeans.k, Qt.Key.Key_Up)
    assert lab.kmeans.k.value() == 4
    qtbot.keyClick(lab.kmeans.k, Qt.Key.Key_Z, CONTROL)
    assert lab.kmeans.k.value() == 3
    qtbot.keyClick(lab.kmeans.k, Qt.Key.Key_Y, CONTROL)
    assert lab.kmeans.k.value() == 4


def test_seeding_and_seed_step_by_step(lab, qtbot, undo):
    lab.kmeans.seeding.setCurrentIndex(lab.kmeans.seeding.findData(Seeding.RANDOM))
    lab.kmeans.seed.setValue(7)
    assert lab.undo.undoText() == "Seed of the seeding 0 → 7"
    undo()
    assert lab.kmeans.options.seed == 0
    assert lab.kmeans.options.seeding is Seeding.RANDOM
    assert lab.undo.undoText() == "Seeding Farthest first → Random points"
    undo()
    assert lab.kmeans.options.seeding is Seeding.FARTHEST
    assert not lab.undo.canUndo()


def test_standardizing(lab, qtbot, play_to_end, undo):
    play_to_end(lab)
    before = lab.player.frame
    lab.data.standardize.setChecked(True)
    settle(lab, qtbot)
    assert lab.undo.undoText() == "Standardize columns off → on"
    undo()
    assert not lab.data.standardize.isChecked()
    assert lab.player.frame is before
    np.testing.assert_allclose(lab.scatter.shown_centroids, before.centroids)


def test_columns_and_an_opened_file(window, lab, qtbot, undo, redo):
    lab.open(str(IRIS))
    qtbot.waitUntil(lambda: lab.loaded.dataset.source == str(IRIS))
    settle(lab, qtbot)
    lab.data.columns.tick(0, False)
    qtbot.waitUntil(lambda: len(lab.loaded.dataset.columns) == 3)
    assert lab.undo.undoText() == "choosing columns"
    undo()
    assert len(lab.loaded.dataset.columns) == 4
    assert lab.data.columns.ticked == lab.loaded.dataset.columns
    assert lab.undo.undoText() == "opening iris.csv"
    undo()
    assert lab.data.kind.currentData() == "blobs"
    assert window.windowTitle() == "Barycenter"
    redo()
    assert window.windowTitle() == "iris.csv – Barycenter"
    lab.data.columns.tick(3, False)
    qtbot.waitUntil(lambda: len(lab.loaded.dataset.columns) == 3)
    assert len(lab.data.columns.texts) == 4


def test_starting_again_brings_the_branches_back(window, lab, qtbot, play_to_end, undo):
    play_to_end(lab)
    drag(lab.scatter, lab.scatter.shown_centroids[1], (0, 0))
    qtbot.waitUntil(lambda: len(lab.player.branches) == 2)
    qtbot.keyClick(window, Qt.Key.Key_R)
    settle(lab, qtbot)
    undo()
    assert len(lab.player.branches) == 2
    play_to_end(lab)


def test_a_run_goes_on_where_it_was_with_the_same_frames(lab, qtbot, play_to_end, undo):
    play_to_end(lab)
    expected = [frame.centroids for frame in lab.player.branch.frames]
    lab.kmeans.max_iter.setValue(299)  # the same run, begun again
    qtbot.waitUntil(lambda: lab.player.frame is not None)
    for position in (1, 2, 3):
        lab.player.step()
        qtbot.waitUntil(lambda at=position: lab.player.position == at)
    lab.kmeans.k.setValue(5)
    undo()
    assert lab.player.position == 3
    play_to_end(lab)
    shown = [frame.centroids for frame in lab.player.branch.frames]
    assert len(shown) == len(expected)
    for one, other in zip(shown, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_follows_an_undo_takes_the_place_of_what_was_undone(lab, undo):
    lab.kmeans.k.setValue(5)
    undo()
    lab.kmeans.k.setValue(4)
    assert not lab.undo.canRedo()
    undo()
    assert lab.kmeans.k.value() == 3


def test_a_slider_that_is_dragged_is_one_step(lab, monkeypatch, undo):
    monkeypatch.setattr(undoing, "MERGE_SECONDS", 1e6)
    for k in (4, 6, 9):
        lab.kmeans.slider.setValue(k)
    assert lab.undo.count() == 1
    assert lab.undo.undoText() == "k 3 → 9"
    undo()
    assert lab.kmeans.k.value() == 3


def test_points_too_many_to_keep_a_history_of_clear_the_steps(lab, qtbot, monkeypatch):
    lab.kmeans.k.setValue(4)
    monkeypatch.setattr(undoing, "MAX_PAINTED", 100)
    lab.kmeans.k.setValue(5)
    assert lab.undo.count() == 0


def test_the_menu_says_what_is_undone(window, lab):
    lab.kmeans.k.setValue(4)
    texts = [action.text() for action in lab.edit_actions if action is not None]
    assert "&Undo k 3 → 4" in texts
    assert "&Redo" in texts


def test_undo_in_the_middle_of_a_stroke(window, lab, qtbot, undo):
    lab.kmeans.k.setValue(4)
    settle(lab, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_B)
    viewport, left = lab.scatter.viewport(), Qt.MouseButton.LeftButton
    qtbot.mousePress(viewport, left, pos=viewport.rect().center())
    undo()
    qtbot.mouseRelease(viewport, left, pos=viewport.rect().center())
    settle(lab, qtbot)
    assert lab.kmeans.k.value() == 3
    assert len(lab.scatter._xy) == len(lab.player.frame.labels) == 120


class TestHopping:
    @pytest.fixture
    def branched(self, lab, qtbot, play_to_end):
        play_to_end(lab)
        lab.player.seek(4)
        drag(lab.scatter, lab.player.frame.centroids[1], (0, 0))
        qtbot.waitUntil(lambda: len(lab.player.branches) == 2 and lab.player.position == 5)
        play_to_end(lab)
        return lab

    def test_keys_hop_to_the_same_place_of_the_next_branch(self, window, branched, qtbot):
        first, second = branched.player.branches
        branched.player.seek(6)
        qtbot.keyClick(window, Qt.Key.Key_PageDown)
        assert branched.player.branch is first
        assert branched.player.position == min(6, len(first.frames) - 1)
        qtbot.keyClick(window, Qt.Key.Key_PageUp)
        assert branched.player.branch is second

    def test_hopping_before_the_fork_goes_to_what_the_branch_alone_has(
        self, window, branched, qtbot
    ):
        first, second = branched.player.branches
        branched.player.seek(1, first)
        qtbot.keyClick(window, Qt.Key.Key_PageDown)
        assert branched.player.branch is second
        assert branched.player.position == second.fork

    def test_a_click_on_the_tree_hops(self, branched, qtbot):
        first, _ = branched.player.branches
        tree = branched.branches.tree
        place = tree.visualItemRect(tree.topLevelItem(0)).center()
        qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert branched.player.branch is first
        assert tree.currentItem() is tree.topLevelItem(0)

    def test_the_tree_tells_the_last_inertia_of_each_branch(self, branched):
        root = branched.branches.tree.topLevelItem(0)
        for item, branch in zip((root, root.child(0)), branched.player.branches, strict=True):
            inertia = float(item.text(1).replace(",", ""))
            assert inertia == pytest.approx(branch.frames[-1].inertia, rel=1e-3)
        assert root.child(0).text(0) == "1 dragged at iteration 1"
