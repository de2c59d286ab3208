"""A branch of the history as an animated GIF: drawn beside the window, a frame at a time."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image
from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtGui import QImage

from engine.data.output.writing import write_whole

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
