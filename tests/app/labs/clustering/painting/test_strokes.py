"""Strokes of the tools on a canvas, without a window."""

import numpy as np
import pytest

from app.labs.clustering.painting.strokes import Brush, Stroke
from app.labs.clustering.painting.tools import Tool
from engine.data.painting import NO_LABEL, Canvas

LINE = np.array([[0, 0], [10, 0], [20, 0]], np.float32)


def stroke(tool, *places, n_points=5, jitter=1.0, seed=0, index=-1):
    brush = Brush(np.array([4.0, 2.0]), n_points, jitter, np.random.default_rng(seed))
    made = Stroke(tool, Canvas.of(LINE, np.array([0, 1, 2])), brush, index)
    for place in places:
        made.go(*place)
    return made


def test_a_point_is_added_where_the_button_is_let_go():
    made = stroke(Tool.ADD, (1, 1), (2, 2), (3, 4))
    assert made.canvas.points[3:].tolist() == [[3, 4]]
    assert made.canvas.labels.tolist() == [0, 1, 2, NO_LABEL]
    assert made.name == "add a point"


def test_a_point_is_moved():
    made = stroke(Tool.MOVE, (11, 1), (12, 5), index=1)
    assert made.canvas.points.tolist() == [[0, 0], [12, 5], [20, 0]]
    assert made.name == "move a point"


def test_a_click_of_the_brush_is_a_dab_within_the_ring():
    made = stroke(Tool.BRUSH, (50, 50), n_points=40)
    away = (made.canvas.points[3:] - (50, 50)) / (4, 2)
    assert len(away) == 40
    assert (np.hypot(*away.T) <= 1.001).all()
    assert made.name == "paint 40 points"


def test_without_jitter_all_points_of_a_dab_are_in_its_middle():
    made = stroke(Tool.BRUSH, (50, 50), jitter=0.0)
    assert made.canvas.points[3:].tolist() == [[50, 50]] * 5


def test_a_stroke_is_a_dab_each_half_of_the_radius():
    # 4 across is a radius: from 50 to 57 there are dabs at 50, 52, 54 and 56.
    made = stroke(Tool.BRUSH, (50, 50), (57, 50), n_points=1, jitter=0.0)
    assert made.canvas.points[3:].tolist() == [[50, 50], [52, 50], [54, 50], [56, 50]]


def test_the_way_counts_not_how_often_the_mouse_is_looked_at():
    at_once = stroke(Tool.BRUSH, (50, 50), (58, 50))
    slowly = stroke(Tool.BRUSH, (50, 50), *[(50 + way / 4, 50) for way in range(1, 33)])
    np.testing.assert_allclose(at_once.canvas.points, slowly.canvas.points, rtol=1e-6)


def test_the_seed_of_the_brush_paints_the_same_again():
    first, again, other = (
        stroke(Tool.BRUSH, (5, 5), (9, 9), seed=seed).canvas.points for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("places", "left"),
    [
        ([(0, 0)], [1, 2]),
        ([(0, 0), (20, 0)], []),  # what lies on the way is erased too
        ([(5, 0)], [0, 1, 2]),
        ([(5, 0), (6.5, 0)], [0, 2]),  # less than a dab's distance
    ],
)
def test_the_eraser_takes_what_its_ring_has_passed(places, left):
    made = stroke(Tool.ERASE, *places)
    assert made.canvas.labels.tolist() == left
    assert made.changed == (len(left) < 3)


def test_erasing_is_counted_in_its_name():
    assert stroke(Tool.ERASE, (0, 0)).name == "erase 1 point"


@pytest.mark.parametrize("tool", [Tool.ADD, Tool.MOVE, Tool.BRUSH])
def test_what_falls_where_no_point_can_be_is_left_out_and_told(tool):
    made = stroke(tool, (1e39, 0.0), index=1)
    assert made.left_out
    assert not made.changed
    assert not stroke(tool, (5.0, 0.0), index=1).left_out
