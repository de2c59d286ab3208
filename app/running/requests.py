"""Asks the engine questions: shows a busy line, lets users cancel, delivers the answer."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PyQt6.QtCore import QObject, pyqtSignal

from app.running.bridge import Bridge, Run, Stepper

Answered = Callable[[Any], object]


class Busy(Protocol):
    """Shows what is going on, for example by a line in the status bar."""

    def start(self, text: str, cancel: Callable[[], object] | None) -> None:
        """Show what is going on, with a way to cancel it unless `cancel` is None."""

    def stop(self) -> None:
        """Show that nothing is going on any more."""


@dataclass(slots=True, eq=False)
class _Question:
    """A question that has not been answered yet.

    Attributes:
        run: The stepper on the engine thread.
        answered: Called with frames.
        text: Text for the busy line; empty for none.
        can_cancel: Whether the busy line offers to cancel it.
        budget: Seconds of frames in one slice; infinite if only the last frame is delivered.
        last: The last frame, in a tuple; empty until it arrives.
    """

    run: Run
    answered: Answered
    text: str
    can_cancel: bool
    budget: float
    last: tuple[Any, ...] = ()


class Request(QObject):
    """Asks the engine questions. A new one replaces the one before, unless it is queued.

    When a question ends, the busy line is removed first, then the answer is delivered, then `ended`
    and `failed` follow. A question that is cancelled or replaced delivers nothing more.

    Signals:
        ended: No question is open any more: the last one was answered, failed or was cancelled.
            It is not emitted for a question that another one replaces.
        failed: The exception that the stepper raised.
    """

    ended = pyqtSignal()
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, parent: QObject, busy: Busy | None = None) -> None:
        """Ask nothing yet.

        Args:
            bridge: The bridge to the engine.
            parent: Qt's owner.
            busy: Shows what is going on; None to show nothing.
        """
        super().__init__(parent)
        self._bridge, self._busy = bridge, busy
        self._open: list[_Question] = []

    @property
    def is_busy(self) -> bool:
        """Whether a question has not been answered yet."""
        return bool(self._open)

    def ask(
        self,
        stepper: Stepper,
        answered: Answered,
        text: str = "",
        *,
        can_cancel: bool = True,
        unsaved: str = "",
    ) -> None:
        """Ask for the last frame of a stepper, in place of earlier questions.

        Args:
            stepper: Makes the frames, usually one.
            answered: Called with the last frame when the stepper has ended, even if it then failed.
                It is not called if there is no frame.
            text: Text for the busy line; empty for none.
            can_cancel: Whether the busy line offers to cancel it.
            unsaved: What would be lost if the process ended before the answer, see `Bridge.run`.
        """
        self._drop()
        self.queue(stepper, answered, text, can_cancel=can_cancel, unsaved=unsaved)

    def queue(
        self,
        stepper: Stepper,
        answered: Answered,
        text: str = "",
        *,
        can_cancel: bool = True,
        unsaved: str = "",
    ) -> None:
        """Ask after earlier questions, which are answered first; arguments as in `ask`.

        The busy line shows one question at a time, and cancels only that one.
        """
        run = self._bridge.run(stepper, unsaved)
        self._begin(_Question(run, answered, text, can_cancel, math.inf))

    def follow(
        self, stepper: Stepper, came: Answered, text: str = "", *, budget: float = 0.0
    ) -> None:
        """Follow a stepper to its end, in place of earlier questions.

        Args:
            stepper: Makes the frames.
            came: Called with the newest frame of each slice. It may cancel, or ask again.
            text: Text for the busy line; empty for none.
            budget: Seconds of frames in one slice; 0 delivers every frame. Other work of the engine
                gets its turn between two slices.
        """
        self._drop()
        self._begin(_Question(self._bridge.run(stepper), came, text, True, budget))

    def say(self, text: str) -> None:
        """Change the text of the busy line, if a question is open."""
        if self._open:
            self._open[0].text = text
            self._show()

    def cancel(self) -> None:
        """Cancel all questions; does nothing if there are none."""
        if self._open:
            self._drop()
            self._show()
            self.ended.emit()

    def _begin(self, question: _Question) -> None:
        self._open.append(question)
        run = question.run
        run.advanced.connect(lambda frames: self._on_advanced(question, frames))
        run.finished.connect(lambda: self._on_end(question, None))
        run.failed.connect(lambda error: self._on_end(question, error))
        self._show()
        run.advance(question.budget)

    def _drop(self) -> None:
        for question in self._open:
            question.run.cancel()
        self._open = []

    def _cancel_first(self) -> None:
        self._open.pop(0).run.cancel()
        self._show()
        if not self._open:
            self.ended.emit()

    def _on_advanced(self, question: _Question, frames: tuple[Any, ...]) -> None:
        if math.isinf(question.budget):
            question.last = frames[-1:]  # its end follows
            return
        question.answered(frames[-1])
        if question in self._open:  # `answered` may have cancelled it
            question.run.advance(question.budget)

    def _on_end(self, question: _Question, error: Exception | None) -> None:
        self._open.remove(question)
        self._show()
        for frame in question.last:
            question.answered(frame)
        if not self._open:  # `answered` may have asked again
            self.ended.emit()
        if error is not None:
            self.failed.emit(error)

    def _show(self) -> None:
        if self._busy is None:
            return
        if not self._open or not self._open[0].text:
            self._busy.stop()
        else:
            first = self._open[0]
            self._busy.start(first.text, self._cancel_first if first.can_cancel else None)
