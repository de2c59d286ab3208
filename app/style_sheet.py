"""The style sheet of a theme."""

from PyQt6.QtWidgets import QComboBox, QWidget

from app.theme import Theme
from engine import assets

_CHECK = (assets.folder("icons") / "check.svg").as_posix()
_FRAME = 6  # pixels of a box above and below its content, at any scale


def dress(widget: QWidget, theme: Theme) -> None:
    """Apply the theme's style sheet to a widget and everything in it.

    The whole application has none: Qt takes seconds to apply one to 2,000 widgets, and 50 ms to
    those that are visible.
    """
    widget.setStyleSheet(style_sheet(theme))


def _box_height() -> int:
    """Return the height of a combo box without its frame; spin boxes would be lower by default."""
    return QComboBox().sizeHint().height() - _FRAME


def style_sheet(theme: Theme) -> str:
    """Return the style sheet in the colours and sizes of a theme."""
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
