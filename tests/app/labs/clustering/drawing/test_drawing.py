"""What is drawn of the frames: all of it when one stays, the points alone while they rush by."""

import json

import pytest

from app.labs.clustering.algorithms.kmeans import KMEANS
from app.labs.clustering.drawing import drawing
from app.running import player
from engine.clustering.frames import Phase


@pytest.fixture
def settings_path(tmp_path):
    """Points that take many iterations."""
    path = tmp_path / "settings.json"
    source = "blobs:clusters=1,per_cluster=5000,variance=20,seed=1"
    path.write_text(json.dumps({"clustering": {"source": source, "tween": False}}))
    return path


@pytest.fixture
def slow_reader(monkeypatch):
    """Who reads the numbers once in a minute, unless they stay."""
    monkeypatch.setattr(drawing, "_READING_MS", 60_000)


@pytest.fixture
def drawn(lab, monkeypatch):
    """How often points, curves and the table were drawn."""
    counts = {}

    def count(view):
        draw = view.draw

        def counted(*arguments):
            counts[view] = counts.get(view, 0) + 1
            draw(*arguments)

        monkeypatch.setattr(view, "draw", counted)

    for view in (lab.scatter, lab.curve, lab.table):
        count(view)
    return counts


@pytest.fixture
def rushing(lab, qtbot, monkeypatch):
    """A run that goes as fast as it can, a frame at a time, its seeding done."""
    monkeypatch.setattr(player, "_FAST_BUDGET", 0)
    monkeypatch.setattr(player, "_MOST_BUDGET", 0)
    while lab.player.frame.phase is Phase.SEED:
        with qtbot.waitSignal(lab.player.moved):
            lab.player.step()
    lab.player.set_rate(None)
    return lab.player


def written(lab):
    """What is to be read: the sizes in the table, where the curve ends, the words."""
    sizes = [int(lab.table.item(row, 1).text().replace(",", "")) for row in range(6)]
    return sizes, lab.curve.curves[0][-1].tolist(), lab.lines.value.text()


def expected(lab):
    frame = lab.player.frame
    place = frame.iteration - 0.5 * (frame.phase is Phase.UPDATE)
    return frame.sizes.tolist(), [place, frame.inertia], KMEANS.measure_line(frame)


def test_curves_and_numbers_wait_while_points_rush_by(slow_reader, lab, rushing, drawn, qtbot):
    rushing.play()
    qtbot.waitUntil(lambda: drawn.get(lab.scatter, 0) >= 3)
    assert rushing.fast
    assert drawn.get(lab.curve, 0) <= 1
    assert drawn.get(lab.table, 0) <= 1


def test_they_are_there_as_soon_as_a_frame_stays(slow_reader, lab, play_to_end):
    play_to_end(lab)
    assert written(lab) == expected(lab)


def test_they_are_there_when_somebody_pauses(slow_reader, lab, rushing, qtbot, drawn):
    rushing.play()
    qtbot.waitUntil(lambda: drawn.get(lab.scatter, 0) >= 2)
    assert written(lab) != expected(lab)
    rushing.pause()
    assert written(lab) == expected(lab)


def test_they_come_after_a_while_by_themselves(lab, rushing, drawn, qtbot, monkeypatch):
    monkeypatch.setattr(drawing, "_READING_MS", 5)
    rushing.play()
    qtbot.waitUntil(lambda: drawn.get(lab.table, 0) >= 2)


def test_step_by_step_everything_is_drawn_at_once(slow_reader, lab, rushing, qtbot):
    for _ in range(3):
        with qtbot.waitSignal(rushing.moved):
            rushing.step()
        assert lab.curve.curves[0][-1, 1] == lab.player.frame.inertia
        assert lab.lines.value.text() == KMEANS.measure_line(lab.player.frame)
