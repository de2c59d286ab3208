"""The clusters on screen as a table: colour and name, number of points, inertia."""

import numpy as np
from PyQt6.QtCore import QPointF, QSize, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.numbers import shortened
from app.theme import LIGHT, Theme, cluster_name
from app.views.points import shape_of, shape_path


class ClusterTable(QTableWidget):
    """One row a cluster."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self._theme = LIGHT
        self._shapes = False
        self.setHorizontalHeaderLabels(["Cluster", "Points", "Inertia"])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)  # Tab leaves the table, and arrows walk in it
        self.setAccessibleName("Clusters: points and inertia of each")
        vertical, horizontal = self.verticalHeader(), self.horizontalHeader()
        assert vertical is not None
        assert horizontal is not None
        vertical.hide()
        horizontal.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        horizontal.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header = self.horizontalHeaderItem(column)
            assert header is not None
            header.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def draw(self, sizes: np.ndarray, inertias: np.ndarray) -> None:
        """Show other numbers.

        Args:
            sizes: (K,) points in each cluster.
            inertias: (K,) inertia of each cluster.
        """
        self._set_rows(len(sizes))
        for label, (size, inertia) in enumerate(
            zip(sizes.tolist(), inertias.tolist(), strict=True)
        ):
            for column, text in ((1, f"{size:,}"), (2, shortened(inertia))):
                cell = self.item(label, column)
                assert cell is not None
                cell.setText(text)

    def restyle(self, theme: Theme, shapes: bool) -> None:
        """Draw in another theme, with or without marker shapes."""
        self._theme, self._shapes = theme, shapes
        header = self.verticalHeader()
        assert header is not None
        header.setDefaultSectionSize(theme.px(25))
        self.setIconSize(QSize(theme.px(16), theme.px(16)))
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
                cell = QTableWidgetItem()
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(label, column, cell)
        self.setRowCount(n_rows)

    def _swatch(self, label: int) -> QIcon:
        size = self._theme.px(16)
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(QPointF(size / 2, size / 2))
        painter.setBrush(self._theme.cluster_color(label))
        painter.setPen(QPen(QColor(self._theme.muted), 0.6))
        shape = int(shape_of(np.array(label), self._shapes))
        painter.drawPath(shape_path(shape, 0.38 * size))
        painter.end()
        return QIcon(pixmap)
