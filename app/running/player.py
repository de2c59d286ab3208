"""The history of frames and the place in it: play, step, step back, seek, branch."""

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.running.bridge import Bridge, Stepper
from app.running.history import Branch, History, expendable, is_full
from app.running.packing import whole
from engine.frames import Search

MAX_BRANCHES = 8
# Seconds of frames that one request brings back when as many as possible are wanted.
_FAST_BUDGET = 0.008
_FAST_INTERVAL_MS = 16


class Player(QObject):
    """Plays the frames of a stepper, and remembers them all.

    Signals:
        cleared: The history is empty; the first frame of a new run is on its way.
        moved: Another frame is to be drawn, `frame`.
        changed: Something that a transport bar shows is different.
        searching: How far the search for the best of several runs is, before the first frame.
        failed: The stepper raised this exception.
        wanted: Play was asked for, but there is nothing to play: a new run should be loaded.
        forgot: A branch was dropped, because there are `MAX_BRANCHES`.
        full: There was no room. True if a branch was dropped, False if this one goes no further.

    Attributes:
        unsaved: What would be lost if the process ended in the middle of a run, in words; empty
            where runs write nothing.
    """

    cleared = pyqtSignal()
    moved = pyqtSignal()
    changed = pyqtSignal()
    searching = pyqtSignal(Search)
    failed = pyqtSignal(Exception)
    wanted = pyqtSignal()
    forgot = pyqtSignal()
    full = pyqtSignal(bool)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.branches: list[Branch] = []
        self.branch = Branch()
        self.position = -1
        self.unsaved = ""
        self.last_slice = 1
        self._fast = False
        self._to_end = False
        self._rate = 2.0
        self._shown: tuple[Any, Any] = (None, None)  # as kept, and whole
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.step)

    @property
    def frame(self) -> Any:
        """The frame to draw, or None before the first."""
        if self.position < 0:
            return None
        kept = self.branch.frames[self.position]
        if kept is not self._shown[0]:
            self._shown = kept, whole(kept)
        return self._shown[1]

    @property
    def so_far(self) -> list[Any]:
        """The frames of the branch up to the one on screen, which alone is whole."""
        return [*self.branch.frames[: self.position], self.frame]

    @property
    def playing(self) -> bool:
        """Whether frames follow by themselves."""
        return self._timer.isActive()

    @property
    def fast(self) -> bool:
        """Whether frames follow as fast as they can be computed."""
        return self.playing and (self._fast or self._to_end)

    @property
    def waiting(self) -> bool:
        """Whether the engine is at work for this player."""
        return self.branch.run is not None and self.branch.run.in_flight

    @property
    def at_end(self) -> bool:
        """Whether there is no frame after this one, not even to be computed."""
        return self.branch.run is None and self.position == len(self.branch.frames) - 1

    @property
    def drawing_some(self) -> bool:
        """Whether more frames were computed than drawn just now."""
        return self.playing and self.last_slice > 1

    @property
    def history(self) -> History:
        """What there is now, to be restored later."""
        return History(tuple(self.branches), self.branch, self.position)

    def load(self, stepper: Stepper, budget: float = 0.0) -> None:
        """Forget all history and ask for the first frame of a new run; keeps on playing.

        Args:
            stepper: Where the frames come from.
            budget: Seconds of frames to bring at once; the last of them is shown.
        """
        self.clear()
        self._open(Branch(), stepper)
        self._request(budget)

    def clear(self) -> None:
        """Forget all history; there is nothing to play until another run is loaded."""
        self.stop_runs()
        self.branches, self.branch, self.position = [], Branch(), -1
        self._shown = None, None
        self.cleared.emit()

    def fork(self, stepper: Stepper, budget: float = 0.0, name: str = "") -> None:
        """Go on from the frame on screen in another way; the old branch stays as it is.

        Args:
            stepper: As of `load`.
            budget: As of `load`.
            name: What was done, in words.
        """
        past = self.branch.frames[: self.position + 1]
        origin = self.branch.holder(self.position)
        branch = Branch(past, fork=len(past), origin=origin, name=name, newest=self.frame)
        self._open(branch, stepper)
        self._request(budget)

    def restore(self, history: History) -> None:
        """Put a history back, with what has come to its branches since, and stay there.

        A branch that was not over goes on: its run is computed again up to where it was.
        """
        self._timer.stop()
        self._to_end = False
        for branch in self.branches:
            if branch not in history.branches:
                branch.stop()
        self.branches, self.branch = list(history.branches), history.branch
        for branch in self.branches:
            if branch.run is None and not (branch.over or branch.cancelled):
                self._connect(branch)
        if self.branch.frames:
            self.seek(history.position)
        else:
            self.position = -1
            self.cleared.emit()
            self._request()

    def rewrite(self, frames: Sequence[Any]) -> None:
        """Put other frames, all that there are, in place of those of this branch."""
        self.branch.frames, self.branch.newest = [], None
        self.branch.extend(frames)
        self.seek(len(frames) - 1)

    def stop_runs(self) -> None:
        """Ask for no more frames, of any branch."""
        for branch in self.branches:
            branch.stop()

    def give_up(self) -> None:
        """Ask for no more frames of this branch; its history stays."""
        if self.branch.run is not None:
            self.branch.stop()
            self.branch.cancelled = True
        self.pause()

    def play(self) -> None:
        """Let frames follow at the rate set; from the start again when at the end."""
        if self.at_end and not self.branch.frames:
            self.wanted.emit()
            if self.branch.run is None:
                return
        if self.at_end and self.position > 0:
            self.seek(0)
        self._to_end = False
        self._start()

    def play_to_end(self) -> None:
        """Compute what is left as fast as it goes, and stop at the last frame."""
        self.seek(len(self.branch.frames) - 1)
        if self.branch.run is not None:
            self._to_end = True
            self._start()

    def pause(self) -> None:
        """Stay at this frame; one that is being computed still comes."""
        self._timer.stop()
        self._to_end = False
        self.changed.emit()

    def toggle(self) -> None:
        """Play, or pause."""
        self.pause() if self.playing else self.play()

    def set_rate(self, rate: float | None) -> None:
        """Set how many frames follow in a second; None: as many as can be computed."""
        self._fast = rate is None
        self._rate = rate or self._rate
        if self.playing:
            self._start()

    def step(self) -> None:
        """Go one frame on: from the history, or from the engine when at its end."""
        if self.position + 1 < len(self.branch.frames):
            self.last_slice = 1
            self.seek(self.position + 1)
        else:
            self._request()
        if self.at_end:
            self.pause()

    def back(self) -> None:
        """Go one frame back, and stay there."""
        self.pause()
        if self.position > 0:
            self.seek(self.position - 1)

    def seek(self, index: int, branch: Branch | None = None) -> None:
        """Go to a frame of the history, of this branch or another."""
        self.branch = branch or self.branch
        if not self.branch.frames:
            return
        self.position = min(max(index, 0), len(self.branch.frames) - 1)
        self.moved.emit()
        self.changed.emit()

    def _start(self) -> None:
        fast = self._fast or self._to_end
        self._timer.start(_FAST_INTERVAL_MS if fast else round(1000 / self._rate))
        self.changed.emit()

    def _request(self, budget: float = 0.0) -> None:
        if self.branch.run is not None:
            self.branch.run.advance(_FAST_BUDGET if self.fast else budget)
            self.changed.emit()

    def _open(self, branch: Branch, stepper: Stepper) -> None:
        branch.stepper = stepper
        self._connect(branch)
        self.branches.append(branch)
        self.branch = branch
        if len(self.branches) > MAX_BRANCHES:
            self.branches.pop(1).stop()  # not the first: all others are compared with it
            self.forgot.emit()

    def _make_room(self) -> None:
        """Hold no more than `HISTORY_BYTES`: forget branches, or let this one end here."""
        while is_full(self.branches):
            oldest = expendable(self.branches, self.branch)
            if oldest is not None:
                oldest.stop()
                self.branches.remove(oldest)
            elif self.branch.run is None:  # it has ended by itself
                return
            else:
                self.give_up()  # and so has no run any more
            self.full.emit(oldest is not None)

    def _connect(self, branch: Branch) -> None:
        """Let a branch get its frames, those that it has once more."""
        assert branch.stepper is not None
        branch.to_skip = len(branch.frames) - branch.fork
        branch.run = self._bridge.run(branch.stepper, self.unsaved)
        branch.run.searching.connect(self.searching)
        branch.run.advanced.connect(lambda frames: self._on_advanced(branch, frames))
        branch.run.failed.connect(lambda error: self._on_failed(branch, error))
        branch.run.finished.connect(lambda: self._on_over(branch))

    def _on_advanced(self, branch: Branch, frames: tuple[Any, ...]) -> None:
        n_known = min(branch.to_skip, len(frames))
        branch.to_skip, frames = branch.to_skip - n_known, frames[n_known:]
        if not frames:
            if branch.run is not None:
                branch.run.advance()
            return
        was_last = self.position == len(branch.frames) - 1
        branch.extend(frames)
        if getattr(frames[-1], "stop", None) is not None and branch.run is not None:
            branch.stop()  # the frame says itself that none follows
            branch.over = True
        if branch is self.branch and was_last:  # else someone went elsewhere meanwhile
            self.last_slice = len(frames)
            if self.fast and branch.run is not None:
                branch.run.advance(_FAST_BUDGET)  # the next are computed while these are drawn
            self.seek(len(branch.frames) - 1)
        if self.at_end and self.playing:
            self.pause()
        if branch.frames[-1] is not branch.newest:  # else they have no large arrays
            self._make_room()
        self.changed.emit()

    def _on_over(self, branch: Branch) -> None:
        branch.run, branch.over = None, True
        if self.at_end:
            self.pause()
        self.changed.emit()

    def _on_failed(self, branch: Branch, error: Exception) -> None:
        branch.run, branch.over = None, True
        self.pause()
        self.failed.emit(error)
