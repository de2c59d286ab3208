"""The scatter plot: points by label, centroids that can be dragged, regions, lines and trails."""

from dataclasses import replace

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPoint, QPointF, QRectF, QVariantAnimation, pyqtSignal
from PyQt6.QtWidgets import QWidget

from app.theme import Theme, current, follow
from app.views.curves.axes import limit_zoom, name_axis, style_axes, widened
from app.views.scatter.centroids import Discs, LinesItem, TrailsItem
from app.views.scatter.climbs import ClimbsItem
from app.views.scatter.layer import rect_around
from app.views.scatter.mouse import Mouse
from app.views.scatter.note import PointNote, Ring
from app.views.scatter.points.points import PointsItem
from app.views.scatter.regions import RegionsItem
from app.views.scatter.scenery import Scene, Shown

MAX_LINES = 5_000


class ScatterView(pg.PlotWidget):
    """Draws frames, and signals when the mouse drags a centroid or rests on a point.

    Signals:
        dragging: A centroid is being dragged; its label and position.
        dropped: A centroid was let go; its label and position.
        hovered, clicked, pointed: The signals of `Mouse`.
    """

    dragging = pyqtSignal(int, float, float)
    dropped = pyqtSignal(int, float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current()
        self._shown = Shown()
        self._metric: np.ndarray | None = None
        self._xy, self._bounds = np.empty((0, 2)), QRectF()
        self._scene: Scene | None = None
        # Their positions on screen, also between two scenes.
        self.shown_centroids = np.empty((0, 2))
        self._discs = Discs(self)
        self._discs.dragging.connect(self._on_dragging)
        self._discs.dropped.connect(self.dropped)
        self._regions, self._lines = RegionsItem(), LinesItem()
        self.points, self._trails, self._climbs = PointsItem(), TrailsItem(), ClimbsItem()
        for item in (self._regions, self._lines, self.points, self._trails, self._climbs):
            self.addItem(item, ignoreBounds=True)
        self.note = PointNote(self)
        self._mark = Ring(self)
        self._tween = QVariantAnimation(self)
        self._tween.setStartValue(0.0)
        self._tween.setEndValue(1.0)
        self._tween.valueChanged.connect(self._on_tween)
        self._from = self.shown_centroids
        plot = self.getPlotItem()
        self.mouse = Mouse(plot.getViewBox(), lambda: self.shown_centroids)
        self.hovered, self.clicked = self.mouse.hovered, self.mouse.clicked
        self.pointed = self.mouse.pointed
        self.setAccessibleName("Points and centroids")
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.getViewBox().sigRangeChanged.connect(self._on_range)
        plot.getViewBox().sigResized.connect(lambda _: self._forget_note())
        follow(self, self.restyle)

    def twin(self) -> "ScatterView":
        """Another view of the same points with the same look, without a scene yet."""
        twin = ScatterView()
        twin.resize(self.size())
        box = self.getPlotItem().getViewBox()
        twin.set_points(self._xy, self._names, bool(box.state["aspectLocked"]))
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
        """The value given to `set_metric`."""
        return self._metric

    # What is shown

    def set_points(self, xy: np.ndarray, names: tuple[str, str], same_scale: bool) -> None:
        """Show other points, without labels and centroids.

        Args:
            xy: (N, 2).
            names: The names of the horizontal and the vertical axis.
            same_scale: Whether both axes have the same scale.
        """
        self._take(xy)
        self.mark(-1)
        plot = self.getPlotItem()
        self._names = names
        for side, name in zip(("bottom", "left"), names, strict=True):
            name_axis(plot, side, name)
        self.clear_scene()
        self.set_same_scale(same_scale)

    def repaint_points(self, xy: np.ndarray, labels: np.ndarray | None) -> None:
        """Show other points, and leave everything else as it is, including the range of the axes.

        Args:
            xy: (N, 2).
            labels: (N,) for the colours, -1 for none; None if no point has one.
        """
        self._take(xy, stay=True)
        self.points.set_labels(labels)
        self.show_note(-1, "")
        if self._scene is not None:
            self._scene = replace(self._scene, labels=labels)
            self._draw_moving()

    def _take(self, xy: np.ndarray, stay: bool = False) -> None:
        self._xy, self._bounds = xy, rect_around(xy)
        limit_zoom(self.getPlotItem().getViewBox(), self._bounds)
        self.points.set_points(xy, self._bounds, stay)
        self.mouse.set_points(xy)

    def set_same_scale(self, same_scale: bool) -> None:
        """Give both axes the same scale, or fill the plot; shows all points."""
        self.getPlotItem().getViewBox().setAspectLocked(same_scale)
        self.reset_view()

    def set_metric(self, scale: np.ndarray | None) -> None:
        """Set how distances are measured, which decides the regions.

        Args:
            scale: (2,) the length of a unit of distance on each axis; None if distances depend on
                other columns too: then no regions are drawn.
        """
        self._metric = scale
        self._draw_regions()

    def clear_scene(self) -> None:
        """Remove the centroids and the labels."""
        self._tween.stop()
        self.show_note(-1, "")
        self._scene, self.shown_centroids = None, np.empty((0, 2))
        self.points.set_labels(None)
        self._draw_trails()
        self._draw_moving()

    def draw(self, scene: Scene, duration_ms: int = 0) -> None:
        """Draw a scene.

        Args:
            scene: What to draw.
            duration_ms: How long the centroids glide; 0 to move them at once.
        """
        self._tween.stop()
        self._scene = scene
        self.points.set_labels(scene.labels)
        self._draw_trails()
        if duration_ms and self.shown_centroids.shape == scene.centroids.shape:
            self._from = self.shown_centroids
            self._tween.setDuration(duration_ms)
            self._tween.start()
        else:
            self.shown_centroids = scene.centroids
            self._draw_moving()

    def recolor(self, labels: np.ndarray) -> None:
        """Give the points on screen other labels; everything else stays as it is."""
        if self._scene is not None:
            self._scene = replace(self._scene, labels=labels)
            self.points.set_labels(labels)
            self._draw_moving()

    def show_parts(self, shown: Shown) -> None:
        """Choose which layers are drawn."""
        self._shown = shown
        self.points.set_look(self._theme, shown.shapes)
        self._draw_trails()
        self._draw_moving()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = self.mouse.theme = theme
        self.setBackground(theme.card)
        style_axes(self.getPlotItem(), theme)
        self.points.set_look(theme, self._shown.shapes)
        for item in (self._regions, self._lines, self._trails, self._climbs):
            item.set_look(theme)
        self._draw_moving()

    def reset_view(self) -> None:
        """Show all points."""
        if len(self._xy):
            x1, y1, x2, y2 = self._bounds.getCoords()
            # A constant column still needs some width.
            self.setRange(xRange=widened(x1, x2), yRange=widened(y1, y2), padding=0.04)

    def show_note(self, index: int, text: str) -> None:
        """Mark a point, with a text beside it; -1 removes both."""
        if index < 0:
            self.note.remove()
            return
        point = self._xy[index]
        size = self.points.marker_size() + self._theme.px(7)
        self.note.show_at(point, self.pixel_of(point), text, size, self._theme)

    # Positions

    @property
    def view(self) -> QRectF:
        """The range of the axes."""
        return QRectF(self.getPlotItem().getViewBox().viewRect())

    def set_view(self, view: QRectF) -> None:
        """Show a range of the axes."""
        self.setRange(view, padding=0)

    def pixel_size(self) -> np.ndarray:
        """(2,) the size of a pixel, in the units of the plot."""
        return np.array(self.getPlotItem().getViewBox().viewPixelSize())

    def place_of(self, pixel: QPoint) -> tuple[float, float]:
        """The position of a pixel of the viewport, in the units of the plot."""
        place = self.getPlotItem().getViewBox().mapSceneToView(self.mapToScene(pixel))
        return place.x(), place.y()

    def pixel_of(self, place: np.ndarray) -> QPoint:
        """The pixel of the viewport at (2,) a position in the units of the plot."""
        box = self.getPlotItem().getViewBox()
        return QPoint(self.mapFromScene(box.mapViewToScene(QPointF(*place.tolist()))))

    def point_near(self, pixel: QPoint) -> int:
        """The index of the point nearest to a pixel of the viewport, -1 if none is near."""
        return self.mouse.point_at(self.mapToScene(pixel))

    def mark(self, index: int) -> None:
        """Put a ring around a point until another is marked; -1 removes it."""
        self._mark.remove()
        if index >= 0:
            size = self.points.marker_size() + self._theme.px(11)
            self._mark.show_at(self._xy[index], size, 3, self._theme)

    # Drawing

    def _on_tween(self, fraction: float) -> None:
        assert self._scene is not None
        self.shown_centroids = self._from + (self._scene.centroids - self._from) * fraction
        self._draw_moving()

    def _draw_moving(self) -> None:
        """Draw everything that moves with the centroids."""
        empty = self._scene.empty if self._scene else ()
        fixed = self._scene is not None and not self._scene.can_drag
        self._discs.draw(self.shown_centroids, empty, fixed, self._theme)
        self._draw_regions()
        scene, centroids = self._scene, self.shown_centroids
        lined = scene is not None and scene.labels is not None and self._shown.lines
        lined = lined and len(self._xy) <= MAX_LINES
        self._lines.setVisible(lined)
        if lined and scene is not None and scene.labels is not None:
            self._lines.set_lines(self._xy, scene.labels, centroids)

    def _draw_trails(self) -> None:
        trails = self._scene.trails if self._scene and self._shown.trails else []
        self._trails.set_trails(trails)
        scene = self._scene
        if scene is None or scene.climbs is None or scene.of_climbs is None:
            self._climbs.set_climbs(np.empty((0, 1, 2)), np.empty(0, np.int32), False)
        else:
            self._climbs.set_climbs(scene.climbs, scene.of_climbs, self._shown.trails)

    def _draw_regions(self) -> None:
        metric = self._metric
        wanted = self._shown.regions and metric is not None and len(self.shown_centroids) > 0
        wanted = wanted and (self._scene is None or self._scene.has_regions)
        self._regions.setVisible(wanted)
        if not wanted or metric is None:
            return
        self._regions.show_near(self.shown_centroids, metric, self.view)

    def _on_range(self) -> None:
        self._draw_regions()
        self._forget_note()

    def _forget_note(self) -> None:
        """Hide the note: it would be in the wrong place, or out of date."""
        if self.note.isVisible():
            self.hovered.emit(-1)

    # Dragging

    def _on_dragging(self, label: int, x: float, y: float) -> None:
        if label >= len(self.shown_centroids):  # it vanished while it was dragged
            return
        self._tween.stop()
        self.shown_centroids = self.shown_centroids.copy()
        self.shown_centroids[label] = x, y
        self._draw_moving()
        self._forget_note()
        self.dragging.emit(label, x, y)

    def leaveEvent(self, event: object) -> None:
        """Tell the mouse that the pointer has left."""
        self.mouse.leave()
        super().leaveEvent(event)
