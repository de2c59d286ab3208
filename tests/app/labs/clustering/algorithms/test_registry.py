"""What holds for every algorithm that the window offers."""

from dataclasses import fields

import numpy as np
import pytest

from app.labs.clustering.algorithms.registry import ALGORITHMS, view_of
from app.labs.clustering.settings import ClusteringSettings
from app.labs.shared.plane import Plane
from engine.clustering.algorithms import ALGORITHMS as ENGINE
from engine.data.scaling import Scaling

POINTS = np.random.default_rng(0).normal(size=(60, 2)).astype(np.float32) * 10


@pytest.fixture(params=ALGORITHMS, ids=lambda view: view.name)
def view(request):
    return request.param


@pytest.fixture
def frames(view):
    return list(view.algorithm.frames(POINTS, view.default_options))


def test_the_window_offers_every_algorithm_of_the_engine_in_its_order():
    offered = [view.algorithm for view in ALGORITHMS]
    assert offered == list(ENGINE)


def test_options_know_their_algorithm(view):
    assert view_of(view.default_options) is view


def test_options_of_nothing_are_refused():
    with pytest.raises(TypeError):
        view_of(3)


def test_its_options_are_kept_for_the_next_start(view):
    assert view.section in {field.name for field in fields(ClusteringSettings)}
    assert getattr(ClusteringSettings(), view.section) == view.default_options
    assert view.can_show(view.default_options)


def test_its_form_gives_back_the_options_that_it_was_given(view, qtbot):
    form = view.form(view.default_options)
    qtbot.addWidget(form)
    assert form.options == view.default_options
    with qtbot.waitSignal(form.changed):
        form.show_options(view.default_options)
    assert form.options == view.default_options


def test_every_frame_can_be_drawn_and_told(view, frames):
    plane = Plane(2, (0, 1), Scaling.identity(2), len(POINTS))
    for place, frame in enumerate(frames):
        scene = view.scene(frames[: place + 1], plane)
        assert len(scene.labels) == len(POINTS)
        assert scene.has_regions == view.has_regions
        assert scene.can_drag == view.algorithm.takes_start
        numbers = view.numbers(frame)
        assert len(numbers.sizes) == len(numbers.measures)
        assert view.state(frame, view.default_options)
        assert view.measure_line(frame).startswith(view.measure_text)
        view.about_point(frame, 0, POINTS[0])
        view.neighborhood(frame)


def test_its_curve_goes_on_with_each_iteration(view, frames):
    places = np.array([view.place(frame) for frame in frames])
    on_curve = places[np.isfinite(places).all(1)]
    assert len(on_curve)
    assert (np.diff(on_curve[:, 0]) > 0).all()


def test_a_run_goes_on_from_a_frame_where_that_is_possible(view, frames):
    start = view.start_from(frames[-1])
    assert (start is not None) == view.algorithm.takes_start
    if start is not None:
        assert next(view.algorithm.frames(POINTS, view.default_options, start)) is not None
