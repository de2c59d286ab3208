"""The raster of many points: mixed colours, opacity by density, independent of earlier rasters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QTransform

from app.theme import DARK, LIGHT
from app.views.scatter.points.grid import Grid
from app.views.scatter.points.raster import MAX_MARKERS, PointRaster
from app.views.scatter.points.spread import spread
from app.views.scatter.scenery import NO_LABEL, NOISE

# A unit is a pixel, and rows count from the top.
GRID = Grid(0.0, 0.0, 1.0, 1.0, 120, 90)
CROWD = np.tile(np.float32([[100.5, 80.5]]), (MAX_MARKERS + 1, 1))


def drawn(xy, labels, grid=GRID, theme=LIGHT):
    """Draw points next to a crowd, which has the last label."""
    xy = np.concatenate([np.asarray(xy, np.float32), CROWD])
    labels = np.concatenate([labels, np.full(len(CROWD), labels[-1])])
    return PointRaster(xy).draw(grid, labels, theme)


def argb(picture, x, y):
    """Return the ARGB bytes at a pixel of the (120, 90) grid; the raster may lack the edges."""
    inset = picture.side // 2
    value = int(picture.pixels[y - inset, x - inset])
    return [value >> shift & 255 for shift in (24, 16, 8, 0)]


def test_a_point_is_drawn_as_a_disc(qapp):
    picture = drawn([[30.2, 40.9]], np.array([2, 2], np.uint8)[:1])
    assert picture.side == 5
    inset = picture.side // 2
    seen = picture.pixels[40 - inset - 3 : 40 - inset + 4, 30 - inset - 3 : 30 - inset + 4] > 0
    wanted = np.zeros((7, 7), bool)
    wanted[1:6, 2:5] = wanted[2:5, 1:6] = True
    np.testing.assert_array_equal(seen, wanted)


def test_colours_in_a_pixel_are_mixed_in_proportion(qapp):
    places = [[20, 20], [50, 20], [80, 20], [80, 20], [80, 20], [80, 20]]
    picture = drawn(places, np.array([0, 1, 0, 1, 1, 1], np.uint8))
    (_, *blue), (_, *red) = argb(picture, 20, 20), argb(picture, 50, 20)
    alpha, *mixed = argb(picture, 80, 20)
    lone = argb(picture, 20, 20)[0]
    wanted = (np.array(blue) + 3 * np.array(red)) / 4 * alpha / lone
    np.testing.assert_allclose(mixed, wanted, atol=3)


def test_opacity_grows_with_the_points_in_a_pixel(qapp):
    counts = (1, 2, 8, 64)
    places = [[20 * place + 20, 20] for place, count in enumerate(counts) for _ in range(count)]
    picture = drawn(places, np.zeros(len(places), np.uint8))
    alphas = [argb(picture, 20 * place + 20, 20)[0] for place in range(len(counts))]
    assert alphas[0] > 0.35 * 255  # a single point is still visible
    assert alphas == sorted(set(alphas))
    assert argb(picture, 10, 60) == [0, 0, 0, 0]


def test_points_without_a_label_are_grey(qapp):
    picture = drawn([[20, 20], [50, 20]], np.array([-1, 3], np.int32))
    (_, *grey), (_, *pink) = argb(picture, 20, 20), argb(picture, 50, 20)
    assert max(grey) - min(grey) < max(pink) - min(pink)
    none = PointRaster(CROWD).draw(GRID, None, LIGHT)
    assert none.pixels.any()


def test_noise_is_paler_than_a_point_without_a_label(qapp):
    labels = np.array([NO_LABEL, NOISE, 0], np.int32)
    picture = drawn([[20.5, 20.5], [50.5, 50.5], [80.5, 60.5]], labels)
    without, noise = (sum(argb(picture, x, x)[1:]) for x in (20, 50))
    assert noise > without + 60


def test_few_points_in_view_are_left_to_the_markers(qapp):
    xy = np.concatenate([np.float32([[20, 20], [30, 30]]), CROWD])
    labels = np.arange(len(xy)) % 5
    there = Grid(0.0, 0.0, 1.0, 1.0, 60, 60)
    picture = PointRaster(xy).draw(there, labels, LIGHT)
    assert picture.pixels is None
    np.testing.assert_array_equal(picture.few, [[20, 20], [30, 30]])
    np.testing.assert_array_equal(picture.labels, [0, 1])


SPOTS = np.random.default_rng(0).uniform(-20, 140, (MAX_MARKERS + 5000, 2)).astype(np.float32)
LABELS = np.random.default_rng(1).integers(-1, 30, len(SPOTS))


@settings(max_examples=12)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans()), max_size=5))
def test_a_raster_does_not_depend_on_earlier_ones(changes):
    raster = PointRaster(SPOTS)
    for n_changed, place, dark in [*changes, (1, 0, False)]:
        labels = LABELS.copy()
        labels[:: [3, 50, 700, 9000][n_changed]] += 1
        grid = Grid(place / 3, 0.0, 0.9, -1.1 if place == 2 else 1.1, 130, 100)
        picture = raster.draw(grid, labels, DARK if dark else LIGHT)
        fresh = PointRaster(SPOTS).draw(grid, labels, DARK if dark else LIGHT)
        np.testing.assert_equal(picture.pixels, fresh.pixels)
        np.testing.assert_equal(picture.few, fresh.few)


@pytest.mark.parametrize("far", [0, 2**20, -3 * 2**21])
def test_points_far_from_the_origin_are_in_the_right_pixels(far):
    xy = np.float32([[far + 1, far + 2], [far + 3, far + 1], [far - 1, far]])
    grid = Grid(far - 0.25, far + 4.0, 2.0, -2.0, 8, 9)
    np.testing.assert_array_equal(grid.pixels(xy), [4 * 8 + 2, 6 * 8 + 6, grid.n_pixels])


def test_the_grid_is_aligned_with_screen_pixels():
    transform = QTransform(2.0, 0, 0, -4.0, 13.3, 200.7)
    grid = Grid.over(QRectF(10.2, 20.6, 100, 50), transform, 1.5)
    left = (grid.left * 2 + 13.3) * 1.5
    top = (grid.top * -4 + 200.7) * 1.5
    assert (left, top) == (pytest.approx(round(left)), pytest.approx(round(top)))
    assert left <= 10.2 * 1.5
    assert left + grid.width >= 110.2 * 1.5
    area = transform.mapRect(grid.rect(0, grid.width, grid.height))
    assert area.width() * 1.5 == pytest.approx(grid.width)


@given(arrays(np.float32, (12, 14), elements=st.integers(0, 9)), st.integers(1, 9))
def test_a_convolution_sums_over_a_disc(values, side):
    lone = np.zeros((2 * side - 1, 2 * side - 1), np.float32)
    lone[side - 1, side - 1] = 1
    disc = spread(lone, side)
    assert disc.shape == (side, side)
    assert (disc == disc[::-1]).all()
    assert (disc == disc[:, ::-1]).all()
    assert disc.sum() == pytest.approx(np.pi * side**2 / 4, rel=0.3)
    found = spread(values, side)
    corner = (values[:side, :side] * disc).sum()
    assert found[0, 0] == corner
    assert found.shape == (13 - side, 15 - side)
