"""The live line of the clustering lab: asks for the operations of the half-step on screen."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from PyQt6.QtCore import QObject, QSize, Qt
from PyQt6.QtGui import QKeySequence

from app.controls.busy import BusyLine
from app.labs.clustering.live_line import tracing, words
from app.labs.clustering.live_line.tracing import Key
from app.labs.clustering.live_line.walk import Walk
from app.labs.shared.toggles import action_button
from app.running.bridge import Bridge, Run, Stepper
from app.theme import LARGE, Theme, current, follow
from app.views.live_line.panel import LiveLinePanel
from app.views.veil import Stale, still_shown
from engine.clustering.frames import Phase
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import Formulation
from engine.clustering.operations.traces import Trace
from engine.errors import EngineError

if TYPE_CHECKING:
    from app.labs.clustering.lab import ClusteringLab

_BOTH = (Formulation.LECTURE, Formulation.TILED)
# While frames follow faster than this, nobody could read along.
_READABLE_MS = 240
# While playing, the walk takes this part of the time of a frame.
_WALK_PART = 0.8


class LiveLine(QObject):
    """Keeps the panel at the frame on screen while it is shown.

    Attributes:
        panel: What is shown.
        traces: The operations of the frame that is listed, or why there are none.
        shown: That frame.
        pick: The point or the cluster that was clicked, by axis.
        walk: Lights the operations one after the other.
    """

    def __init__(self, bridge: Bridge, lab: "ClusteringLab", is_on: bool) -> None:
        super().__init__(lab)
        self._bridge, self._lab = bridge, lab
        self.panel, self.busy = LiveLinePanel(), BusyLine()
        self.stale = Stale(self.panel.listing)
        self.traces: dict[Key, Trace | str] = {}
        self.pick: dict[str, int] = {}
        self.shown: KMeansFrame | None = None
        self._slip_of: tuple[object, ...] | None = None
        self._run: Run | None = None
        self._is_stale = False
        self.walk = Walk(self)
        self.walk.reached.connect(self._on_reached)
        self.action = lab.toggle(
            "Live line",
            is_on,
            self._on_toggled,
            "The operations of the half-step on screen, with named axes (F8)",
            "mdi6.format-list-numbered",
        )
        self.action.setShortcut(QKeySequence("F8"))
        self.button = action_button(self.action)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)

    def wire(self) -> None:
        """Follow the lab, once it is put together."""
        player = self._lab.player
        player.moved.connect(self.refresh)
        player.changed.connect(self._on_changed)
        player.cleared.connect(self._on_cleared)
        self._lab.scatter.clicked.connect(self._on_clicked)
        self.busy.cancelled.connect(self._show_staleness)
        self.panel.picked.connect(self._on_row)
        self.panel.switched.connect(self.refresh)
        self.panel.card.answered.connect(self._on_answered)
        self._on_toggled()
        follow(self._lab, self.restyle)

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self.button.setIconSize(QSize(theme.px(17), theme.px(17)))
        self.button.setVisible(theme.scale <= LARGE)  # large text leaves no room: F8 is there
        self._mark()
        self._tell()

    @property
    def is_on(self) -> bool:
        """Whether the operations are listed beside the plot."""
        return self.action.isChecked()

    @property
    def waiting(self) -> bool:
        """Whether an answer of the engine is on its way."""
        return self._run is not None

    # What is asked for

    def refresh(self) -> None:
        """Ask for what belongs to the frame on screen."""
        if not self.action.isChecked():
            return
        self._is_stale = False
        if self.panel.bug.isChecked():
            self._ask_slip()
        elif why := self._why_not():
            self._stop()
            self.traces, self.shown = {}, None
            self.panel.say(why)
            self._show_staleness()
        else:
            self._ask_traces()

    def _why_not(self) -> str:
        """Why the frame on screen has no operations to be listed; empty if it has."""
        player = self._lab.player
        if player.frame is None:
            return words.NOTHING
        if not isinstance(player.frame, KMeansFrame):
            return words.OTHER
        if player.frame.phase is Phase.SEED:
            return words.SEEDING
        quick = player.playing and self._lab.transport.interval_ms < _READABLE_MS
        self._is_stale = player.fast or quick
        return words.FAST if self._is_stale else ""

    @property
    def chosen(self) -> Formulation:
        """How the half-steps on screen are computed, operation by operation."""
        return self._lab.kmeans.options.formulation.listed

    def _ask_traces(self) -> None:
        lab, frame, loaded = self._lab, self._lab.player.frame, self._lab.loaded
        if loaded is None:
            return
        formulations = _BOTH if self.panel.compare.isChecked() else (self.chosen,)
        keys: list[Key] = [(each, frame.phase) for each in formulations]
        if "cluster" in self.pick and frame.phase is Phase.ASSIGN:
            keys.append((self.chosen, Phase.UPDATE))  # it has the mean
        before = tracing.starts(lab.player.branch.frames, lab.player.position)
        points, scaling = loaded.dataset.points, lab.plane.scaling
        stepper = tracing.traces(points, scaling, frame, before, keys, self.pick)
        self._ask(stepper, lambda pairs: self._on_traces(frame, dict(pairs)), lab.failed.emit)

    def _ask_slip(self) -> None:
        lab, loaded, seed = self._lab, self._lab.loaded, self._lab.kmeans.options.seed
        asked = loaded, seed, lab.data.standardize.isChecked()
        if loaded is None or self._slip_of == asked:
            return
        stepper = tracing.slip(loaded.dataset.points, lab.plane.scaling, seed)
        self._ask(stepper, lambda slips: self.panel.card.draw(slips[-1]), self._on_no_slip)
        self._slip_of = asked

    def _ask(
        self,
        stepper: Stepper,
        answered: Callable[[tuple[Any, ...]], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Run a stepper to its end; what was asked for before is not wanted any more."""
        self._stop()
        self.busy.start(words.MEASURING, self._stop)
        self._run = run = self._bridge.run(stepper)
        run.advanced.connect(lambda frames: self._on_answer(lambda: answered(frames)))
        run.failed.connect(lambda error: self._on_answer(lambda: failed(error)))
        run.advance(math.inf)
        self._show_staleness()

    def _on_answer(self, tell: Callable[[], object]) -> None:
        self._run = None
        self.busy.stop()
        tell()
        self._show_staleness()

    def _stop(self) -> None:
        """Want nothing any more."""
        self.walk.stop()
        self.busy.stop()
        if self._run is not None:
            self._run.cancel()
            self._run, self._slip_of = None, None

    # What is shown

    def _show_staleness(self) -> None:
        """Name the half-step that is listed where it is not the one on screen."""
        listed = self.shown
        # The slip is of no half-step.
        if listed is None or listed is self._lab.player.frame or self.panel.bug.isChecked():
            self.stale.say("")
        else:
            why = words.UNDERWAY if self.waiting else words.NOT_MEASURED
            self.stale.say(still_shown(words.named(listed), why), is_brief=self.waiting)

    def _on_traces(self, frame: KMeansFrame, traces: dict[Key, Trace | str]) -> None:
        is_new, self.shown = frame is not self.shown, frame
        self.traces = traces
        trace = traces[self.chosen, frame.phase]
        if isinstance(trace, str):
            self.panel.say(trace)
        else:
            self.panel.draw(trace, words.summary(trace), words.hint(trace))
            self._begin_walk(trace) if is_new else self.panel.light(self.walk.row)
        self._tell()

    def _tell(self) -> None:
        """Say in numbers what was clicked, or how the formulations compare."""
        frame, loaded, theme = self.shown, self._lab.loaded, current()
        if frame is None or loaded is None or not self.traces:
            return
        if self.panel.compare.isChecked():
            self.panel.tell(self._comparison(frame, theme))
            return
        trace = self.traces.get((self.chosen, frame.phase))
        if not isinstance(trace, Trace):
            return
        html, where = words.CLICK, ""
        if "point" in self.pick:
            index = self.pick["point"]
            where = words.row(loaded.dataset, index)
            scaled = self._lab.plane.scaling.forward(loaded.dataset.points[index : index + 1])[0]
            html = words.point(loaded.dataset, index, frame, scaled, trace, theme)
        elif "cluster" in self.pick:
            label = self.pick["cluster"]
            where = f"centroid {label}"
            html = words.centroid(loaded.dataset, label, frame, self._mean(label), theme)
        if 0 <= self.walk.row < len(trace.operations):
            html += words.picked(trace.operations[self.walk.row], where, theme)
        self.panel.tell(html)

    def _mean(self, label: int) -> list[float] | None:
        """Where the update puts a centroid, in the units of the data."""
        trace = self.traces.get((self.chosen, Phase.UPDATE))
        if not isinstance(trace, Trace) or trace.result is None:
            return None
        mean: list[float] = self._lab.plane.scaling.inverse(trace.result)[label].tolist()
        return mean

    def _comparison(self, frame: KMeansFrame, theme: Theme) -> str:
        traces = [self.traces[each, frame.phase] for each in _BOTH]
        results = [each.result for each in traces if isinstance(each, Trace)]
        same = None
        if len(results) == 2 and results[0] is not None and results[1] is not None:
            same = bool(np.allclose(results[0], results[1], rtol=1e-4, atol=1e-4))
        return words.comparison(traces, same, theme)

    def _begin_walk(self, trace: Trace) -> None:
        """Light the operations of a new half-step one after the other."""
        if not self._lab.toggles.tween.isChecked():  # nothing moves by itself
            self.walk.stop(-1)
            self.panel.light(-1)
            return
        playing = self._lab.player.playing
        within = _WALK_PART * self._lab.transport.interval_ms if playing else None
        self.walk.begin(len(trace.operations), within)

    def _on_reached(self, row: int) -> None:
        self.panel.light(row)
        self._tell()

    # The hands

    def _on_row(self, row: int) -> None:
        self.walk.stop(row)
        self._on_reached(row)

    def _on_clicked(self, point: int, centroid: int) -> None:
        if not self.action.isChecked():
            return
        if centroid >= 0:
            self.pick = {"cluster": centroid}
        else:
            self.pick = {"point": point * self._lab.plane.stride} if point >= 0 else {}
        self._mark()
        if self.panel.compare.isChecked() and self.pick:
            self.panel.compare.setChecked(False)  # and so asks anew
        else:
            self.refresh()

    def _mark(self) -> None:
        """Mark the point that was clicked while its numbers are there."""
        place = self.pick.get("point", -1) if self.action.isChecked() else -1
        self._lab.scatter.mark(place // self._lab.plane.stride)

    def _on_answered(self, is_right: bool) -> None:
        """Show on the plot which point the slip takes for the farthest."""
        slip, stride = self.panel.card.slip, self._lab.plane.stride
        if is_right and slip is not None and stride == 1:
            self._lab.scatter.show_note(slip.found, "the slip took this point for the farthest")

    def _on_no_slip(self, error: Exception) -> None:
        if isinstance(error, EngineError):
            self.panel.card.say(str(error))
        else:
            self._lab.failed.emit(error)

    def _on_toggled(self) -> None:
        self._lab.columns.show_only(self.panel, self.action.isChecked())
        self._mark()
        self.refresh() if self.action.isChecked() else self._stop()

    def _on_changed(self) -> None:
        if self._is_stale and not self._lab.player.playing:
            self.refresh()

    def _on_cleared(self) -> None:
        self._stop()
        self.pick, self.traces, self.shown = {}, {}, None
        self._mark()
        self.panel.say(words.NOTHING)
