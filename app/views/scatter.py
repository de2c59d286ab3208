"""The scatter plot: points by label, centroids that can be dragged, regions, lines and trails."""

from dataclasses import dataclass, replace

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPoint, QPointF, QRectF, Qt, QVariantAnimation, pyqtSignal
from PyQt6.QtWidgets import QWidget
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent

from app.theme import LIGHT, Theme
from app.views.axes import style_axes, widened
from app.views.centroids import CentroidItem, LinesItem, TrailsItem
from app.views.climbs import ClimbsItem
from app.views.note import PointNote
from app.views.points import PointsItem
from app.views.regions import RegionsItem, voronoi

MAX_LINES = 5_000
# Hovering looks at every point; beyond this it would take longer than a frame.
_MAX_HOVER = 2_000_000
_HOVER_PIXELS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What one frame looks like in the plane of the plot.

    Attributes:
        centroids: (K, 2) where the discs are.
        labels: (N,) for the colours, or None.
        trails: K paths, (M, 2) each, oldest first; empty for none.
        empty: Which centroids have no points.
        climbs: (C, M, 2) the ways of what climbs, oldest place first; None in k-means. Then the
            centroids are modes: they cannot be dragged, and nearness makes no regions.
        of_climbs: (C,) the labels of what climbs.
    """

    centroids: np.ndarray
    labels: np.ndarray | None
    trails: list[np.ndarray]
    empty: tuple[int, ...]
    climbs: np.ndarray | None = None
    of_climbs: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Which parts are on screen: the toggles above the plot and in the View menu."""

    regions: bool = True
    lines: bool = False
    trails: bool = True
    shapes: bool = False


