"""The live line of the clustering lab: the operations of the half-step on screen."""

from collections.abc import Callable, Mapping

from PyQt6.QtCore import QObject, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence

from app.controls.busy import BusyLine
from app.labs.clustering.drawing.pace import Pace
from app.labs.clustering.live_line import telling, tracing, words
from app.labs.clustering.live_line.bug_hunt import BugHunt
from app.labs.clustering.live_line.tracing import BOTH, Key, Listing
from app.labs.clustering.live_line.walk import Walk
from app.labs.clustering.state import ClusteringState
from app.labs.shared.actions import Actions
from app.labs.shared.toggles import action_button
from app.running.bridge import Bridge
from app.running.player import Player
from app.running.requests import Request
from app.theme import LARGE, Theme, current, follow
from app.views.live_line.panel import LiveLinePanel
from app.views.scatter.view import ScatterView
from app.views.veil import Stale, still_shown
from engine.clustering.frames import Phase
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import Formulation, KMeansOptions
from engine.clustering.operations.traces import Trace


class LiveLine(QObject):
    """Keeps the panel at the frame on screen while it is shown.

    Signals:
        failed: A mistake of this program.
        toggled: Whether the panel is shown.

    Attributes:
        panel: What is shown.
        action, button: Show it, or not.
        busy: Tells that operations are being measured.
        listing: The operations that are listed; None for none.
        walk: Lights the operations one after the other.
    """

    failed = pyqtSignal(Exception)
    toggled = pyqtSignal(bool)

    def __init__(
        self,
        bridge: Bridge,
        state: ClusteringState,
        player: Player,
        scatter: ScatterView,
        pace: Pace,
        actions: Actions,
        options: Callable[[], KMeansOptions],
        is_on: bool,
    ) -> None:
        """List nothing yet.

        Args:
            bridge: To the engine.
            state: Which half-step is on screen, and what is selected.
            player: The frames before it.
            scatter: Where points and centroids are clicked.
            pace: How fast frames follow.
            actions: Makes the action that shows the panel.
            options: What is chosen for k-means.
            is_on: Whether the panel is shown at first.
        """
        super().__init__(state)
        self._state, self._player, self._scatter, self._pace = state, player, scatter, pace
        self._options = options
        self.panel, self.busy = LiveLinePanel(), BusyLine()
        self.stale = Stale(self.panel.listing)
        self.listing: Listing | None = None
        self._waits_for_pause = False
        self._request = Request(bridge, self, self.busy)
        self._hunt = BugHunt(bridge, state, scatter, self.panel.card, lambda: options().seed)
        self.walk = Walk(self)
        self.action = actions.toggle(
            "Live line",
            is_on,
            self.show_or_hide,
            "The operations of the half-step on screen, with named axes (F8)",
            "mdi6.format-list-numbered",
        )
        self.action.setShortcut(QKeySequence("F8"))
        self.button = action_button(self.action)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._wire()
        follow(scatter, self._restyle_button)  # the button may be hidden
        follow(scatter, lambda _: self._mark())
        follow(self.panel, lambda _: self._tell())

    def _wire(self) -> None:
        state, panel, request = self._state, self.panel, self._request
        for signal, slot in (
            (state.frame_changed, self.refresh),
            (state.player_changed, self._on_player_changed),
            (state.history_cleared, self._on_cleared),
            (state.selection_changed, self._mark),
            (self._scatter.clicked, self._on_clicked),
            (request.ended, self._show_staleness),
            (request.failed, self.failed),
            (self._hunt.failed, self.failed),
            (panel.picked, self._on_row),
            (panel.switched, self.refresh),
            (self.walk.reached, self._on_reached),
        ):
            signal.connect(slot)

    def _restyle_button(self, theme: Theme) -> None:
        self.button.setIconSize(QSize(theme.px(17), theme.px(17)))
        self.button.setVisible(theme.scale <= LARGE)  # large text leaves no room: F8 is there

    @property
    def busy_lines(self) -> list[BusyLine]:
        """What the engine is asked, for the status bar."""
        return [self.busy, self._hunt.busy]

    @property
    def is_on(self) -> bool:
        """Whether the panel is shown."""
        return self.action.isChecked()

    @property
    def is_busy(self) -> bool:
        """Whether the engine has a question to answer."""
        return self._request.is_busy or self._hunt.is_busy

    @property
    def shown(self) -> KMeansFrame | None:
        """The frame whose operations are listed; None for none."""
        return None if self.listing is None else self.listing.frame

    @property
    def chosen(self) -> Formulation:
        """How the half-steps on screen are computed, operation by operation."""
        return self._options().formulation.listed

    def show_or_hide(self) -> None:
        """Show the panel if that is wanted."""
        self.toggled.emit(self.is_on)
        self._mark()
        self.refresh() if self.is_on else self._stop()

    # What is asked for

    def refresh(self) -> None:
        """Ask for what belongs to the frame on screen."""
        if not self.is_on:
            return
        self._waits_for_pause = False
        if self.panel.shows_bug:
            self._cancel_traces()
            self._hunt.ask()
        elif why := self._why_not():
            self._stop()
            self.listing = None
            self.panel.say(why)
            self._show_staleness()
        else:
            self.walk.stop()
            self._hunt.cancel()
            self._ask_traces(self._state.frame)

    def _why_not(self) -> str:
        """Why the frame on screen has no operations to be listed; empty if it has."""
        frame = self._state.frame
        if frame is None:
            return words.NOTHING
        if not self._state.has_operations:
            return words.OTHER
        if frame.phase is Phase.SEED:
            return words.SEEDING
        self._waits_for_pause = self._pace.is_unreadable
        return words.FAST if self._waits_for_pause else ""

    def _ask_traces(self, frame: KMeansFrame) -> None:
        state, player, chosen = self._state, self._player, self.chosen
        formulations = BOTH if self.panel.compares else (chosen,)
        keys: list[Key] = [(each, frame.phase) for each in formulations]
        if "cluster" in state.selected and frame.phase is Phase.ASSIGN:
            keys.append((chosen, Phase.UPDATE))  # it has the mean
        before = tracing.starts(player.branch.frames, player.position)
        stepper = tracing.traces(
            state.points, state.plane.scaled, frame, before, keys, state.selected
        )

        def on_traces(traces: Mapping[Key, Trace | str]) -> None:
            self._list(Listing(frame, traces, chosen))

        self._request.ask(stepper, on_traces, words.MEASURING)
        self._show_staleness()

    def _cancel_traces(self) -> None:
        if self._request.is_busy:
            self._request.cancel()

    def _stop(self) -> None:
        """Cancel every question."""
        self.walk.stop()
        self._cancel_traces()
        self._hunt.cancel()

    # What is shown

    def _show_staleness(self) -> None:
        """Name the half-step that is listed where it is not the one on screen."""
        listed = self.shown
        # The bug belongs to no half-step.
        if listed is None or listed is self._state.frame or self.panel.shows_bug:
            self.stale.say("")
        else:
            why = words.UNDERWAY if self.is_busy else words.NOT_MEASURED
            self.stale.say(still_shown(words.named(listed), why), is_brief=self.is_busy)

    def _list(self, listing: Listing) -> None:
        is_new, self.listing = listing.frame is not self.shown, listing
        trace = listing.trace
        if isinstance(trace, str):
            self.panel.say(trace)
        else:
            self.panel.draw(trace, words.summary(trace), words.hint(trace))
            self._begin_walk(len(trace.operations)) if is_new else self._light()
        self._tell()

    def _light(self) -> None:
        self.panel.light(self.walk.row)

    def _tell(self) -> None:
        """Say in numbers what was clicked, or how the formulations compare."""
        listing, theme = self.listing, current()
        if listing is None:
            return
        if self.panel.compares:
            self.panel.tell(telling.comparison(listing, theme))
        elif html := telling.numbers(listing, self._state, self.walk.row, theme):
            self.panel.tell(html)

    def _begin_walk(self, n_operations: int) -> None:
        """Light the operations of a new half-step one after the other."""
        if self._pace.animates:
            self.walk.begin(n_operations, self._pace.walk_ms)
        else:
            self.walk.stop(-1)
            self._light()

    def _on_reached(self, row: int) -> None:
        self.panel.light(row)
        self._tell()

    # What the user does

    def _on_row(self, row: int) -> None:
        self.walk.stop(row)
        self._on_reached(row)

    def _on_clicked(self, point: int, centroid: int) -> None:
        if not self.is_on:
            return
        if centroid >= 0:
            self._state.select({"cluster": centroid})
        else:
            self._state.select({"point": self._state.row(point)} if point >= 0 else {})
        if self.panel.compares and self._state.selected:
            self.panel.compare.setChecked(False)  # and so asks anew
        else:
            self.refresh()

    def _mark(self) -> None:
        """Mark the point that was clicked while its numbers are there."""
        row = self._state.selected.get("point", -1) if self.is_on else -1
        self._scatter.mark(self._state.drawn(row))

    def _on_player_changed(self) -> None:
        if self._waits_for_pause and not self._player.playing:
            self.refresh()

    def _on_cleared(self) -> None:
        self._stop()
        self.listing = None
        self._state.select({})
        self.panel.say(words.NOTHING)
