"""A branch of the history as an animated GIF: drawn off screen, a frame at a time."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image
from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.controls.busy import BusyLine
from app.labs.clustering.state import ClusteringState
from app.labs.shared.files import FileWriter
from app.running.bridge import Bridge
from app.running.packing import unpacked
from app.running.player import Player
from app.style_sheet import dress
from app.text import shown
from app.theme import current
from app.views.scatter.snapshot import snapshot
from app.views.scatter.view import ScatterView
from app.widgets import label
from engine.data.output.writing import write_whole
from engine.errors import DataError

MAX_FRAMES = 200
FRAME_MS = 500
_LAST_MS = 3000
_N_COLORS = 128


class Recorder(QObject):
    """Takes a picture of each frame between two events of the window, which stays fluid.

    Signals:
        progressed: How many pictures are taken, of how many.
        recorded: All of them, as Pillow's images with one palette.
    """

    progressed = pyqtSignal(int, int)
    recorded = pyqtSignal(list)

    def __init__(self, draw: Callable[[int], QImage], n_frames: int, parent: QObject) -> None:
        """Prepare to record.

        Args:
            draw: Draws the frame of an index.
            n_frames: How many there are; of more than `MAX_FRAMES` every second, third, ... one.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._draw = draw
        step = -(-n_frames // MAX_FRAMES)
        self._indices = [*range(0, n_frames - 1, step), n_frames - 1]
        self._images: list[Image.Image] = []
        # The last frame has every colour; the first may have one cluster.
        self._palette = _rgb(draw(n_frames - 1)).quantize(_N_COLORS)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start(0)

    def cancel(self) -> None:
        """Take no more pictures; no signal follows."""
        self._timer.stop()
        self.deleteLater()

    def _on_tick(self) -> None:
        picture = _rgb(self._draw(self._indices[len(self._images)]))
        self._images.append(picture.quantize(palette=self._palette, dither=Image.Dither.NONE))
        self.progressed.emit(len(self._images), len(self._indices))
        if len(self._images) == len(self._indices):
            self.cancel()
            self.recorded.emit(self._images)


class Recording(QObject):
    """Records the branch on screen, and writes it to a file.

    Signals:
        failed: Why an animation is not recorded.

    Attributes:
        busy: How far it is.
    """

    failed = pyqtSignal(Exception)

    def __init__(
        self,
        bridge: Bridge,
        state: ClusteringState,
        player: Player,
        scatter: ScatterView,
        files: FileWriter,
    ) -> None:
        """Record nothing yet.

        Args:
            bridge: Is told that something would be lost if the window closed.
            state: How frames are drawn.
            player: Its branch is recorded.
            scatter: The plot that is drawn once more, off screen.
            files: Writes the file.
        """
        super().__init__(state)
        self._bridge, self._state, self._player = bridge, state, player
        self._scatter, self._files = scatter, files
        self._recorder: Recorder | None = None
        self._release: Callable[[BaseException | None, bool], None] | None = None
        self.busy = BusyLine()

    @property
    def is_recording(self) -> bool:
        """Whether pictures are being taken."""
        return self._recorder is not None

    def save(self, path: Path) -> None:
        """Write the branch of the history as an animated GIF."""
        if self._player.frame is None:
            return
        if self.is_recording:
            why = f"{shown(path.name)} is not saved: another animation is being recorded."
            self.failed.emit(DataError(why))
            return
        frames = list(self._player.branch.frames)
        self._show_progress(0, len(frames))
        self._recorder = recorder = Recorder(self._film(frames), len(frames), self)
        recorder.progressed.connect(self._show_progress)
        recorder.recorded.connect(lambda images: self._on_recorded(images, path))
        self._release = self._bridge.hold(path.name)

    def stop(self) -> None:
        """Take no more pictures."""
        self.busy.stop()
        if self._recorder is not None:
            self._recorder.cancel()
            self._recorder = None
        if self._release is not None:
            self._release(None, True)
            self._release = None

    def _film(self, frames: Sequence[object]) -> Callable[[int], QImage]:
        """A second plot, like the one on screen, and how to draw a frame on it."""
        view, algorithm, plane = self._scatter.twin(), self._state.view, self._state.plane
        options = self._state.options
        captions = [algorithm.state(frame, options, stride=plane.stride) for frame in frames]
        sheet, caption = QWidget(), label(max(captions, key=len), "muted")
        caption.setWordWrap(True)
        layout = QVBoxLayout(sheet)
        layout.addWidget(caption)
        layout.addWidget(view, 1)
        dress(sheet, current())
        sheet.resize(view.size())
        # Room for the longest one, or the plot would move.
        caption.setFixedHeight(caption.heightForWidth(layout.contentsRect().width()))

        def draw(index: int) -> QImage:
            view.draw(algorithm.scene([*frames[:index], unpacked(frames[index])], plane))
            caption.setText(captions[index])
            return snapshot(sheet).toImage()

        return draw

    def _show_progress(self, n_drawn: int, n_frames: int) -> None:
        self.busy.start(f"Drawing {n_drawn} of {n_frames}…", self.stop)

    def _on_recorded(self, images: list[Image.Image], path: Path) -> None:
        self._files.write(path, lambda: write_gif(images, path))
        self.stop()  # after it, so that closing waits for both


def _rgb(image: QImage) -> Image.Image:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    bits = image.constBits()
    assert bits is not None
    size, stride = (image.width(), image.height()), image.bytesPerLine()
    raw = bits.asstring(image.sizeInBytes())
    return Image.frombuffer("RGB", size, raw, "raw", "RGB", stride, 1)


def write_gif(images: Sequence[Image.Image], path: Path) -> None:
    """Write pictures as a GIF that repeats, and rests at the last one.

    Raises:
        DataError: It cannot be written there.
    """
    first, *others = images
    options = {"save_all": True, "append_images": others, "loop": 0}
    options["duration"] = [FRAME_MS] * len(others) + [_LAST_MS]
    write_whole(path, lambda file: first.save(file, "GIF", **options))
