"""The spelling lab: sounds typed, a word written letter by letter, and where each letter looked."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PyQt6.QtGui import QPixmap
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.bridge import Bridge, Run, Stepper
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
from app.labs.word_stage import WordStage
from app.player import Branch
from app.settings import Settings
from app.theme import LARGE, Theme
from app.views.beam_table import BeamTable
from app.views.chips import ChipsView
from app.views.heatmap import letter_name
from engine.data import phonemes as reading
from engine.data import writing
from engine.errors import EngineError
from engine.frames import LetterFrame, Spelling
from engine.seq2seq import letter_by_letter
from engine.seq2seq.vocabulary import PHONEMES

# Long enough for all letters of a word in one slice.
_AT_ONCE = 60.0


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
        self.preparing = BusyLine()
        self.phonemes: tuple[str, ...] = ()
        self._ready_spellers = Spellers()
        self._preparation: Run | None = None
        self._tokens: list[reading.Token] = []
        self._parents: dict[Branch, tuple[Branch, int, int]] = {}
        self._prefixes: dict[Branch, tuple[str, ...]] = {}
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
            self._prepare()

    def showEvent(self, event: Any) -> None:
        """Load the spellers when they are wanted, which is not before the tab is looked at."""
        super().showEvent(event)
        if self.ready and not self.phonemes and self._preparation is None:
            self._prepare()

    def _prepare(self) -> None:
        """Get the spellers ready, then spell."""
        if self._preparation is not None:
            self._preparation.cancel()
        names = self.names
        self._preparation = self.bridge.run(lambda: self._ready_spellers.prepare(names))
        self._preparation.advanced.connect(lambda said: self._on_preparing(str(said[-1])))
        self._preparation.finished.connect(self._on_prepared)
        self._preparation.failed.connect(self._on_not_prepared)
        self._preparation.advance()
        self._show_state()

    def _on_preparing(self, said: str) -> None:
        self.preparing.start(said, self._cancel_preparing)
        self.state.setText(said)
        if self._preparation is not None:
            self._preparation.advance()

    def _cancel_preparing(self) -> None:
        if self._preparation is not None:
            self._preparation.cancel()
        self._preparation = None
        self.preparing.stop()
        self._show_state()

    def _on_prepared(self) -> None:
        self._preparation = None
        self.preparing.stop()
        self._on_text()

    def _on_not_prepared(self, error: Exception) -> None:
        self._cancel_preparing()
        self.failed.emit(error)

    def _on_text(self) -> None:
        """Read the field: what is wrong is marked, and the last word stays until it is right."""
        self.lookup.hide_truth("")
        if not self.spellers_ready:
            if self.ready and self._preparation is None:
                self._prepare()
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
        self.player.pause()
        prefixes = ("",) * len(self.names)
        self.player.load(self._stepper(prefixes, 0), _AT_ONCE if at_once else 0.0)
        self._parents, self._prefixes = {}, {self.player.branch: prefixes}
        if not at_once:
            self.player.play()

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
        frame: LetterFrame | None = self.player.frame
        if frame is None or place < 0:
            return
        parent, position = self.player.branch, self.player.position
        prefixes = list(self._prefixes.get(parent, ("",) * len(self.names)))
        prefixes[speller] = frame.spelling(speller).letters[:place] + letter
        self.player.pause()
        self.player.seek(place)
        playing = self.by_letter.isChecked()
        self.player.fork(self._stepper(prefixes, place + 1), 0.0 if playing else _AT_ONCE)
        self._parents[self.player.branch] = (parent, position, speller)
        self._prefixes[self.player.branch] = tuple(prefixes)
        if playing:
            self.player.play()
        self._show_state()

    def undo(self) -> None:
        """Go back to the word before the last forced letter."""
        if self.player.branch in self._parents:
            parent, position, _ = self._parents[self.player.branch]
            self.player.pause()
            self.player.seek(position, parent)

    def choose(self, speller: int, index: int) -> None:
        """Write another of the best spellings."""
        frame: LetterFrame | None = self.player.frame
        if frame is None or index == frame.chosen[speller]:
            return
        chosen = list(frame.chosen)
        chosen[speller] = index
        frames = letter_by_letter.letters(frame.results, frame.standings, chosen)
        self.player.rewrite(list(frames))

    def _before(self) -> tuple[int, Spelling] | None:
        if self.player.branch not in self._parents:
            return None
        parent, _, speller = self._parents[self.player.branch]
        return speller, parent.frames[-1].spelling(speller)

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

    def _ask(self, stepper: Stepper, answered: Callable[[Any], None], what: str) -> None:
        run = self.bridge.run(stepper)
        run.advanced.connect(lambda found: self._on_answer(answered, found[0]))
        run.failed.connect(self._on_no_answer)
        self.asking.start(what, None)
        run.advance(budget=1.0)

    def _on_answer(self, answered: Callable[[Any], None], found: Any) -> None:
        self.asking.stop()
        answered(found)

    def _on_no_answer(self, error: Exception) -> None:
        self.asking.stop()
        self.failed.emit(error)

    # Drawing

    def _on_moved(self) -> None:
        frame: LetterFrame = self.player.frame
        self.word_stage.draw(frame, self.names[: len(frame.results)], self._before())
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
        self.undo_button.setEnabled(self.player.branch in self._parents)
        self.undo_action.setEnabled(self.player.branch in self._parents)
        for action in self._saves:
            action.setEnabled(frame is not None)
        before = self._before()
        if frame is None:
            waiting = "Type sounds, or look a word up." if self.ready else "Waiting for TensorFlow…"
            self.state.setText(waiting)
            self.what_if.setText("Click a letter, then one of the five below it.")
            return
        self.state.setText(words.state(frame, self.names))
        speller = before[0] if before else 0
        self.what_if.setText(
            f"{before[1].letters} → <b>{frame.spelling(speller).letters}</b>"
            if before
            else "Click a letter, then one of the five below it."
        )

    def _on_spellers(self) -> None:
        self.beam_cards[1].setVisible(len(self.names) > 1)
        self._play_next = False
        if self.ready and not self.spellers_ready:
            self.phonemes = ()
            self._prepare()
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
        self.undo_action = self.action("&Undo the forced letter", self.undo, "Ctrl+Z")
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
        self.busy_lines += [self.preparing, self.asking, self.files.busy]

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
        self.undo_button.clicked.connect(self.undo)
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
