"""The scatter plot of many points: the screen catches up, and saved images are complete."""

import numpy as np
import pytest
from PyQt6.QtCore import QRectF

from app.theme import DARK, LIGHT
from app.views.scatter.centroids import CentroidItem
from app.views.scatter.mouse import MAX_LOOKED_AT
from app.views.scatter.points.raster import MAX_MARKERS
from app.views.scatter.scenery import Scene
from app.views.scatter.snapshot import snapshot
from app.views.scatter.view import ScatterView
from tests.app.driving import hover, pixel

CENTRES = np.array([[0.0, 0], [40, 0], [0, 40], [40, 40]])


def spots(n_points):
    """Return points around four centres, and their labels."""
    rng = np.random.default_rng(5)
    labels = np.arange(n_points) % 4
    xy = CENTRES[labels] + rng.normal(0, 4, (n_points, 2))
    return xy.astype(np.float32), labels.astype(np.uint8)


@pytest.fixture
def view(qtbot):
    view = ScatterView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.restyle(LIGHT)
    view.show()
    qtbot.waitExposed(view)
    return view


@pytest.fixture
def many(view, qtbot):
    """Many points on screen."""
    xy, labels = spots(MAX_MARKERS + 10_000)
    view.set_points(xy, ("x", "y"), True)
    view.draw(Scene(CENTRES, labels, [], ()))
    qtbot.waitUntil(lambda: shows_all(view))
    return view


def bytes_of(image):
    bits = image.convertToFormat(image.Format.Format_RGB32).constBits()
    return np.frombuffer(bits.asstring(image.sizeInBytes()), np.uint8).astype(int)


def alike(one, other):
    """Return whether almost all pixels of two images are nearly equal."""
    return (np.abs(bytes_of(one) - bytes_of(other)) < 30).mean() > 0.95


def shows_all(view):
    """Return whether the view is up to date after painting."""
    view.viewport().repaint()
    return view.points.sharp


def screen(view, qtbot):
    """Return the screen once it is up to date."""
    qtbot.waitUntil(lambda: shows_all(view))
    return view.grab().toImage()


def test_a_saved_image_is_complete_at_once(many, qtbot):
    for view_rect in (QRectF(-10, -10, 40, 30), QRectF(-30, -30, 100, 80)):
        many.set_view(view_rect)
        saved = snapshot(many).toImage()
        assert saved == snapshot(many).toImage()
        assert saved == screen(many, qtbot)


def test_new_labels_appear_on_screen(many, qtbot):
    before = screen(many, qtbot)
    many.recolor((many.points._labels + 1) % 4)
    after = screen(many, qtbot)
    assert before != after
    many.recolor((many.points._labels + 3) % 4)
    assert screen(many, qtbot) == before


def test_the_old_raster_moves_with_the_plot_until_it_is_redrawn(many, qtbot):
    drawn = many.points._drawn
    many.set_view(many.view.translated(15, 0))
    moved = many.grab().toImage()
    assert many.points._drawn is drawn
    complete = screen(many, qtbot)
    assert many.points._drawn is not drawn
    # The middle does not differ; the axes at the sides may.
    middle = many.rect().adjusted(120, 60, -120, -120)
    assert alike(moved.copy(middle), complete.copy(middle))


def test_another_theme_has_other_colours(many, qtbot):
    light = screen(many, qtbot)
    many.restyle(DARK)
    assert screen(many, qtbot).pixelColor(250, 5) != light.pixelColor(250, 5)
    assert many.points._drawn.raster._theme == DARK


def test_zooming_in_on_few_points_shows_markers(many, qtbot):
    assert many.points._drawn.few is None
    many.set_view(QRectF(-1, -1, 2, 2))
    screen(many, qtbot)
    assert 0 < len(many.points._drawn.few) <= MAX_MARKERS
    assert many.points.marker_size() >= LIGHT.px(5)


def test_other_points_replace_the_old_ones(many, qtbot):
    xy, labels = spots(MAX_MARKERS + 20_000)
    many.repaint_points(xy, labels)  # as in a brush stroke: the old points stay until then
    assert many.points._drawn is not None
    screen(many, qtbot)
    assert many.points._drawn.raster is many.points._raster
    many.set_points(xy[:100], ("x", "y"), True)
    few = screen(many, qtbot)
    assert few == snapshot(many).toImage()
    many.set_points(xy + 1000, ("x", "y"), True)
    assert many.points._drawn is None


def test_a_point_among_very_many_is_found(view, qtbot):
    xy, labels = spots(MAX_LOOKED_AT + 50_000)
    hovered = []
    view.hovered.connect(hovered.append)
    view.set_points(xy, ("x", "y"), True)
    view.draw(Scene(CENTRES, labels, [], ()))
    farthest = int(np.square(xy - 20).sum(1).argmax())
    hover(view, *xy[farthest].tolist())
    qtbot.waitUntil(lambda: view.mouse.ready)  # the mouse does not move meanwhile
    assert hovered[-1] == farthest
    assert view.point_near(pixel(view, *xy[farthest].tolist())) == farthest
    hover(view, 20, 20)
    assert hovered[-1] == -1


HUGE = 3e38


@pytest.mark.parametrize(
    "xy",
    [
        np.full((5, 2), HUGE),
        np.full((5, 2), 7.0),
        np.full((5, 2), 1e-44),
        np.zeros((5, 2)),
        np.array([[-HUGE, HUGE], [HUGE, -HUGE]]),
        np.array([[1e-42, 2e-42], [3e-42, 1e-42]]),
        np.array([[1e9, 1e-40], [1e9, 2e-40]]),
        np.array([[1e38, 1e-40], [-1e38, 2e-40]]),
    ],
    ids=["huge", "constant", "subnormal", "zero", "wide", "narrow", "flat", "uneven"],
)
@pytest.mark.parametrize("same_scale", [True, False])
def test_the_size_of_a_pixel_is_positive_at_any_range_and_zoom(view, xy, same_scale):
    view.set_points(xy.astype(np.float32), ("x", "y"), same_scale)
    box = view.getPlotItem().getViewBox()
    sizes = [view.pixel_size()]
    for factor in (*[1e-10] * 9, *[1e10] * 18):
        box.scaleBy((factor, factor))
        sizes.append(view.pixel_size())
    sizes = np.array(sizes)
    assert np.isfinite(sizes).all()
    assert (sizes > 0).all()
    # The next pixel has another coordinate: the axes can distinguish pixels.
    corner = np.abs([view.view.left(), view.view.top()])
    assert (corner + view.pixel_size() > corner).all()
    view.reset_view()
    lowest, highest = np.array(view.view.getCoords()).reshape(2, 2)
    assert (lowest <= xy.astype(np.float32)).all()
    assert (xy.astype(np.float32) <= highest).all()


@pytest.mark.parametrize("allowed", [True, False])
def test_regions_and_dragging_are_as_the_scene_says(view, allowed):
    view.set_points(np.float32([[0, 0], [10, 10]]), ("x", "y"), True)
    view.set_metric(np.ones(2))
    labels = np.array([0, 1])
    scene = Scene(np.float64([[1, 1], [9, 9]]), labels, [], (), None, None, allowed, allowed)
    view.draw(scene)
    assert view._regions.isVisible() is allowed
    discs = [item for item in view.getPlotItem().items if isinstance(item, CentroidItem)]
    assert [disc.fixed for disc in discs] == [not allowed] * 2
