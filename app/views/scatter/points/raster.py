"""A raster of many points: a pixel has the mean colour of its points, and shows their density.

What depends only on the view is computed once for each view: the pixel of each point, and the
number of points in each pixel. Only labels that changed since the previous picture are counted
again. Sums are whole numbers in float64, and therefore exact: the same points, labels and view give
the same picture, whatever was drawn before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor

from app.theme import N_COLORS, Theme, mixed
from app.views.scatter.points.grid import Grid
from app.views.scatter.points.markers import outline
from app.views.scatter.points.spread import spread
from app.views.scatter.scenery import NOISE

# Up to this many points in the view are drawn as markers.
MAX_MARKERS = 20_000
# The side of a point in pixels, for up to this many points in the view.
_SIDES = ((50_000, 5), (120_000, 4), (400_000, 3))
_SMALLEST = 2
# The more points there are, the less opaque a single one is, so that the density is visible.
_OPAQUE, _FAINT, _FADING = 1.0, 0.4, 0.12
# The fraction of the outline in the colour of a point, for each pixel of its side.
_OUTLINE = 0.06
# How much paler than a point without a label noise is, which has no ring where points are many.
_PALE = 0.5
# Points that are processed together, which limits the memory needed.
_PART = 1 << 20
# If a larger fraction of the labels changed, counting all of them again is faster.
_FEW_CHANGED = 1 / 16


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A picture of points; or the points themselves if they are few.

    Attributes:
        raster: The raster that drew it.
        area: Its rectangle, in the units of the plot.
        side: The side of a point, in pixels of the screen.
        pixels: (h, w) uint32, as premultiplied ARGB; None if points are few.
        few: (M, 2) the points in the view, if they are few.
        labels: (M,) the labels of these points; None if they have none.
    """

    raster: "PointRaster"
    grid: Grid
    area: QRectF
    side: int = 0
    pixels: np.ndarray | None = None
    few: np.ndarray | None = None
    labels: np.ndarray | None = None


