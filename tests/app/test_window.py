"""The real window, used as a lecturer and a student would use it."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from PIL import Image
from PyQt6 import sip
from PyQt6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, QRectF, Qt, QUrl
from PyQt6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox

from app.labs.base import Tab
from app.theme import current
from app.views.scatter.points.raster import MAX_MARKERS
from engine import source
from engine.clustering.frames import Phase, Stop
from engine.clustering.kmeans.options import KMeansOptions, Seeding
from engine.clustering.kmeans.runs import cluster
from engine.data.output.formats import TABLE
from engine.frames import Search
from tests import waiting
from tests.app.driving import IRIS, click, drag, hover, settle, turn_wheel, wait_for_engine
from tests.app.pictures import save_by_menu, saved_pictures


def press(window, qtbot, key):
    qtbot.keyClick(window, key)


def open_file(lab, qtbot, path):
    lab.open(str(path))
    qtbot.waitUntil(lambda: lab.loaded.dataset.source == str(path))
    qtbot.waitUntil(lambda: lab.player.frame is not None)


class TestPlaying:
    def test_plays_to_convergence_and_shows_every_frame(self, lab, qtbot):
        drawn = []
        lab.player.moved.connect(lambda: drawn.append(lab.player.position))
        lab.player.play()
        qtbot.waitUntil(lambda: not lab.player.playing)
        assert lab.player.frame.stop is Stop.LABELS
        assert drawn == list(range(1, len(lab.player.branch.frames)))
        assert "Converged" in lab.lines.status.text()

    def test_frames_match_the_engine(self, lab, play_to_end):
        play_to_end(lab)
        points = source.load(lab.loaded.dataset.source).points
        expected = list(cluster(points, KMeansOptions(n_clusters=3)))
        assert len(lab.player.branch.frames) == len(expected)
        for shown, computed in zip(lab.player.branch.frames, expected, strict=True):
            np.testing.assert_array_equal(shown.labels, computed.labels)
            np.testing.assert_array_equal(shown.centroids, computed.centroids)

    def test_keys_step_and_play(self, window, lab, qtbot, play_to_end):
        play_to_end(lab)
        last = lab.player.position
        press(window, qtbot, Qt.Key.Key_Left)
        assert lab.player.position == last - 1
        press(window, qtbot, Qt.Key.Key_Right)
        assert lab.player.position == last
        press(window, qtbot, Qt.Key.Key_Home)
        assert lab.player.position == 0
        press(window, qtbot, Qt.Key.Key_Space)
        assert lab.player.playing
        press(window, qtbot, Qt.Key.Key_Space)
        assert not lab.player.playing
        press(window, qtbot, Qt.Key.Key_End)
        qtbot.waitUntil(lambda: lab.player.position == last)

    def test_space_plays_even_if_the_box_for_k_has_the_focus(self, window, lab, qtbot):
        lab.kmeans.k.setFocus()
        qtbot.keyClick(lab.kmeans.k, Qt.Key.Key_Space)
        assert lab.player.playing
        assert lab.kmeans.k.text() == "3"

    def test_r_restarts_with_an_empty_history(self, window, lab, qtbot, play_to_end):
        play_to_end(lab)
        press(window, qtbot, Qt.Key.Key_R)
        qtbot.waitUntil(lambda: lab.player.position == 0)
        assert len(lab.player.branch.frames) == 1

    def test_the_best_of_several_runs_is_shown(self, lab, qtbot, play_to_end):
        lab.algorithm.choose("k-means", KMeansOptions(n_clusters=6, seeding=Seeding.RANDOM))
        reported = []
        lab.player.searching.connect(lambda search: reported.append(lab.lines.status.text()))
        lab.kmeans.n_init.setValue(5)
        play_to_end(lab)
        points, ends = lab.loaded.dataset.points, {}
        for seed in range(5):
            *_, last = cluster(points, replace(lab.state.options, seed=seed, n_init=1))
            ends[seed] = last.inertia
        frame = lab.player.frame
        assert frame.inertia == pytest.approx(min(ends.values()))
        assert ends[frame.seed] == pytest.approx(frame.inertia)
        assert f"the best of 5 runs, from seed {frame.seed}" in lab.lines.status.text()
        assert len(lab.player.branch.frames[0].centroids) == 1
        assert all(text.startswith("Run ") for text in reported)

    def test_a_search_for_the_best_run_can_be_cancelled(self, lab, qtbot, monkeypatch):
        def endless(points, options):
            while True:
                yield Search(1, options.n_init, 42.0)

        monkeypatch.setattr("engine.clustering.kmeans.runs.best_in_chunks", endless)
        lab.kmeans.n_init.setValue(3)
        qtbot.waitUntil(lambda: lab.lines.status.text().startswith("Run 2 of 3"))
        assert "lowest inertia so far 42" in lab.lines.status.text()
        assert lab.player.waiting
        lab.player.give_up()
        qtbot.waitUntil(lambda: not lab.player.waiting)
        assert "press R to start" in lab.lines.status.text()
        monkeypatch.undo()
        lab.restart()
        qtbot.waitUntil(lambda: lab.player.frame is not None)

    def test_seeking_shows_the_frame_under_the_handle(self, lab, play_to_end):
        play_to_end(lab)
        lab.transport.scrub.setValue(2)
        assert lab.player.position == 2
        assert "Seeding" in lab.lines.status.text()

    def test_the_fastest_speed_says_that_it_skips_frames(self, lab, qtbot, monkeypatch):
        monkeypatch.setattr(
            "app.running.player._FAST_BUDGET", 1.0
        )  # several frames, however fast the machine is
        lab.open("uniform:n_points=500,seed=1")
        qtbot.waitUntil(lambda: len(lab.loaded.dataset.points) == 500)
        texts = []
        lab.player.moved.connect(lambda: texts.append(lab.lines.status.text()))
        lab.kmeans.k.setValue(40)
        lab.transport.speed.setCurrentText("fastest")
        lab.player.play()
        qtbot.waitUntil(lambda: not lab.player.playing)
        assert any("drawing 1 frame of" in text for text in texts)

    def test_centroids_are_animated_to_their_new_positions(self, lab, qtbot, play_to_end):
        lab.toggles.tween.setChecked(True)
        play_to_end(lab)
        update = next(
            i for i, frame in enumerate(lab.player.branch.frames) if frame.phase is Phase.UPDATE
        )
        lab.player.seek(update - 1)
        lab.player.seek(update)
        goal = lab.player.frame.centroids
        assert not np.allclose(lab.scatter.shown_centroids, goal)
        qtbot.waitUntil(lambda: np.allclose(lab.scatter.shown_centroids, goal))


class TestInteraction:
    def test_dragging_a_centroid_branches_the_history(self, lab, qtbot, play_to_end):
        play_to_end(lab)
        first = lab.player.branch
        lab.player.seek(4)
        before = lab.player.frame
        drag(lab.scatter, before.centroids[1], (0, 0))
        qtbot.waitUntil(lambda: len(lab.player.branches) == 2)
        qtbot.waitUntil(lambda: lab.player.position == 5)
        after = lab.player.frame
        assert after.phase is Phase.ASSIGN
        assert after.iteration == before.iteration
        np.testing.assert_allclose(after.centroids[1], (0, 0), atol=0.5)
        np.testing.assert_array_equal(after.centroids[0], before.centroids[0])
        assert first.frames[5] is not after
        play_to_end(lab)
        assert len(lab.curve.curves) == 2

    def test_points_are_reassigned_while_a_centroid_is_dragged(self, lab, qtbot, play_to_end):
        play_to_end(lab)
        before = lab.player.frame
        lab.scatter.dragging.emit(0, 500, 500)
        qtbot.waitUntil(lambda: lab.table.item(0, 1).text() == "0")
        assert lab.player.frame is before
        lab.scatter.dragging.emit(0, *before.centroids[0].tolist())
        qtbot.waitUntil(lambda: lab.table.item(0, 1).text() == str(before.sizes[0]))

    def test_dragging_pauses_playing_until_the_end(self, lab, qtbot):
        lab.player.play()
        qtbot.waitUntil(lambda: lab.player.position >= 4)
        drag(lab.scatter, lab.scatter.shown_centroids[1], (0, 0))
        assert len(lab.player.branches) == 2
        qtbot.waitUntil(lambda: not lab.player.playing)
        assert lab.player.frame.stop is Stop.LABELS

    def test_seeding_continues_from_a_dragged_centroid(self, lab, qtbot, play_to_end):
        assert len(lab.player.frame.centroids) == 1
        drag(lab.scatter, lab.player.frame.centroids[0], (5, 5))
        qtbot.waitUntil(lambda: lab.player.position == 1)
        assert len(lab.player.frame.centroids) == 2
        np.testing.assert_allclose(lab.player.frame.centroids[0], (5, 5), atol=0.5)
        play_to_end(lab)
        assert len(lab.player.frame.centroids) == 3

    def test_dragging_beside_a_centroid_pans_the_plot(self, lab, qtbot, play_to_end):
        play_to_end(lab)
        (left, right), _ = lab.scatter.getPlotItem().viewRange()
        corner = (left + 0.02 * (right - left), 0)
        drag(lab.scatter, corner, (corner[0] + 10, 5))
        assert lab.scatter.getPlotItem().viewRange()[0] != [left, right]
        assert len(lab.player.branches) == 1

    def test_clicking_the_curve_seeks_on_either_branch(self, lab, qtbot, play_to_end):
        play_to_end(lab)
        first = lab.player.branch
        lab.player.seek(4)
        drag(lab.scatter, lab.player.frame.centroids[1], (0, 0))
        qtbot.waitUntil(lambda: len(lab.player.branches) == 2)
        play_to_end(lab)
        x, y = lab.curve.curves[0][-1]
        click(lab.curve, x, y)
        assert lab.player.branch is first
        assert lab.player.position == len(first.frames) - 1

    def test_hovering_a_point_shows_its_label_and_distances(self, lab, qtbot, play_to_end):
        play_to_end(lab)
        frame, points = lab.player.frame, lab.loaded.dataset.points
        hover(lab.scatter, *points[7].tolist())
        index = lab.state.hovered
        np.testing.assert_allclose(points[index], points[7], atol=1)
        text = lab.scatter.note.text()
        assert f"label <b>{frame.labels[index]}</b>" in text
        nearest = np.linalg.norm(frame.centroids - points[index], axis=1).min()
        assert f"{nearest:.4g}" in text
        corner = lab.scatter.getPlotItem().getViewBox().viewRect().topLeft()
        hover(lab.scatter, corner.x(), corner.y())
        assert not lab.scatter.note.isVisible()

    def test_the_note_at_a_point_disappears_when_the_view_changes(self, lab, play_to_end):
        play_to_end(lab)
        point = lab.loaded.dataset.points[7].tolist()
        for change in (
            lambda: lab.scatter.set_view(QRectF(-5, -5, 10, 10)),
            lambda: lab.scatter.resize(lab.scatter.width() - 60, lab.scatter.height()),
        ):
            lab.scatter.reset_view()
            hover(lab.scatter, *point)
            assert lab.scatter.note.isVisible()
            change()
            assert not lab.scatter.note.isVisible()
            assert lab.state.hovered == -1

    def test_no_note_is_shown_while_a_centroid_is_dragged(self, lab, qtbot, play_to_end):
        play_to_end(lab)
        seen = []
        lab.scatter.dragging.connect(lambda *_: seen.append(lab.scatter.note.isVisible()))
        start = lab.player.frame.centroids[0]
        drag(lab.scatter, start, lab.player.frame.centroids[1])
        assert len(seen) > 3
        assert not any(seen)

    def test_changing_k_while_playing_restarts_and_keeps_playing(self, lab, qtbot):
        lab.player.play()
        qtbot.waitUntil(lambda: lab.player.position >= 3)
        lab.kmeans.k.setValue(5)
        qtbot.waitUntil(lambda: not lab.player.playing)
        assert len(lab.player.frame.centroids) == 5
        assert lab.table.rowCount() == 5

    def test_the_dice_draws_another_seed_and_runs_with_it(self, lab, qtbot):
        lab.kmeans.seeding.setCurrentIndex(lab.kmeans.seeding.findData(Seeding.RANDOM))
        qtbot.waitUntil(lambda: lab.player.position == 0)
        before = lab.kmeans.seed.value()
        qtbot.mouseClick(lab.kmeans.seed.dice, Qt.MouseButton.LeftButton)
        assert lab.kmeans.seed.value() != before
        qtbot.waitUntil(lambda: lab.player.position == 0)
        expected = next(cluster(lab.loaded.dataset.points, lab.kmeans.options))
        np.testing.assert_array_equal(lab.player.frame.centroids, expected.centroids)

    def test_too_many_clusters_show_a_notice_and_the_points_stay(
        self, window, lab, qtbot, tmp_path
    ):
        path = tmp_path / "three.csv"
        path.write_text("x,y\n1,2\n3,4\n,5\n9,1\n")
        open_file(lab, qtbot, path)
        lab.kmeans.k.setValue(5)
        qtbot.waitUntil(lambda: "choose k = 3 or less" in window.notices.text)
        assert "1 of 4 rows" in window.notices.text  # the notes about the file are still shown
        lab.kmeans.k.setValue(2)
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        assert "choose k" not in window.notices.text
        assert "1 of 4 rows" in window.notices.text

    def test_changed_labels_of_a_branch_are_counted_from_its_origin(self, lab, qtbot, play_to_end):
        play_to_end(lab)
        before = lab.player.frame
        drag(lab.scatter, before.centroids[1], (0, 0))
        qtbot.waitUntil(lambda: len(lab.player.branches) == 2 and lab.player.frame is not before)
        after = lab.player.branches[1].frames[lab.player.branches[1].fork]
        assert after.changed == np.count_nonzero(after.labels != before.labels)
        assert after.stop is None

    def test_dragging_ends_when_the_centroid_disappears(self, lab, qtbot, play_to_end):
        play_to_end(lab)
        disc = lab.scatter._discs._discs[2]
        disc.dragging.emit(1.0, 1.0)
        lab.kmeans.k.setValue(2)
        disc.dragging.emit(2.0, 2.0)
        disc.dropped.emit(2.0, 2.0)
        play_to_end(lab)
        assert len(lab.player.branches) == 1
        assert len(lab.player.frame.centroids) == 2

    def test_clicking_play_applies_a_typed_number(self, window, lab, qtbot):
        qtbot.mouseClick(lab.kmeans.k, Qt.MouseButton.LeftButton)
        lab.kmeans.k.setFocus()
        lab.kmeans.k.selectAll()
        qtbot.keyClicks(lab.kmeans.k, "5")
        qtbot.mouseClick(lab.transport.play, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not lab.player.playing)
        assert len(lab.player.frame.centroids) == 5

    def test_controls_that_have_the_focus_keep_their_keys(self, window, lab, qtbot, play_to_end):
        play_to_end(lab)
        lab.player.seek(3)
        lab.kmeans.slider.setFocus()
        qtbot.keyClick(lab.kmeans.slider, Qt.Key.Key_Right)
        assert lab.kmeans.k.value() == 4
        rate = lab.transport.rate
        lab.kmeans.k.setFocus()
        qtbot.keyClick(lab.kmeans.k, Qt.Key.Key_Up)
        assert lab.kmeans.k.value() == 5
        assert lab.transport.rate == rate
        lab.data.standardize.setFocus()
        qtbot.keyClick(lab.data.standardize, Qt.Key.Key_Space)
        assert lab.data.standardize.isChecked()
        assert not lab.player.playing

    def test_the_wheel_changes_only_the_box_with_the_focus(self, window, lab, qtbot):
        lab.scatter.setFocus()
        turn_wheel(lab.kmeans.k)
        turn_wheel(lab.kmeans.seeding)
        assert lab.kmeans.k.value() == 3
        assert lab.kmeans.seeding.currentIndex() == 0
        lab.kmeans.k.setFocus()
        turn_wheel(lab.kmeans.k)
        assert lab.kmeans.k.value() == 4

    def test_play_restarts_after_cancelling_before_the_first_frame(self, lab, qtbot):
        lab.restart()
        lab.player.give_up()
        assert "press R" in lab.lines.status.text()
        lab.transport.play.click()
        qtbot.waitUntil(lambda: lab.player.frame is not None and not lab.player.playing)

    def test_cancelling_is_shown_in_the_status(self, lab, qtbot):
        lab.player.play()
        qtbot.waitUntil(lambda: lab.player.position >= 3)
        lab.player.give_up()
        assert "cancelled: R starts again" in lab.lines.status.text()


def _near(hue, hues):
    """Return whether a hue is among others, up to rounding."""
    return any(abs(each - hue) <= 2 for each in hues)


class TestData:
    def test_a_table_with_gaps_and_text_says_what_was_left_out(
        self, window, lab, qtbot, play_to_end
    ):
        open_file(lab, qtbot, IRIS)
        assert "species" in window.notices.text
        assert "1 of 150 rows" in window.notices.text
        assert lab.loaded.dataset.points.shape == (149, 4)
        assert window.windowTitle() == "iris.csv – Barycenter"
        play_to_end(lab)

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("empty.csv", "", "empty"),
            ("words.csv", "a,b\nx,y\n", "no column of numbers"),
            ("ragged.csv", "a,b\n1,2\n3\n4,5,6\n", "ragged.csv"),
            ("notes.docx", "?", "cannot be opened"),
        ],
    )
    def test_an_unreadable_file_shows_a_notice_and_the_old_points_stay(
        self, window, lab, qtbot, tmp_path, name, content, sentence
    ):
        before = lab.loaded
        path = tmp_path / name
        path.write_text(content)
        lab.open(str(path))
        qtbot.waitUntil(lambda: sentence in window.notices.text)
        assert lab.loaded is before
        assert lab.player.frame is not None
        assert lab.data.kind.currentData() == "blobs"

    def test_a_missing_file_shows_a_notice(self, window, lab, qtbot, tmp_path):
        lab.open(str(tmp_path / "gone.csv"))
        qtbot.waitUntil(lambda: "There is no file" in window.notices.text)

    def test_the_next_valid_file_clears_the_notice(self, window, lab, qtbot, tmp_path):
        window.notices.say("something about before")
        path = tmp_path / "good.csv"
        path.write_text("x,y\n1,2\n3,4\n9,1\n")
        open_file(lab, qtbot, path)
        assert window.notices.text == ""

    def test_a_file_dropped_on_the_window_opens(self, window, lab, qtbot):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(IRIS))])
        copy, left, none = (
            Qt.DropAction.CopyAction,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        enter = QDragEnterEvent(QPoint(9, 9), copy, data, left, none)
        QApplication.sendEvent(window, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(window, QDropEvent(QPointF(9, 9), copy, data, left, none))
        qtbot.waitUntil(lambda: lab.loaded.dataset.source == str(IRIS))

    def test_the_button_opens_a_file(self, lab, qtbot, monkeypatch):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(IRIS), ""))
        qtbot.mouseClick(lab.data.open_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: lab.loaded.dataset.source == str(IRIS))
        assert "149 of 150 rows" in lab.data.about.text()

    def test_a_spin_box_keeps_the_focus_while_its_number_changes(self, lab, qtbot):
        box = lab.data.parameters["variance"]
        box.setFocus()
        box.setValue(box.value() + 1)
        qtbot.waitUntil(lambda: "variance=21" in lab.loaded.dataset.source)
        assert lab.data.parameters["variance"] is box
        assert box.hasFocus()

    def test_opening_a_file_overrides_a_number_that_just_changed(self, lab, qtbot):
        lab.data._rest.setInterval(0)  # points would be generated at once
        lab.data.parameters["variance"].setValue(33)
        open_file(lab, qtbot, IRIS)
        wait_for_engine(lab.bridge)
        assert lab.loaded.dataset.source == str(IRIS)

    def test_too_many_points_show_a_notice_and_the_form_is_reset(self, window, lab, qtbot):
        lab.data.parameters["per_cluster"].setValue(10_000_000)
        qtbot.waitUntil(lambda: "10,000,000" in window.notices.text)
        assert lab.data.parameters["per_cluster"].value() == 40

    def test_a_generator_is_chosen_by_its_form(self, lab, qtbot):
        lab.data.kind.setCurrentIndex(lab.data.kind.findData("moons"))
        qtbot.waitUntil(lambda: lab.loaded.dataset.source.startswith("moons"))
        lab.data.parameters["n_points"].setValue(700)
        qtbot.waitUntil(lambda: len(lab.loaded.dataset.points) == 700)
        expected = source.load("moons:n_points=700,seed=1").points
        np.testing.assert_array_equal(lab.loaded.dataset.points, expected)

    def test_all_columns_are_clustered_although_two_are_shown(self, lab, qtbot, play_to_end):
        open_file(lab, qtbot, IRIS)
        play_to_end(lab)
        before = lab.player.frame
        assert before.centroids.shape == (3, 4)
        assert not lab.toggles.regions.isEnabled()
        lab.data.vertical.setCurrentIndex(3)
        assert lab.player.frame is before
        np.testing.assert_allclose(lab.scatter.shown_centroids, before.centroids[:, [0, 3]])

    def test_a_subset_of_columns_can_be_chosen(self, lab, qtbot):
        open_file(lab, qtbot, IRIS)
        for row in (0, 1):
            lab.data.columns.tick(row, False)
        qtbot.waitUntil(lambda: len(lab.loaded.dataset.columns) == 2)
        # The gap is in a column that is not clustered any more, so its row is back.
        assert lab.loaded.dataset.points.shape == (150, 2)
        assert lab.toggles.regions.isEnabled()
        lab.data.columns.tick(0)
        qtbot.waitUntil(lambda: len(lab.loaded.dataset.columns) == 3)

    def test_the_last_column_cannot_be_removed(self, lab, qtbot):
        open_file(lab, qtbot, IRIS)
        for row in range(4):
            lab.data.columns.tick(row, False)
        qtbot.waitUntil(lambda: len(lab.loaded.dataset.columns) == 1)
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        assert lab.data.columns.ticked == lab.loaded.dataset.columns == ("petal width (cm)",)

    def test_a_single_column_is_drawn_against_the_row(self, lab, qtbot, tmp_path, play_to_end):
        path = tmp_path / "one.csv"
        path.write_text("height\n" + "\n".join(str(h) for h in [1, 2, 3, 11, 12, 13, 21, 22, 23]))
        open_file(lab, qtbot, path)
        play_to_end(lab)
        assert sorted(lab.player.frame.centroids[:, 0].tolist()) == [2, 12, 22]
        drag(lab.scatter, lab.scatter.shown_centroids[0], (17, 5))
        qtbot.waitUntil(lambda: len(lab.player.branches) == 2)

    def test_standardized_columns_are_shown_in_data_units(self, lab, qtbot, tmp_path, play_to_end):
        path = tmp_path / "units.csv"
        rows = [(0, 0), (1, 0), (10, 1000), (11, 1000)]
        path.write_text("x,y\n" + "\n".join(f"{x},{y}" for x, y in rows))
        lab.kmeans.k.setValue(2)
        open_file(lab, qtbot, path)
        lab.data.standardize.setChecked(True)
        qtbot.waitUntil(lambda: lab.player.position == 0)
        play_to_end(lab)
        shown = sorted(lab.scatter.shown_centroids.tolist())
        np.testing.assert_allclose(shown, [[0.5, 0], [10.5, 1000]], atol=1e-3)

    def test_many_points_are_drawn_and_can_be_hovered(self, lab, qtbot, play_to_end):
        n_points = MAX_MARKERS + 5_000
        lab.open(f"moons:n_points={n_points},noise=2")
        qtbot.waitUntil(lambda: len(lab.loaded.dataset.points) == n_points)
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        play_to_end(lab)
        assert not lab.toggles.lines.isEnabled()
        hover(lab.scatter, *lab.loaded.dataset.points[3].tolist())
        assert lab.state.hovered >= 0
        image = lab.picture().toImage()
        seen = [image.pixelColor(x, y) for x in range(60, 600, 3) for y in range(0, 500, 3)]
        hues = {color.hue() for color in seen if color.saturation() > 150}
        assert all(_near(current().cluster_color(label).hue(), hues) for label in range(3))


class TestSaving:
    def test_labels_and_centroids_are_written(self, window, lab, qtbot, tmp_path, play_to_end):
        open_file(lab, qtbot, IRIS)
        play_to_end(lab)
        lab.exports.save_labels(tmp_path / "labels.csv")
        qtbot.waitUntil(lambda: "labels.csv" in window.notices.text)
        lines = (tmp_path / "labels.csv").read_text().splitlines()
        assert len(lines) == 151
        assert lines[4] == "4,"  # the row with the gap
        lab.exports.save_centroids(tmp_path / "centroids.csv")
        qtbot.waitUntil(lambda: "centroids.csv" in window.notices.text)
        assert len((tmp_path / "centroids.csv").read_text().splitlines()) == 4

    def test_the_figure_is_saved_and_copied(self, window, lab, qtbot, tmp_path):
        lab.exports.save_picture(tmp_path / "plot.png")
        qtbot.waitUntil(lambda: "plot.png" in window.notices.text)
        assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
        press(window, qtbot, Qt.Key.Key_Escape)
        qtbot.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QApplication.clipboard().pixmap().width() == lab.scatter.width()

    def test_the_history_is_written_as_an_animation(
        self, window, lab, qtbot, tmp_path, play_to_end
    ):
        play_to_end(lab)
        lab.player.seek(2)
        lab.recording.save(tmp_path / "k-means.gif")
        qtbot.waitUntil(lambda: "k-means.gif" in window.notices.text)
        with Image.open(tmp_path / "k-means.gif") as animation:
            assert animation.n_frames == len(lab.player.branch.frames)
            animation.seek(animation.n_frames - 1)
            colors = {color for _, color in animation.convert("RGB").getcolors(10**6)}
        for label in range(3):
            wanted = np.array(QColor(current().clusters[label]).getRgb()[:3])
            assert min(np.abs(wanted - color).sum() for color in colors) < 90
        assert lab.player.position == 2

    def test_an_animation_can_be_cancelled(self, window, lab, tmp_path, play_to_end, qtbot):
        play_to_end(lab)
        lab.recording.save(tmp_path / "k-means.gif")
        recorder = lab.recording._recorder
        lab.recording.save(tmp_path / "other.gif")
        assert "other.gif is not saved" in window.notices.text
        lab.recording.busy.cancel_button.click()
        qtbot.waitUntil(lambda: sip.isdeleted(recorder))  # and so is the timer of its frames
        wait_for_engine(lab.bridge)
        assert not list(tmp_path.glob("*.gif"))
        lab.recording.save(tmp_path / "k-means.gif")
        qtbot.waitUntil(lambda: (tmp_path / "k-means.gif").exists())

    def test_the_figure_is_saved_in_the_format_of_its_suffix(
        self, lab, qtbot, tmp_path, monkeypatch
    ):
        saved_pictures(lab, monkeypatch, qtbot.waitUntil, tmp_path)

    @pytest.mark.parametrize("entry", ["Save labels", "Save centroids", "Save points"])
    def test_tables_are_saved_in_the_format_of_their_suffix(
        self, lab, qtbot, tmp_path, monkeypatch, play_to_end, entry
    ):
        play_to_end(lab)
        for suffix in TABLE.suffixes:
            path = tmp_path / f"t{suffix}"
            save_by_menu(lab, monkeypatch, entry, path)
            qtbot.waitUntil(path.exists)
        table = pl.read_parquet(tmp_path / "t.parquet")
        assert pl.read_csv(tmp_path / "t.csv").columns == table.columns
        assert pl.read_csv(tmp_path / "t.tsv", separator="\t").columns == table.columns
        frame, points = lab.player.frame, lab.loaded.dataset.points
        expected = {
            "Save labels": frame.labels,
            "Save centroids": frame.centroids,
            "Save points": points,
        }[entry]
        np.testing.assert_allclose(np.load(tmp_path / "t.npy"), expected, rtol=1e-6)
        last = table.columns[-1]
        np.testing.assert_allclose(table[last], expected.reshape(len(expected), -1)[:, -1])

    def test_the_table_is_saved_with_its_clusters(
        self, lab, qtbot, tmp_path, monkeypatch, play_to_end
    ):
        open_file(lab, qtbot, IRIS)
        play_to_end(lab)
        path = tmp_path / "t.csv"
        save_by_menu(lab, monkeypatch, "Save table with clusters", path)
        qtbot.waitUntil(path.exists)
        table, read = pl.read_csv(path), pl.read_csv(IRIS)
        assert table.drop("cluster").columns == read.columns
        assert table.height == read.height == 150
        assert table["cluster"][3] is None  # the row with the gap
        expected = [int(label) for label in lab.player.frame.labels]
        assert table["cluster"].drop_nulls().to_list() == expected

    @pytest.mark.parametrize("save", ["save_labels", "save_centroids", "save_with_clusters"])
    def test_a_result_cannot_replace_the_open_table(
        self, window, lab, qtbot, tmp_path, play_to_end, save
    ):
        path = tmp_path / "own.csv"
        path.write_text("x,y\n" + "".join(f"{n / 3},{n % 4}\n" for n in range(20)))
        before = path.read_bytes()
        open_file(lab, qtbot, path)
        play_to_end(lab)
        getattr(lab.exports, save)(path)
        qtbot.waitUntil(lambda: "own.csv is already in use" in window.notices.text)
        assert path.read_bytes() == before

    @pytest.mark.parametrize(
        ("save", "name"),
        [("save_labels", "l.csv"), ("save_centroids", "c.npy"), ("save_picture", "p.svg")],
    )
    def test_a_missing_folder_shows_a_notice(self, window, lab, qtbot, tmp_path, save, name):
        getattr(lab.exports, save)(tmp_path / "nowhere" / name)
        qtbot.waitUntil(lambda: "cannot be written" in window.notices.text)


class PaintCounter(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget):
        super().__init__(widget)
        self.n_times = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.n_times += event.type() == QEvent.Type.Paint
        return False


class TestLook:
    def test_a_step_does_not_repaint_the_form(self, lab, qtbot, play_to_end):
        play_to_end(lab)
        settle()
        label = lab.data.findChildren(QLabel)[0]
        form, status = PaintCounter(label), PaintCounter(lab.lines.status)
        for _ in range(5):
            lab.player.back()
            settle()
        assert status.n_times >= 5
        assert form.n_times == 0

    def test_light_and_dark_themes(self, window, lab):
        for name, darker in (("light", False), ("dark", True)):
            window.set_theme(name)
            corner = window.grab().toImage().pixelColor(3, window.height() // 2)
            assert (corner.lightnessF() < 0.5) == darker
            ground = lab.scatter.grab().toImage().pixelColor(2, 2)
            assert ground == QColor(current().card)

    def test_text_size_stays_within_bounds(self, window, lab, qtbot):
        usual = window.font().pointSizeF()
        qtbot.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
        assert QApplication.font().pointSizeF() > usual
        for _ in range(2):
            window.zoom(2.0)
        assert current().scale == 2.5
        window.zoom(0)
        assert QApplication.font().pointSizeF() == usual

    @pytest.mark.parametrize(("scale", "width"), [(1.0, 1024), (1.6, 1280), (2.5, 1920)])
    def test_the_window_fits_a_projector_with_larger_text(self, window, qtbot, scale, width):
        window.zoom(scale)
        qtbot.waitUntil(lambda: window.minimumSizeHint().width() <= width)

    def test_the_text_size_is_restored_before_the_first_paint(self, settings_path, tmp_path):
        """In its own process, because earlier windows have set a size in this one."""
        code = (
            "from pathlib import Path\n"
            "from PyQt6.QtWidgets import QApplication\n"
            "from app.window import MainWindow\n"
            "from engine.runtime import device\n"
            "device.frames = lambda: (each for each in ())  # no TensorFlow: nothing is computed\n"
            "application = QApplication([])\n"
            f"window = MainWindow(Path({str(settings_path)!r}))\n"
            "window.show()\n"
            "lab = window.tabs.clustering\n"
            "parts = lab.kmeans.k, lab.lines.status, window.tabs\n"
            "print({each.font().pointSizeF() for each in parts})\n"
            "print(window.width())\n"
            "window.close()\n"
        )
        large = {"window": {"scale": 1.6}, "clustering": {"live_line": True}}
        settings_path.write_text(json.dumps(large))
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            timeout=waiting.seconds_left(),
        )
        assert done.stdout == "{16.0}\n1280\n", done.stderr

    def test_a_shorter_status_text_does_not_move_the_plot(self, window, lab, qtbot):
        one, before = lab.lines.status.height(), lab.scatter.height()
        lab.lines.status.setText("word " * 60)
        qtbot.waitUntil(lambda: lab.scatter.height() < before)
        two, plot = lab.lines.status.height(), lab.scatter.height()
        lab.lines.status.setText("short")
        settle()
        assert (lab.lines.status.height(), lab.scatter.height()) == (two, plot)
        window.resize(1400, 800)
        qtbot.waitUntil(lambda: lab.lines.status.height() == one)

    def test_the_columns_share_the_width_until_the_user_resizes_them(
        self, open_window, qtbot, settings_path
    ):
        first = open_window()
        first.resize(1280, 800)
        qtbot.waitUntil(lambda: first.width() == 1280)
        left, stage, right = first.tabs.clustering.columns.sizes()
        assert min(left, right) >= 250
        first.resize(1500, 800)
        qtbot.waitUntil(lambda: first.tabs.clustering.columns.sizes()[1] > stage + 150)
        assert first.tabs.clustering.columns.sizes()[0] == left
        first.tabs.clustering.columns.moveSplitter(320, 1)
        first.close()
        assert open_window().tabs.clustering.columns.sizes()[0] == pytest.approx(320, abs=8)

    def test_the_panels_beside_the_plot_can_be_hidden(self, window, lab, qtbot):
        before = lab.scatter.width()
        qtbot.keyClick(window, Qt.Key.Key_F9)
        qtbot.keyClick(window, Qt.Key.Key_F10)
        qtbot.waitUntil(lambda: lab.scatter.width() > before + 300)
        assert not lab.data.isVisible()
        assert not lab.table.isVisible()

    def test_every_toggle_changes_the_plot(self, lab, play_to_end):
        play_to_end(lab)
        lab.player.seek(len(lab.player.branch.frames) - 2)
        for action in (
            lab.toggles.regions,
            lab.toggles.lines,
            lab.toggles.trails,
            lab.toggles.shapes,
        ):
            before = lab.scatter.grab().toImage()
            action.trigger()
            assert lab.scatter.grab().toImage() != before, action.text()

    def test_shapes_are_shown_in_the_table(self, lab):
        before = lab.table.item(0, 0).icon().cacheKey()
        lab.toggles.shapes.trigger()
        assert lab.table.item(0, 0).icon().cacheKey() != before

    def test_the_columns_of_the_table_add_up(self, lab, play_to_end):
        play_to_end(lab)
        sizes = [int(lab.table.item(row, 1).text().replace(",", "")) for row in range(3)]
        assert sum(sizes) == len(lab.loaded.dataset.points)

    def test_the_list_of_keys_comes_from_the_actions(self, window):
        window.menus.show_keys()
        text = window.findChild(QMessageBox).text()
        for key in ("Space", "Right", "Left", "Home", "End", "R", "Ctrl+O", "F1"):
            assert f"<b>{key}" in text


class TestRemembering:
    def test_settings_are_restored_at_the_next_start(self, open_window, settings_path, qtbot):
        first = open_window()
        open_file(first.tabs.clustering, qtbot, IRIS)
        first.set_theme("dark")
        first.tabs.clustering.kmeans.k.setValue(4)
        first.tabs.clustering.toggles.lines.trigger()
        first.tabs.clustering.kmeans.seeding.setCurrentIndex(2)
        first.tabs.clustering.kmeans.seed.setValue(77)
        first.tabs.clustering.kmeans.max_iter.setValue(9)
        first.tabs.clustering.data.standardize.setChecked(True)
        first.resize(1111, 777)
        first.close()
        second = open_window()
        assert current().dark
        assert second.tabs.clustering.kmeans.k.value() == 4
        assert second.tabs.clustering.toggles.lines.isChecked()
        assert second.tabs.clustering.kmeans.options == first.tabs.clustering.kmeans.options
        assert second.tabs.clustering.plane.scaling.scale.tolist() != [1, 1, 1, 1]
        assert second.tabs.clustering.loaded.dataset.source == str(IRIS)
        assert second.settings.recent_files == (str(IRIS),)

    @pytest.mark.parametrize("source", ["/nowhere/gone.csv", "blobs:clusters=0", "blobs:?"])
    def test_missing_points_do_not_prevent_the_start(self, open_window, settings_path, source):
        settings_path.write_text(json.dumps({"clustering": {"source": source}}))
        window = open_window()
        assert window.tabs.clustering.loaded.generated
        assert window.notices.text  # the notice says what is wrong
        assert window.tabs.clustering.settings.source == source  # the next start tries again

    def test_a_recent_file_opens_from_the_menu(self, window, lab, qtbot):
        open_file(lab, qtbot, IRIS)
        lab.open("uniform")
        qtbot.waitUntil(lambda: lab.loaded.generated)
        window.menus.recent.actions()[0].trigger()
        qtbot.waitUntil(lambda: lab.loaded.dataset.source == str(IRIS))


class TestClosing:
    @pytest.fixture(autouse=True)
    def patient(self, monkeypatch):
        """Wait for the engine longer than a user would, because tests run next to busy programs."""
        monkeypatch.setattr(Tab, "close_seconds", property(lambda _: waiting.seconds_left()))

    def test_closing_while_playing_stops_the_engine(self, window, lab, qtbot, idle_at_close):
        lab.player.play()
        window.close()
        assert idle_at_close == [True]

    @pytest.mark.parametrize(
        ("save", "name"),
        [
            ("save_labels", "saved.csv"),
            ("save_picture", "saved.png"),
            ("save", "saved.gif"),
        ],
    )
    def test_closing_waits_for_a_file_that_is_being_saved(
        self, window, lab, qtbot, tmp_path, play_to_end, save, name
    ):
        play_to_end(lab)
        path = tmp_path / name
        part = lab.recording if name.endswith(".gif") else lab.exports
        getattr(part, save)(path)
        assert not window.close()
        assert f"Still to be written: {name}." in window.notices.text
        assert not window.acceptDrops()
        window.tabs.currentChanged.emit(0)  # like everything that clears the notices
        assert f"Still to be written: {name}." in window.notices.text
        qtbot.waitUntil(lambda: not window.isVisible())
        assert path.stat().st_size > 0

    def test_closing_while_points_are_generated_stops_the_engine(self, window, lab, idle_at_close):
        lab.open("blobs:clusters=2,per_cluster=200000")
        window.close()
        assert idle_at_close == [True]


class TestWaiting:
    def test_a_long_wait_is_explained(self, lab, qtbot, monkeypatch):
        monkeypatch.setattr("app.labs.clustering.drawing.state_lines._LONG_MS", 1)
        monkeypatch.setattr(type(lab.player), "waiting", property(lambda _: True))
        lab.player.changed.emit()
        qtbot.waitUntil(lambda: "compiles" in lab.lines.status.text())
        monkeypatch.undo()
        lab.player.changed.emit()
        assert "compiles" not in lab.lines.status.text()
