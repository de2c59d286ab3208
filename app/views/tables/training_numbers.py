"""The numbers of a training in large type, and a few words as they are currently spelled."""

from collections.abc import Sequence
from html import escape

from PyQt6.QtWidgets import QGridLayout, QLabel, QWidget

from app.theme import LARGE, Theme, current, follow
from app.widgets import label
from engine.spelling.evaluation.answers import difference

NOTHING = "–"
NAMES = ("Step", "Epoch", "Loss", "Words right", "Words a second", "Time left")
_HEADS = ("Word", "Spelled now", "Shipped")
_LARGE, _LESS_LARGE = 1.35, 1.1
_SHARES = (3, 2)  # of the width: "steps done / all steps" is long
_MOST_LETTERS = 12  # gibberish can be longer, and would widen the column
_ROW_SPACING = 3
_LAST_ROW = 100  # takes the remaining width


class TrainingNumbers(QWidget):
    """Names and values, in two columns."""

    def __init__(self) -> None:
        super().__init__()
        self.values = {name: label(NOTHING) for name in NAMES}
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(0)
        for column, share in enumerate(_SHARES):
            layout.setColumnStretch(column, share)
        for index, (name, value) in enumerate(self.values.items()):
            row, column = divmod(index, 2)
            layout.addWidget(label(name, "muted"), 2 * row, column)
            layout.addWidget(value, 2 * row + 1, column)
            value.setAccessibleName(name)
        layout.setRowStretch(len(NAMES), 1)
        follow(self, self.restyle)

    def draw(self, texts: Sequence[str]) -> None:
        """Show other values, in the order of `NAMES`."""
        for value, text in zip(self.values.values(), texts, strict=True):
            value.setText(text)
            value.setAccessibleDescription(text)

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        grown = _LARGE if theme.scale <= LARGE else _LESS_LARGE  # otherwise the window is too low
        for value in self.values.values():
            # The style sheet overrides a font that is set directly.
            value.setStyleSheet(f"font-size: {10 * grown * theme.scale:.1f}pt; font-weight: 600;")


class WatchedWords(QWidget):
    """A table: the right word, its spelling now, and that of the shipped speller."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = current()
        self._pairs: tuple[tuple[str, str], ...] = ()
        self._shipped: tuple[tuple[str, str], ...] = ()
        self._cells: list[list[QLabel]] = []
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setVerticalSpacing(_ROW_SPACING)
        for column, head in enumerate(_HEADS):
            self._layout.addWidget(label(head, "muted"), 0, column)
        self._layout.setRowStretch(_LAST_ROW, 1)
        self.setAccessibleName("Words watched: as they should be, and as they are spelled")
        follow(self, self.restyle)

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The words shown: the right one, the spelling now, that of the shipped speller."""
        shipped = dict(self._shipped)
        return [(word, now, shipped.get(word, "")) for word, now in self._pairs]

    def draw(
        self, pairs: tuple[tuple[str, str], ...], shipped: tuple[tuple[str, str], ...]
    ) -> None:
        """Show other spellings.

        Args:
            pairs: Words, and their spellings now.
            shipped: The same words, and the spellings of the shipped speller; empty if not known.
        """
        if (pairs, shipped) != (self._pairs, self._shipped):
            self._pairs, self._shipped = pairs, shipped
            self._fill()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self._fill()

    def _fill(self) -> None:
        while len(self._cells) < len(self._pairs):
            cells = [label(is_rich=True) for _ in _HEADS]
            for column, cell in enumerate(cells):
                self._layout.addWidget(cell, len(self._cells) + 1, column)
            self._cells.append(cells)
        for cells, row in zip(self._cells, self.rows, strict=False):
            word, *spelled = row
            cells[0].setText(escape(word))
            for cell, text in zip(cells[1:], spelled, strict=True):
                cell.setText(self._marked(word, text))
                cell.setAccessibleName(text)
        for cells in self._cells[len(self._pairs) :]:
            for cell in cells:
                cell.clear()

    def _marked(self, word: str, spelled: str) -> str:
        """Rich text; wrong letters are also underlined, so that colour is not needed."""
        wrong = f"<span style='color:{self._theme.clusters[1]}; text-decoration:underline'>"
        letters = wrong_letters(word, spelled)
        cut = "…" if len(letters) > _MOST_LETTERS else ""
        marked = "".join(
            f"{wrong}{escape(letter)}</span>" if is_wrong else escape(letter)
            for letter, is_wrong in letters[:_MOST_LETTERS]
        )
        return marked + cut


def wrong_letters(word: str, spelled: str) -> Sequence[tuple[str, bool]]:
    """Return each letter of `spelled`, and whether the right word lacks it."""
    spans = difference(word, spelled)
    return [(letter, not span.same) for span in spans for letter in span.predicted]
