"""Mean shift in the real window: its form, its frames, the kernel at the pointer, its files."""

import csv

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox

from app.controls.clustering.distance import BY_HAND
from app.labs.clustering import undo as undoing
from app.labs.clustering.algorithms.climbs import MAX_CLIMBS
from app.labs.clustering.algorithms.mean_shift import MEAN_SHIFT
from engine import source
from engine.clustering.frames import Phase, Stop
from engine.clustering.mean_shift.frames import Kernel, MeanShiftFrame
from engine.clustering.mean_shift.options import Form, MeanShiftOptions, Rule
from engine.clustering.mean_shift.stepper import mean_shift
from tests.app.driving import IRIS, drag, hover
from tests.app.shared_window import settings


def choose(box: QComboBox, value):
    box.setCurrentIndex(box.findData(value))


@pytest.fixture
def settings_path(settings_path):
    mine = {"algorithm": MEAN_SHIFT.name, "mean_shift": {"bandwidth": 5.0}}
    settings_path.write_text(settings(clustering=mine))
    return settings_path


@pytest.fixture
def play_to_end(qtbot):
    def play(lab):
        lab.player.play_to_end()
        qtbot.waitUntil(lambda: not lab.player.playing)
        assert lab.player.frame.stop is Stop.NO_SHIFT

    return play


@pytest.fixture
def control(lab):
    return lab.algorithm.form(MEAN_SHIFT.name)


class TestRuns:
    def test_shows_the_frames_of_the_engine(self, lab, play_to_end):
        play_to_end(lab)
        points = source.load(lab.loaded.dataset.source).points
        expected = list(mean_shift(points, MeanShiftOptions(bandwidth=5.0)))
        assert len(lab.player.branch.frames) == len(expected)
        for shown, computed in zip(lab.player.branch.frames, expected, strict=True):
            np.testing.assert_array_equal(shown.positions, computed.positions)
            np.testing.assert_array_equal(shown.labels, computed.labels)

    def test_everything_is_named_for_mean_shift_and_back(self, window, lab, qtbot, play_to_end):
        play_to_end(lab)
        assert (lab.lines.headline.text(), lab.lines.measure.text()) == ("Mean shift", "Shift")
        assert "nothing moves" in lab.lines.status.text()
        assert f"drawing {MAX_CLIMBS}" not in lab.lines.status.text()
        assert lab.table.horizontalHeaderItem(2).text() == "Density"
        assert lab.table.rowCount() == len(lab.player.frame.centroids)
        assert not lab.toggles.regions.isEnabled()
        assert lab.algorithm.form(MEAN_SHIFT.name).isVisible()
        lab.algorithm.kind.setCurrentIndex(0)
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        assert (lab.lines.headline.text(), lab.lines.measure.text()) == ("k-means", "Inertia")
        assert lab.table.horizontalHeaderItem(2).text() == "Inertia"
        assert lab.toggles.regions.isEnabled()
        assert not lab.algorithm.form(MEAN_SHIFT.name).isVisible()
        assert lab.kmeans.isVisible()

    def test_points_have_no_colour_until_climbs_merge(self, lab, qtbot, play_to_end):
        assert (lab.player.frame.labels == -1).all()
        play_to_end(lab)
        assert lab.player.frame.labels.min() == 0
        phases = [frame.phase for frame in lab.player.branch.frames]
        first = phases.index(Phase.MERGE)
        lab.player.seek(first)
        assert "mode 0 takes" in lab.lines.status.text()
        assert (lab.player.frame.labels == -1).any()

    def test_the_curve_is_the_longest_shift(self, lab, play_to_end):
        play_to_end(lab)
        curve = lab.curve.curves[0]
        shifts = [f for f in lab.player.branch.frames if f.phase is Phase.SHIFT]
        finite = curve[np.isfinite(curve).all(1)]
        np.testing.assert_allclose(finite[:, 0], [frame.iteration for frame in shifts])
        np.testing.assert_allclose(finite[:, 1], [frame.shift for frame in shifts])

    def test_keys_step_back_and_on(self, window, lab, qtbot, play_to_end):
        play_to_end(lab)
        last = lab.player.position
        qtbot.keyClick(window, Qt.Key.Key_Left)
        assert lab.player.position == last - 1
        qtbot.keyClick(window, Qt.Key.Key_Right)
        assert lab.player.position == last

    def test_a_mode_cannot_be_dragged(self, lab, play_to_end):
        play_to_end(lab)
        drag(lab.scatter, lab.player.frame.centroids[0].tolist(), (0, 0))
        assert len(lab.player.branches) == 1
        np.testing.assert_allclose(lab.scatter.shown_centroids, lab.player.frame.centroids)

    def test_points_that_are_left_alone_are_said_once(self, lab, control, qtbot, play_to_end):
        said = []
        lab.noticed.connect(said.append)
        control.bandwidth.setValue(0.01)
        play_to_end(lab)
        n_points = len(lab.player.frame.labels)
        assert len(said) == 1
        assert f"of {n_points:,} points are alone in their cluster" in said[0]
        assert "alone: choose a larger bandwidth" in lab.lines.status.text()
        lab.player.back()
        assert "alone" not in lab.lines.status.text()
        lab.player.step()
        assert len(said) == 1
        control.bandwidth.setValue(9)
        play_to_end(lab)
        assert len(said) == 1
        assert "alone" not in lab.lines.status.text()


