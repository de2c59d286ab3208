"""Icons in the theme's colours: glyphs of the Material Design font that comes with QtAwesome.

QtAwesome itself is not imported: it resolves every name of Qt and loads a dozen fonts, which is a
sixth of the time until the window is painted.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

_PREFIX = "mdi6."
_FONT = "materialdesignicons6-webfont"
# The fraction of the square that a glyph fills.
_FRACTION = 0.875


@cache
def _glyphs() -> tuple[str, dict[str, str]]:
    """Return the family of the font, and the code of each glyph in hexadecimal digits."""
    spec = find_spec("qtawesome")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "fonts"
    (font,), (names,) = folder.glob(f"{_FONT}-[0-9]*.ttf"), folder.glob(f"{_FONT}-charmap-*.json")
    family = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(font)))[0]
    return family, json.loads(names.read_text(encoding="utf-8"))


class _Glyph(QIconEngine):
    """Paints one glyph at any size."""

    def __init__(self, name: str, color: str, disabled: str, on: str) -> None:
        super().__init__()
        self._name, self._colors = name, (color, disabled, on)

    def _color(self, mode: QIcon.Mode, state: QIcon.State) -> QColor:
        color, disabled, on = self._colors
        if mode == QIcon.Mode.Disabled:
            return QColor(disabled)
        return QColor(on if state == QIcon.State.On else color)

    def paint(
        self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State
    ) -> None:
        """Paint it in a rectangle."""
        assert painter is not None
        family, names = _glyphs()
        font = QFont(family)
        font.setPixelSize(max(1, round(_FRACTION * rect.height())))
        painter.save()
        painter.setFont(font)
        painter.setPen(self._color(mode, state))
        code = names[self._name.removeprefix(_PREFIX)]
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, chr(int(code, 16)))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Paint it as a pixmap."""
        picture = QPixmap(size)
        if picture.isNull():  # a button in a very narrow window has no room for one
            return picture
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        """Return a copy."""
        return _Glyph(self._name, *self._colors)


def icon(name: str, color: str, disabled: str, on: str = "#ffffff") -> QIcon:
    """Make an icon.

    Args:
        name: Its name in QtAwesome, such as "mdi6.play".
        color: The colour of an enabled button.
        disabled: The colour of a disabled button.
        on: The colour of a button that is on.
    """
    return QIcon(_Glyph(name, color, disabled, on))
