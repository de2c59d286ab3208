"""Every icon named in the code is in the icon font, and is painted in its colour."""

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
    """Return the colours of all opaque pixels of an icon."""
    image = made.pixmap(QSize(32, 32), 1.0, mode, state).toImage()
    pixels = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_an_icon_is_painted_in_its_colour(qapp, name):
    assert colors(icon(name, "#102030", "#aaaaaa")) == {"#102030"}


def test_disabled_and_checked_icons_look_different(qapp):
    play = icon("mdi6.play", "#102030", "#aaaaaa", "#ffffff")
    assert colors(play, QIcon.Mode.Disabled) == {"#aaaaaa"}
    assert colors(play, QIcon.Mode.Normal, QIcon.State.On) == {QColor("white").name()}
    assert colors(play, QIcon.Mode.Active) == {"#102030"}


def test_icon_names_are_found_in_the_code():
    assert len(NAMES) > 20


def test_an_icon_of_size_zero_is_empty_without_a_warning(qtbot, qtlog):
    assert icon("mdi6.play", "#102030", "#aaaaaa").pixmap(QSize(0, 0), 1.0).isNull()
    assert not [record for record in qtlog.records if "QPainter" in record.message]
