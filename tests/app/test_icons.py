"""Every icon that the window names is in the font, and takes its colour."""

import re
from pathlib import Path

import pytest
from PyQt6.QtCore import QSize
from PyQt6.QtGui import QColor, QIcon

from app.icons import icon

APP = Path(__file__).parents[2] / "app"
NAMES = {
    name
    for path in APP.rglob("*.py")
    if path.name != "icons.py"
    for name in re.findall(r'"(mdi6\.[a-z0-9-]+)"', path.read_text(encoding="utf-8"))
}


def colors(made, mode=QIcon.Mode.Normal, state=QIcon.State.Off):
    """All colours of the whole pixels of an icon."""
    image = made.pixmap(QSize(32, 32), 1.0, mode, state).toImage()
    pixels = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_an_icon_is_painted_in_its_colour(qapp, name):
    assert colors(icon(name, "#102030", "#aaaaaa")) == {"#102030"}


def test_what_cannot_be_pressed_and_what_is_on_look_different(qapp):
    play = icon("mdi6.play", "#102030", "#aaaaaa", "#ffffff")
    assert colors(play, QIcon.Mode.Disabled) == {"#aaaaaa"}
    assert colors(play, QIcon.Mode.Normal, QIcon.State.On) == {QColor("white").name()}
    assert colors(play, QIcon.Mode.Active) == {"#102030"}


def test_icons_are_named_all_over_the_window():
    assert len(NAMES) > 20


def test_an_icon_without_room_is_empty_and_no_warning(qtbot, qtlog):
    assert icon("mdi6.play", "#102030", "#aaaaaa").pixmap(QSize(0, 0), 1.0).isNull()
    assert not [record for record in qtlog.records if "QPainter" in record.message]
