"""What the clustering lab has done on the engine thread before it is asked for."""

import pytest

from engine.clustering.kmeans import runs as kmeans
from engine.errors import DataError


@pytest.fixture
def warmed(monkeypatch):
    """The k of each warm-up, and how many points it was for."""
    found = []
    monkeypatch.setattr(
        kmeans, "warm_up", lambda points, options: found.append((len(points), options.n_clusters))
    )
    return found


def test_a_run_is_compiled_while_its_first_frame_is_looked_at(warmed, lab, qtbot):
    qtbot.waitUntil(lambda: warmed == [(120, 3)])
    lab.kmeans.k.setValue(5)
    qtbot.waitUntil(lambda: warmed == [(120, 3), (120, 5)])
    lab.player.step()
    qtbot.waitUntil(lambda: lab.player.position == 1)
    lab.player.back()
    qtbot.waitUntil(lambda: not lab.warm_up.is_busy)
    assert len(warmed) == 2


def test_a_run_that_plays_compiles_what_it_needs_itself(warmed, lab, qtbot):
    qtbot.waitUntil(lambda: warmed == [(120, 3)])
    lab.player.play()
    lab.kmeans.k.setValue(4)
    qtbot.waitUntil(lambda: not lab.player.playing)
    assert warmed == [(120, 3)]


def test_what_goes_wrong_is_told_by_the_run_alone(monkeypatch, lab, window, qtbot, play_to_end):
    qtbot.waitUntil(lambda: not lab.warm_up.is_busy)

    def fail(points, options):
        raise DataError("said once is enough")

    monkeypatch.setattr(kmeans, "warm_up", fail)
    lab.kmeans.k.setValue(4)
    qtbot.waitUntil(lambda: lab.state.options.n_clusters == 4 and lab.player.frame is not None)
    play_to_end(lab)
    assert "said once" not in window.notices.text
