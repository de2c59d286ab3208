"""The live line, in the real window: what the engine executed, by line, by click and by key."""

import re

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from app.labs.clustering.live_line import words as live_words
from app.numbers import in_bytes, in_ms
from engine import source
from engine.clustering.frames import Phase
from engine.clustering.operations.trace import trace
from engine.clustering.operations.traces import Trace
from tests.app.driving import IRIS, click


@pytest.fixture
def live(lab, window, qtbot):
    """The live line, shown by its key."""
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert lab.live.panel.isVisible()
    return lab.live


def step_to(lab, qtbot, phase):
    while lab.player.frame.phase is not phase:
        position = lab.player.position
        lab.player.step()
        qtbot.waitUntil(lambda at=position: lab.player.position > at)
    lab.live.panel.compare.setChecked(False)
    wait_for(lab, qtbot)


def wait_for(lab, qtbot):
    """Until what is listed is of the frame on screen."""
    qtbot.waitUntil(lambda: not lab.live.is_busy and lab.live.shown is lab.player.frame)


def click_operation(view, row):
    place = view.visualItemRect(view.item(row)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def shown(panel):
    return panel.numbers.toPlainText()


def mean_shown(panel):
    return [float(number) for number in shown(panel).rpartition("mean of all")[2].split()]


def test_a_key_shows_it_in_the_place_of_the_other_numbers(window, lab, live, qtbot):
    assert not lab.table.isVisible()
    assert lab.scatter.height() > 400
    assert "Seeding" in live.panel.says.text()
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert not live.panel.isVisible()
    assert lab.table.isVisible()


def test_it_lists_what_the_engine_executes_at_the_half_step_on_screen(lab, live, qtbot):
    for phase in (Phase.ASSIGN, Phase.UPDATE):
        step_to(lab, qtbot, phase)
        traced = live.listing.traces[live.chosen, phase]
        assert live.panel.operations.lines == [each.line for each in traced.operations]
        frame = lab.player.frame
        expected = frame.labels if phase is Phase.ASSIGN else frame.centroids
        np.testing.assert_allclose(traced.result, expected, rtol=1e-5)
        assert live.panel.says.text().startswith(phase.value.capitalize())


def test_the_form_chooses_the_formulation(lab, live, qtbot):
    step_to(lab, qtbot, Phase.ASSIGN)
    assert any("score[row, cluster]" in line for line in live.panel.operations.lines)
    lab.kmeans.formulation.setCurrentText("As taught")
    qtbot.waitUntil(lambda: lab.player.position == 0)
    step_to(lab, qtbot, Phase.ASSIGN)
    assert live.panel.operations.lines[0] == (
        "difference[cluster, point, dim] = point[point, dim] - centroid[cluster, dim]"
    )
    text = live.panel.operations.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "cluster 3, point 120, dim 2; float64 · 5.62 KiB" in text


def test_sizes_are_at_the_axes(lab, live, qtbot):
    step_to(lab, qtbot, Phase.ASSIGN)
    said = re.sub(r"<[^>]+>|&nbsp;", "", live.panel.operations.html(2))
    assert said.startswith("score[row 120, cluster 3]")


def test_the_operations_light_up_one_after_the_other(lab, live, qtbot, monkeypatch):
    monkeypatch.setattr("app.labs.clustering.live_line.walk._PAUSE_MS", 1)
    lab.toggles.tween.setChecked(True)
    lit = []
    live.panel.operations.currentRowChanged.connect(lit.append)
    step_to(lab, qtbot, Phase.ASSIGN)
    qtbot.waitUntil(lambda: live.panel.operations.currentRow() == 4)
    assert [row for row in lit if row >= 0] == [0, 1, 2, 3, 4]
    qtbot.waitUntil(lambda: not live.walk.goes_on)


def test_nothing_moves_by_itself_where_nothing_glides(lab, live, qtbot):
    step_to(lab, qtbot, Phase.ASSIGN)  # the settings of the tests have no gliding
    assert not live.walk.goes_on
    assert live.panel.operations.currentRow() == -1


def test_an_operation_is_lit_by_a_click_and_by_the_arrow_keys(lab, live, qtbot):
    step_to(lab, qtbot, Phase.ASSIGN)
    operations, position = live.panel.operations, lab.player.position
    click_operation(operations, 1)
    assert operations.currentRow() == 1
    operations.setFocus()
    qtbot.keyClick(operations, Qt.Key.Key_Down)
    assert operations.currentRow() == 2
    assert lab.player.position == position


def test_a_click_on_a_point_shows_its_distances_the_smallest_marked(lab, live, qtbot):
    step_to(lab, qtbot, Phase.ASSIGN)
    points, frame = lab.loaded.dataset.points, lab.player.frame
    others = np.concatenate([points, frame.centroids])
    apart = np.linalg.norm(points[:, np.newaxis] - others, axis=2)
    index = int(np.sort(apart)[:, 1].argmax())  # the loneliest point
    click(lab.scatter, *points[index].tolist())
    assert lab.state.selected == {"point": index}
    wait_for(lab, qtbot)
    distances = frame.distances(points[index])
    lines = shown(live.panel).splitlines()
    assert f"row {index + 1} has label {frame.labels[index]}" in lines[0]
    text = " ".join(lines)
    for distance in distances:
        assert f"{distance:.4g}" in text
    assert re.search(rf"{distances.min():.4g}\s+[-\d.,]+\s+◀ smallest distance", text)


def test_a_click_on_a_centroid_shows_its_points_and_their_mean(lab, live, qtbot):
    step_to(lab, qtbot, Phase.ASSIGN)
    points, frame = lab.loaded.dataset.points, lab.player.frame
    click(lab.scatter, *frame.centroids[1].tolist())
    assert lab.state.selected == {"cluster": 1}
    wait_for(lab, qtbot)
    members = points[frame.labels == 1]
    text = shown(live.panel)
    assert f"centroid 1 (vermilion): {len(members)} points" in text
    assert f"and {len(members) - 8} more" in text
    mean = pytest.approx(members.mean(0).tolist(), rel=1e-4)
    assert mean_shown(live.panel) == mean
    lab.player.step()  # the update goes where the mean was
    qtbot.waitUntil(lambda: lab.player.frame.phase is Phase.UPDATE)
    wait_for(lab, qtbot)
    assert mean_shown(live.panel) == mean


def test_a_click_beside_everything_lets_go(lab, live, qtbot):
    step_to(lab, qtbot, Phase.ASSIGN)
    click(lab.scatter, *lab.player.frame.centroids[0].tolist())
    box = lab.scatter.getPlotItem().getViewBox().viewRect()
    click(lab.scatter, box.left() + 0.01 * box.width(), box.top() + 0.01 * box.height())
    assert lab.state.selected == {}
    wait_for(lab, qtbot)
    assert shown(live.panel) == live_words.CLICK


def test_the_lit_operation_tells_its_numbers_at_the_point(lab, live, qtbot):
    lab.kmeans.formulation.setCurrentText("As taught")
    qtbot.waitUntil(lambda: lab.player.position == 0)
    step_to(lab, qtbot, Phase.ASSIGN)
    point = lab.loaded.dataset.points[7]
    lab.scatter.clicked.emit(7, -1)
    wait_for(lab, qtbot)
    click_operation(live.panel.operations, 0)
    differences = point - lab.player.frame.centroids
    assert "difference of row 8, as the engine has it" in shown(live.panel)
    assert f"{differences[0, 0]:.3f}"[:-1] in shown(live.panel)


def test_a_switch_shows_the_code_that_ran(lab, live, qtbot):
    step_to(lab, qtbot, Phase.ASSIGN)
    live.panel.code.click()
    assert live.panel.source.isVisible()
    code = live.panel.source.toPlainText()
    assert code.startswith("def assign(points: tf.Tensor, centroids: tf.Tensor)")
    assert "tf.matmul(tile, centroid, transpose_b=True) - offset" in code
    live.panel.operations.picked.emit(2)
    marked = live.panel.source.extraSelections()
    assert marked[0].cursor.block().text().startswith("def score(")
    live.panel.code.click()
    assert live.panel.operations.isVisible()


def test_both_formulations_are_compared(lab, live, qtbot):
    step_to(lab, qtbot, Phase.ASSIGN)
    live.panel.compare.click()
    wait_for(lab, qtbot)
    text = shown(live.panel)
    assert re.search(r"as taught\s+4\s+5.62 KiB", text)
    assert re.search(r"fast\s+5\s+2.81 KiB", text)
    assert "Both come to the same" in text
    lab.scatter.clicked.emit(3, -1)
    assert not live.panel.compare.isChecked()


def test_too_much_as_taught_is_said_and_not_executed(lab, live, qtbot, monkeypatch):
    monkeypatch.setattr("engine.clustering.operations.trace.MAX_BYTES", 100)
    step_to(lab, qtbot, Phase.ASSIGN)
    live.panel.compare.click()
    wait_for(lab, qtbot)
    assert "120 points x 2 dimensions" in shown(live.panel)
    assert "fast" in shown(live.panel)
    lab.kmeans.formulation.setCurrentText("As taught")
    qtbot.waitUntil(lambda: lab.player.position == 0)
    step_to(lab, qtbot, Phase.ASSIGN)
    assert "120 points x 2 dimensions" in live.panel.says.text()
    assert live.panel.operations.count() == 0


def test_axes_of_one_size_are_pointed_out(lab, live, qtbot):
    step_to(lab, qtbot, Phase.ASSIGN)
    assert not live.panel.hint.isVisible()
    lab.kmeans.k.setValue(2)
    qtbot.waitUntil(lambda: lab.player.position == 0)
    step_to(lab, qtbot, Phase.ASSIGN)
    assert "cluster and dim are both 2" in live.panel.hint.text()
    assert live.panel.hint.isVisible()


def test_numbers_are_in_the_units_of_the_data_though_standardized(lab, live, qtbot):
    lab.data.standardize.click()
    qtbot.waitUntil(lambda: lab.player.position == 0)
    step_to(lab, qtbot, Phase.ASSIGN)
    lab.scatter.clicked.emit(-1, 2)
    wait_for(lab, qtbot)
    points, frame = lab.loaded.dataset.points, lab.player.frame
    members = points[frame.labels == 2]
    assert mean_shown(live.panel) == pytest.approx(members.mean(0).tolist(), rel=1e-4)


def test_a_table_of_four_columns_has_its_mean_too(lab, live, qtbot):
    lab.open(str(IRIS))
    qtbot.waitUntil(lambda: lab.loaded.dataset.points.shape[1] == 4)
    qtbot.waitUntil(lambda: lab.player.position == 0)
    step_to(lab, qtbot, Phase.UPDATE)
    lab.scatter.clicked.emit(-1, 0)
    wait_for(lab, qtbot)
    expected = lab.player.frame.centroids[0].tolist()
    assert mean_shown(live.panel) == pytest.approx(expected, rel=1e-4)


def test_it_waits_while_frames_follow_too_fast_and_then_catches_up(lab, live, qtbot, play_to_end):
    play_to_end(lab)
    lab.player.seek(1)
    lab.player.play()  # 30 a second
    qtbot.waitUntil(lambda: live.panel.says.text() == live_words.FAST)
    qtbot.waitUntil(lambda: not lab.player.playing)
    wait_for(lab, qtbot)
    assert live.panel.operations.count() == 5


class TestFindTheBug:
    def ask(self, lab, live, qtbot):
        live.panel.bug.click()
        qtbot.waitUntil(lambda: live.panel.card.result is not None)
        return live.panel.card

    def test_the_axes_show_it(self, lab, live, qtbot):
        card = self.ask(lab, live, qtbot)
        listed = [re.sub(r"<[^>]+>|&nbsp;", "", card.operations.html(row)) for row in range(7)]
        assert listed[1].startswith("centroid[cluster 2, dim 1]")
        assert listed[4].startswith("distance[cluster 2, point 120]")
        assert "cluster 1" in re.sub(r"<[^>]+>|&nbsp;", "", card.meant.text())

    def test_a_wrong_line_is_told_and_why(self, lab, live, qtbot):
        card = self.ask(lab, live, qtbot)
        click_operation(card.operations, 4)
        assert "Not this one" in card.verdict.toPlainText()
        assert "earlier line" in card.verdict.toPlainText()
        click_operation(card.operations, 0)
        assert "have the sizes that were meant" in card.verdict.toPlainText()

    def test_the_right_line_is_told_with_what_it_computes(self, lab, live, qtbot):
        card = self.ask(lab, live, qtbot)
        click_operation(card.operations, 1)
        text = card.verdict.toPlainText()
        assert "Yes, this is the bug" in text
        assert "tf.expand_dims(first, 1)" in text
        assert "tf.expand_dims(first, 0)" in text
        assert f"the farthest is point {card.result.meant + 1}" in text

    def test_another_seed_asks_anew(self, lab, live, qtbot):
        before = self.ask(lab, live, qtbot).result
        lab.kmeans.seed.setValue(5)
        qtbot.waitUntil(lambda: live.panel.card.result is not before)
        assert live.panel.card.verdict.toPlainText().startswith("Which one?")

    def test_other_units_of_distance_ask_anew(self, lab, live, qtbot):
        before = self.ask(lab, live, qtbot).result
        lab.data.standardize.click()
        qtbot.waitUntil(lambda: live.panel.card.result is not before)
        assert live.panel.card.result.distances.max() < before.distances.max()

    def test_one_column_hides_it(self, lab, live, qtbot, tmp_path):
        path = tmp_path / "one.csv"
        path.write_text("a\n" + "\n".join(map(str, range(20))))
        lab.open(str(path))
        qtbot.waitUntil(lambda: lab.loaded.dataset.points.shape[1] == 1)
        live.panel.bug.click()
        qtbot.waitUntil(lambda: "two columns" in live.panel.card.verdict.toPlainText())


@pytest.mark.parametrize(("scale", "width"), [(1.0, 1100), (1.6, 1280), (2.5, 1920)])
def test_larger_text_leaves_the_window_on_the_projector(window, lab, live, qtbot, scale, width):
    step_to(lab, qtbot, Phase.ASSIGN)
    window.zoom(scale)
    qtbot.waitUntil(lambda: window.minimumSizeHint().width() <= width)


def test_it_is_remembered(window, lab, live, open_window):
    window.close()
    assert open_window().tabs.clustering.live.panel.isVisible()


def test_what_is_shown_is_what_runs_without_a_window(lab, live, qtbot):
    step_to(lab, qtbot, Phase.ASSIGN)
    points = source.load(lab.loaded.dataset.source).points
    *_, headless = trace(points, lab.player.frame.centroids, Phase.ASSIGN)
    shown_trace = live.listing.traces[live.chosen, Phase.ASSIGN]
    assert isinstance(shown_trace, Trace)
    np.testing.assert_array_equal(shown_trace.result, headless.result)


def test_amounts_and_times_are_read_at_a_glance():
    assert [in_bytes(n) for n in (1, 48, 72_000, 2**20, 3 * 2**30)] == [
        "1 byte",
        "48 bytes",
        "70.3 KiB",
        "1 MiB",
        "3 GiB",
    ]
    times = [in_ms(seconds) for seconds in (0.00012, 0.0123, 1.5)]
    assert times == ["0.12 ms", "12 ms", "1,500 ms"]


def test_operations_of_another_half_step_are_named_until_those_on_screen_are_there(
    lab, live, qtbot
):
    step_to(lab, qtbot, Phase.ASSIGN)
    assert live.stale.sentence == ""
    said = []

    def on_moved():  # before the engine can answer
        said.append(live.stale.sentence)
        live.busy.cancel_button.click()
        said.append(live.stale.sentence)

    watching = lab.player.moved.connect(on_moved)
    lab.player.step()
    qtbot.waitUntil(lambda: bool(said))
    lab.player.moved.disconnect(watching)
    start = "Still shown: the operations of iteration 0, assign; those of the half-step on screen "
    assert said == [f"{start}are being measured.", f"{start}were not measured."]
    assert live.stale.veils[0].isVisible()
    live.refresh()
    wait_for(lab, qtbot)
    assert live.stale.sentence == ""
