"""What is drawn at the pointer: the note at a point, and the ring of the neighbourhood."""

from PyQt6.QtCore import QObject

from app.labs.clustering.state import ClusteringState
from app.views.scatter.kernel import KernelAtPointer
from app.views.scatter.view import ScatterView


class Pointing(QObject):
    """Follows the pointer over the plot."""

    def __init__(
        self, state: ClusteringState, scatter: ScatterView, kernel: KernelAtPointer
    ) -> None:
        """Draw nothing yet.

        Args:
            state: What is under the pointer.
            scatter: The plot.
            kernel: The ring.
        """
        super().__init__(state)
        self._state, self._scatter, self._kernel = state, scatter, kernel
        for signal, slot in (
            (scatter.hovered, state.hover),
            (state.hover_changed, self._note),
            (state.frame_changed, self._draw_neighborhood),
            (state.options_changed, self._clear_neighborhood),
        ):
            signal.connect(slot)

    def _note(self) -> None:
        """Say what is known of the point under the pointer."""
        state = self._state
        if state.hovered < 0 or state.loaded is None:
            self._scatter.show_note(-1, "")
        else:
            self._scatter.show_note(state.hovered, state.about_hovered())

    def _draw_neighborhood(self) -> None:
        state = self._state
        # In other dimensions the plot does not show how far points are.
        near = state.view.neighborhood(state.frame) if state.plane.n_dims == 2 else None
        self._kernel.use(near)

    def _clear_neighborhood(self) -> None:
        self._kernel.use(None)