class ScatterView(pg.PlotWidget):
    """Draws pictures, and says when the mouse drags a centroid or rests on a point.

    Signals:
        dragging: A centroid that is in the hand, its label and where it is.
        dropped: A centroid, its label and where it was let go.
        hovered: The index of the point under the pointer, -1 for none.
        clicked: The index of the point and the label of the centroid that were clicked, -1 for
            none.
        pointed: (2,) where the pointer is, None where it is elsewhere.
    """

    dragging = pyqtSignal(int, float, float)
    dropped = pyqtSignal(int, float, float)
    hovered = pyqtSignal(int)
    clicked = pyqtSignal(int, int)
    pointed = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._shown = Shown()
        self._metric: np.ndarray | None = None
        self._xy = np.empty((0, 2))
        self._picture: Picture | None = None
        self.shown_centroids = np.empty(
            (0, 2)
        )  # where they are drawn now, between two pictures too
        self._discs: list[CentroidItem] = []
        self._regions, self._lines = RegionsItem(), LinesItem()
        self._points, self._trails, self._climbs = PointsItem(), TrailsItem(), ClimbsItem()
        for item in (self._regions, self._lines, self._points, self._trails, self._climbs):
            self.addItem(item, ignoreBounds=True)
        self.note = PointNote(self)
        self._mark = pg.ScatterPlotItem(pxMode=True)
        self._mark.setZValue(6)
        self.addItem(self._mark, ignoreBounds=True)
        self._tween = QVariantAnimation(self)
        self._tween.setStartValue(0.0)
        self._tween.setEndValue(1.0)
        self._tween.valueChanged.connect(self._on_tween)
        self._from = self.shown_centroids
        plot = self.getPlotItem()
        self.setAccessibleName("Points and centroids")
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.getViewBox().sigRangeChanged.connect(lambda *_: self._draw_regions())
        self.scene().sigMouseMoved.connect(self._on_mouse)
        self.scene().sigMouseClicked.connect(self._on_click)

    def twin(self) -> "ScatterView":
        """Another view of the same points that looks the same, without a picture yet."""
        twin = ScatterView()
        twin.resize(self.size())
        twin.restyle(self._theme)
        axes = (self.getPlotItem().getAxis(name).labelText for name in ("bottom", "left"))
        box = self.getPlotItem().getViewBox()
        twin.set_points(self._xy, tuple(axes), bool(box.state["aspectLocked"]))
        twin.set_metric(self._metric)
        twin.show_parts(self._shown)
        twin.setRange(box.viewRect(), padding=0)
        return twin

    @property
    def xy(self) -> np.ndarray:
        """(N, 2), the points on screen."""
        return self._xy

    @property
    def unit_of_distance(self) -> np.ndarray | None:
        """As it was set by `set_metric`."""
        return self._metric

    # What is shown

    def set_points(self, xy: np.ndarray, names: tuple[str, str], same_scale: bool) -> None:
        """Show other points, without labels and centroids.

        Args:
            xy: (N, 2).
            names: Of the horizontal and the vertical axis.
            same_scale: Whether a unit is as long on both axes.
        """
        self._xy = xy
        self._points.set_points(xy)
        self.mark(-1)
        plot = self.getPlotItem()
        plot.setLabel("bottom", names[0])
        plot.setLabel("left", names[1])
        self.clear_picture()
        self.set_same_scale(same_scale)

    def repaint_points(self, xy: np.ndarray, labels: np.ndarray | None) -> None:
        """Show other points, and leave everything else where it is, the range of the axes too.

        Args:
            xy: (N, 2).
            labels: (N,) for the colours, -1 for none; None if no point has one.
        """
        self._xy = xy
        self._points.set_points(xy)
        self._points.set_labels(labels)
        self.show_note(-1, "")
        if self._picture is not None:
            self._picture = replace(self._picture, labels=labels)
            self._draw_moving()

    def set_same_scale(self, same_scale: bool) -> None:
        """Make a unit as long on both axes, or fill the plot; shows all points."""
        self.getPlotItem().getViewBox().setAspectLocked(same_scale)
        self.reset_view()

    def set_metric(self, scale: np.ndarray | None) -> None:
        """Say how the distance is measured, so that the regions are right.

        Args:
            scale: (2,) what a unit of distance is on each axis; None where nearness cannot be
                seen in the plot, because other columns count too: then no regions are drawn.
        """
        self._metric = scale
        self._draw_regions()

    def clear_picture(self) -> None:
        """Take the centroids and the labels away."""
        self._tween.stop()
        self.show_note(-1, "")
        self._picture, self.shown_centroids = None, np.empty((0, 2))
        self._points.set_labels(None)
        self._draw_trails()
        self._draw_moving()

    def draw(self, picture: Picture, duration_ms: int = 0) -> None:
        """Draw a picture.

        Args:
            picture: What to draw.
            duration_ms: How long the centroids take to glide there; 0 for at once.
        """
        self._tween.stop()
        self._picture = picture
        self._points.set_labels(picture.labels)
        self._draw_trails()
        if duration_ms and self.shown_centroids.shape == picture.centroids.shape:
            self._from = self.shown_centroids
            self._tween.setDuration(duration_ms)
            self._tween.start()
        else:
            self.shown_centroids = picture.centroids
            self._draw_moving()

    def recolor(self, labels: np.ndarray) -> None:
        """Give the points on screen other labels; everything else stays where it is."""
        if self._picture is not None:
            self._picture = replace(self._picture, labels=labels)
            self._points.set_labels(labels)
            self._draw_moving()

    def show_parts(self, shown: Shown) -> None:
        """Choose which parts are drawn."""
        self._shown = shown
        self._points.set_look(self._theme, shown.shapes)
        self._draw_trails()
        self._draw_moving()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.setBackground(theme.card)
        style_axes(self.getPlotItem(), theme)
        self._points.set_look(theme, self._shown.shapes)
        for item in (self._regions, self._lines, self._trails, self._climbs):
            item.set_look(theme)
        self._draw_moving()

    def reset_view(self) -> None:
        """Show all points."""
        if len(self._xy):
            low, high = self._xy.min(0).tolist(), self._xy.max(0).tolist()
            # A column that is constant still needs some width.
            self.setRange(
                xRange=widened(low[0], high[0]), yRange=widened(low[1], high[1]), padding=0.04
            )

    def show_note(self, index: int, text: str) -> None:
        """Mark a point and say something beside it; -1 takes both away."""
        if index < 0:
            self.note.take_away()
            return
        point = self._xy[index]
        scene = self.getPlotItem().getViewBox().mapViewToScene(QPointF(*point.tolist()))
        size = self._points.marker_size() + self._theme.px(7)
        self.note.show_at(point, self.mapFromScene(scene), text, size, self._theme)

    # Places

    @property
    def view(self) -> QRectF:
        """The range of the axes."""
        return QRectF(self.getPlotItem().getViewBox().viewRect())

    def set_view(self, view: QRectF) -> None:
        """Show a range of the axes."""
        self.setRange(view, padding=0)

    def pixel_size(self) -> np.ndarray:
        """(2,) how long a pixel is, in the units of the plot."""
        return np.array(self.getPlotItem().getViewBox().viewPixelSize())

    def place_of(self, pixel: QPoint) -> tuple[float, float]:
        """Where a pixel of the viewport is, in the units of the plot."""
        place = self.getPlotItem().getViewBox().mapSceneToView(self.mapToScene(pixel))
        return place.x(), place.y()

    def point_near(self, pixel: QPoint) -> int:
        """The index of the point nearest to a pixel of the viewport, -1 if none is near."""
        return self._point_at(self.mapToScene(pixel))

    def mark(self, index: int) -> None:
        """Put a ring around a point that stays until another is marked; -1 takes it away."""
        self._mark.clear()
        if index >= 0:
            size = self._points.marker_size() + self._theme.px(11)
            pen = pg.mkPen(self._theme.ink, width=3 * self._theme.scale)
            self._mark.setData(pos=self._xy[index : index + 1], size=size, pen=pen, brush=None)

    # Drawing

    def _on_tween(self, part: float) -> None:
        assert self._picture is not None
        self.shown_centroids = self._from + (self._picture.centroids - self._from) * part
        self._draw_moving()

    def _draw_moving(self) -> None:
        """Draw whatever moves with the centroids."""
        self._draw_discs()
        self._draw_regions()
        picture, centroids = self._picture, self.shown_centroids
        lined = picture is not None and picture.labels is not None and self._shown.lines
        lined = lined and len(self._xy) <= MAX_LINES
        self._lines.setVisible(lined)
        if lined and picture is not None and picture.labels is not None:
            self._lines.set_lines(self._xy, picture.labels, centroids)

    def _draw_trails(self) -> None:
        trails = self._picture.trails if self._picture and self._shown.trails else []
        self._trails.set_trails(trails)
        picture = self._picture
        if picture is None or picture.climbs is None or picture.of_climbs is None:
            self._climbs.set_climbs(np.empty((0, 1, 2)), np.empty(0, np.int32), False)
        else:
            self._climbs.set_climbs(picture.climbs, picture.of_climbs, self._shown.trails)

    def _draw_discs(self) -> None:
        while len(self._discs) > len(self.shown_centroids):
            disc = self._discs.pop()
            disc.blockSignals(True)  # it may be in the hand, and the mouse holds on to it
            self.removeItem(disc)
        while len(self._discs) < len(self.shown_centroids):
            self._discs.append(self._new_disc(len(self._discs)))
        empty = self._picture.empty if self._picture else ()
        for disc, (x, y) in zip(self._discs, self.shown_centroids.tolist(), strict=True):
            disc.set_look(self._theme, disc.label in empty)
            disc.fixed = self._picture is not None and self._picture.climbs is not None
            if not disc.held:
                disc.setPos(x, y)

    def _new_disc(self, label: int) -> CentroidItem:
        disc = CentroidItem(label)
        disc.dragging.connect(lambda x, y: self._on_dragging(label, x, y))
        disc.dropped.connect(lambda x, y: self.dropped.emit(label, x, y))
        self.addItem(disc, ignoreBounds=True)
        return disc

    def _draw_regions(self) -> None:
        metric = self._metric
        wanted = self._shown.regions and metric is not None and len(self.shown_centroids) > 0
        wanted = wanted and (self._picture is None or self._picture.climbs is None)
        self._regions.setVisible(wanted)
        if not wanted or metric is None:
            return
        rect = self.getPlotItem().getViewBox().viewRect()
        low = np.array([rect.left(), rect.top()]) / metric
        high = np.array([rect.right(), rect.bottom()]) / metric
        regions = voronoi(self.shown_centroids / metric, low, high)
        self._regions.set_regions([region * metric for region in regions])

    # The mouse

    def _on_dragging(self, label: int, x: float, y: float) -> None:
        if label >= len(self.shown_centroids):  # it was taken out of the hand
            return
        self._tween.stop()
        self.shown_centroids = self.shown_centroids.copy()
        self.shown_centroids[label] = x, y
        self._draw_moving()
        self.dragging.emit(label, x, y)

    def _on_mouse(self, place: QPointF) -> None:
        self.hovered.emit(self._point_at(place))
        box = self.getPlotItem().getViewBox()
        if box.sceneBoundingRect().contains(place):
            at = box.mapSceneToView(place)
            self.pointed.emit(np.array([at.x(), at.y()]))
        else:
            self.pointed.emit(None)

    def _on_click(self, event: MouseClickEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            place = event.scenePos()
            self.clicked.emit(self._point_at(place), self._nearest(self.shown_centroids, place))

    def _point_at(self, place: QPointF) -> int:
        """The index of the point nearest to a place in the scene, -1 if none is near."""
        return self._nearest(self._xy, place) if len(self._xy) <= _MAX_HOVER else -1

    def _nearest(self, xy: np.ndarray, place: QPointF) -> int:
        """Which of (N, 2) places of the plot is nearest to one in the scene, -1 if none is near."""
        box = self.getPlotItem().getViewBox()
        if not len(xy) or not box.sceneBoundingRect().contains(place):
            return -1
        at, unit = box.mapSceneToView(place), box.viewPixelSize()
        pixels = (xy - (at.x(), at.y())) / unit
        distances = np.einsum("nd,nd->n", pixels, pixels)
        nearest = int(distances.argmin())
        return nearest if distances[nearest] <= self._theme.px(_HOVER_PIXELS) ** 2 else -1

    def leaveEvent(self, event: object) -> None:
        """Forget the point under the pointer when there is none."""
        self.hovered.emit(-1)
        self.pointed.emit(None)
        super().leaveEvent(event)
