"""More than two dimensions in the real window: principal components, names, ready-made data."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from PyQt6.QtCore import Qt

from app.labs.shared.components import ComponentPlane, sides
from engine.clustering.projection import pca
from tests.app.driving import drag, hover


def choose(lab, qtbot, name):
    lab.data.kind.setCurrentIndex(lab.data.kind.findData(name))
    qtbot.waitUntil(lambda: lab.loaded.dataset.source == name)
    qtbot.waitUntil(lambda: lab.player.frame is not None)


@pytest.fixture
def iris(lab, qtbot):
    choose(lab, qtbot, "iris")
    return lab


@pytest.fixture
def components(iris, qtbot):
    view = iris.data.viewpoint
    view.kind.setCurrentIndex(view.kind.findData("components"))
    qtbot.waitUntil(lambda: isinstance(iris.plane, ComponentPlane))
    return iris


def test_ready_made_data_are_described(iris, window):
    assert iris.data.kind.currentData() == "iris"
    assert "150 rows, 4 columns" in iris.data.about.text()
    assert window.windowTitle() == "iris – Barycenter"
    assert "iris" not in window.settings.recent_files
    hover(iris.scatter, *iris.plane.of_points(iris.loaded.dataset.points)[0])
    assert "setosa" in iris.scatter.note.text()


def test_a_generator_can_follow_ready_made_data(iris, qtbot):
    iris.data.kind.setCurrentIndex(iris.data.kind.findData("moons"))
    qtbot.waitUntil(lambda: iris.loaded.dataset.source.startswith("moons"))
    assert iris.data.kind.currentData() == "moons"
    assert set(iris.data.parameters) == {"n_points", "noise", "seed"}


def test_the_first_view_shows_the_first_two_components(components):
    points = components.loaded.dataset.points
    found = pca(points, 4)
    np.testing.assert_allclose(components.plane.of_points(points), found.projected[:, :2])
    first = components.scatter.getPlotItem().getAxis("bottom")
    assert first.labelText == "component 1: 92 % of the variance"
    assert "petal length" in first.toolTip()
    assert "+0.86 petal length" in components.data.viewpoint.about.text()
    assert components.data.horizontal.currentText() == "Component 1 · 92 %"


def test_other_components_can_be_chosen(components, qtbot):
    components.data.vertical.setCurrentIndex(2)
    points = components.loaded.dataset.points
    np.testing.assert_allclose(
        components.plane.of_points(points), pca(points, 4).projected[:, [0, 2]]
    )


def test_a_centroid_is_dragged_along_the_components(components, qtbot, play_to_end):
    play_to_end(components)
    first = components.player.frame
    before = first.centroids
    shown = components.plane.of_centroids(before)
    drag(components.scatter, shown[1], shown[1] + (0.5, 0.3))
    qtbot.waitUntil(lambda: len(components.player.branches) == 2)
    qtbot.waitUntil(lambda: components.player.frame is not first)
    after = components.player.frame.centroids
    shift = after[1].astype(float) - before[1]
    directions = components.plane.directions
    np.testing.assert_allclose(shift @ directions.T, (0.5, 0.3), atol=0.1)
    np.testing.assert_allclose(shift @ directions.T @ directions, shift, atol=1e-5)


def test_a_quarter_turn_shows_the_third_component():
    np.testing.assert_allclose(sides(0, 0), [[1, 0, 0], [0, 1, 0]], atol=1e-12)
    np.testing.assert_allclose(sides(90, 0), [[0, 0, 1], [0, 1, 0]], atol=1e-12)
    np.testing.assert_allclose(sides(0, 90), [[1, 0, 0], [0, 0, -1]], atol=1e-12)


@given(turn=st.floats(0, 360), tilt=st.floats(-90, 90))
def test_the_axes_of_any_view_are_orthonormal(turn, tilt):
    both = sides(turn, tilt)
    np.testing.assert_allclose(both @ both.T, np.eye(2), atol=1e-12)


def test_keys_rotate_three_components(components, qtbot, play_to_end):
    play_to_end(components)
    view = components.data.viewpoint
    view.kind.setCurrentIndex(view.kind.findData("turned"))
    assert view.turn.isVisible()
    assert not view.horizontal.isVisible()
    axes = components.scatter.view
    before = view.turn.value()
    view.turn.setFocus()
    qtbot.keyClick(view.turn, Qt.Key.Key_Right)
    assert view.turn.value() > before
    points = components.loaded.dataset.points
    places = pca(points, 4).projected[:, :3]
    both = sides(view.turn.value(), view.tilt.value())
    np.testing.assert_allclose(components.plane.of_points(points), places @ both.T)
    assert components.scatter.view == axes  # the same from every side
    assert np.abs(components.plane.of_points(points)).max() <= axes.right()
    # In every view centroids are the means of the projected points.
    frame = components.player.frame
    seen = components.plane.of_points(points)
    means = [seen[frame.labels == label].mean(0) for label in range(len(frame.centroids))]
    np.testing.assert_allclose(components.plane.of_centroids(frame.centroids), means, atol=1e-4)
    view.kind.setCurrentIndex(view.kind.findData("columns"))
    assert not view.turn.isVisible()
    assert components.plane.radius is None


def test_standardized_columns_have_other_components(components, qtbot):
    raw = components.plane.projection
    components.data.standardize.setChecked(True)
    qtbot.waitUntil(
        lambda: (
            isinstance(components.plane, ComponentPlane) and components.plane.projection is not raw
        )
    )
    scaled = components.loaded.scaling.forward(components.loaded.dataset.points)
    np.testing.assert_allclose(components.plane.projection.explained, pca(scaled, 4).explained)


def test_phonemes_are_labelled_with_their_names(lab, qtbot):
    choose(lab, qtbot, "phonemes")
    view = lab.data.viewpoint
    assert view.by_components  # two of 256 columns show little
    qtbot.waitUntil(lambda: isinstance(lab.plane, ComponentPlane))
    written = [label.toPlainText() for label in lab.viewing.names.labels]
    assert written == list(lab.loaded.dataset.names)
    view.names.setChecked(False)
    assert not lab.viewing.names.labels
