"""The clusters on screen as a table: colour and name, number of points, inertia or density."""

import numpy as np
from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QColor, QIcon, QPen
from PyQt6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem, QWidget

from app.numbers import in_millions
from app.theme import Theme, cluster_name, current, follow
from app.views.curves.looks import icon
from app.views.scatter.points.markers import noise_path, noise_pen, shape_of, shape_path
from app.views.tables.style import dress, number_cell, set_headings, set_row_height


class ClusterTable(QTableWidget):
    """One row for each cluster, and one for noise where there is some."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self._theme = current()
        self._shapes = False
        self._noise_row = -1
        dress(self, "Clusters")
        self.name_measure("Inertia")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        follow(self, self.restyle)

    def name_measure(self, name: str) -> None:
        """Name the measure in the last column: Inertia, or Density."""
        self.setAccessibleName(f"Clusters: points and {name.lower()} of each")
        set_headings(self, ["Cluster", "Points", name], {1, 2})

    def draw(self, sizes: np.ndarray, measures: np.ndarray, n_noise: int | None = None) -> None:
        """Show other numbers.

        Args:
            sizes: (K,) the number of points in each cluster.
            measures: (K,) the inertia or density of each cluster; NaN where it is not known.
            n_noise: How many points are noise; None for no row of noise.
        """
        rows = [
            (f"{size:,}", in_millions(measure) if np.isfinite(measure) else "–")
            for size, measure in zip(sizes.tolist(), measures.tolist(), strict=True)
        ]
        if n_noise is not None:
            rows.append((f"{n_noise:,}", ""))
        self._set_rows(len(rows), -1 if n_noise is None else len(sizes))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts, 1):
                cell = self.item(row, column)
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
        for row in range(self.rowCount()):
            self._name(row)

    def _set_rows(self, n_rows: int, noise_row: int) -> None:
        renamed, self._noise_row = {self._noise_row, noise_row}, noise_row
        for row in range(self.rowCount(), n_rows):
            self.insertRow(row)
            self.setItem(row, 0, QTableWidgetItem())
            for column in (1, 2):
                self.setItem(row, column, number_cell())
            renamed.add(row)
        self.setRowCount(n_rows)
        for row in renamed & set(range(n_rows)):
            self._name(row)

    def _name(self, row: int) -> None:
        cell = self.item(row, 0)
        assert cell is not None
        cell.setText("noise" if row == self._noise_row else f"{row}  {cluster_name(row)}")
        cell.setIcon(self._swatch(row))

    def _swatch(self, label: int) -> QIcon:
        theme, size = self._theme, self._theme.px(16)
        if label == self._noise_row:
            no_fill = QColor(Qt.GlobalColor.transparent)
            return icon(noise_path(0.38 * size), size, no_fill, noise_pen(theme))
        path = shape_path(int(shape_of(np.array(label), self._shapes)), 0.38 * size)
        return icon(path, size, theme.cluster_color(label), QPen(QColor(theme.muted), 0.6))
