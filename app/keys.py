"""Decides who gets a key, a click or the wheel: the focused control, or the window."""

from PyQt6.QtCore import QChildEvent, QEvent, QObject, Qt
from PyQt6.QtGui import QKeyEvent, QKeySequence
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QScrollBar,
    QWidget,
)

_KEY = Qt.Key
_ARROWS = {
    _KEY.Key_Left, _KEY.Key_Right, _KEY.Key_Up, _KEY.Key_Down,
    _KEY.Key_Home, _KEY.Key_End, _KEY.Key_PageUp, _KEY.Key_PageDown,
}  # fmt: skip
_UNDO = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
# The property in which a widget names the keys that move within it.
WALKED_BY = "walked_by"
_MOVED_BY_ARROWS = (QAbstractSpinBox, QAbstractSlider, QComboBox, QAbstractItemView)
_PRESSED_BY_SPACE = (QAbstractButton, QComboBox, QAbstractItemView)
_TURNED_BY_WHEEL = (QAbstractSpinBox, QAbstractSlider, QComboBox)


class KeyFilter(QObject):
    """Watches the controls of the window, and the widget that has the focus.

    - A control that has the focus keeps the keys that it handles. Buttons and combo boxes get the
      focus only by Tab, not by a click: after a click on one, Space still plays.
    - A spin box leaves Space and letters to the window, because they are not digits. It leaves undo
      and redo as well, because the window knows the previous value.
    - A number that was typed takes effect as soon as anything else is pressed.
    - The wheel changes only the control that has the focus; elsewhere it scrolls the column.

    The whole application is watched only while a number is typed: otherwise each repaint would call
    Python some fifty times, and may wait for the engine each time.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._application = QApplication.instance()
        assert isinstance(self._application, QApplication)
        self._application.focusChanged.connect(self._on_focus)

    def watch(self, root: QWidget) -> None:
        """Watch the controls in a widget, and those that are added beside them."""
        for widget in [root, *root.findChildren(QWidget)]:
            if _is_control(widget):
                widget.installEventFilter(self)
                beside = widget.parentWidget()
                if beside is not None:
                    beside.installEventFilter(self)

    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        self._watch_presses(False)  # a spin box that loses the focus takes its number
        if old is not None and not _is_control(old):
            old.removeEventFilter(self)
        if new is not None:
            new.installEventFilter(self)

    def _watch_presses(self, typing: bool) -> None:
        assert self._application is not None
        self._application.removeEventFilter(self)
        if typing:
            self._application.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Handle the event before Qt does."""
        if event is None or not isinstance(watched, QWidget):
            return False
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            taken = _on_key(watched, event)
            self._watch_presses(isinstance(watched, QAbstractSpinBox) and not taken)
            return taken
        if kind == QEvent.Type.MouseButtonPress:
            _take_number(watched)
        elif kind == QEvent.Type.ChildPolished and isinstance(event, QChildEvent):
            child = event.child()
            if isinstance(child, QWidget):
                self.watch(child)
        elif kind == QEvent.Type.Wheel and _is_control(watched) and not watched.hasFocus():
            event.ignore()  # passes on to the widget behind
            return True
        return False


def _on_key(watched: QWidget, event: QKeyEvent) -> bool:
    if isinstance(watched, QAbstractSpinBox) and any(map(event.matches, _UNDO)):
        watched.interpretText()
        return True
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    is_space = event.key() == _KEY.Key_Space
    if isinstance(watched, QAbstractSpinBox) and (is_space or event.text().isalpha()):
        watched.interpretText()
        return True
    wanted = _PRESSED_BY_SPACE if is_space else _MOVED_BY_ARROWS
    walks = event.key() in (watched.property(WALKED_BY) or ())
    if walks or ((is_space or event.key() in _ARROWS) and isinstance(watched, wanted)):
        event.accept()
        return True
    return False


def _take_number(pressed: QWidget) -> None:
    box = QApplication.focusWidget()
    if isinstance(box, QAbstractSpinBox) and not (pressed is box or box.isAncestorOf(pressed)):
        box.interpretText()


def _is_control(widget: QWidget) -> bool:
    return isinstance(widget, _TURNED_BY_WHEEL) and not isinstance(widget, QScrollBar)
