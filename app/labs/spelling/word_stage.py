"""What is taught in the spelling lab: a word or two, letter by letter, over their heat maps."""

import numpy as np
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPalette, QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.controls.spelling.alternatives import AlternativesBar
from app.controls.widgets import label
from app.labs.spelling import words
from app.labs.spelling.speller_map import SpellerMap
from app.theme import LARGE, Theme, current, follow
from app.views.attention.heatmap import letter_name
from app.views.attention.letters import LettersView
from app.views.figure import Figure
from engine.spelling.alignments import Alignment
from engine.spelling.frames import LetterFrame, Spelling

MAX_SPELLERS = 2
_TILES = 9  # of a word are as high as the stage, at least


class WordStage(QWidget):
    """Draws letter frames, and lets a letter be forced.

    Signals:
        forced: The speller, the place and the letter that is to stand there.
        phonemes_lit: The place of a phoneme to light, -1 for none, and (T,) weights or None.
    """

    forced = pyqtSignal(int, int, str)
    phonemes_lit = pyqtSignal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self.letters = [LettersView() for _ in range(MAX_SPELLERS)]
        self.before = LettersView(small=True)
        self.parts = [SpellerMap() for _ in range(MAX_SPELLERS)]
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
        for part in self.parts:
            part.map.draw((), "", np.zeros((0, 0)))
        self.before.hide()
        self.note.hide()
        self.alternatives.clear()

    def draw(
        self, frame: LetterFrame, names: tuple[str, ...], before: tuple[int, Spelling] | None
    ) -> None:
        """Show a frame.

        Args:
            frame: Of as many spellers as there are names.
            names: Of the spellers.
            before: A speller, and the word that it wrote before a letter was forced.
        """
        self.frame, self._names = frame, names
        differs = words.first_difference(frame)
        for index, (letters, part) in enumerate(zip(self.letters, self.parts, strict=True)):
            there = index < len(names)
            letters.setVisible(there)
            part.setVisible(there)
            if there:
                self._draw_one(index, differs)
        self.before.setVisible(before is not None)
        if before is not None:
            speller, spelling = before
            every = spelling.symbols
            self.before.draw("before", every, spelling.probabilities, len(every))
        self.note.setText(words.notes(frame))
        self.note.setVisible(bool(self.note.text()))
        self.lost.setText(words.lost_thread(frame, names))
        self.lost.setVisible(len(names) > 1)
        speller = self.selected[0] if self.selected[0] < len(names) else 0
        self.select(speller, self._written(speller) - 1)
        self._light()

    def _draw_one(self, index: int, differs: int) -> None:
        assert self.frame is not None
        result, spelling = self.frame.results[index], self.frame.spelling(index)
        part, every, n_written = self.parts[index], spelling.symbols, self._written(index)
        mark = differs if index and differs < n_written else -1
        self.letters[index].draw(self._names[index], every, spelling.probabilities, n_written, mark)
        part.offer(result)
        has_heads = any(len(one.heads) > 1 for one in self.frame.results)
        part.show_name(self._names[index], alone=len(self._names) == 1, beside_heads=has_heads)
        current = n_written - 1 if self.frame.stop is None else -1
        part.map.draw(
            result.phonemes,
            every[:n_written],
            part.weights(spelling)[:n_written],
            whole_word=not result.sees_phonemes,
            current=current,
            n_places=len(every),
        )
        n_columns = len(result.phonemes) if result.sees_phonemes else 3
        layout = self._maps.layout()
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
        """Leave out what is said of a word that is old where large text needs the height."""
        has_room = not is_stale or self._theme.scale <= LARGE
        self.caption.setVisible(has_room)
        self.alternatives.setVisible(has_room)  # they rest
        self.note.setVisible(has_room and bool(self.note.text()))
        self.lost.setVisible(has_room and len(self._names) > 1)
        layout = self.layout()
        assert layout is not None
        layout.activate()  # what is shown next would else make the window higher at once

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        ground = self._maps.palette()
        ground.setColor(QPalette.ColorRole.Window, QColor(theme.card))
        self._maps.setPalette(ground)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """A stage with room has larger words."""
        super().resizeEvent(event)
        for letters in (*self.letters, self.before):
            letters.allow(self.height() // _TILES)

    # Files

    def figure(self) -> Figure:
        """The heat maps, side by side, on the ground of a card."""

        def paint(painter: QPainter) -> None:
            for part in self.parts[: len(self._names)]:
                painter.save()
                painter.translate(part.pos())
                part.paint(painter)
                painter.restore()

        sounds = "" if self.frame is None else f": {' '.join(self.frame.results[0].phonemes)}"
        title, ground = f"Alignment of letters to phonemes{sounds}", QColor(self._theme.card)
        return Figure(title, self._maps.size(), ground, paint, self.devicePixelRatioF())

    def alignments(self) -> list[Alignment]:
        """The numbers of the heat maps, of the whole words."""
        return [self._alignment(index) for index in range(len(self._names))]

    def _alignment(self, index: int) -> Alignment:
        assert self.frame is not None
        spelling = self.frame.spelling(index)
        return Alignment(
            self._names[index],
            [letter_name(symbol) for symbol in spelling.symbols],
            self.parts[index].weights(spelling),
            whole_word=not self.frame.results[index].sees_phonemes,
        )

    # Lighting what belongs together

    def light_phoneme(self, column: int) -> None:
        """Light a phoneme's column in every heat map, and the letters that looked at it."""
        self._light(column=column)

    def _light(self, speller: int = -1, row: int = -1, column: int = -1) -> None:
        if self.frame is None:
            return
        text = words.NOTE
        for index in range(len(self._names)):
            part, sees = self.parts[index], self.frame.results[index].sees_phonemes
            own = index == speller
            weights = part.map.weights
            part.map.light(row if own else -1, column if sees else -1)
            by_column = sees and row < 0 <= column < weights.shape[1]
            tints = weights[:, column] if by_column else None
            padded = None if tints is None else np.pad(tints, (0, 40))
            self.letters[index].light(row if own else -1, padded)
            if own and 0 <= row < len(weights):
                text = words.looked(self.frame, index, row, column, weights)
        self._light_phonemes(speller, row, column)
        self.caption.setText(text)

    def _light_phonemes(self, speller: int, row: int, column: int) -> None:
        assert self.frame is not None
        weights = None
        if speller >= 0 and 0 <= row < len(self.parts[speller].map.weights):
            sees = self.frame.results[speller].sees_phonemes
            n_phonemes = len(self.frame.results[speller].phonemes)
            shown = self.parts[speller].map.weights[row]
            weights = shown if sees else np.full(n_phonemes, 0.35)
        self.phonemes_lit.emit(column, weights)

    # Putting it together

    def _lay_out(self) -> None:
        self._maps = QWidget()
        maps = QHBoxLayout(self._maps)
        maps.setContentsMargins(0, 0, 0, 0)
        for part in self.parts:
            maps.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.letters[0])
        layout.addWidget(self.before)
        layout.addWidget(self.letters[1])
        layout.addWidget(self.note)
        layout.addWidget(self.lost)
        layout.addWidget(self.alternatives)
        layout.addWidget(self._maps, 1)
        layout.addWidget(self.caption)

    def _wire(self) -> None:
        self.alternatives.forced.connect(lambda letter: self.forced.emit(*self.selected, letter))
        for index in range(MAX_SPELLERS):
            letters, part = self.letters[index], self.parts[index]
            letters.hovered.connect(lambda row, index=index: self._light(index, row))
            letters.picked.connect(lambda place, index=index: self.select(index, place))
            part.map.hovered.connect(lambda r, c, index=index: self._light(index, r, c))
            part.heads.currentIndexChanged.connect(lambda _: self._redraw())

    def _redraw(self) -> None:
        if self.frame is not None:
            differs = words.first_difference(self.frame)
            for index in range(len(self._names)):
                self._draw_one(index, differs)
