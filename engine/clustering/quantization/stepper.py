"""Colour quantization: k-means on the pixels of a picture, half-step by half-step.

Heckbert, P. (1982). Color image quantization for frame buffer display. SIGGRAPH 16(3), 297-307.
With the position of each pixel as two more dimensions the clusters are segments of the picture.
"""

from collections.abc import Generator

import numpy as np

from engine.clustering.frames import label_dtype
from engine.clustering.kmeans.backends.half_steps import assign
from engine.clustering.kmeans.options import KMeansOptions
from engine.clustering.kmeans.runs import cluster
from engine.clustering.quantization.frames import PictureFrame
from engine.data.images import Photo, Sample, features
from engine.frames import Search, sealed

# Scores in one band of a picture: about 40 ms on two cores.
_BAND_SCORES = 2**22


def quantise(
    photo: Photo, sample: Sample, options: KMeansOptions, position_weight: float = 0.0
) -> Generator[PictureFrame | Search, None, None]:
    """Cluster the sampled pixels of a picture.

    Args:
        photo: The picture.
        sample: The pixels that are clustered and drawn.
        options: How many colours, and how they are found.
        position_weight: See `engine.data.images.features`.

    Yields:
        A frame for each of `engine.clustering.kmeans.runs.cluster`, and its searches unchanged.

    Raises:
        EngineError: See `features` and `cluster`.
    """
    points = sample_points(photo, sample, position_weight)
    shape = sample.pixels.shape[:2]
    for frame in cluster(points, options):
        if isinstance(frame, Search):
            yield frame
            continue
        yield PictureFrame(
            kmeans=frame,
            palette=palette_of(frame.centroids),
            labels=frame.labels.reshape(shape),
        )


def sample_points(photo: Photo, sample: Sample, position_weight: float) -> np.ndarray:
    """Return the points of a sample, (h * w, 3 or 5); arguments and errors as in `quantise`."""
    shape = photo.pixels.shape
    return features(sample.pixels, sample.rows, sample.columns, shape, position_weight)


def palette_of(centroids: np.ndarray) -> np.ndarray:
    """Return the colours of (K, 3 or 5) centroids: (K, 3) uint8, read-only."""
    return sealed(np.clip(np.rint(centroids[:, :3]), 0, 255), np.uint8)


def label_all(
    photo: Photo, centroids: np.ndarray, position_weight: float = 0.0
) -> Generator[float | np.ndarray, None, None]:
    """Assign each pixel of a picture to its nearest centroid, band by band.

    Args:
        photo: The picture.
        centroids: (K, 3), or (K, 5) if the position counts.
        position_weight: The weight used when they were found.

    Yields:
        After each band, the fraction of the pixels done; last (H, W) labels, unsigned.
    """
    height, width = photo.pixels.shape[:2]
    labels = np.empty((height, width), label_dtype(len(centroids)))
    flat, origin = labels.reshape(-1), centroids.mean(0, dtype=np.float64)
    moved = np.asarray(centroids - origin, np.float64)
    size = max(1, _BAND_SCORES // (2 * len(centroids)))
    for start in range(0, photo.n_pixels, size):
        band = slice(start, start + size)
        rows, columns = np.divmod(np.arange(start, min(start + size, photo.n_pixels)), width)
        pixels = photo.pixels.reshape(-1, 3)[band]
        points = features(pixels, rows, columns, photo.pixels.shape, position_weight)
        flat[band] = assign(points - origin, moved).numpy()
        yield min(1.0, (start + size) / photo.n_pixels)
    labels.flags.writeable = False
    yield labels
