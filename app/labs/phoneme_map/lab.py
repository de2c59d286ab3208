"""The phoneme map: the vectors that a speller has learned for the phonemes, in a plane."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.controls.busy import BusyLine
from app.labs.base import Tab
from app.labs.phoneme_map.settings import PhonemeMapSettings
from app.labs.shared.columns import TwoColumns, stage
from app.running.bridge import Bridge
from app.running.requests import Request
from app.theme import Theme, current
from app.views.curves.looks import swatch
from app.views.figure import Figure, figure_of
from app.views.phoneme_map import PhonemeMapView, look_of
from app.views.veil import Stale, meanwhile, still_shown
from app.widgets import card, form, label
from engine.data.output.formats import TEXT_TABLE
from engine.spelling import library
from engine.spelling.vocabulary import EXAMPLES, KINDS, STRESSES, VOWELS

_HINT = (
    "A speller has learned a vector for each phoneme. Here they are projected onto the plane in "
    "which they vary most (principal components): the speller treats close phonemes alike."
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Mapped:
    """The phonemes of one speller in a plane.

    Attributes:
        speller: Its name.
        phonemes: N names.
        vectors: (N, E) the learned vectors.
        xy: (N, 2) their projection.
        explained: (2,) the fraction of the variance that each axis explains.
    """

    speller: str
    phonemes: tuple[str, ...]
    vectors: np.ndarray
    xy: np.ndarray
    explained: np.ndarray


def shown_phonemes(stress: bool) -> tuple[str, ...]:
    """Return the phonemes of a map, kind by kind; with stress, three for each vowel."""
    endings = STRESSES if stress else ("",)
    return tuple(
        phoneme + ending
        for phonemes in KINDS.values()
        for phoneme in phonemes
        for ending in (endings if phoneme in VOWELS else ("",))
    )


class PhonemeMapTab(Tab):
    """A plot of the phonemes, with a list of them for the keyboard."""

    def __init__(self, bridge: Bridge, settings: PhonemeMapSettings) -> None:
        super().__init__(bridge)
        self.shown: Mapped | None = None
        self.plot, self.list = PhonemeMapView(), QListWidget()
        self.speller, self.stress = QComboBox(), QCheckBox("With stress")
        self.loading = BusyLine()
        self._request = Request(bridge, self, self.loading)
        self._was_seen = False
        single = [name for name in library.names() if name not in library.ENSEMBLES]
        self.speller.addItems(single)
        self.speller.setCurrentIndex(max(self.speller.findText(settings.speller), 0))
        self._dress()
        self._lay_out()
        self._fill_menus()
        self._wire()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Draw the map when the tab is first shown."""
        super().showEvent(event)
        if not self._was_seen:
            self._was_seen = True
            self.restart()

    def restart(self) -> None:
        """Draw the map for the current choices; the old map stays until it is computed."""
        name, phonemes = self.speller.currentText(), shown_phonemes(self.stress.isChecked())
        if name:
            text = f"Loading the speller {name}…"
            self._request.ask(lambda: _maps(name, phonemes), self._on_mapped, text)
            self._show_staleness()

    def stop(self) -> None:
        """Stop everything: the window closes."""
        self._request.cancel()

    @property
    def settings(self) -> PhonemeMapSettings:
        """The settings for the next start."""
        return PhonemeMapSettings(speller=self.speller.currentText())

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().restyle(theme)
        self.list.setIconSize(QSize(theme.px(16), theme.px(16)))
        for row in range(self.list.count()):
            item = self.list.item(row)
            assert item is not None
            item.setIcon(swatch(look_of(item.data(Qt.ItemDataRole.UserRole)), theme))

    def figure(self) -> Figure:
        """The map."""
        return figure_of(self.plot, "Map of the phonemes")

    def save_vectors(self, path: Path) -> None:
        """Write the vectors of the phonemes on screen as a table."""
        shown = self.shown
        if shown is not None:
            self.files.write(path, lambda: _write_vectors(path, shown))

    def _on_mapped(self, mapped: Mapped) -> None:
        self.shown = mapped
        self.plot.draw(mapped.phonemes, mapped.xy, mapped.explained)
        self._fill_list(mapped.phonemes)
        self._offer_saves()
        self._show_staleness()

    def _show_staleness(self) -> None:
        """Say which map is on screen if something else is chosen."""
        shown, phonemes = self.shown, shown_phonemes(self.stress.isChecked())
        name = self.speller.currentText()
        if shown is None or (shown.speller, shown.phonemes) == (name, phonemes):
            self.stale.say("")
            return
        stress = "with" if shown.phonemes == shown_phonemes(True) else "without"
        why = meanwhile(self.loading.text) if self.loading.text else f"{name} was not loaded"
        self.stale.say(still_shown(f"the phonemes of {shown.speller}, {stress} stress", why))

    def _fill_list(self, phonemes: tuple[str, ...]) -> None:
        self.list.clear()
        for phoneme in phonemes:
            example = EXAMPLES[phoneme.rstrip("012")]
            item = QListWidgetItem(swatch(look_of(phoneme), current()), f"{phoneme}  {example}")
            item.setData(Qt.ItemDataRole.UserRole, phoneme)
            self.list.addItem(item)

    def _on_row(self, row: int) -> None:
        self.plot.point_out(row if self.list.hasFocus() or row < 0 else -1)

    # Layout and signals

    def _dress(self) -> None:
        self.speller.setAccessibleName("Speller whose phonemes are shown")
        self.stress.setToolTip("Vowels with each of three stresses, instead of without stress")
        for part in (self.speller, self.stress):
            part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.list.setAccessibleName("Phonemes, each with a word that has it")
        self.list.setAccessibleDescription("The arrow keys highlight a phoneme on the map.")
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.plot.setAccessibleDescription(_HINT)

    def _lay_out(self) -> None:
        controls = QWidget()
        column = QVBoxLayout(controls)
        column.setContentsMargins(0, 0, 0, 0)
        rows = form()
        rows.addRow("Speller", self.speller)
        column.addLayout(rows)
        column.addWidget(self.stress)
        hint = label(_HINT, "muted")
        hint.setWordWrap(True)
        self.stale = Stale(self.plot, self.list)
        left = QWidget()
        cards = QVBoxLayout(left)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.addWidget(card(controls, heading="Phonemes"))
        cards.addWidget(card(self.list), 1)
        self.columns = TwoColumns(left, stage("Learned phonemes", [], self.plot, hint))
        QVBoxLayout(self).addWidget(self.columns)

    def _fill_menus(self) -> None:
        self.file_actions = [
            self.save_action("Save &picture…", self.save_picture, "phonemes.png"),
            self.save_action(
                "Save &vectors…", self.save_vectors, "phoneme2vec.csv", kind=TEXT_TABLE
            ),
        ]
        self.busy_lines.append(self.loading)
        self._offer_saves()

    def _offer_saves(self) -> None:
        for action in self.file_actions:
            if action is not None:
                action.setEnabled(self.shown is not None)

    def _wire(self) -> None:
        self.speller.currentIndexChanged.connect(lambda _: self.restart())
        self.stress.toggled.connect(lambda _: self.restart())
        self.loading.changed.connect(self._show_staleness)
        self._request.failed.connect(self.failed)
        self.list.currentRowChanged.connect(self._on_row)


def _maps(name: str, phonemes: tuple[str, ...]) -> Generator[Mapped, None, None]:
    """On the engine thread: load the speller and project its vectors."""
    from engine.clustering.projection import pca
    from engine.spelling.embeddings import phoneme_vectors
    from engine.spelling.vocabulary import PHONEME_IDS

    rows = [PHONEME_IDS[phoneme] for phoneme in phonemes]
    vectors = phoneme_vectors(library.load(name).speller)[rows]
    found = pca(vectors, 2)
    yield Mapped(
        speller=name,
        phonemes=phonemes,
        vectors=vectors,
        xy=found.projected,
        explained=found.explained,
    )


def _write_vectors(path: Path, shown: Mapped) -> None:
    from engine.spelling.embeddings import write_vectors

    write_vectors(path, shown.phonemes, shown.vectors)
