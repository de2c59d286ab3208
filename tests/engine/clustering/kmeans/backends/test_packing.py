"""Packing points for the compiled program, and the shapes for which it is compiled."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clustering.kmeans.backends import packing
from engine.clustering.kmeans.backends.packing import Shape
from engine.runtime import device
from engine.runtime.backend import as_it_lies, tf
from tests.engine.clustering.made_points import normal

sizes = st.integers(1, 5_000_000)


@given(sizes)
def test_a_size_class_is_at_least_the_size_and_not_much_larger(size):
    found = packing.size_class(size)
    assert size <= found
    assert found <= 2 * size
    assert size <= 8 or found <= size * 9 / 8 + 1
    assert packing.size_class(found) == found


def test_similar_ks_share_a_size_class():
    shapes = [Shape.of(1_500, 2, k) for k in range(2, 31)]
    assert len(set(shapes)) == 4


def test_a_few_more_points_share_the_size_class():
    assert Shape.of(1_000_000, 2, 8) == Shape.of(1_010_000, 2, 8)


@given(sizes, st.integers(1, 1000), st.integers(1, 1000))
def test_a_shape_has_room_for_all(n_points, n_dims, n_clusters):
    shape = Shape.of(n_points, n_dims, n_clusters)
    assert n_clusters <= shape.n_clusters <= max(8, 1.5 * n_clusters + 8)
    assert shape.n_clusters % shape.n_block == 0
    assert shape.n_shares * shape.n_tiles * shape.n_rows >= n_points
    shares = packing.shares(n_points, shape)
    assert (shares[:, 1] <= shape.n_tiles).all()
    assert shares[:, 1].sum() == -(-n_points // shape.n_rows)
    assert (shares[1:, 0] == shares[:-1].sum(1)).all()


@pytest.mark.parametrize(
    ("sizes", "n_rows"),
    [
        ((60, 20_000, 10), 64),
        ((10_000_000, 2, 8), 2**17),
        ((100_000, 64, 5_000), 2**13),
        ((1_000_000, 2**26, 1), 8),
    ],
)
def test_a_gpu_tile_is_large_but_fits(monkeypatch, sizes, n_rows):
    gpu = device.Device(kind="GPU", name="H200", tensorflow="2.21")
    monkeypatch.setattr(device, "start", lambda: gpu)
    shape = Shape.of(*sizes)
    assert (shape.n_rows, shape.n_shares) == (n_rows, 1)


def test_the_origin_is_near_the_points():
    points = normal(1_000, 3) + np.float32(1e6)
    origin = packing.shift_origin(points)
    assert np.abs(origin - points.mean(0)).max() < 1
    assert (origin == origin.astype(np.float32)).all()


def test_points_far_away_do_not_move_the_origin():
    points = normal(10_000, 2)
    points[::40] = 1e9
    assert np.abs(packing.shift_origin(points)).max() < 1


def test_the_origin_is_a_round_number():
    """The median of the column is 5 and its interquartile range 6: rounded to a multiple of 2."""
    points = np.float32([[1], [2], [5], [8], [11]])
    assert packing.shift_origin(points).tolist() == [4]


def test_a_constant_column_is_shifted_to_zero():
    assert packing.shift_origin(np.full((9, 1), 0.1, np.float32)).tolist() == [np.float32(0.1)]


@pytest.mark.parametrize("n_points", [300, 100_000])
def test_shifting_is_exact(n_points):
    """Most of a column are codes of 999,999; with them as origin the rest would be off by 0.03."""
    points = normal(n_points, 3) / 100
    points[np.arange(n_points) % 3 > 0, 1] = 999_999
    points[:, 2] += 999_999
    origin = packing.shift_origin(points)
    assert origin[1] == 0
    assert abs(origin[2] - 999_999) < 1
    assert ((points - origin).astype(np.float32) == points.astype(np.float64) - origin).all()


@pytest.mark.parametrize("n_points", [1, 511, 512, 513, 1_500])
@pytest.mark.parametrize("n_dims", [1, 3, 8])
def test_low_dimensional_points_have_a_lane_each(n_points, n_dims):
    points, origin = normal(n_points, n_dims), np.full(n_dims, 0.5, np.float32)
    tiles, largest = packing.packed(points, origin, Shape.of(n_points, n_dims, 3))
    assert largest == np.abs(points - origin).max()
    rows = tiles.transpose(0, 2, 1).reshape(-1, n_dims + 1)
    assert (rows[:n_points, :n_dims] == points - origin).all()
    assert rows[:, n_dims].tolist() == [1] * n_points + [0] * (len(rows) - n_points)
    assert not rows[n_points:].any()


@pytest.mark.parametrize("n_points", [1, 511, 512, 513, 1_500])
def test_with_many_dimensions_tiles_are_padded(n_points):
    points, origin = normal(n_points, 9), np.full(9, 0.5, np.float32)
    tiles, largest = packing.packed(points, origin, Shape.of(n_points, 9, 3))
    assert largest == np.abs(points - origin).max()
    assert tiles.shape[1:] == (512, 9)
    rows = tiles.reshape(-1, 9)
    assert (rows[:n_points] == points - origin).all()
    assert not rows[n_points:].any()


@pytest.mark.parametrize("n_dims", [2, 9])
@pytest.mark.parametrize("n_shares", [1, 3])
def test_chunks_are_packed_like_the_whole(monkeypatch, n_dims, n_shares):
    monkeypatch.setattr(packing, "_CHUNK_VALUES", 1)
    shape = Shape(
        n_dims=n_dims, n_clusters=8, n_rows=512, n_tiles=12 // n_shares, n_shares=n_shares
    )
    points = normal(5_000, n_dims)
    tiles, _ = packing.packed(points, np.zeros(n_dims, np.float32), shape)
    rows = (tiles[:, :n_dims].transpose(0, 2, 1) if shape.is_low_dimensional else tiles).reshape(
        -1, n_dims
    )
    assert (rows[:5_000] == points).all()


@pytest.mark.parametrize("n_dims", [2, 9])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -3e5])
def test_the_largest_value_is_found_wherever_it_is(n_dims, value):
    points = normal(1_500, n_dims)
    points[777, 1] = value
    shape = Shape.of(1_500, n_dims, 3)
    _, largest = packing.packed(points, np.zeros(n_dims, np.float32), shape)
    np.testing.assert_equal(largest, abs(value))


def test_float64_points_are_rounded_after_the_shift():
    points = np.arange(10.0).reshape(5, 2) * 2.0**-20 + 1e6
    tiles, _ = packing.packed(points, np.full(2, 1e6), Shape.of(5, 2, 3))
    assert (np.arange(10).reshape(5, 2) * 2.0**-20 == tiles[0, :2, :5].T).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_dims", [2, 9])
def test_shifted_points_match_those_in_tiles(dtype, n_dims):
    points = normal(700, n_dims).astype(dtype) + dtype(1e6) + dtype(0.1)
    origin, shape = packing.shift_origin(points), Shape.of(700, n_dims, 3)
    tiles, _ = packing.packed(points, origin, shape)
    rows = tiles.transpose(0, 2, 1) if shape.is_low_dimensional else tiles
    found = packing.shifted(points, origin)
    assert found.dtype == np.float32
    assert (rows.reshape(-1, rows.shape[2])[:700, :n_dims] == found).all()


@pytest.mark.parametrize("n_points", [1, 1_500])
@pytest.mark.parametrize("n_dims", [1, 2, 9, 13])
def test_tensorflow_uses_packed_arrays_without_a_copy(n_points, n_dims):
    points = normal(n_points, n_dims)
    tiles, _ = packing.packed(points, points[0], Shape.of(n_points, n_dims, 1))
    tensor = as_it_lies(tiles)
    assert (tensor.numpy() == tiles).all()
    if device.start().kind == "CPU":
        tiles[0, 0, 0] = 42
        assert float(tensor[0, 0, 0]) == 42


@pytest.mark.parametrize(("n_points", "n_shares"), [(1_500, 1), (1_500, 2), (1_024, 3), (513, 2)])
def test_values_in_tiles_are_unpacked_in_order(n_points, n_shares):
    shape = Shape(n_dims=9, n_clusters=8, n_rows=512, n_tiles=4, n_shares=n_shares)
    computed = [np.full((4, 512), -1) for _ in range(n_shares)]
    for each, (first, count) in zip(computed, packing.shares(n_points, shape), strict=True):
        places = np.arange(first * 512, (first + count) * 512)
        each[:count] = places.reshape(count, 512)
    assert (packing.in_order(computed, shape, n_points) == np.arange(n_points)).all()


@pytest.mark.parametrize("start", range(0, 17, 4))
def test_arrays_of_any_alignment_become_tensors(start):
    array = np.arange(200, dtype=np.float32)[start:]
    assert float(tf.reduce_sum(as_it_lies(array))) == array.sum()