class TestForm:
    def test_another_bandwidth_starts_again_and_is_by_hand(self, lab, control, qtbot, play_to_end):
        choose(control.rule, Rule.ESTIMATE.value)
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        assert control.bandwidth.value() == pytest.approx(lab.player.frame.bandwidth, rel=0.05)
        play_to_end(lab)
        control.slider.setValue(control.slider.value() + 20)
        assert control.rule.currentData() == BY_HAND
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        assert lab.player.position == 0
        assert lab.player.frame.bandwidth == pytest.approx(control.bandwidth.value())

    def test_undo_brings_the_rule_back(self, lab, control, qtbot, monkeypatch):
        monkeypatch.setattr(undoing, "MERGE_SECONDS", -1.0)
        choose(control.rule, Rule.ESTIMATE.value)
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        found = control.bandwidth.value()
        control.bandwidth.setValue(9)
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        lab.undo.undo()
        assert control.rule.currentData() == Rule.ESTIMATE.value
        assert control.bandwidth.value() == found
        assert control.options == lab.state.options == MeanShiftOptions(bandwidth=Rule.ESTIMATE)
        lab.undo.redo()
        assert control.options == lab.state.options == MeanShiftOptions(bandwidth=9.0)

    def test_kernel_and_form_reach_the_engine(self, lab, control, qtbot):
        choose(control.kernel, Kernel.FLAT)
        choose(control.form, Form.BLURRING)
        assert not control.seeds.isEnabled()
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        assert lab.state.options == MeanShiftOptions(
            bandwidth=5.0, kernel=Kernel.FLAT, form=Form.BLURRING
        )
        assert lab.player.frame.kernel is Kernel.FLAT

    def test_what_is_chosen_is_there_the_next_time(self, open_window):
        window = open_window()
        control = window.tabs.clustering.algorithm.form(MEAN_SHIFT.name)
        choose(control.kernel, Kernel.FLAT)
        control.bandwidth.setValue(7.5)
        window.close()
        again = open_window().tabs.clustering
        assert again.algorithm.name == MEAN_SHIFT.name
        assert again.state.options == MeanShiftOptions(bandwidth=7.5, kernel=Kernel.FLAT)
        assert isinstance(again.player.frame, MeanShiftFrame)

    def test_a_bandwidth_that_is_too_small_is_said(self, window, lab, control, qtbot):
        control.set_standard_deviation(1e-6)
        control.bandwidth.setValue(1e-7)
        qtbot.waitUntil(lambda: "too small" in window.notices.text)


class TestKernel:
    def test_the_kernel_lights_the_points_around_the_pointer(self, lab):
        points = lab.loaded.dataset.points
        hover(lab.scatter, *points[3].tolist())
        lit = lab.kernel.lit
        np.testing.assert_allclose(lit.at, points[3], atol=0.5)
        distances = np.linalg.norm(points - lit.at, axis=1)
        np.testing.assert_allclose(lit.weights, np.exp(-(distances**2) / 50), atol=1e-5)
        np.testing.assert_allclose(
            lit.mean, (lit.weights[:, np.newaxis] * points).sum(0) / lit.weights.sum(), rtol=1e-4
        )
        assert lab.kernel.item.boundingRect().width() >= 10

    def test_it_goes_with_the_pointer_and_with_the_algorithm(self, lab, qtbot):
        hover(lab.scatter, 0, 0)
        assert lab.kernel.lit is not None
        lab.scatter.pointed.emit(None)
        assert lab.kernel.lit is None
        hover(lab.scatter, 0, 0)
        lab.algorithm.kind.setCurrentIndex(0)
        assert lab.kernel.lit is None
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        hover(lab.scatter, 1, 1)
        assert lab.kernel.lit is None

    def test_it_is_not_there_where_the_plot_hides_distances(self, lab, qtbot, play_to_end):
        lab.open(str(IRIS))
        qtbot.waitUntil(lambda: lab.loaded.dataset.source == str(IRIS))
        qtbot.waitUntil(lambda: lab.player.frame is not None)
        hover(lab.scatter, *lab.scatter.xy[3].tolist())
        assert lab.kernel.lit is None
        play_to_end(lab)
        assert lab.scatter.shown_centroids.shape == (len(lab.player.frame.centroids), 2)


class TestFiles:
    def test_labels_modes_and_animation_are_saved(self, window, lab, qtbot, tmp_path, play_to_end):
        labels, animation = tmp_path / "labels.csv", tmp_path / "climb.gif"
        lab.exports.save_labels(labels)
        qtbot.waitUntil(labels.exists)
        assert {row["label"] for row in _rows(labels)} == {""}
        play_to_end(lab)
        lab.exports.save_labels(tmp_path / "last.csv")
        lab.exports.save_centroids(tmp_path / "modes.csv")
        qtbot.waitUntil((tmp_path / "modes.csv").exists)
        frame = lab.player.frame
        assert [int(row["label"]) for row in _rows(tmp_path / "last.csv")] == frame.labels.tolist()
        assert [int(row["size"]) for row in _rows(tmp_path / "modes.csv")] == frame.sizes.tolist()
        lab.recording.save(animation)
        qtbot.waitUntil(animation.exists)
        with Image.open(animation) as film:
            assert film.n_frames == len(lab.player.branch.frames)

    def test_a_long_caption_makes_no_picture_of_an_animation_wider(
        self, window, lab, qtbot, tmp_path, play_to_end
    ):
        window.zoom(1.6)
        play_to_end(lab)
        animation = tmp_path / "climb.gif"
        lab.recording.save(animation)
        qtbot.waitUntil(animation.exists)
        with Image.open(animation) as film:
            assert film.width == lab.scatter.width()


def _rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))
