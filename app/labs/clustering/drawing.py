"""The screen of the clustering lab: the frame in the plot, the curves, the table, the words."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer

from app.labs.clustering import climb_words, words
from app.labs.clustering.climbs import MAX_MODES
from app.labs.clustering.curves import Curves
from engine.clustering.frames import Phase
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.mean_shift.frames import Kernel, MeanShiftFrame

if TYPE_CHECKING:
    from app.labs.clustering.lab import ClusteringLab

# A glide takes this part of the time between two frames, and a third of a second at most.
_GLIDE_PART, _GLIDE_MS, _TOO_SHORT_MS = 0.6, 330, 60
# Who waits longer is told why.
_LONG_MS = 400
# How often curves and numbers are drawn while frames follow as fast as they can: nobody reads
# faster, and the points need the time.
_READING_MS = 60


class Drawing:
    """Draws what the player is at, in the views of the lab.

    Attributes:
        hovered: The index of the point under the pointer, -1 for none.
    """

    def __init__(self, lab: "ClusteringLab") -> None:
        self._lab, self._curves = lab, Curves()
        self.hovered = -1
        self._patience = QTimer(lab)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._on_long)
        self._reading, self._late = QTimer(lab), False
        self._reading.setSingleShot(True)
        self._reading.timeout.connect(self._on_read)

    def clear(self) -> None:
        """Take the history off the screen."""
        lab = self._lab
        self._curves.clear()
        self._late = False
        lab.painting.drop()
        if not lab.painting.keeps_picture:
            lab.scatter.clear_picture()
        lab.curve.draw([], 0, -1)
        lab.branches.draw()
        lab.table.setRowCount(0)
        self.show_state()

    def redraw(self) -> None:
        """Draw the frame on screen, if there is one."""
        if self._lab.player.frame is not None:
            self.draw()

    def draw(self) -> None:
        """Draw the frame on screen."""
        lab = self._lab
        if lab.painting.held:  # its points are not those of the frame
            return
        frame: KMeansFrame | MeanShiftFrame = lab.player.frame
        picture = lab.plane.picture(lab.player.so_far, lab.player.position)
        lab.scatter.draw(picture, self._glide_ms(frame))
        self.hover(self.hovered)
        if self._can_be_read():
            self._write()

    def _can_be_read(self) -> bool:
        """Whether it is time for curves and numbers; if not, they come when it is."""
        self._late = self._lab.player.fast and self._reading.isActive()
        if not self._late:
            self._reading.start(_READING_MS)
        return not self._late

    def _on_read(self) -> None:
        if self._late and not self._lab.painting.held:
            self._can_be_read()
            self._write()

    def _write(self) -> None:
        """Draw what is read of the frame on screen: curves, numbers, words."""
        lab, frame = self._lab, self._lab.player.frame
        self._draw_curves()
        if isinstance(frame, MeanShiftFrame):
            lab.table.draw(frame.sizes[:MAX_MODES], frame.densities[:MAX_MODES])
            # In other dimensions the plot does not show how far points are.
            lab.kernel.use(frame.kernel, frame.bandwidth if lab.plane.n_dims == 2 else 0)
            lab.algorithm.mean_shift.show_bandwidth(frame.bandwidth)
        else:
            lab.table.draw(frame.sizes, frame.inertias)
        self.show_state()

    def preview(self, frame: KMeansFrame) -> None:
        """Show who would be assigned to whom, while a centroid is in the hand."""
        lab = self._lab
        lab.state.setText(words.in_the_hand(frame))
        lab.scatter.recolor(lab.plane.of_labels(frame.labels))
        lab.table.draw(frame.sizes, frame.inertias)
        lab.inertia.setText(words.measure(frame))

    def catch_up(self) -> None:
        """Something about the player is different; frames may have come that are not drawn."""
        self._patience.start(_LONG_MS) if self._lab.player.waiting else self._patience.stop()
        if self._late and self._lab.player.fast:
            return
        if self._late:
            self._on_read()
        self.show_state()
        if self._curves.lack(self._lab.player.branch):
            self._draw_curves()

    def _draw_curves(self) -> None:
        player = self._lab.player
        if player.frame is None:
            return
        curves = self._curves.of(player.branches)
        self._lab.curve.draw(curves, player.branches.index(player.branch), player.position)
        self._lab.branches.draw()

    def name_algorithm(self) -> None:
        """Head everything by the algorithm."""
        lab = self._lab
        shifting = lab.algorithm.shifting
        lab.headline.setText(lab.algorithm.name)
        lab.measure.setText("Shift" if shifting else "Inertia")
        lab.curve.name_measure(lab.measure.text())
        lab.table.name_measure("Density" if shifting else "Inertia")
        lab.toggles.offer_regions(lab.plane.metric is not None and not shifting)
        lab.kernel.use(Kernel.GAUSSIAN, 0)

    def _glide_ms(self, frame: KMeansFrame | MeanShiftFrame) -> int:
        lab = self._lab
        if not lab.toggles.tween.isChecked() or frame.phase is not Phase.UPDATE:
            return 0
        if not lab.player.playing:
            return _GLIDE_MS
        between = lab.transport.interval_ms
        return min(_GLIDE_MS, round(_GLIDE_PART * between)) if between > _TOO_SHORT_MS else 0

    def show_state(self) -> None:
        """Say in words where the run is, or why there is none."""
        state, measure = self._words()
        self._lab.state.setText(state)
        self._lab.inertia.setText(measure)

    def _on_long(self) -> None:
        if self._lab.player.waiting and self._lab.player.frame is not None:
            self._lab.state.setText(f"{self._words()[0]} · {words.LONG}")

    def _words(self) -> tuple[str, str]:
        """Where the run is, and the inertia or the shift."""
        lab, loaded = self._lab, self._lab.loaded
        if lab.player.frame is not None:
            return self._words_of_frame()
        n_points = len(loaded.dataset.points) if loaded else 0
        if loaded is not None and lab.painting.too_few:
            return words.too_few(n_points, lab.painting.n_needed), words.NO_INERTIA
        waiting = lab.player.branch.run is not None
        measure = climb_words.NO_SHIFT if lab.algorithm.shifting else words.NO_INERTIA
        return words.before_first_frame(n_points, waiting, lab.ready), measure

    def _words_of_frame(self) -> tuple[str, str]:
        lab, player = self._lab, self._lab.player
        n_drawn_of = player.last_slice if player.drawing_some else 1
        text = words.state(player.frame, lab.options, n_drawn_of, lab.plane.stride)
        if player.branch.cancelled and player.at_end:
            text = f"{text} · {words.CANCELLED}"
        return text, words.measure(player.frame)

    def hover(self, index: int) -> None:
        """Say what is known of a point of the plot; -1 for none."""
        self.hovered, lab = index, self._lab
        if index < 0 or lab.loaded is None:
            lab.scatter.show_note(-1, "")
            return
        dataset, drawn = lab.loaded.dataset, index
        index *= lab.plane.stride
        scaled = lab.plane.scaling.forward(dataset.points[index : index + 1])[0]
        lab.scatter.show_note(drawn, words.point(dataset, index, lab.player.frame, scaled))
