"""Notes over a plot are whole, wherever they are."""

import pyqtgraph as pg
import pytest
from PyQt6.QtCore import QPoint

from app.views.scatter.note import Note

LONG = "eps 12.5: 17 points within, <b>itself included</b>, so it is a core point<br>label 3"


@pytest.fixture
def plot(qtbot):
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    plot.resize(400, 300)
    plot.show()
    return plot


@pytest.mark.parametrize("points", [9, 18, 30])
@pytest.mark.parametrize("place", [(0, 0), (200, 150), (399, 299)])
def test_a_note_is_whole_and_within_the_plot(plot, points, place):
    note = Note(plot)
    note.setStyleSheet(f"font-size: {points}pt; padding: 4px")
    note.show_beside(QPoint(*place), LONG)
    assert plot.rect().contains(note.geometry())
    assert note.heightForWidth(note.width()) <= note.height()
    assert note.wordWrap() or note.sizeHint().width() <= note.width()


def test_a_short_text_after_a_long_one_is_on_one_line(plot):
    note = Note(plot)
    note.show_beside(QPoint(0, 0), "label 3")
    before = note.size()
    note.show_beside(QPoint(0, 0), 4 * LONG)
    assert note.wordWrap()
    note.show_beside(QPoint(0, 0), "label 3")
    assert note.size() == before
