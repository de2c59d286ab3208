"""The neighbourhood of the pointer: its ring, the points in it, and what is said of them."""

import numpy as np
import pytest

from app.views.scatter.kernel import MAX_LIT, KernelAtPointer, Neighborhood, lit
from app.views.scatter.view import ScatterView
from engine.clustering.mean_shift.frames import Kernel

PLACES = np.array([[0, 0], [1, 0], [0, 2], [9, 9]], np.float32)
NEAR = Neighborhood(Kernel.FLAT, 1.5, rests_on_points=True, caption=lambda n: f"{n} in the ring")


@pytest.fixture
def scatter(qtbot):
    view = ScatterView()
    qtbot.addWidget(view)
    view.resize(400, 400)
    view.show()
    return view


@pytest.fixture
def kernel(scatter):
    made = KernelAtPointer(scatter)
    show(scatter, PLACES)
    return made


def show(scatter, places):
    scatter.set_points(places, ("x", "y"), True)
    scatter.set_metric(np.ones(2))


def point(scatter, at, index=-1):
    """What the mouse says when it moves."""
    scatter.hovered.emit(index)
    scatter.pointed.emit(np.array(at, np.float64))


def test_a_kernel_lights_by_distance_in_units():
    xy = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0]])
    found = lit(xy, np.zeros(2), np.array([2.0, 1.0]), Kernel.FLAT, 1.0)
    assert found.weights.tolist() == [1, 1, 0]
    np.testing.assert_allclose(found.mean, [1, 0])


@pytest.mark.parametrize("kernel", Kernel)
def test_where_nothing_is_near_there_is_nowhere_to_go(kernel):
    found = lit(np.array([[900.0, 0.0]]), np.zeros(2), np.ones(2), kernel, 1.0)
    np.testing.assert_array_equal(found.mean, [0, 0])


def test_it_counts_the_points_in_the_ring():
    for kernel in Kernel:
        assert lit(PLACES, np.zeros(2), np.array([1.0, 2.0]), kernel, 1.0).n_within == 3


def test_beside_points_it_is_around_the_pointer_and_says_how_many_are_in_it(kernel, scatter):
    kernel.use(NEAR)
    point(scatter, (0.4, 0.4))
    np.testing.assert_allclose(kernel.lit.at, [0.4, 0.4])
    assert kernel.caption.isVisible()
    assert kernel.caption.text() == "2 in the ring"


def test_at_a_point_it_is_around_the_point_of_which_the_note_speaks(kernel, scatter):
    kernel.use(NEAR)
    point(scatter, (0.9, 0.1), 1)
    np.testing.assert_allclose(kernel.lit.at, [1, 0])
    assert not kernel.caption.isVisible()
    kernel.use(Neighborhood(Kernel.FLAT, 1.5))
    point(scatter, (0.9, 0.1), 1)
    np.testing.assert_allclose(kernel.lit.at, [0.9, 0.1])


def test_the_caption_goes_with_the_pointer_the_view_and_the_neighbourhood(kernel, scatter):
    for end in (
        lambda: scatter.pointed.emit(None),
        lambda: scatter.setRange(xRange=(0, 1), yRange=(0, 1)),
        lambda: kernel.use(None),
    ):
        kernel.use(NEAR)
        point(scatter, (0.4, 0.4))
        assert kernel.caption.isVisible()
        end()
        assert not kernel.caption.isVisible()


def test_points_that_are_not_all_looked_at_are_not_counted(kernel, scatter):
    show(scatter, np.tile(PLACES, (MAX_LIT // len(PLACES) + 1, 1)))
    kernel.use(NEAR)
    point(scatter, (0.4, 0.4))
    assert kernel.lit is not None
    assert not kernel.caption.isVisible()


def test_without_a_mean_no_arrow_leads_to_it(kernel, scatter):
    for shows_mean in (True, False):
        kernel.use(Neighborhood(Kernel.FLAT, 1.5, shows_mean=shows_mean))
        point(scatter, (0.4, 0.4))
        assert kernel.item._arrow.count() == 2 * shows_mean
