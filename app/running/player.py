"""The history of frames and the position in it: play, step, step back, seek, branch."""

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.running.bridge import Bridge, Stepper
from app.running.drawing_time import DrawingTime
from app.running.history import Branch, History, expendable, is_full
from app.running.packing import unpacked
from engine.frames import Search

MAX_BRANCHES = 8
# Seconds of frames that one request brings back when as many as possible are wanted: as long as
# drawing one takes, but no less than the first, and no more than the second, so that other runs
# get their turn.
_FAST_BUDGET, _MOST_BUDGET = 0.008, 0.05
_FAST_INTERVAL_MS = 16


class Player(QObject):
    """Plays the frames of a stepper and stores them all.

    Signals:
        cleared: The history is empty; the first frame of a new run may follow.
        moved: Another frame, `frame`, is to be drawn.
        changed: Something that a transport bar shows has changed.
        searching: The progress of the search for the best of several runs, before the first frame.
        failed: The stepper raised this exception.
        wanted: The user wants to play, but there is nothing to play: a new run should be loaded.
        forgot: A branch was dropped, because there are `MAX_BRANCHES`.
        full: The memory for the history is used up. True if a branch was dropped, False if the
            current one has stopped.

    Attributes:
        unsaved: What would be lost if the process ended in the middle of a run, as text to show;
            empty if runs write nothing.
        drawing_time: How long the last frame took to be drawn.
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
        self._shown: tuple[Any, Any] = (None, None)  # packed, and unpacked
        self.drawing_time = DrawingTime(self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.step)

    @property
    def frame(self) -> Any:
        """The frame to draw, or None before the first."""
        if self.position < 0:
            return None
        kept = self.branch.frames[self.position]
        if kept is not self._shown[0]:
            self._shown = kept, unpacked(kept)
        return self._shown[1]

    @property
    def frames(self) -> list[Any]:
        """All frames of the branch, packed."""
        return self.branch.frames

    @property
    def is_open(self) -> bool:
        """Whether more frames of the branch can be requested."""
        return self.branch.run is not None

    @property
    def so_far(self) -> list[Any]:
        """The frames of the branch up to the current one; only that one is unpacked."""
        return [*self.branch.frames[: self.position], self.frame]

    @property
    def playing(self) -> bool:
        """Whether it plays."""
        return self._timer.isActive()

    @property
    def fast(self) -> bool:
        """Whether it plays frames as fast as they can be computed."""
        return self.playing and (self._fast or self._to_end)

    @property
    def waiting(self) -> bool:
        """Whether the engine is computing a frame of this branch."""
        return self.branch.run is not None and self.branch.run.in_flight

    @property
    def at_end(self) -> bool:
        """Whether this is the last frame, and no more can be computed."""
        return self.branch.run is None and self.position == len(self.branch.frames) - 1

    @property
    def drawing_some(self) -> bool:
        """Whether some of the most recently computed frames were not drawn."""
        return self.playing and self.last_slice > 1

    @property
    def history(self) -> History:
        """The current history, for `restore`."""
        return History(tuple(self.branches), self.branch, self.position)

    def load(self, stepper: Stepper, budget: float = 0.0) -> None:
        """Clear the history and request the first frame of a new run; play goes on if it was on.

        Args:
            stepper: Makes the frames.
            budget: Seconds of frames to deliver at once; the last of them is shown.
        """
        self.clear()
        self._open(Branch(), stepper)
        self._request(budget)

    def clear(self) -> None:
        """Clear the history; there is nothing to play until another run is loaded."""
        self.stop_runs()
        self.branches, self.branch, self.position = [], Branch(), -1
        self._shown = None, None
        self.cleared.emit()

    def fork(self, stepper: Stepper, budget: float = 0.0, name: str = "") -> None:
        """Branch: follow another stepper from the current frame. The old branch stays.

        Args:
            stepper: Makes the frames that follow.
            budget: See `load`.
            name: What the user did, as text to show.
        """
        past = self.branch.frames[: self.position + 1]
        origin = self.branch.holder(self.position)
        branch = Branch(past, fork=len(past), origin=origin, name=name, newest=self.frame)
        self._open(branch, stepper)
        self._request(budget)

    def restore(self, history: History) -> None:
        """Restore a history, with the frames that its branches got since then, and pause.

        A branch that had not ended can continue: its run is computed again up to that point.
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
        """Replace all frames of this branch, and go to the last."""
        self.branch.frames, self.branch.newest = [], None
        self.branch.extend(frames)
        self.seek(len(frames) - 1)

    def stop_runs(self) -> None:
        """Cancel the runs of all branches."""
        for branch in self.branches:
            branch.stop()

    def give_up(self) -> None:
        """Cancel the run of this branch; its frames stay."""
        if self.branch.run is not None:
            self.branch.stop()
            self.branch.cancelled = True
        self.pause()

    def play(self) -> None:
        """Play at the chosen rate; from the start if it is at the end."""
        if self.at_end and not self.branch.frames:
            self.wanted.emit()
            if self.branch.run is None:
                return
        if self.at_end and self.position > 0:
            self.seek(0)
        self._to_end = False
        self._start()

    def play_to_end(self) -> None:
        """Compute the rest as fast as possible, and stop at the last frame."""
        self.seek_last()
        if self.branch.run is not None:
            self._to_end = True
            self._start()

    def pause(self) -> None:
        """Pause; a frame that is being computed still arrives."""
        self._timer.stop()
        self._to_end = False
        self.changed.emit()

    def toggle(self) -> None:
        """Play, or pause."""
        self.pause() if self.playing else self.play()

    def set_rate(self, rate: float | None) -> None:
        """Set how many frames are played in a second; None: as many as can be computed."""
        self._fast = rate is None
        self._rate = rate or self._rate
        if self.playing:
            self._start()

    def step(self) -> None:
        """Go to the next frame: in the history, or from the engine at its end."""
        if self.position + 1 < len(self.branch.frames):
            self.last_slice = 1
            self.seek(self.position + 1)
        else:
            self._request()
        if self.at_end:
            self.pause()

    def back(self) -> None:
        """Go to the previous frame, and pause."""
        self.pause()
        if self.position > 0:
            self.seek(self.position - 1)

    def seek_last(self) -> None:
        """Go to the newest frame of this branch."""
        self.seek(len(self.branch.frames) - 1)

    def seek(self, index: int, branch: Branch | None = None) -> None:
        """Go to a frame of this branch, or of another."""
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

    @property
    def _fast_budget(self) -> float:
        return max(_FAST_BUDGET, min(self.drawing_time.seconds, _MOST_BUDGET))

    def _request(self, budget: float = 0.0) -> None:
        if self.branch.run is not None:
            self.branch.run.advance(self._fast_budget if self.fast else budget)
            self.changed.emit()

    def _open(self, branch: Branch, stepper: Stepper) -> None:
        branch.stepper = stepper
        self._connect(branch)
        self.branches.append(branch)
        self.branch = branch
        if len(self.branches) > MAX_BRANCHES:
            self.branches.pop(1).stop()  # the first stays: all others are compared with it
            self.forgot.emit()

    def _make_room(self) -> None:
        """Keep to `HISTORY_BYTES` by dropping branches, or by stopping the current one."""
        while is_full(self.branches):
            oldest = expendable(self.branches, self.branch)
            if oldest is not None:
                oldest.stop()
                self.branches.remove(oldest)
            elif self.branch.run is None:  # it has ended, or was stopped here
                return
            else:
                self.give_up()
            self.full.emit(oldest is not None)

    def _connect(self, branch: Branch) -> None:
        """Start the run of a branch; the frames that it already has are computed again."""
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
            branch.stop()  # the frame says that none follows
            branch.over = True
        if branch is self.branch and was_last:  # otherwise the user went elsewhere meanwhile
            self.last_slice = len(frames)
            if self.fast and branch.run is not None:
                branch.run.advance(self._fast_budget)  # computed while these are drawn
            self.drawing_time.start()
            self.seek(len(branch.frames) - 1)
        if self.at_end and self.playing:
            self.pause()
        if branch.frames[-1] is not branch.newest:  # otherwise nothing was packed
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