class PointRaster:
    """Draws the same points repeatedly; used by one thread at a time."""

    def __init__(self, xy: np.ndarray) -> None:
        """Take (N, 2) points, which must not change; stores 5 more bytes for each."""
        self._xy = xy
        self._pixels = np.empty(len(xy), np.int32)
        self._codes = np.empty(len(xy), np.uint8)
        self._grid: Grid | None = None
        self._n_inside = 0
        self._counts = np.empty((0, 0), np.int64)
        self._sums = np.empty((3, 0))
        self._theme: Theme | None = None
        self._side = 0
        self._shade = np.empty((0, 0), np.float32)
        self._opacity = np.empty((0, 0), np.uint32)

    def draw(self, grid: Grid, labels: np.ndarray | None, theme: Theme) -> Drawn:
        """Draw the points of a view.

        Args:
            grid: The pixels of the view.
            labels: (N,) as in `Scene`.
            theme: The colours, and the size of points.
        """
        if grid != self._grid:
            self._bin(grid)
        if self._n_inside <= MAX_MARKERS:
            return self._few(grid, labels)
        side = max(round(theme.px(_side(self._n_inside)) * grid.ratio), 1)
        if side != self._side:
            self._measure(side)
        self._color(_codes(labels, len(self._xy)), theme)
        pixels = self._paint()
        area = grid.rect(side // 2, pixels.shape[1], pixels.shape[0])
        return Drawn(self, grid, area, side, pixels)

    def _bin(self, grid: Grid) -> None:
        """Find the pixel of each point, and the number of points in each pixel."""
        self._grid, self._side, self._theme = grid, 0, None
        counts = np.zeros(grid.n_pixels + 1, np.int64)
        for chunk in _chunks(len(self._xy)):
            self._pixels[chunk] = grid.pixels(self._xy[chunk])
            counts += np.bincount(self._pixels[chunk], minlength=len(counts))
        self._n_inside = len(self._xy) - int(counts[-1])
        self._counts = counts[:-1].reshape(grid.height, grid.width)

    def _few(self, grid: Grid, labels: np.ndarray | None) -> Drawn:
        inside = np.flatnonzero(self._pixels != grid.n_pixels)
        area = grid.rect(0, grid.width, grid.height)
        some = None if labels is None else labels[inside]
        return Drawn(self, grid, area, few=self._xy[inside], labels=some)

    def _measure(self, side: int) -> None:
        """Find the opacity of each pixel, for points of the size `side`."""
        self._side, self._theme = side, None
        shared = spread(self._counts.astype(np.float32), side)
        opacity = _opacity(shared)
        self._shade = opacity / np.maximum(shared, 1)
        self._opacity = np.rint(opacity * 255).astype(np.uint32) << np.uint32(24)

    def _color(self, codes: np.ndarray, theme: Theme) -> None:
        """Sum up the colours of the points in each pixel."""
        table = _colors(theme, self._side)
        changed = np.flatnonzero(codes != self._codes) if theme == self._theme else None
        if changed is not None and len(changed) <= _FEW_CHANGED * len(codes):
            pixels = self._pixels[changed].astype(np.intp)
            for sums, values in zip(self._sums, table, strict=True):
                np.add.at(sums, pixels, values[codes[changed]] - values[self._codes[changed]])
        else:
            self._color_all(codes, table)
        self._codes, self._theme = codes, theme

    def _color_all(self, codes: np.ndarray, table: np.ndarray) -> None:
        self._sums = np.zeros((3, self._counts.size + 1))
        for chunk in _chunks(len(codes)):
            pixels = self._pixels[chunk].astype(np.intp)
            for sums, values in zip(self._sums, table, strict=True):
                sums += np.bincount(pixels, values.take(codes[chunk]), len(sums))

    def _paint(self) -> np.ndarray:
        painted = self._opacity.copy()
        for sums, shift in zip(self._sums, (16, 8, 0), strict=True):
            plane = sums[:-1].reshape(self._counts.shape).astype(np.float32)
            plane = spread(plane, self._side)
            plane *= self._shade
            painted |= plane.astype(np.uint32) << np.uint32(shift)
        return painted


def _opacity(shared: np.ndarray) -> np.ndarray:
    """Return the opacity of pixels by their number of points: logarithmic, from a single one up."""
    total = float(shared.sum(dtype=np.float64))
    typical = float(np.square(shared).sum(dtype=np.float64)) / total
    lone = max(_OPAQUE - _FADING * np.log2(typical), _FAINT)
    steps = np.log(np.maximum(shared, 1)) / np.float32(np.log(max(2 * typical, 2)))
    opacity = np.float32(lone) + np.float32(1 - lone) * steps.clip(max=1)
    return np.where(shared > 0, opacity, np.float32(0))


def _side(n_points: int) -> int:
    return next((side for most, side in _SIDES if n_points <= most), _SMALLEST)


def _codes(labels: np.ndarray | None, n_points: int) -> np.ndarray:
    """(N,) uint8, the index of each point's colour in `_colors`."""
    if labels is None:
        return np.full(n_points, N_COLORS, np.uint8)
    codes = (labels % N_COLORS).astype(np.uint8)
    if labels.dtype.kind == "i":
        codes[labels < 0] = N_COLORS
        codes[labels == NOISE] = N_COLORS + 1
    return codes


@lru_cache(maxsize=4)
def _colors(theme: Theme, side: int) -> np.ndarray:
    """(3, N_COLORS + 2) float64, whole numbers: red, green and blue up to 255.

    The last two are those of points without a label, and of noise.

    Fill and outline are mixed, as in a marker; the larger a point is, the more outline there is. On
    dark themes there is none, because outlines are gaps between points there.
    """
    muted = QColor(theme.muted)
    noise = mixed(muted, QColor(theme.card), _PALE)
    fills = [*map(theme.cluster_color, range(N_COLORS)), muted, noise]
    fraction = 0 if theme.dark else min(_OUTLINE * side / theme.scale, 1)
    colors = [mixed(fill, outline(fill, theme), fraction) for fill in fills]
    return np.array([color.getRgb()[:3] for color in colors], np.float64).T.copy()


def _chunks(n_points: int) -> Iterator[slice]:
    return (slice(start, start + _PART) for start in range(0, n_points, _PART))
