"""How everything looks: light and dark, colours that survive colour blindness, projector sizes.

The cluster colours are those of Okabe, M. and Ito, K. (2008), Color universal design, in an order
that keeps neighbours far apart; their names can be said aloud. From the ninth on the clusters have
the same colours darker, then paler, and each round another marker shape.
"""

from dataclasses import dataclass
from pathlib import Path

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PyQt6.QtWidgets import QApplication, QComboBox, QWidget

COLOR_NAMES = ("blue", "vermilion", "green", "pink", "orange", "sky blue", "yellow", "grey")
_SHADES = ("", "dark ", "pale ")
N_COLORS = len(COLOR_NAMES) * len(_SHADES)
SHAPE_NAMES = ("disc", "square", "triangle", "diamond", "cross", "star")

_CHECK = (Path(__file__).parents[1] / "assets" / "icons" / "check.svg").as_posix()

MIN_SCALE, MAX_SCALE = 0.7, 2.5
# Above this scale a window on a projector has no room for what can be done without.
LARGE = 1.25
_BASE_POINTS = 10.0
_FRAME = 6  # pixels above and below what is in a box, at any scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The colours of one theme, as #rrggbb, and the scale of everything drawn.

    Attributes:
        dark: Whether the ground is dark.
        ground: Behind the cards.
        card: Behind controls and plots.
        ink: Text, and the outline of centroids.
        muted: Text of the second rank, axes.
        line: Frames and grids.
        accent: What can be pressed first, and the current place.
        warning: Behind a notice.
        clusters: One colour for each of `COLOR_NAMES`.
        scale: 1 is for a desk.
    """

    dark: bool
    ground: str
    card: str
    ink: str
    muted: str
    line: str
    accent: str
    warning: str
    clusters: tuple[str, ...]
    scale: float = 1.0

    def px(self, size: float) -> int:
        """A length in pixels, scaled; at least one."""
        return max(1, round(size * self.scale))

    def font(self, factor: float = 1.0, bold: bool = False) -> QFont:
        """The application's font, larger or smaller by a factor."""
        font = QFont(QApplication.font())
        font.setPointSizeF(_BASE_POINTS * self.scale * factor)
        font.setBold(bold)
        return font

    def cluster_color(self, label: int, alpha: float = 1.0) -> QColor:
        """The colour of a label; after `N_COLORS` they repeat."""
        shade, index = divmod(label % N_COLORS, len(self.clusters))
        color = QColor(self.clusters[index])
        if shade == 1:
            color = color.darker(150 if self.dark else 180)
        elif shade == 2:
            color = mixed(color, QColor("#ffffff"), 0.55)
        color.setAlphaF(alpha)
        return color


_OKABE_ITO = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
LIGHT = Theme(
    dark=False,
    ground="#f1f5f9",
    card="#ffffff",
    ink="#0f172a",
    muted="#526077",
    line="#dbe2ea",
    accent="#2563eb",
    warning="#fff3d6",
    clusters=(*_OKABE_ITO, "#f0e442", "#4b5563"),
)
DARK = Theme(
    dark=True,
    ground="#0b1120",
    card="#141c2e",
    ink="#eef2f8",
    muted="#a3b1c6",
    line="#2c3a52",
    accent="#2e6bf0",
    warning="#43370f",
    clusters=(
        "#2f86e0",
        "#e8702a",
        "#1fbf92",
        "#cc79a7",
        "#e69f00",
        "#93d4ff",
        "#f0e442",
        "#d5d9e0",
    ),
)


def cluster_name(label: int) -> str:
    """The colour of a label, as one says it."""
    shade, index = divmod(label % N_COLORS, len(COLOR_NAMES))
    return _SHADES[shade] + COLOR_NAMES[index]


def mixed(color: QColor, other: QColor, part: float) -> QColor:
    """A colour with a part of another one in it."""
    mixed = zip(color.getRgbF()[:3], other.getRgbF()[:3], strict=True)
    return QColor.fromRgbF(*((1 - part) * (one or 0) + part * (two or 0) for one, two in mixed))


def chosen(name: str, scale: float) -> Theme:
    """The theme that a setting asks for.

    Args:
        name: light, dark, or system, which follows the desktop.
        scale: Brought into the range from `MIN_SCALE` to `MAX_SCALE`.
    """
    hints = QGuiApplication.styleHints()
    system_dark = hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark
    base = DARK if name == "dark" or (name == "system" and system_dark) else LIGHT
    values = {field: getattr(base, field) for field in Theme.__slots__ if field != "scale"}
    return Theme(**values, scale=min(max(scale, MIN_SCALE), MAX_SCALE))


