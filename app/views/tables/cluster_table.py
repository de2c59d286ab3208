"""The clusters on screen as a table: colour and name, number of points, inertia or density."""

import numpy as np
from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QColor, QIcon, QPen
from PyQt6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem, QWidget

from app.numbers import in_millions
from app.theme import Theme, cluster_name, current, follow
from app.views.curves.looks import icon
from app.views.scatter.points.markers import shape_of, shape_path
from app.views.tables.style import dress, number_cell, set_headings, set_row_height


class ClusterTable(QTableWidget):
    """One row for each cluster."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self._theme = current()
        self._shapes = False
        dress(self, "Clusters")
        self.name_measure("Inertia")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        follow(self, self.restyle)

    def name_measure(self, name: str) -> None:
        """Name the measure in the last column: Inertia, or Density."""
        self.setAccessibleName(f"Clusters: points and {name.lower()} of each")
        set_headings(self, ["Cluster", "Points", name], {1, 2})

    def draw(self, sizes: np.ndarray, measures: np.ndarray) -> None:
        """Show other numbers.

        Args:
            sizes: (K,) the number of points in each cluster.
            measures: (K,) the inertia or density of each cluster.
        """
        self._set_rows(len(sizes))
        for label, (size, measure) in enumerate(
            zip(sizes.tolist(), measures.tolist(), strict=True)
        ):
            for column, text in ((1, f"{size:,}"), (2, in_millions(measure))):
                cell = self.item(label, column)
                assert cell is not None
                cell.setText(text)

    def show_shapes(self, shapes: bool) -> None:
        """Show the marker of each cluster, or a disc for all."""
        self._shapes = shapes
        self._draw_swatches()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        set_row_height(self, theme.px(25))
        self.setIconSize(QSize(theme.px(16), theme.px(16)))
        self._draw_swatches()

    def _draw_swatches(self) -> None:
        for label in range(self.rowCount()):
            cell = self.item(label, 0)
            assert cell is not None
            cell.setIcon(self._swatch(label))

    def _set_rows(self, n_rows: int) -> None:
        for label in range(self.rowCount(), n_rows):
            self.insertRow(label)
            name = QTableWidgetItem(self._swatch(label), f"{label}  {cluster_name(label)}")
            self.setItem(label, 0, name)
            for column in (1, 2):
                self.setItem(label, column, number_cell())
        self.setRowCount(n_rows)

    def _swatch(self, label: int) -> QIcon:
        theme, size = self._theme, self._theme.px(16)
        path = shape_path(int(shape_of(np.array(label), self._shapes)), 0.38 * size)
        return icon(path, size, theme.cluster_color(label), QPen(QColor(theme.muted), 0.6))
