"""The spelling lab: sounds typed, a word written letter by letter, and where each letter looked."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PyQt6.QtGui import QPixmap
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.bridge import Bridge, Stepper
from app.controls.busy import BusyLine
from app.controls.lookup import Lookup
from app.controls.phonemes import Keypad, PhonemeField
from app.controls.spellers import SpellersControl
from app.controls.widgets import Column, IconButton, card, label
from app.labs import lookups
from app.labs import spelling_words as words
from app.labs.columns import Columns, stage
from app.labs.files import FileWriter
from app.labs.lab import Lab
from app.labs.spellers import WIDTH, Spellers
from app.labs.toggles import action_button
from app.labs.what_if import WhatIf
from app.labs.word_stage import WordStage
from app.settings import Settings
from app.theme import LARGE, Theme
from app.views.beam_table import BeamTable
from app.views.chips import ChipsView
from app.views.heatmap import letter_name
from engine.data import phonemes as reading
from engine.data import writing
from engine.errors import EngineError
from engine.frames import LetterFrame
from engine.seq2seq import letter_by_letter
from engine.seq2seq.vocabulary import PHONEMES


class SpellingLab(Lab):
    """Phonemes in, letters out, alignment between them."""

    title = "Spelling"

    def __init__(self, bridge: Bridge, settings: Settings) -> None:
        super().__init__(bridge, settings.rate)
        self.field, self.chips, self.keypad = PhonemeField(), ChipsView(), Keypad()
        self.lookup, self.spellers = Lookup(), SpellersControl(settings)
        self.problem, self.state = label("", "problem"), label("", "muted")
        self.word_stage = WordStage()
        self.beams = [BeamTable(), BeamTable()]
        self.undo_button = IconButton("mdi6.undo", "Take the forced letter back (Ctrl+Z)", "Undo")
        self.what_if = label("", "muted")
        self.files = FileWriter(bridge, self)
        self.phonemes: tuple[str, ...] = ()
        self.what_ifs = WhatIf(self.player, self._stepper)
        self._ready_spellers = Spellers(bridge, self)
        self._tokens: list[reading.Token] = []
        self._play_next = False
        self.field.setText(settings.phonemes)
        self._fill_menus(settings)
        self._lay_out()
        self._wire()
        self._show_state()

    # What is spelled

    @property
    def names(self) -> tuple[str, ...]:
        """The spellers that are asked."""
        return self.spellers.names

    @property
    def spellers_ready(self) -> bool:
        """Whether a word is spelled as soon as it is typed."""
        return self._ready_spellers.are_ready(self.names)

    def set_ready(self) -> None:
        """TensorFlow is there."""
        super().set_ready()
        if self.isVisible():
            self._on_text()

    def showEvent(self, event: Any) -> None:
        """Load the spellers when they are wanted, which is not before the tab is looked at."""
        super().showEvent(event)
        if not self.phonemes:
            self._on_text()

    def _on_text(self) -> None:
        """Read the field: what is wrong is marked, and the last word stays until it is right."""
        self.lookup.hide_truth("")
        if not self.spellers_ready:
            if self.ready and not self._ready_spellers.is_preparing:
                self._ready_spellers.prepare(self.names)
            return
        self._read()

    def _read(self) -> None:
        tokens = reading.read(self.field.text())
        pending = self.field.hasFocus() and bool(tokens) and _may_become_one(tokens[-1], self.field)
        self._tokens = tokens
        self.chips.draw(tokens[:-1] if pending else tokens)
        try:
            phonemes = reading.phonemes_of(tokens[:-1] if pending else tokens)
        except EngineError as error:
            self._complain(str(error) if tokens else "")
            if not tokens:
                self._forget()
            return
        self._complain("")
        if phonemes != self.phonemes or self._play_next:
            self.phonemes = phonemes
            self.restart(at_once=not self._play_next)

    def _complain(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        # Large, the room is the heat map's, which names the phonemes too.
        self.chips.setVisible(self.theme.scale <= LARGE or bool(text))

    def _forget(self) -> None:
        """There are no sounds: there is no word."""
        self.phonemes = ()
        self.player.pause()
        self.player.clear()
        self.word_stage.clear()
        for beam in self.beams:
            beam.setRowCount(0)

    def restart(self, at_once: bool = True) -> None:
        """Spell again from the beginning."""
        if not self.phonemes or not self.spellers_ready:
            self._on_text()
            return
        self._play_next = False
        self.what_ifs.begin(len(self.names), at_once=at_once)

    def _stepper(self, prefixes: Sequence[str], n_written: int) -> Stepper:
        names, phonemes, known = self.names, self.phonemes, self.spellers.known.isChecked()

        def frames() -> Generator[LetterFrame, None, None]:
            yield from letter_by_letter.spell(
                self._ready_spellers.decoders(names),
                phonemes,
                width=WIDTH,
                prefixes=prefixes,
                known=known,
                n_written=n_written,
            )

        return frames

    def say(self, phonemes: Sequence[str], truth: str = "") -> None:
        """Put a pronunciation into the field, and let it be written.

        Args:
            phonemes: What is said.
            truth: The word that it is, which is kept hidden.
        """
        self.field.setText(" ".join(phonemes))
        self._play_next = self.by_letter.isChecked()
        self._on_text()
        self.lookup.hide_truth(truth)

    def _mend(self, index: int) -> None:
        """Take what a marked token may have been meant for."""
        token = self._tokens[index]
        text = self.field.text()
        end = token.start + len(token.text)
        if token.meant and text[token.start : end] == token.text:
            self.field.setText(text[: token.start] + token.meant + text[end:])
            self._on_text()
        else:
            self.field.setFocus()
            self.field.setSelection(token.start, len(token.text))

    # What if

    def force(self, speller: int, place: int, letter: str) -> None:
        """Put another letter at a place, and let the speller go on from there."""
        self.what_ifs.force(speller, place, letter, at_once=not self.by_letter.isChecked())

    def choose(self, speller: int, index: int) -> None:
        """Write another of the best spellings."""
        frame: LetterFrame | None = self.player.frame
        if frame is None or index == frame.chosen[speller]:
            return
        chosen = list(frame.chosen)
        chosen[speller] = index
        frames = letter_by_letter.letters(frame.results, frame.standings, chosen)
        self.player.rewrite(list(frames))

    # Words of the dictionary

    def _look_up(self, word: str) -> None:
        self._ask(lambda: lookups.ways(word), self._on_ways, f"Looking up {word}…")

    def _on_ways(self, found: tuple[str, list[tuple[str, ...]]]) -> None:
        word, ways = found
        self.lookup.show_ways(ways)
        self.say(ways[0], word)
        self.lookup.show_truth()

    def _throw(self, n_letters: int) -> None:
        self.lookup.show_ways([])
        self._ask(
            lambda: lookups.random_word(n_letters),
            lambda entry: self.say(entry[1], entry[0]),
            "Choosing a word…",
        )

    def _ask(self, stepper: Stepper, answered: Callable[[Any], object], what: str) -> None:
        self.asking.start(what, None)
        run = self.bridge.ask(stepper, answered, self.failed.emit)
        run.finished.connect(self.asking.stop)
        run.failed.connect(self.asking.stop)

    # Drawing

    def _on_moved(self) -> None:
        frame: LetterFrame = self.player.frame
        self.word_stage.draw(frame, self.names[: len(frame.results)], self.what_ifs.before)
        for index, beam in enumerate(self.beams[: len(frame.results)]):
            # Before its last letter is written, nobody shall read the word there.
            beam.setEnabled(bool(frame.stop))
            if frame.stop:
                beam.draw(frame.results[index], frame.standings[index], frame.chosen[index])
            else:
                beam.setRowCount(0)
        self._show_state()

    def _show_state(self) -> None:
        frame = self.player.frame
        self.undo_button.setEnabled(self.what_ifs.can_undo)
        self.undo_action.setEnabled(self.what_ifs.can_undo)
        self.what_if.setText(self.what_ifs.in_words())
        for action in self._saves:
            action.setEnabled(frame is not None)
        if frame is None:
            waiting = "Type sounds, or look a word up." if self.ready else "Waiting for TensorFlow…"
            self.state.setText(waiting)
            return
        self.state.setText(words.state(frame, self.names))

    def _on_spellers(self) -> None:
        self.beam_cards[1].setVisible(len(self.names) > 1)
        self._play_next = False
        if self.ready and not self.spellers_ready:
            self.phonemes = ()
            self._ready_spellers.prepare(self.names)
        else:
            self.restart()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().restyle(theme)
        self.field.setFont(theme.font(1.25))
        self.problem.setFont(theme.font(1.0, bold=True))
        self.chips.restyle(theme)
        self._complain(self.problem.text())
        self.keypad.restyle(theme)
        self.lookup.restyle(theme)
        self.word_stage.restyle(theme)
        self.columns.restyle(theme)
        self.undo_button.restyle(theme)
        for beam in self.beams:
            beam.restyle(theme)

    def picture(self) -> QPixmap:
        """The heat maps."""
        return self.word_stage.picture()

    def remember(self, settings: Settings) -> Settings:
        """The settings with what is chosen here."""
        return replace(
            self.spellers.remember(settings),
            phonemes=self.field.text(),
            by_letter=self.by_letter.isChecked(),
        )

    def stop(self) -> None:
        """Leave everything that is going on: the window closes."""
        self.player.pause()

    # Files

    def _save_matrix(self, path: Path) -> None:
        frame: LetterFrame = self.player.frame
        result, spelling = frame.results[0], frame.spelling()
        weights = self.word_stage.parts[0].weights(spelling)
        names = [letter_name(symbol) for symbol in spelling.symbols]
        columns = result.phonemes if result.sees_phonemes else ("whole word",)
        self.files.write(path, lambda: writing.write_alignment(path, names, columns, weights))

    def _save_picture(self, path: Path) -> None:
        self.files.write_picture(path, self.picture())

    def _save_svg(self, path: Path) -> None:
        svg = self.word_stage.parts[0].map.svg()
        self.files.write(path, lambda: writing.write_whole(path, lambda file: file.write(svg)))

    # Putting it together

    def _fill_menus(self, settings: Settings) -> None:
        self.asking = BusyLine()
        self._saves = [
            self.save_action("Save &picture…", self._save_picture, "alignment.png", "Ctrl+S"),
            self.save_action("Save as S&VG…", self._save_svg, "alignment.svg"),
            self.save_action("Save &matrix…", self._save_matrix, "alignment.csv"),
        ]
        self.file_actions = [*self._saves]
        self.undo_action = self.action("&Undo the forced letter", self.what_ifs.undo, "Ctrl+Z")
        self.edit_actions = [
            self.undo_action,
            self.action("Random &test word", self.lookup.throw, "T"),
            self.action("Type &phonemes", self._type, "Ctrl+P"),
            self.action("&Look up a word", self.lookup.word.setFocus, "Ctrl+L"),
        ]
        self.by_letter = self.toggle(
            "Letter by letter",
            settings.by_letter,
            lambda: None,
            "Words that are looked up or thrown are written slowly; off, they are there at once",
            "mdi6.format-letter-case",
        )
        self.busy_lines += [self._ready_spellers.busy, self.asking, self.files.busy]

    def _type(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def _lay_out(self) -> None:
        self.problem.setWordWrap(True)
        self.state.setWordWrap(True)
        self.what_if.setWordWrap(True)
        self.problem.hide()
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.field, self.chips, self.problem):
            layout.addWidget(part)
        layout.addWidget(self.word_stage, 1)
        self.beam_cards = [
            card(beam, heading=heading)
            for beam, heading in zip(self.beams, ("Best words", "Beside it"), strict=True)
        ]
        self.beam_cards[1].setVisible(len(self.names) > 1)
        self.columns = Columns(
            self,
            [card(self.lookup, heading="Words"), card(self.keypad, heading="Sounds")],
            stage("Spelling", [action_button(self.by_letter)], middle, self.state, self.transport),
            [
                Column(
                    card(self.spellers, heading="Speller"),
                    *self.beam_cards,
                    card(self.what_if, self.undo_button, heading="What if"),
                )
            ],
            names=("Words and sounds", "Spellers and best words"),
        )
        self.view_actions = [self.by_letter, None, *self.columns.panel_actions]
        QVBoxLayout(self).addWidget(self.columns)

    def _wire(self) -> None:
        player = self.player
        player.moved.connect(self._on_moved)
        player.cleared.connect(self._show_state)
        player.changed.connect(self._show_state)
        player.failed.connect(self.run_failed)
        self.files.saved.connect(self.noticed)
        self.files.failed.connect(self.failed)
        self._ready_spellers.said.connect(self.state.setText)
        self._ready_spellers.ended.connect(self._show_state)
        self._ready_spellers.ready.connect(self._on_text)
        self._ready_spellers.failed.connect(self.failed)
        self.field.textEdited.connect(lambda _: self._on_text())
        self.field.returnPressed.connect(self._on_return)
        self.chips.picked.connect(self._mend)
        self.chips.hovered.connect(self.word_stage.light_phoneme)
        self.keypad.pressed.connect(self.field.put)
        self.keypad.erased.connect(self.field.take)
        self.keypad.cleared.connect(lambda: self.say(()))
        self.lookup.asked.connect(self._look_up)
        self.lookup.thrown.connect(self._throw)
        self.lookup.chosen.connect(lambda way: self.say(way))
        self.spellers.changed.connect(self._on_spellers)
        self.word_stage.forced.connect(self.force)
        self.word_stage.phonemes_lit.connect(self.chips.light)
        self.undo_button.clicked.connect(self.what_ifs.undo)
        for index, beam in enumerate(self.beams):
            beam.picked.connect(partial(self.choose, index))

    def _on_return(self) -> None:
        """Enter writes the word again, letter by letter."""
        if self.phonemes and not self.problem.text():
            self.restart(at_once=False)


def _may_become_one(token: reading.Token, field: PhonemeField) -> bool:
    """Whether the last token is being typed, and is the beginning of a phoneme."""
    if not token.problem or field.cursorPosition() < len(field.text().rstrip()):
        return False
    is_open = not field.text().endswith((" ", "-", ","))
    return is_open and any(name.startswith(token.text.upper()) for name in PHONEMES)
