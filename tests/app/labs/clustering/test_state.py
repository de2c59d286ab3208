"""The state of the clustering lab: what it says when something changes."""

import numpy as np
import pytest

from app.labs.clustering.painting.painting import loaded_of_painted
from app.labs.clustering.state import ClusteringState
from app.labs.shared.plane import Plane
from app.running.bridge import Bridge
from app.running.player import Player
from engine.clustering.kmeans.options import KMeansOptions
from engine.clustering.mean_shift.options import MeanShiftOptions
from engine.data.scaling import Scaling

POINTS = np.float32([[0, 0], [2, 1], [4, 8]])


@pytest.fixture
def state(qapp):
    bridge = Bridge()
    player = Player(bridge)
    yield ClusteringState(player, KMeansOptions(n_clusters=3), player)
    bridge.close()


@pytest.fixture
def told(state):
    """The names of the signals that came."""
    names = []
    for name in ("points", "plane", "options", "hover", "selection"):
        getattr(state, f"{name}_changed").connect(lambda name=name: names.append(name))
    return names


@pytest.fixture
def loaded():
    return loaded_of_painted(POINTS, ("x", "y"))


def plane(scaling=None):
    return Plane(2, (0, 1), scaling or Scaling.identity(2), len(POINTS))


def test_nothing_is_on_screen_at_first(state):
    assert (state.frame, state.n_points, state.source, state.columns) == (None, 0, "", ())
    assert state.start_here() is None
    assert state.dragged(0, 1, 1) is None
    assert not state.has_too_few


def test_other_points_are_told_after_their_plane(state, told, loaded):
    state.show_points(loaded, plane(), False)
    assert told == ["hover", "plane", "points"]
    assert state.points is loaded.dataset.points


def test_the_same_points_in_another_plane_are_no_other_points(state, told, loaded):
    state.show_points(loaded, plane(), False)
    told.clear()
    state.show_points(loaded, plane(Scaling.fit(POINTS)), True)
    assert told == ["hover", "plane"]
    assert state.standard_deviation == pytest.approx(1.0)


def test_options_bring_their_algorithm(state, told):
    state.set_options(MeanShiftOptions())
    assert told == ["options"]
    assert state.view.title == "Mean shift"
    assert not state.has_regions
    assert state.warm_up() is None


def test_what_is_pointed_at_is_told(state, told, loaded):
    state.show_points(loaded, plane(), False)
    told.clear()
    state.hover(1)
    state.select({"cluster": 2})
    assert told == ["hover", "selection"]
    assert state.about_hovered() == "<b>row 2</b><br>x 2<br>y 1"


def test_a_run_needs_as_many_points_as_clusters(state, loaded):
    state.show_points(loaded, plane(), False)
    assert not state.has_too_few
    state.set_options(KMeansOptions(n_clusters=4))
    assert state.has_too_few
    state.set_options(MeanShiftOptions())
    assert not state.has_too_few


def test_a_stepper_keeps_the_points_and_options_of_when_it_was_made(state, loaded):
    state.show_points(loaded, plane(Scaling.fit(POINTS)), True)
    stepper = state.stepper()
    state.set_options(MeanShiftOptions())
    *_, last = stepper()
    assert last.centroids.shape == (3, 2)
    assert np.abs(last.centroids).max() < 3  # standardized
