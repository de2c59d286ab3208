"""Ask the engine, show a busy line, let the question be cancelled, deliver the answer or fail."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PyQt6.QtCore import QObject, pyqtSignal

from app.running.bridge import Bridge, Run, Stepper

Answered = Callable[[Any], object]


class Busy(Protocol):
    """Says what is going on: a line in the status bar, for example."""

    def start(self, text: str, cancel: Callable[[], object] | None) -> None:
        """Say what is going on, and offer to cancel it, unless `cancel` is None."""

    def stop(self) -> None:
        """Nothing is going on any more."""


@dataclass(slots=True, eq=False)
class _Question:
    """A question that is not answered yet.

    Attributes:
        run: The stepper on the engine thread.
        answered: Called with frames.
        text: For the busy line; empty for none.
        can_cancel: Whether the busy line offers to cancel it.
        budget: Seconds of frames in one slice; infinite where only the last frame is delivered.
        last: The last frame, in a tuple; empty before it came.
    """

    run: Run
    answered: Answered
    text: str
    can_cancel: bool
    budget: float
    last: tuple[Any, ...] = ()


class Request(QObject):
    """Asks the engine questions. A new one replaces the one before, unless it is queued.

    When a question ends, the busy line goes first, then the answer is delivered, then `ended` and
    `failed` follow. A question that is cancelled or replaced delivers nothing more.

    Signals:
        ended: Nothing is being asked any more: the last question was answered, failed or cancelled.
            It is not emitted for a question that another one replaces.
        failed: What the stepper raised.
    """

    ended = pyqtSignal()
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, parent: QObject, busy: Busy | None = None) -> None:
        """Ask nothing yet.

        Args:
            bridge: To the engine.
            parent: Qt's owner.
            busy: Says what is going on; None where nobody needs to know.
        """
        super().__init__(parent)
        self._bridge, self._busy = bridge, busy
        self._open: list[_Question] = []

    @property
    def is_busy(self) -> bool:
        """Whether a question is not answered yet."""
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
        """Ask for the last frame of a stepper, in place of what was asked before.

        Args:
            stepper: Makes the frames: mostly one.
            answered: Called with the last frame when the stepper is over, even if it then failed.
                It is not called if there is no frame.
            text: For the busy line; empty for none.
            can_cancel: Whether the busy line offers to cancel it.
            unsaved: What would be lost if the process ended before the answer, as in `Bridge.run`.
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
        """Ask after what was asked before, which is answered first; arguments as in `ask`.

        The busy line tells of one question at a time, and cancels only that one.
        """
        run = self._bridge.run(stepper, unsaved)
        self._begin(_Question(run, answered, text, can_cancel, math.inf))

    def follow(
        self, stepper: Stepper, came: Answered, text: str = "", *, budget: float = 0.0
    ) -> None:
        """Follow a stepper to its end, in place of what was asked before.

        Args:
            stepper: Makes the frames.
            came: Called with the newest frame of each slice. It may cancel, or ask anew.
            text: For the busy line; empty for none.
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
        """Cancel everything that is being asked; does nothing where nothing is."""
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
            question.last = frames[-1:]  # its end comes along
            return
        question.answered(frames[-1])
        if question in self._open:  # `answered` may have cancelled it
            question.run.advance(question.budget)

    def _on_end(self, question: _Question, error: Exception | None) -> None:
        self._open.remove(question)
        self._show()
        for frame in question.last:
            question.answered(frame)
        if not self._open:  # `answered` may have asked anew
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
