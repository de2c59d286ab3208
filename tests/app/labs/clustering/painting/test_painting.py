"""Painting in the real window, with the mouse and the keys."""

from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QMessageBox

from app.labs.clustering.painting.tools import Tool
from engine import source
from engine.clustering.frames import Phase, Stop
from engine.data.painting import MAX_PAINTED, PAINTED
from tests.app.driving import IRIS, click, drag, hover, pixel
from tests.app.shared_window import saved_sections

LEFT = Qt.MouseButton.LeftButton
EMPTY = (30, 30)  # of the blobs of these tests, none reaches so far


@pytest.fixture
def take(window, lab, qtbot):
    """Choose a tool by its key."""

    def take(key, tool):
        qtbot.keyClick(window, key)
        assert lab.painting.tools.tool is tool

    return take


@pytest.fixture
def settled(lab, qtbot):
    """Wait for the first frame of the history that follows a stroke."""

    def settled():
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        return lab.player.frame

    return settled


def points(lab):
    return lab.loaded.dataset.points


class TestTools:
    def test_keys_choose_them_and_the_hand_is_first(self, lab, take):
        assert lab.painting.tools.tool is Tool.HAND
        for key, tool in (
            (Qt.Key.Key_A, Tool.ADD),
            (Qt.Key.Key_B, Tool.BRUSH),
            (Qt.Key.Key_E, Tool.ERASE),
            (Qt.Key.Key_V, Tool.MOVE),
            (Qt.Key.Key_H, Tool.HAND),
        ):
            take(key, tool)

    def test_keys_are_unique_among_the_actions_of_the_window(self, window, lab):
        keys = [
            key.toString()
            for action in [*lab.actions(), *window.actions()]
            for key in action.shortcuts()
        ]
        assert len(keys) == len(set(keys))

    def test_a_click_adds_a_point_that_has_the_label_of_the_nearest_centroid(
        self, lab, take, play_to_end, settled
    ):
        play_to_end(lab)
        before = lab.player.frame
        take(Qt.Key.Key_A, Tool.ADD)
        click(lab.scatter, *EMPTY)
        frame = settled()
        assert len(points(lab)) == len(frame.labels) == 121
        np.testing.assert_allclose(points(lab)[-1], EMPTY, atol=0.5)
        np.testing.assert_allclose(frame.centroids, before.centroids, rtol=1e-5)
        nearest = np.linalg.norm(before.centroids - points(lab)[-1], axis=1).argmin()
        assert frame.labels[-1] == nearest
        assert frame.phase is Phase.ASSIGN
        assert frame.changed == 1

    def test_while_the_brush_paints_labels_stay_and_new_points_have_none(
        self, lab, take, play_to_end, qtbot, settled
    ):
        play_to_end(lab)
        before = lab.player.frame
        take(Qt.Key.Key_B, Tool.BRUSH)
        viewport, place = lab.scatter.viewport(), pixel(lab.scatter, *EMPTY)
        qtbot.mousePress(viewport, LEFT, pos=place)
        shown = lab.scatter.points._labels
        np.testing.assert_array_equal(shown[:120], before.labels)
        assert shown[120:].tolist() == [-1] * 30
        assert lab.player.frame is before
        qtbot.mouseRelease(viewport, LEFT, pos=place)
        assert len(settled().labels) == 150
        assert lab.loaded.dataset.source == "painted"

    def test_points_of_the_brush_lie_in_its_ring(self, lab, take, settled):
        take(Qt.Key.Key_B, Tool.BRUSH)
        lab.painting.brush.radius.setValue(20)
        unit = lab.scatter.pixel_size()
        click(lab.scatter, *EMPTY)
        settled()
        away = (points(lab)[120:] - EMPTY) / unit
        assert np.hypot(*away.T).max() <= 21.5  # and the pixel that was hit

    def test_the_ring_follows_the_pointer_and_shows_the_radius(self, window, lab, take, qtbot):
        take(Qt.Key.Key_B, Tool.BRUSH)
        hover(lab.scatter, *EMPTY)
        ring = lab.painting.pointer.ring
        assert ring.isVisible()
        np.testing.assert_allclose((ring.x(), ring.y()), EMPTY, atol=0.5)
        before = ring.radius
        qtbot.keyClick(window, Qt.Key.Key_BracketRight)
        assert ring.radius == lab.painting.brush.pixels > before
        qtbot.keyClick(window, Qt.Key.Key_BracketLeft)
        assert ring.radius == before
        take(Qt.Key.Key_H, Tool.HAND)
        assert not ring.isVisible()

    def test_the_eraser_takes_points_away_along_its_stroke(self, lab, take, settled, play_to_end):
        play_to_end(lab)
        take(Qt.Key.Key_E, Tool.ERASE)
        middle = lab.player.frame.centroids[0]
        drag(lab.scatter, middle - 1, middle + 1)
        frame = settled()
        assert len(points(lab)) == len(frame.labels) < 120
        away = (points(lab) - middle) / lab.scatter.pixel_size()
        assert np.hypot(*away.T).min() > 30

    def test_a_point_is_moved_by_dragging_it(self, lab, take, settled):
        take(Qt.Key.Key_V, Tool.MOVE)
        drag(lab.scatter, points(lab)[5], EMPTY)
        settled()
        moved = np.flatnonzero((np.abs(points(lab) - EMPTY) < 0.5).all(1))
        assert len(moved) == 1
        assert len(points(lab)) == 120

    def test_a_click_beside_all_points_moves_none(self, lab, take):
        before = lab.loaded
        take(Qt.Key.Key_V, Tool.MOVE)
        click(lab.scatter, *EMPTY)
        assert lab.loaded is before

    def test_a_stroke_that_changes_nothing_keeps_the_history(self, lab, take, play_to_end):
        play_to_end(lab)
        before, n_frames = lab.player.branch, len(lab.player.branch.frames)
        take(Qt.Key.Key_E, Tool.ERASE)
        click(lab.scatter, *EMPTY)
        assert lab.player.branch is before
        assert len(before.frames) == n_frames

    def test_the_range_of_the_axes_stays(self, lab, take, settled):
        take(Qt.Key.Key_A, Tool.ADD)
        before = lab.scatter.view
        click(lab.scatter, *EMPTY)
        settled()
        assert lab.scatter.view == before