def apply(theme: Theme) -> None:
    """Give the whole application the theme's palette and font."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    style = application.style()
    if style is None or style.name() != "fusion":  # Qt would take every widget apart
        application.setStyle("Fusion")
    application.setPalette(_palette(theme))
    application.setFont(theme.font())
    for kind in (QEvent.Type.ApplicationPaletteChange, QEvent.Type.ApplicationFontChange):
        QApplication.sendPostedEvents(None, kind)  # Qt would tell the widgets later


def dress(widget: QWidget, theme: Theme) -> None:
    """Give a widget, and all in it, the theme's style sheet.

    One for the whole application would do, but Qt takes seconds to apply it to 2,000 widgets, and
    a twentieth of one to those that are seen.
    """
    widget.setStyleSheet(_style_sheet(theme))


def _palette(theme: Theme) -> QPalette:
    roles = QPalette.ColorRole
    palette = QPalette()
    for role, color in {
        roles.Window: theme.ground,
        roles.WindowText: theme.ink,
        roles.Base: theme.card,
        roles.AlternateBase: theme.ground,
        roles.Text: theme.ink,
        roles.Button: theme.card,
        roles.ButtonText: theme.ink,
        roles.ToolTipBase: theme.card,
        roles.ToolTipText: theme.ink,
        roles.PlaceholderText: theme.muted,
        roles.Highlight: theme.accent,
        roles.HighlightedText: "#ffffff",
        roles.Link: theme.accent,
        roles.Mid: theme.line,
        roles.Light: theme.card,
        roles.Dark: theme.muted,
    }.items():
        palette.setColor(role, QColor(color))
    faded = QColor(theme.muted)
    faded.setAlphaF(0.55)
    for role in (roles.Text, roles.ButtonText, roles.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faded)
    return palette


def _box_height() -> int:
    """What is within the frame of a choice: Qt leaves a number beside it lower."""
    return QComboBox().sizeHint().height() - _FRAME


def _style_sheet(theme: Theme) -> str:
    px = theme.px
    return f"""
        QFrame#card {{ background: {theme.card}; border: 1px solid {theme.line};
            border-radius: {px(8)}px; }}
        QLabel#heading {{ font-size: {13.5 * theme.scale:.1f}pt; font-weight: 600; }}
        QLabel#muted {{ color: {theme.muted}; }}
        QLabel#problem {{ background: {theme.warning}; border-radius: {px(4)}px;
            padding: {px(4)}px; }}
        QFrame#notice {{ background: {theme.warning}; border-bottom: 1px solid {theme.line}; }}
        QLabel#hover {{ background: {theme.card}; border: 1px solid {theme.line};
            border-radius: {px(5)}px; padding: {px(5)}px; }}
        QToolButton, QPushButton {{ background: {theme.card}; border: 1px solid {theme.line};
            border-radius: {px(5)}px; padding: {px(4)}px {px(8)}px; }}
        QToolButton:hover, QPushButton:hover {{ border-color: {theme.accent}; }}
        QToolButton:pressed, QPushButton:pressed {{ background: {theme.ground}; }}
        QToolButton:checked {{ background: {theme.accent}; color: white;
            border-color: {theme.accent}; }}
        QToolButton:checked:disabled {{ background: {theme.ground}; color: {theme.muted};
            border-color: {theme.line}; }}
        QToolButton:focus, QPushButton:focus {{ border: 1px solid {theme.accent}; }}
        QToolButton#dice {{ padding: {px(1)}px {px(7)}px; }}
        QToolButton#primary, QPushButton#primary {{ background: {theme.accent}; color: white;
            border-color: {theme.accent}; }}
        QToolButton#primary:disabled, QPushButton#primary:disabled {{ background: {theme.line};
            color: {theme.muted}; border-color: {theme.line}; }}
        QToolButton:disabled, QPushButton:disabled {{ background: {theme.ground}; }}
        QTableWidget {{ border: none; background: {theme.card}; gridline-color: {theme.line}; }}
        QHeaderView::section {{ background: {theme.card}; color: {theme.muted}; border: none;
            border-bottom: 1px solid {theme.line}; padding: {px(3)}px; }}
        QScrollArea, QScrollArea > QWidget > QWidget#column {{ background: transparent;
            border: none; }}
        QCheckBox::indicator {{ width: {px(14)}px; height: {px(14)}px;
            border: 1px solid {theme.muted}; border-radius: {px(3)}px; background: {theme.card}; }}
        QCheckBox::indicator:checked {{ background: {theme.accent}; border-color: {theme.accent};
            image: url({_CHECK}); }}
        QAbstractItemView::indicator {{ width: {px(14)}px; height: {px(14)}px;
            border: 1px solid {theme.muted}; border-radius: {px(3)}px; background: {theme.card}; }}
        QAbstractItemView::indicator:checked {{ background: {theme.accent};
            border-color: {theme.accent}; image: url({_CHECK}); }}
        QAbstractSpinBox {{ min-height: {_box_height()}px; }}
        QStatusBar {{ color: {theme.muted}; }}
        QStatusBar::item {{ border: none; }}
        QSplitter::handle {{ background: transparent; }}
        QToolTip {{ background: {theme.card}; color: {theme.ink}; border: 1px solid {theme.line};
            padding: {px(3)}px; }}
    """
