"""Which climbs are drawn, where they are on the curve, and what is said of them."""

import numpy as np

from app.labs.clustering.algorithms import climbs
from app.labs.clustering.algorithms.mean_shift import MEAN_SHIFT
from app.labs.clustering.drawing.curves import curve
from engine.clustering.frames import Phase, Stop
from engine.clustering.mean_shift.frames import Kernel, MeanShiftFrame
from engine.clustering.mean_shift.options import MeanShiftOptions

OPTIONS = MeanShiftOptions()


def frame(positions, centroids=(), **rest):
    positions = np.asarray(positions, np.float32)
    known = {"iteration": 1, "phase": Phase.SHIFT, "bandwidth": 1.0, "kernel": Kernel.FLAT}
    return MeanShiftFrame(
        positions=positions,
        centroids=np.asarray(centroids, np.float32).reshape(-1, positions.shape[1]),
        labels=np.zeros(len(positions), np.int32),
        sizes=np.zeros(len(centroids)),
        densities=np.zeros(len(centroids)),
        **known | rest,
    )


def test_few_climbs_are_all_drawn_and_many_evenly():
    assert climbs.drawn(3).tolist() == [0, 1, 2]
    many = climbs.drawn(10_000)
    assert len(many) == climbs.MAX_CLIMBS
    assert (many[0], many[-1]) == (0, 9_999)
    assert np.ptp(np.diff(many)) <= 1


def test_a_path_goes_from_the_start_to_where_the_climb_is():
    frames = [frame([[float(i), 0.0]]) for i in range(300)]
    paths = climbs.paths(frames, lambda places: places)
    assert paths.shape[0] == 1
    assert paths.shape[1] <= 40
    assert paths[0, 0, 0] == 0
    assert paths[0, -1, 0] == 299
    assert (np.diff(paths[0, :, 0]) > 0).all()


def test_a_climb_has_the_colour_of_the_mode_within_a_bandwidth():
    shown = frame([[0.0], [2.5], [9.0]], [[0.5], [3.0]])
    assert climbs.labels(shown).tolist() == [0, 1, -1]
    assert climbs.labels(frame([[0.0]])).tolist() == [-1]


def test_only_whole_iterations_are_on_the_curve():
    frames = [
        frame([[0.0]], phase=Phase.START),
        frame([[0.0]], shift=3.0, waiting=5),
        frame([[0.0]], shift=4.0),
        frame([[0.0]], phase=Phase.MERGE, stop=Stop.NO_SHIFT),
    ]
    np.testing.assert_array_equal(
        curve(frames, MEAN_SHIFT.place), [[np.nan] * 2, [np.nan] * 2, [1, 4], [np.nan] * 2]
    )


def test_the_words_say_what_is_left_out():
    many = frame(np.zeros((500, 2)), np.zeros((150, 2)), phase=Phase.MERGE)
    said = MEAN_SHIFT.state(many, OPTIONS, n_drawn_of=3, stride=2)
    assert "drawing 200 climbs" in said
    assert "150 modes" in said
    assert "drawing 100 modes" in said
    assert "drawing 1 frame of 3" in said
    assert "drawing 1 point of 2" in said
    assert "7 wait for their batch" in MEAN_SHIFT.state(frame([[0.0]], waiting=7), OPTIONS)
    assert "the most allowed" in MEAN_SHIFT.state(frame([[0.0]], stop=Stop.MAX_ITER), OPTIONS)