class TestRuns:
    def test_a_stroke_while_playing_holds_the_play_and_then_goes_on(self, lab, take, qtbot):
        lab.player.play()
        qtbot.waitUntil(lambda: lab.player.position >= 3)
        take(Qt.Key.Key_B, Tool.BRUSH)
        place = pixel(lab.scatter, *EMPTY)
        qtbot.mousePress(lab.scatter.viewport(), LEFT, pos=place)
        assert not lab.player.playing
        qtbot.mouseRelease(lab.scatter.viewport(), LEFT, pos=place)
        qtbot.waitUntil(lambda: lab.player.frame is not None and not lab.player.playing)
        assert lab.player.frame.stop is Stop.LABELS
        assert len(lab.player.frame.labels) == 150

    def test_a_second_stroke_before_the_first_frame_keeps_the_centroids(
        self, lab, take, play_to_end, settled, monkeypatch
    ):
        play_to_end(lab)
        before = lab.player.frame.centroids
        take(Qt.Key.Key_A, Tool.ADD)
        with monkeypatch.context() as engine:
            engine.setattr(lab.player, "_request", lambda *_: None)  # no frame comes
            click(lab.scatter, *EMPTY)
            assert lab.player.frame is None
        click(lab.scatter, -30, 30)
        frame = settled()
        assert (frame.phase, frame.iteration) == (Phase.ASSIGN, 0)
        np.testing.assert_array_equal(frame.centroids, before)
        assert (len(frame.labels), frame.changed) == (122, 2)

    def test_standardized_the_centroids_stay_where_they_are_on_screen(
        self, lab, take, play_to_end, settled
    ):
        lab.data.standardize.setChecked(True)
        settled()
        play_to_end(lab)
        before = lab.plane.of_centroids(lab.player.frame.centroids)
        take(Qt.Key.Key_B, Tool.BRUSH)
        click(lab.scatter, *EMPTY)
        settled()
        after = lab.plane.of_centroids(lab.player.frame.centroids)
        np.testing.assert_allclose(after, before, rtol=1e-4)

    def test_starting_again_in_the_middle_of_a_stroke_forgets_the_stroke(
        self, window, lab, take, qtbot, settled
    ):
        take(Qt.Key.Key_B, Tool.BRUSH)
        place = pixel(lab.scatter, *EMPTY)
        qtbot.mousePress(lab.scatter.viewport(), LEFT, pos=place)
        qtbot.keyClick(window, Qt.Key.Key_R)
        qtbot.mouseRelease(lab.scatter.viewport(), LEFT, pos=place)
        assert len(settled().labels) == len(points(lab)) == 120
        assert len(lab.scatter._xy) == 120

    def test_everything_is_cleared_and_painted_anew(self, window, lab, take, qtbot, settled):
        qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
        assert len(points(lab)) == 0
        assert lab.player.frame is None
        assert lab.lines.status.text() == "0 points: paint at least 3, one for each cluster"
        take(Qt.Key.Key_A, Tool.ADD)
        for count, place in enumerate(((0, 0), (20, 0)), 1):
            click(lab.scatter, *place)
            assert len(points(lab)) == count
        assert lab.player.frame is None
        assert window.notices.text == ""
        click(lab.scatter, 0, 20)
        settled()
        lab.player.play()
        qtbot.waitUntil(lambda: not lab.player.playing)
        np.testing.assert_array_equal(np.sort(lab.player.frame.sizes), [1, 1, 1])
        assert lab.player.frame.inertia == pytest.approx(0, abs=1e-3)

    def test_starting_again_on_an_empty_canvas_is_no_trouble(self, window, lab, qtbot):
        qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
        qtbot.keyClick(window, Qt.Key.Key_R)
        qtbot.keyClick(window, Qt.Key.Key_Space)
        assert lab.player.frame is None
        assert window.notices.text == ""


