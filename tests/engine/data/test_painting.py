"""Painted points."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import source
from engine.data.output.results import write_points
from engine.data.painting import MAX_PAINTED, NO_LABEL, PAINTED, Canvas, dab, painted

SQUARE = np.array([[0, 0], [2, 0], [0, 2], [2, 2]], np.float32)


@pytest.fixture
def canvas():
    return Canvas.of(SQUARE, np.array([0, 1, 0, 1], np.uint8))


class TestCanvas:
    def test_points_without_an_assignment_have_no_label(self):
        assert Canvas.of(SQUARE, None).labels.tolist() == [NO_LABEL] * 4

    def test_values_that_float32_cannot_hold_are_left_out(self, canvas):
        added = canvas.add(np.array([[1e39, 0.0], [5.0, 3.4e38], [0.0, np.nan], [-np.inf, 1.0]]))
        assert added.points[4:].tolist() == [[5.0, np.float32(3.4e38)]]
        assert canvas.add(np.array([[1e39, 0.0]])) is canvas
        assert canvas.move(1, (0.0, -1e39)) is canvas

    def test_added_points_have_no_label_and_the_others_keep_theirs(self, canvas):
        more = canvas.add(np.array([[5.0, 6.0]]))
        assert more.labels.tolist() == [0, 1, 0, 1, NO_LABEL]
        assert more.points[-1].tolist() == [5, 6]
        assert more.points.dtype == np.float32
        assert len(canvas.points) == 4

    def test_points_within_the_ring_are_erased_with_their_labels(self, canvas):
        fewer = canvas.erase((0, 0), (1, 2))  # the ring reaches (0, 2), but not (2, 0)
        assert fewer.points.tolist() == [[2, 0], [2, 2]]
        assert fewer.labels.tolist() == [1, 1]

    def test_erasing_an_empty_area_changes_nothing(self, canvas):
        assert canvas.erase((9, 9), (1, 1)) is canvas

    def test_everything_can_be_erased_and_painted_on_again(self, canvas):
        empty = canvas.erase((1, 1), (9, 9))
        assert empty.points.shape == (0, 2)
        assert empty.erase((1, 1), (9, 9)) is empty
        assert empty.add(SQUARE).points.tolist() == SQUARE.tolist()

    def test_a_moved_point_keeps_its_label(self, canvas):
        moved = canvas.move(1, (7, 8))
        assert moved.points.tolist() == [[0, 0], [7, 8], [0, 2], [2, 2]]
        assert moved.labels.tolist() == [0, 1, 0, 1]
        assert canvas.points[1].tolist() == [2, 0]

    def test_the_number_of_points_is_limited(self, canvas):
        full = canvas.add(np.zeros((MAX_PAINTED, 2)))
        assert len(full.points) == len(full.labels) == MAX_PAINTED
        assert len(full.add(SQUARE).points) == MAX_PAINTED


class TestDab:
    @given(st.integers(0, 2**31 - 1), st.integers(0, 200), st.floats(0, 1))
    def test_every_point_falls_within_its_jitter(self, seed, n_points, jitter):
        offsets = dab(np.random.default_rng(seed), n_points, jitter)
        assert offsets.shape == (n_points, 2)
        assert (np.hypot(*offsets.T) <= jitter + 1e-12).all()

    def test_the_same_seed_paints_the_same(self):
        first, again, other = (dab(np.random.default_rng(seed), 30, 1.0) for seed in (4, 4, 5))
        np.testing.assert_array_equal(first, again)
        assert not np.array_equal(first, other)

    def test_the_ring_is_filled_uniformly(self):
        distances = np.hypot(*dab(np.random.default_rng(0), 10_000, 1.0).T)
        # Half of the radius is a quarter of the area.
        assert np.mean(distances < 0.5) == pytest.approx(0.25, abs=0.02)


class TestPainted:
    def test_is_a_data_set_named_painted(self):
        dataset = painted(SQUARE, ("height", "weight"))
        assert dataset.source == PAINTED
        assert dataset.columns == ("height", "weight")
        assert dataset.n_rows == 4
        assert dataset.dropped_rows == 0
        assert not dataset.points.flags.writeable

    def test_may_be_empty(self):
        assert painted(np.empty((0, 2)), ("x", "y")).points.shape == (0, 2)

    @given(st.lists(st.tuples(*[st.floats(-1e6, 1e6, width=32)] * 2), min_size=1, max_size=20))
    def test_painted_points_survive_a_round_trip(self, tmp_path_factory, rows):
        path = tmp_path_factory.mktemp("painted") / "points.csv"
        points = np.array(rows, np.float32)
        write_points(path, painted(points, ("x", "y")))
        again = source.load(str(path))
        np.testing.assert_array_equal(again.points, points)
        assert again.columns == ("x", "y")
