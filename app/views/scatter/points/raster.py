"""A raster of many points: each pixel has the mean colour of its points, and how many are seen.

What depends on the view alone is computed once a view: in which pixel each point falls, and how
many share a pixel. Of labels only those that changed since the picture before are counted again.
Sums are whole numbers in float64, so that they are exact: the same points, labels and view make
the same picture, whichever pictures came before.
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

# Of so few points in the view each is worth a marker.
MAX_MARKERS = 20_000
# For up to so many points in the view, the side of one in pixels.
_SIDES = ((50_000, 5), (120_000, 4), (400_000, 3))
_SMALLEST = 2
# A lone point is less opaque where points are many, so that their density can be seen.
_OPAQUE, _FAINT, _FADING = 1.0, 0.4, 0.12
# How much of the colour of its outline a point has, for each pixel of its side.
_OUTLINE = 0.06
# Points that are worked on together, which bounds the memory needed for that.
_PART = 1 << 20
# Where a larger part of the labels changed, counting all of them anew is faster.
_FEW_CHANGED = 1 / 16


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A picture of points, or the few points that there are to be drawn.

    Attributes:
        raster: What drew it.
        area: Where it is, in the units of the plot.
        side: Of a point, in pixels of the screen.
        pixels: (h, w) uint32, as ARGB with the colours multiplied by A; None where points are few.
        few: (M, 2) the points in the view, where they are few.
        labels: (M,) their labels; None if they have none.
    """

    raster: "PointRaster"
    grid: Grid
    area: QRectF
    side: int = 0
    pixels: np.ndarray | None = None
    few: np.ndarray | None = None
    labels: np.ndarray | None = None


class PointRaster:
    """Draws the same points again and again; one thread at a time."""

    def __init__(self, xy: np.ndarray) -> None:
        """Take (N, 2) points, which stay as they are; held are 5 bytes more for each."""
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
            grid: The pixels.
            labels: (N,) for the colours, -1 for none; None where no point has one.
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
        """Find out in which pixel each point falls, and how many share each."""
        self._grid, self._side, self._theme = grid, 0, None
        counts = np.zeros(grid.n_pixels + 1, np.int64)
        for part in _parts(len(self._xy)):
            self._pixels[part] = grid.pixels(self._xy[part])
            counts += np.bincount(self._pixels[part], minlength=len(counts))
        self._n_inside = len(self._xy) - int(counts[-1])
        self._counts = counts[:-1].reshape(grid.height, grid.width)

    def _few(self, grid: Grid, labels: np.ndarray | None) -> Drawn:
        inside = np.flatnonzero(self._pixels != grid.n_pixels)
        area = grid.rect(0, grid.width, grid.height)
        some = None if labels is None else labels[inside]
        return Drawn(self, grid, area, few=self._xy[inside], labels=some)

    def _measure(self, side: int) -> None:
        """Find out how opaque each pixel is, where a point is as large as `side`."""
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
        for part in _parts(len(codes)):
            pixels = self._pixels[part].astype(np.intp)
            for sums, values in zip(self._sums, table, strict=True):
                sums += np.bincount(pixels, values.take(codes[part]), len(sums))

    def _paint(self) -> np.ndarray:
        painted = self._opacity.copy()
        for sums, shift in zip(self._sums, (16, 8, 0), strict=True):
            plane = sums[:-1].reshape(self._counts.shape).astype(np.float32)
            plane = spread(plane, self._side)
            plane *= self._shade
            painted |= plane.astype(np.uint32) << np.uint32(shift)
        return painted


def _opacity(shared: np.ndarray) -> np.ndarray:
    """How opaque pixels are that so many points share: as the logarithm, from a lone point up."""
    total = float(shared.sum(dtype=np.float64))
    typical = float(np.square(shared).sum(dtype=np.float64)) / total
    lone = max(_OPAQUE - _FADING * np.log2(typical), _FAINT)
    steps = np.log(np.maximum(shared, 1)) / np.float32(np.log(max(2 * typical, 2)))
    opacity = np.float32(lone) + np.float32(1 - lone) * steps.clip(max=1)
    return np.where(shared > 0, opacity, np.float32(0))


def _side(n_points: int) -> int:
    return next((side for most, side in _SIDES if n_points <= most), _SMALLEST)


def _codes(labels: np.ndarray | None, n_points: int) -> np.ndarray:
    """(N,) uint8, which colour each point has; `N_COLORS` is that of none."""
    if labels is None:
        return np.full(n_points, N_COLORS, np.uint8)
    codes = (labels % N_COLORS).astype(np.uint8)
    if labels.dtype.kind == "i":
        codes[labels < 0] = N_COLORS
    return codes


@lru_cache(maxsize=4)
def _colors(theme: Theme, side: int) -> np.ndarray:
    """(3, N_COLORS + 1) whole float64, red, green and blue to 255; the last without a label.

    As in a marker, fill and outline together, which counts the more the larger a point is; not in
    the dark, where outlines are gaps between points.
    """
    fills = [*map(theme.cluster_color, range(N_COLORS)), QColor(theme.muted)]
    part = 0 if theme.dark else min(_OUTLINE * side / theme.scale, 1)
    colors = [mixed(fill, outline(fill, theme), part) for fill in fills]
    return np.array([color.getRgb()[:3] for color in colors], np.float64).T.copy()


def _parts(n_points: int) -> Iterator[slice]:
    return (slice(start, start + _PART) for start in range(0, n_points, _PART))
