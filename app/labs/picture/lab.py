"""The picture lab: k-means on the colours of a picture, and the picture in k colours."""

from collections.abc import Generator
from pathlib import Path

import numpy as np
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import (
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.controls.busy import BusyLine
from app.controls.clustering.kmeans import KMeansControl
from app.labs.base import Lab
from app.labs.clustering import words
from app.labs.clustering.algorithms.kmeans import KMEANS
from app.labs.picture.settings import PictureSettings
from app.labs.shared.columns import TwoColumns, stage
from app.running.bridge import Bridge
from app.running.requests import Request
from app.text import shown
from app.views.figure import Figure, figure_of
from app.views.picture import PaletteBar, PictureView
from app.views.veil import Stale, meanwhile, still_shown
from app.widgets import Column, card, form, label
from engine.clustering.quantization.frames import PictureFrame
from engine.data import images
from engine.data.generated.ready_made import FOLDER, PHOTOGRAPH
from engine.data.images import Photo, Sample
from engine.frames import Search

_HINT = (
    "Each pixel is a point: its red, green and blue. k-means finds the colours that represent "
    "them best. With a position weight, the position counts too, and the colours form segments."
)


class PictureLab(Lab):
    """The original and the quantised picture side by side, and the palette."""

    opened = pyqtSignal(str)

    def __init__(self, bridge: Bridge, settings: PictureSettings) -> None:
        super().__init__(bridge, settings.rate)
        self.photo: Photo | None = None
        self.sample: Sample | None = None
        self.loading = BusyLine()
        self._reading = Request(bridge, self, self.loading)
        self.original, self.quantised = PictureView("Original"), PictureView("Quantised")
        self.palette_bar, self.state = PaletteBar(), label("", "muted")
        self.kmeans = KMeansControl(settings.kmeans)
        self.weight = QDoubleSpinBox()
        self.open_button = QPushButton("Open a picture…")
        self.shipped_button = QPushButton("The photograph")
        self._dress()
        self._lay_out()
        self._fill_menus()
        self._wire()

    # The picture

    def open(self, path: str) -> None:
        """Read a picture; the old one stays until it is read."""

        def frames() -> Generator[tuple[Photo, Sample], None, None]:
            photo = images.read_photo(path)
            yield photo, images.sample(photo)

        text = f"Reading {shown(Path(path).name)}…"
        self._reading.ask(frames, lambda found: self._on_read(*found), text)

    def open_shipped(self) -> None:
        """Read the photograph that comes with the program."""
        self.open(str(FOLDER / PHOTOGRAPH))

    def showEvent(self, event: QShowEvent | None) -> None:
        """Show the photograph if nothing is open yet."""
        super().showEvent(event)
        if self.photo is None and not self._reading.is_busy:
            self.open_shipped()

    def _on_read(self, photo: Photo, sample: Sample) -> None:
        self.photo, self.sample = photo, sample
        self._show_staleness()
        self.original.draw(sample.pixels)
        notes = list(photo.notes)
        if sample.n_pixels < photo.n_pixels:
            notes.append(images.sampled(sample.n_pixels, photo.n_pixels))
        self.opened.emit(photo.source)
        if notes:
            self.noticed.emit(" ".join(notes))
        self.restart()

    def _show_staleness(self) -> None:
        """Say which picture is on screen while another one is read."""
        if self.photo is None or not self.loading.text:
            self.stale.say("")
        else:
            what = shown(Path(self.photo.source).name)
            self.stale.say(still_shown(what, meanwhile(self.loading.text)))

    # Runs

    def restart(self) -> None:
        """Clear the history, and run with the current choices."""
        photo, sample = self.photo, self.sample
        if photo is None or sample is None:
            return
        options, weight = self.kmeans.options, self.weight.value()

        def frames() -> Generator[PictureFrame | Search, None, None]:
            from engine.clustering.quantization.stepper import quantise  # on the engine thread

            yield from quantise(photo, sample, options, weight)

        self._made_with = options, weight
        self.player.load(frames)

    def _on_cleared(self) -> None:
        self._offer_saves()
        self.quantised.draw(None)
        self.palette_bar.clear()
        self.state.setText("Finding colours…")

    def _on_moved(self) -> None:
        frame: PictureFrame = self.player.frame
        self.quantised.draw(frame.palette[frame.labels])
        self.palette_bar.draw(frame.palette, frame.shares)
        self.state.setText(KMEANS.state(frame.kmeans, self._made_with[0]))
        self._offer_saves()

    # Files

    def figure(self) -> Figure | None:
        """The quantised picture, as on screen."""
        return None if self.player.frame is None else figure_of(self.quantised, "Quantised")

    def save_picture(self, path: Path) -> None:
        """Write the quantised picture in full size."""
        photo, frame = self.photo, self.player.frame
        if photo is None or frame is None:
            return
        centroids, palette, weight = frame.kmeans.centroids, frame.palette, self._made_with[1]

        def frames() -> Generator[None, None, None]:
            from engine.clustering.quantization.stepper import label_all  # on the engine thread

            for done in label_all(photo, centroids, weight):
                if isinstance(done, np.ndarray):
                    images.write_quantised(path, done, palette)
                yield None  # it can be cancelled between two bands

        self.files.write_in_steps(path, frames)

    def stop(self) -> None:
        """Stop everything: the window closes."""
        self.player.pause()
        self._reading.cancel()

    @property
    def settings(self) -> PictureSettings:
        """The settings for the next start."""
        return PictureSettings(kmeans=self.kmeans.options, rate=self.transport.rate)

    # Layout and signals

    def _dress(self) -> None:
        self.weight.setRange(0.0, 10.0)
        self.weight.setSingleStep(0.1)
        self.weight.setKeyboardTracking(False)
        self.weight.setAccessibleName("Position weight")
        self.weight.setToolTip(
            "How much the position of a pixel counts: at 1, the longer side of the picture counts "
            "as much as the distance from black to white."
        )
        for button in (self.open_button, self.shipped_button):
            button.setAutoDefault(False)
        self.shipped_button.setToolTip("Summer Palace, Beijing, by danielbuechele, CC BY 2.0")
        self.state.setWordWrap(True)

    def _lay_out(self) -> None:
        rows = form()
        rows.addRow("Position weight", self.weight)
        place = QWidget()
        place.setLayout(rows)
        hint = label(_HINT, "muted")
        hint.setWordWrap(True)
        source = card(self.open_button, self.shipped_button, heading="Picture")
        left = Column(source, card(self.kmeans, place, heading="Colours"), card(hint))
        both = QWidget()
        sides = QHBoxLayout(both)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.addWidget(self.original, 1)
        sides.addWidget(self.quantised, 1)
        self.stale = Stale(both, self.palette_bar)
        middle = stage("Picture", [], both, self.state, self.palette_bar, self.transport)
        self.columns = TwoColumns(left, middle)
        QVBoxLayout(self).addWidget(self.columns)

    def _fill_menus(self) -> None:
        self._save = self.save_action(
            "Save quantised &picture…", self.save_picture, "quantised.png", "Ctrl+S"
        )
        self.file_actions = [self._save]
        self.edit_actions = [self.action("New random &seed", self.kmeans.seed.randomize, "D")]
        self.busy_lines.append(self.loading)
        self._offer_saves()

    def _offer_saves(self) -> None:
        self._save.setEnabled(self.player.frame is not None)

    def _wire(self) -> None:
        self._reading.failed.connect(self.failed)
        self.player.failed.connect(self.run_failed)
        self.player.cleared.connect(self._on_cleared)
        self.player.searching.connect(lambda far: self.state.setText(words.searching(far)))
        self.player.moved.connect(self._on_moved)
        self.loading.changed.connect(self._show_staleness)
        self.kmeans.changed.connect(self.restart)
        self.weight.valueChanged.connect(lambda _: self.restart())
        self.open_button.clicked.connect(self._ask_open)
        self.shipped_button.clicked.connect(self.open_shipped)

    def _ask_open(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in images.SUFFIXES)
        path, _ = QFileDialog.getOpenFileName(
            self.window(), "Open a picture", "", f"Pictures ({patterns})"
        )
        if path:
            self.open(path)
