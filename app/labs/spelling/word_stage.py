"""The middle of the spelling lab: one or two words, letter by letter, over their heat maps."""

import numpy as np
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPalette, QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.controls.spelling.alternatives import AlternativesBar
from app.labs.spelling import texts
from app.labs.spelling.speller_map import SpellerMap
from app.theme import LARGE, Theme, current, follow
from app.views.attention.heatmap import letter_name
from app.views.attention.letters import LettersView
from app.views.figure import Figure
from app.widgets import label
from engine.spelling.alignments import Alignment
from engine.spelling.frames import LetterFrame, Spelling

MAX_SPELLERS = 2
_TILES = 9  # the tile of a letter is at most this fraction of the height


class WordStage(QWidget):
    """Draws letter frames, and lets the user force a letter.

    Signals:
        forced: A speller, a position, and the letter to put there.
        phonemes_lit: The position of a phoneme to highlight, -1 for none, and (T,) weights or None.
    """

    forced = pyqtSignal(int, int, str)
    phonemes_lit = pyqtSignal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self.letters = [LettersView() for _ in range(MAX_SPELLERS)]
        self.before = LettersView(small=True)
        self.maps = [SpellerMap() for _ in range(MAX_SPELLERS)]
        self.alternatives = AlternativesBar()
        self.caption = label("", "muted")
        self.caption.setWordWrap(True)
        self.note = label("", "problem")
        self.note.setWordWrap(True)
        self.lost = label("", "muted")
        self.lost.setWordWrap(True)
        self.frame: LetterFrame | None = None
        self.selected = (0, -1)
        self._names: tuple[str, ...] = ()
        self._theme = current()
        self._lay_out()
        self._wire()
        self.clear()
        follow(self, self.restyle)

    # Drawing

    def clear(self) -> None:
        """Show nothing."""
        self.frame = None
        for letters in (*self.letters, self.before):
            letters.draw("", "", np.zeros(0), 0)
        for heat_map in self.maps:
            heat_map.clear()
        self.before.hide()
        self.note.hide()
        self.alternatives.clear()

    def draw(
        self, frame: LetterFrame, names: tuple[str, ...], before: tuple[int, Spelling] | None
    ) -> None:
        """Show a frame.

        Args:
            frame: A frame with as many spellers as there are names.
            names: The names of the spellers.
            before: A speller, and the word it wrote before a letter was forced.
        """
        self.frame, self._names = frame, names
        differs = texts.first_difference(frame)
        for index, (letters, heat_map) in enumerate(zip(self.letters, self.maps, strict=True)):
            is_used = index < len(names)
            letters.setVisible(is_used)
            heat_map.setVisible(is_used)
            if is_used:
                self._draw_one(index, differs)
        self.before.setVisible(before is not None)
        if before is not None:
            speller, spelling = before
            every = spelling.symbols
            self.before.draw("before", every, spelling.probabilities, len(every))
        self.note.setText(texts.notes(frame))
        self.note.setVisible(bool(self.note.text()))
        self.lost.setText(texts.lost_thread(frame, names))
        self.lost.setVisible(len(names) > 1)
        speller = self.selected[0] if self.selected[0] < len(names) else 0
        self.select(speller, self._written(speller) - 1)
        self._light()

    def _draw_one(self, index: int, differs: int) -> None:
        assert self.frame is not None
        result, spelling = self.frame.results[index], self.frame.spelling(index)
        name, n_written = self._names[index], self._written(index)
        mark = differs if index and differs < n_written else -1
        probabilities = spelling.probabilities
        self.letters[index].draw(name, spelling.symbols, probabilities, n_written, mark)
        has_heads = any(len(one.heads) > 1 for one in self.frame.results)
        heat_map = self.maps[index]
        heat_map.draw(result, spelling, n_written, done=self.frame.stop is not None)
        heat_map.show_name(name, alone=len(self._names) == 1, beside_heads=has_heads)
        n_columns = len(result.phonemes) if result.sees_phonemes else 3
        layout = self._area.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.setStretch(index, 3 + n_columns)

    def _written(self, speller: int) -> int:
        assert self.frame is not None
        n_places = len(self.frame.spelling(speller).probabilities)
        return min(self.frame.n_written, n_places)

    def select(self, speller: int, place: int) -> None:
        """Show the alternatives of a letter; -1 for none."""
        self.selected = (speller, place)
        for index, letters in enumerate(self.letters):
            letters.select(place if index == speller else -1)
        if self.frame is None or place < 0:
            self.alternatives.clear()
            return
        spelling = self.frame.spelling(speller)
        self.alternatives.draw(spelling, place, spelling.symbols[place])

    def make_room(self, is_stale: bool) -> None:
        """Hide the lines about a word that is out of date if large text needs the height."""
        has_room = not is_stale or self._theme.scale <= LARGE
        self.caption.setVisible(has_room)
        self.alternatives.setVisible(has_room)  # disabled anyway
        self.note.setVisible(has_room and bool(self.note.text()))
        self.lost.setVisible(has_room and len(self._names) > 1)
        layout = self.layout()
        assert layout is not None
        layout.activate()  # otherwise showing something next would make the window higher

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        ground = self._area.palette()
        ground.setColor(QPalette.ColorRole.Window, QColor(theme.card))
        self._area.setPalette(ground)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Enlarge words if there is room."""
        super().resizeEvent(event)
        for letters in (*self.letters, self.before):
            letters.allow(self.height() // _TILES)

    # Files

    def figure(self) -> Figure:
        """The heat maps, side by side, on the background of a card."""

        def paint(painter: QPainter) -> None:
            for heat_map in self.maps[: len(self._names)]:
                painter.save()
                painter.translate(heat_map.pos())
                heat_map.paint(painter)
                painter.restore()

        sounds = "" if self.frame is None else f": {' '.join(self.frame.results[0].phonemes)}"
        title, ground = f"Alignment of letters to phonemes{sounds}", QColor(self._theme.card)
        return Figure(title, self._area.size(), ground, paint, self.devicePixelRatioF())

    def alignments(self) -> list[Alignment]:
        """The alignments of the complete words."""
        return [self._alignment(index) for index in range(len(self._names))]

    def _alignment(self, index: int) -> Alignment:
        assert self.frame is not None
        spelling = self.frame.spelling(index)
        return Alignment(
            self._names[index],
            [letter_name(symbol) for symbol in spelling.symbols],
            self.maps[index].weights(spelling),
            whole_word=not self.frame.results[index].sees_phonemes,
        )

    # Highlighting

    def light_phoneme(self, column: int) -> None:
        """Highlight a phoneme's column in every heat map, and the letters that looked at it."""
        self._light(column=column)

    def _light(self, speller: int = -1, row: int = -1, column: int = -1) -> None:
        if self.frame is None:
            return
        text = texts.NOTE
        for index in range(len(self._names)):
            heat_map, sees = self.maps[index], self.frame.results[index].sees_phonemes
            is_pointed_at, weights = index == speller, heat_map.shown
            heat_map.light(row if is_pointed_at else -1, column if sees else -1)
            by_column = sees and row < 0 <= column < weights.shape[1]
            tints = weights[:, column] if by_column else None
            padded = None if tints is None else np.pad(tints, (0, 40))
            self.letters[index].light(row if is_pointed_at else -1, padded)
            if is_pointed_at and 0 <= row < len(weights):
                text = texts.looked(self.frame, index, row, column, weights)
        self._light_phonemes(speller, row, column)
        self.caption.setText(text)

    def _light_phonemes(self, speller: int, row: int, column: int) -> None:
        assert self.frame is not None
        weights = None
        if speller >= 0 and 0 <= row < len(self.maps[speller].shown):
            sees = self.frame.results[speller].sees_phonemes
            n_phonemes = len(self.frame.results[speller].phonemes)
            shown = self.maps[speller].shown[row]
            weights = shown if sees else np.full(n_phonemes, 0.35)
        self.phonemes_lit.emit(column, weights)

    # Layout and signals

    def _lay_out(self) -> None:
        self._area = QWidget()
        maps = QHBoxLayout(self._area)
        maps.setContentsMargins(0, 0, 0, 0)
        for heat_map in self.maps:
            maps.addWidget(heat_map)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.letters[0])
        layout.addWidget(self.before)
        layout.addWidget(self.letters[1])
        layout.addWidget(self.note)
        layout.addWidget(self.lost)
        layout.addWidget(self.alternatives)
        layout.addWidget(self._area, 1)
        layout.addWidget(self.caption)

    def _wire(self) -> None:
        self.alternatives.forced.connect(lambda letter: self.forced.emit(*self.selected, letter))
        for index in range(MAX_SPELLERS):
            letters, heat_map = self.letters[index], self.maps[index]
            letters.hovered.connect(lambda row, index=index: self._light(index, row))
            letters.picked.connect(lambda place, index=index: self.select(index, place))
            heat_map.hovered.connect(lambda r, c, index=index: self._light(index, r, c))
            heat_map.heads_chosen.connect(self._redraw)

    def _redraw(self) -> None:
        if self.frame is not None:
            differs = texts.first_difference(self.frame)
            for index in range(len(self._names)):
                self._draw_one(index, differs)