class TestData:
    def test_tools_are_refused_where_more_than_two_columns_are_clustered(self, lab, take, qtbot):
        take(Qt.Key.Key_B, Tool.BRUSH)
        lab.open(str(IRIS))
        qtbot.waitUntil(lambda: lab.loaded.dataset.source == str(IRIS))
        brush = lab.painting.tools.actions[2]
        assert not brush.isEnabled()
        assert "two columns, and 4 are" in brush.toolTip()
        assert lab.painting.tools.tool is Tool.HAND
        for row in (0, 1):
            lab.data.columns.tick(row, False)
        qtbot.waitUntil(lambda: len(lab.loaded.dataset.columns) == 2)
        assert brush.isEnabled()
        assert brush.toolTip() == "Brush (B): a click or a stroke adds many points"

    def test_tools_are_refused_where_there_are_too_many_points(self, lab, qtbot):
        lab.painting.offer(MAX_PAINTED + 1, 2)
        assert "up to 100,000 points" in lab.painting.tools.clear.toolTip()

    def test_a_table_with_two_columns_keeps_their_names(self, lab, take, qtbot, tmp_path, settled):
        path = tmp_path / "people.csv"
        path.write_text("height,weight\n1,10\n2,20\n3,30\n4,15\n")
        lab.open(str(path))
        qtbot.waitUntil(lambda: lab.loaded.dataset.source == str(path))
        settled()
        take(Qt.Key.Key_A, Tool.ADD)
        click(lab.scatter, 2, 25)
        settled()
        assert lab.loaded.dataset.columns == ("height", "weight")
        np.testing.assert_allclose(points(lab)[-1], (2, 25), atol=0.2)

    def test_painted_points_are_saved_and_opened_again(
        self, window, lab, take, qtbot, tmp_path, settled
    ):
        take(Qt.Key.Key_B, Tool.BRUSH)
        click(lab.scatter, *EMPTY)
        settled()
        expected = points(lab)
        path = tmp_path / "mine.csv"
        lab.exports.save_points(path)
        qtbot.waitUntil(lambda: "mine.csv" in window.notices.text)
        np.testing.assert_array_equal(source.load(str(path)).points, expected)
        lab.open(str(path))
        qtbot.waitUntil(lambda: lab.loaded.dataset.source == str(path))
        assert window.windowTitle() == "mine.csv – Barycenter"

    def test_painted_points_are_named_but_are_no_file_to_open_again(
        self, window, lab, take, settled
    ):
        before = window.settings, lab.settings.source
        take(Qt.Key.Key_A, Tool.ADD)
        click(lab.scatter, *EMPTY)
        settled()
        assert window.windowTitle() == "painted – Barycenter"
        assert "painted" in lab.data.about.text()
        assert (window.settings, lab.settings.source) == before

    def test_painted_points_are_there_at_the_next_start(self, open_window, settings_path, qtbot):
        first = open_window()
        lab = first.tabs.clustering
        qtbot.keyClick(first, Qt.Key.Key_B)
        click(lab.scatter, *EMPTY)
        expected = points(lab)
        assert lab.loaded.dataset.source == PAINTED
        first.close()
        second = open_window()
        np.testing.assert_array_equal(points(second.tabs.clustering), expected)
        assert second.settings.recent_files == (str(settings_path.with_name("painted.csv")),)

    def test_where_all_painted_points_were_cleared_the_next_start_opens_what_was_there_before(
        self, window, lab, settings_path, qtbot
    ):
        before = lab.settings.source
        qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
        assert lab.loaded.dataset.source == PAINTED
        window.close()
        assert not settings_path.with_name("painted.csv").exists()
        assert saved_sections(settings_path)["clustering"].source == before

    def test_closing_where_nothing_can_be_kept_says_so_and_closes(
        self, window, lab, take, settled, monkeypatch, capsys, idle_at_close
    ):
        take(Qt.Key.Key_A, Tool.ADD)
        click(lab.scatter, *EMPTY)
        settled()
        monkeypatch.setattr(window.session, "painted", Path(__file__) / "painted.csv")
        window.close()
        assert idle_at_close == [True]
        assert "could be kept for the next start" in capsys.readouterr().err

    def test_what_two_windows_paint_at_once_is_both_kept(self, open_window, settings_path, qtbot):
        windows, painted = [], []
        for place in (EMPTY, (0.0, 0.0)):
            windows.append(open_window())
            qtbot.keyClick(windows[-1], Qt.Key.Key_A)
            click(windows[-1].tabs.clustering.scatter, *place)
            painted.append(points(windows[-1].tabs.clustering))
        for window in windows:
            window.close()
        files = [settings_path.with_name(name) for name in ("painted.csv", "painted-2.csv")]
        for file, expected in zip(files, painted, strict=True):
            np.testing.assert_array_equal(source.load(str(file)).points, expected)
        found = saved_sections(settings_path)
        assert found["clustering"].source == str(files[1])
        assert found["window"].recent_files == (str(files[0]),)


@pytest.mark.parametrize("value", [3e38, -3.4e38, 1e-44])
def test_painting_on_values_at_the_ends_of_float32_needs_no_dialog(
    window, lab, take, qtbot, tmp_path, value
):
    path = tmp_path / "ends.csv"
    path.write_text(f"x,y\n{value},{value}\n{value / 2},{-value}\n0,{value}\n{value / 3},1")
    window.open_points(str(path))
    qtbot.waitUntil(lambda: lab.loaded.dataset.source == str(path))
    for key, tool in ((Qt.Key.Key_B, Tool.BRUSH), (Qt.Key.Key_V, Tool.MOVE)):
        take(key, tool)
        low, high = np.array(lab.scatter.view.getCoords()).reshape(2, 2)
        drag(lab.scatter, low, high)
        assert np.isfinite(points(lab)).all()
    assert lab.loaded.dataset.source == PAINTED
    assert window.findChildren(QMessageBox) == []
    if abs(value) > 3.3e38:
        assert "largest number of float32" in window.notices.text
