"""Greys out what is on screen, with a description, while it does not match the choices.

Every tab has a `Stale`. A veil lies over the views: they need not know about it, and are not drawn
again. It is a child of the greyed widget, so that a picture of that includes it.
"""

from collections.abc import Sequence

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PyQt6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.text import Sentence

_PART = 0.64  # of the background colour in the veil
_SOON_MS = 100  # the veil would only flicker if the view is replaced sooner


def still_shown(what: str, why: str) -> str:
    """Return the sentence about what is greyed out.

    Args:
        what: What is on screen.
        why: Why the current choice is not on screen.
    """
    return f"Still shown: {what}; {why}."


def meanwhile(text: str) -> str:
    """Return why something is still shown while a busy line says `text`."""
    return f"now {text[:1].lower()}{text[1:].rstrip('…')}"


class Veil(QWidget):
    """Greys out a widget, and lets the mouse through.

    Args:
        over: The widget to grey out; it owns the veil.
    """

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.text = Sentence()
        self.text.setObjectName("problem")
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.addStretch()
        layout.addWidget(self.text)
        layout.addStretch()
        over.installEventFilter(self)
        self.say("")

    def say(self, sentence: str) -> None:
        """Show a sentence about what is greyed out; empty for none."""
        self.text.say(sentence)
        self.text.setVisible(bool(sentence))

    def lower_over(self, is_stale: bool) -> None:
        """Show or hide the veil."""
        self._fit()
        self.setVisible(is_stale)
        self.raise_()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Keep the size of the widget below."""
        if event is not None and event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def paintEvent(self, _: QPaintEvent | None) -> None:
        ground = QColor(QApplication.palette().color(QPalette.ColorRole.Base))
        ground.setAlphaF(_PART)
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground)
        painter.end()

    def _fit(self) -> None:
        over = self.parentWidget()
        if over is not None:
            self.setGeometry(over.rect())


class Stale:
    """Greys out views of a tab while they show something other than the current choices."""

    def __init__(self, first: QWidget, *others: QWidget, resting: Sequence[QWidget] = ()) -> None:
        """Start with nothing greyed out.

        Args:
            first: A view, on which the sentence is written.
            others: More views.
            resting: Controls that act on the views; they are disabled meanwhile.
        """
        self.veils = [Veil(view) for view in (first, *others)]
        self._resting = resting
        self._left: QWidget | None = None
        self._moved_to: QWidget | None = None
        self.sentence = ""
        self._patience = QTimer(first)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_SOON_MS)
        self._patience.timeout.connect(self._grey)
        self._grey()

    def say(self, sentence: str, *, is_brief: bool = False) -> None:
        """Grey out the views, and say what they show.

        Args:
            sentence: What they show; empty if they match the choices.
            is_brief: Whether they are being replaced: they are greyed out only if that takes long.
        """
        if sentence != self.sentence:
            begins = bool(sentence) != bool(self.sentence)
            self.sentence = sentence
            self.veils[0].say(sentence)
            if begins:
                self._rest()
        if not is_brief or not sentence:
            self._grey()
        elif self.veils[0].isHidden() and not self._patience.isActive():
            self._patience.start()

    def _grey(self) -> None:
        self._patience.stop()
        for veil in self.veils:
            veil.lower_over(bool(self.sentence))

    def _rest(self) -> None:
        is_stale = bool(self.sentence)
        if is_stale:
            self._left = QApplication.focusWidget()
        for control in self._resting:
            control.setEnabled(not is_stale)
        if is_stale:
            self._moved_to = QApplication.focusWidget()
        elif (
            self._left is not None
            and self._left is not self._moved_to is QApplication.focusWidget()
        ):
            self._left.setFocus()  # Qt took the focus from a disabled control
