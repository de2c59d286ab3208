"""Colour quantization: by hand, against k-means on all pixels, and of single pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.clustering.frames import Phase, Stop
from engine.clustering.kmeans.options import KMeansOptions
from engine.clustering.kmeans.runs import cluster
from engine.clustering.quantization import stepper as module
from engine.clustering.quantization.stepper import label_all, palette_of, quantise
from engine.data.images import Photo, features, points_of, sample
from engine.errors import ParameterError

STRIPES = np.array([[[10, 0, 0], [12, 0, 0], [200, 200, 200], [202, 200, 200]]], np.uint8)


def frames(pixels, options, weight=0.0):
    photo = Photo(pixels=np.asarray(pixels, np.uint8), source="here")
    return list(quantise(photo, sample(photo), options, weight))


def whole(pixels, centroids, weight=0.0):
    *parts, labels = label_all(Photo(pixels=pixels, source="here"), centroids, weight)
    return parts, labels


def test_two_colours_by_hand():
    last = frames(STRIPES, KMeansOptions(n_clusters=2))[-1]
    order = np.argsort(last.palette[:, 0])
    np.testing.assert_array_equal(last.palette[order], [[11, 0, 0], [201, 200, 200]])
    assert last.stop is Stop.LABELS
    np.testing.assert_array_equal(last.shares, [0.5, 0.5])
    np.testing.assert_array_equal(order.argsort()[last.labels], [[0, 0, 1, 1]])


def test_frames_match_k_means():
    pixels = np.random.default_rng(0).integers(0, 255, (12, 9, 3), np.uint8)
    photo, options = Photo(pixels=pixels, source="here"), KMeansOptions(n_clusters=5, seed=2)
    found = frames(pixels, options, 0.5)
    expected = list(cluster(points_of(photo, 0.5).points, options))
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one.labels.ravel(), other.labels)
        np.testing.assert_array_equal(one.kmeans.centroids, other.centroids)
        np.testing.assert_array_equal(one.palette, palette_of(other.centroids))
    assert found[0].kmeans.phase is Phase.SEED


def test_one_pixel_gives_one_colour():
    last = frames([[[7, 8, 9]]], KMeansOptions(n_clusters=1))[-1]
    np.testing.assert_array_equal(last.palette, [[7, 8, 9]])
    assert (last.labels.shape, last.shares.tolist()) == ((1, 1), [1.0])
    with pytest.raises(ParameterError, match="1 point cannot have 2"):
        frames([[[7, 8, 9]]], KMeansOptions(n_clusters=2))
    assert frames([[[7, 8, 9]]], KMeansOptions(n_clusters=1), 2.0)[-1].palette.shape == (1, 3)


def test_a_picture_of_one_colour_cannot_have_two():
    with pytest.raises(ParameterError, match="only 1 distinct position,"):
        frames(np.full((4, 4, 3), 9), KMeansOptions(n_clusters=2))
    assert len(frames(np.full((4, 4, 3), 9), KMeansOptions(n_clusters=2), 1.0)) > 2


def test_pixel_positions_split_areas_of_the_same_colour():
    pixels = np.zeros((1, 8, 3), np.uint8)
    labels = frames(pixels, KMeansOptions(n_clusters=2), 1.0)[-1].labels[0]
    assert np.count_nonzero(np.diff(labels.astype(int))) == 1


def test_the_palette_has_whole_numbers_in_range():
    np.testing.assert_array_equal(palette_of(np.float32([[-3, 254.6, 300, 9, 9]])), [[0, 255, 255]])


@given(arrays(np.uint8, (5, 7, 3)), st.sampled_from([0.0, 0.7]), st.integers(1, 4))
def test_every_pixel_gets_the_nearest_colour(pixels, weight, n_clusters):
    rng = np.random.default_rng(n_clusters)
    centroids = rng.uniform(0, 255, (n_clusters, 5 if weight else 3)).astype(np.float32)
    rows, columns = np.divmod(np.arange(35), 7)
    points = features(pixels, rows, columns, pixels.shape, weight)
    distances = np.linalg.norm(points[:, None].astype(float) - centroids, axis=2)
    _, labels = whole(pixels, centroids, weight)
    assert (labels.shape, labels.dtype) == ((5, 7), np.uint8)
    own = np.take_along_axis(distances, labels.reshape(-1, 1).astype(int), 1)[:, 0]
    np.testing.assert_allclose(own, distances.min(1), atol=1e-3)


def test_the_result_does_not_depend_on_bands(monkeypatch):
    pixels = np.random.default_rng(1).integers(0, 255, (30, 40, 3), np.uint8)
    centroids = np.float32([[0, 0, 0], [200, 100, 50], [90, 90, 90]])
    parts, labels = whole(pixels, centroids)
    assert parts == [1.0]
    monkeypatch.setattr(module, "_BAND_SCORES", 600)
    parts, banded = whole(pixels, centroids)
    assert len(parts) == 12
    assert parts == sorted(parts)
    np.testing.assert_array_equal(labels, banded)


def test_a_picture_sampled_whole_has_the_labels_of_its_last_frame():
    pixels = np.random.default_rng(2).integers(0, 255, (20, 20, 3), np.uint8)
    last = frames(pixels, KMeansOptions(n_clusters=4), 0.3)[-1]
    _, labels = whole(pixels, last.kmeans.centroids, 0.3)
    np.testing.assert_array_equal(labels, last.labels)
