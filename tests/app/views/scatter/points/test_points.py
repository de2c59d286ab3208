"""Points are painted at their positions in the colours of their labels, few or many."""

import numpy as np
import pytest
from PyQt6.QtGui import QColor, QImage, QPainter, QTransform

from app.theme import COLOR_NAMES, DARK, LIGHT, N_COLORS, SHAPE_NAMES
from app.views.scatter.layer import rect_around
from app.views.scatter.points.markers import shape_path
from app.views.scatter.points.points import PointsItem
from app.views.scatter.points.raster import MAX_MARKERS
from app.views.scatter.scenery import NO_LABEL, NOISE


def painted(xy, labels, shapes=False, theme=LIGHT):
    """Paint 100 x 100 pixels with the origin at the lower left."""
    item = PointsItem()
    item.set_look(theme, shapes)
    item.waits = True
    xy = np.asarray(xy, np.float32)
    item.set_points(xy, rect_around(xy))
    item.set_labels(labels)
    image = QImage(100, 100, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(theme.card))
    painter = QPainter(image)
    painter.setTransform(QTransform(1, 0, 0, -1, 0, 100))
    item.paint(painter)
    painter.end()
    return image


def repeated(xy, labels, n_times):
    """Repeat points until there are enough to be painted as squares."""
    return np.tile(xy, (n_times, 1)), np.tile(labels, n_times)


@pytest.fixture(params=["markers", "squares"])
def marker_or_square(request):
    return 1 if request.param == "markers" else MAX_MARKERS


def test_each_point_has_the_colour_of_its_label(qtbot, marker_or_square):
    xy, labels = repeated([[20, 20], [80, 70]], np.array([0, 2], np.uint8), marker_or_square)
    image = painted(xy, labels)
    for (x, y), label in (((20, 20), 0), ((80, 70), 2)):
        found, wanted = image.pixelColor(x, 100 - y), LIGHT.cluster_color(label)
        assert abs(found.hue() - wanted.hue()) <= 3
    assert image.pixelColor(50, 50) == QColor("white")


def test_points_without_labels_are_grey(qtbot, marker_or_square):
    xy, _ = repeated([[20, 20], [80, 70]], np.zeros(2), marker_or_square)
    image = painted(xy, None)
    assert image.pixelColor(20, 80).saturation() < 90


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_noise_looks_neither_like_a_grey_cluster_nor_like_a_point_without_a_label(
    qtbot, marker_or_square, theme
):
    grey = COLOR_NAMES.index("grey")
    places = [[20, 20], [50, 50], [80, 80]]
    xy, labels = repeated(places, np.array([NOISE, grey, NO_LABEL], np.int32), marker_or_square)
    image = painted(xy, labels, theme=theme)
    noise, *others = (image.pixelColor(x, 100 - y) for x, y in places)
    card = QColor(theme.card)
    for other in others:
        assert abs(noise.lightness() - other.lightness()) > 25
        assert abs(noise.lightness() - card.lightness()) < abs(other.lightness() - card.lightness())


def test_noise_is_a_ring(qtbot):
    image = painted([[50, 50]], np.array([NOISE]))
    row = [image.pixelColor(x, 50).lightness() for x in range(44, 57)]
    assert row[0] == row[6] == row[-1] == 255
    assert min(row) < 200


def test_a_new_point_is_grey_until_it_has_a_label(qtbot, marker_or_square):
    xy, labels = repeated([[20, 20], [80, 70]], np.array([-1, 241], np.int32), marker_or_square)
    image = painted(xy, labels)
    assert image.pixelColor(20, 80).saturation() < 90
    assert image.pixelColor(80, 30).saturation() > 90


def test_points_outside_the_view_are_ignored(qtbot, marker_or_square):
    xy, labels = repeated([[-500, 20], [20, 9000], [99, 1]], np.array([0, 1, 2]), marker_or_square)
    assert painted(xy, labels).pixelColor(99, 99) != QColor("white")


def test_a_changed_label_changes_the_colour(qtbot, marker_or_square):
    xy, labels = repeated([[50, 50]], np.array([0]), marker_or_square + 1)
    assert painted(xy, labels) != painted(xy, labels + 1)


def test_shapes_distinguish_labels_without_colour(qtbot):
    xy = np.array([[50, 50]])
    masks = set()
    for label in range(len(SHAPE_NAMES)):
        image = painted(xy, np.array([label]), shapes=True)
        touched = [
            (x, y)
            for x in range(40, 60)
            for y in range(40, 60)
            if image.pixelColor(x, y).lightness() < 235
        ]
        masks.add(tuple(touched))
    assert len(masks) == len(SHAPE_NAMES)


def test_labels_of_the_same_colour_differ_in_shape(qtbot):
    xy = np.array([[50, 50]])
    assert painted(xy, np.array([0])) != painted(xy, np.array([N_COLORS]))


@pytest.mark.parametrize("shape", range(len(SHAPE_NAMES)), ids=SHAPE_NAMES)
def test_all_shapes_have_about_the_same_area(shape):
    path = shape_path(shape, 100)
    inside = sum(path.contains(point) for point in (_point(x, y) for x in _GRID for y in _GRID)) * (
        10 * 10
    )
    assert inside == pytest.approx(np.pi * 100**2, rel=0.4)


_GRID = range(-150, 151, 10)


def _point(x, y):
    from PyQt6.QtCore import QPointF

    return QPointF(x, y)


def test_a_point_without_a_label_is_grey_among_labelled_points(qtbot, marker_or_square):
    xy, labels = repeated([[20, 20], [80, 70]], np.array([-1, 0]), marker_or_square)
    image = painted(xy, labels)
    assert image.pixelColor(20, 80).saturation() < 90
    assert abs(image.pixelColor(80, 30).hue() - LIGHT.cluster_color(0).hue()) <= 3


def test_an_empty_plot_can_be_painted(qtbot):
    assert painted(np.empty((0, 2)), None).pixelColor(50, 50) == QColor("white")
