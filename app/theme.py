"""The look of everything: light and dark, for colour-blind readers and for projectors.

The cluster colours are those of Okabe, M. and Ito, K. (2008), Color universal design, in an order
that keeps neighbours distinct; each has a short name. From the ninth cluster on the same colours
are repeated darker, then paler, and each round has another marker shape.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PyQt6.QtWidgets import QApplication, QWidget

COLOR_NAMES = ("blue", "vermilion", "green", "pink", "orange", "sky blue", "yellow", "grey")
_SHADES = ("", "dark ", "pale ")
N_COLORS = len(COLOR_NAMES) * len(_SHADES)
SHAPE_NAMES = ("disc", "square", "triangle", "diamond", "cross", "star")

MIN_SCALE, MAX_SCALE = 0.7, 2.5
# Above this scale, on a projector, there is only room for what is essential.
LARGE = 1.25
_BASE_POINTS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The colours of one theme, as #rrggbb, and the scale of everything drawn.

    Attributes:
        dark: Whether the background is dark.
        ground: The background behind the cards.
        card: The background of controls and plots.
        ink: Text, and the outline of centroids.
        muted: Secondary text, and axes.
        line: Frames and grids.
        accent: The primary button, and the current position.
        warning: The background of a notice.
        clusters: One colour for each of `COLOR_NAMES`.
        scale: 1 for a desk, 2 for the back of a room.
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
        """Return a scaled length in pixels; at least one."""
        return max(1, round(size * self.scale))

    def font(self, factor: float = 1.0, bold: bool = False) -> QFont:
        """Return the application's font, larger or smaller by a factor."""
        font = QFont(QApplication.font())
        font.setPointSizeF(_BASE_POINTS * self.scale * factor)
        font.setBold(bold)
        return font

    def cluster_color(self, label: int, alpha: float = 1.0) -> QColor:
        """Return the colour of a label; after `N_COLORS` they repeat."""
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
    """Return the name of the colour of a label."""
    shade, index = divmod(label % N_COLORS, len(COLOR_NAMES))
    return _SHADES[shade] + COLOR_NAMES[index]


def mixed(color: QColor, other: QColor, fraction: float) -> QColor:
    """Mix two colours.

    Args:
        color: One colour.
        other: The other colour.
        fraction: The share of the other colour, from 0 to 1.
    """
    mixed = zip(color.getRgbF()[:3], other.getRgbF()[:3], strict=True)
    return QColor.fromRgbF(
        *((1 - fraction) * (one or 0) + fraction * (two or 0) for one, two in mixed)
    )


def chosen(name: str, scale: float) -> Theme:
    """Return the theme with a name and a scale.

    Args:
        name: light, dark, or system, which follows the desktop.
        scale: Limited to the range from `MIN_SCALE` to `MAX_SCALE`.
    """
    hints = QGuiApplication.styleHints()
    system_dark = hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark
    base = DARK if name == "dark" or (name == "system" and system_dark) else LIGHT
    return replace(base, scale=min(max(scale, MIN_SCALE), MAX_SCALE))


class _Current(QObject):
    """The theme of the application.

    Signals:
        changed: There is a new theme.
    """

    changed = pyqtSignal()
    theme = LIGHT


_current = _Current()


def current() -> Theme:
    """Return the current theme of the application."""
    return _current.theme


def apply(theme: Theme) -> None:
    """Set the theme of the application: its palette, its font, and every follower."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    style = application.style()
    if (
        style is None or style.name() != "fusion"
    ):  # setting it again would polish every widget again
        application.setStyle("Fusion")
    application.setPalette(_palette(theme))
    application.setFont(theme.font())
    for kind in (QEvent.Type.ApplicationPaletteChange, QEvent.Type.ApplicationFontChange):
        QApplication.sendPostedEvents(None, kind)  # otherwise Qt notifies the widgets later
    _current.theme = theme
    _current.changed.emit()


def follow(widget: QWidget, restyle: Callable[[Theme], object]) -> None:
    """Call a function with the current theme, and with each later theme.

    A hidden widget is restyled when it is shown. So a change costs no more than what is visible,
    and an off-screen copy keeps the theme it was made with.

    Args:
        widget: The widget that is styled. Once it is deleted, the function is no longer called.
        restyle: Styles the widget, or something in it.
    """
    _Follower(widget, restyle)


class _Follower(QObject):
    """Restyles one widget, its parent, when the theme changes."""

    def __init__(self, widget: QWidget, restyle: Callable[[Theme], object]) -> None:
        super().__init__(widget)
        self._widget, self._restyle = widget, restyle
        self._drawn: Theme | None = None
        _current.changed.connect(self._on_changed)
        self._draw()

    def _on_changed(self) -> None:
        if self._widget.isVisible():
            self._draw()
        else:
            self._widget.installEventFilter(self)

    def eventFilter(self, _: QObject | None, event: QEvent | None) -> bool:
        """Restyle the widget when it is shown."""
        if event is not None and event.type() == QEvent.Type.Show:
            self._draw()
        return False

    def _draw(self) -> None:
        self._widget.removeEventFilter(self)
        if self._drawn is not _current.theme:
            self._drawn = _current.theme
            self._restyle(self._drawn)


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
