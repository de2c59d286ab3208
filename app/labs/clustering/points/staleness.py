"""Names what is on screen while other points, or another plane, are being prepared."""

from PyQt6.QtCore import QObject

from app.controls.busy import BusyLine
from app.labs.clustering import words
from app.labs.clustering.state import ClusteringState
from app.views.veil import Stale, meanwhile, still_shown


class Staleness(QObject):
    """Greys the views while the engine prepares what is chosen."""

    def __init__(
        self, state: ClusteringState, stale: Stale, loading: BusyLine, finding: BusyLine
    ) -> None:
        """Begin with nothing greyed.

        Args:
            state: What is on screen.
            stale: Greys the views.
            loading: Tells of other points.
            finding: Tells of another plane.
        """
        super().__init__(state)
        self._state, self._stale = state, stale
        self._loading, self._finding = loading, finding
        for busy in (loading, finding):
            busy.changed.connect(self._show)

    def _show(self) -> None:
        loaded, loading = self._state.loaded, self._loading.text
        coming = loading or self._finding.text
        if loaded is None or not coming:
            self._stale.say("")
            return
        what = words.source(loaded)
        if not loading:
            across, up = self._state.plane.names(self._state.columns)
            what = f"{what}, in the plane of {across} and {up}"
        self._stale.say(still_shown(what, meanwhile(coming)))
