"""The spelling lab: sounds typed, a word written letter by letter, and where each letter looked."""

from collections.abc import Generator, Sequence
from typing import Any

from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.controls.spelling.lookup import Lookup
from app.controls.spelling.phonemes import Keypad
from app.controls.spelling.sounds import Sounds
from app.controls.spelling.spellers import SpellersControl
from app.controls.widgets import Column, IconButton, card, label
from app.labs.base import Lab
from app.labs.shared.columns import Columns, stage
from app.labs.shared.toggles import action_button
from app.labs.spelling import words
from app.labs.spelling.best_words import BestWords
from app.labs.spelling.exports import AlignmentExports
from app.labs.spelling.lookups import Lookups
from app.labs.spelling.settings import SpellingSettings
from app.labs.spelling.spellers import WIDTH, Spellers
from app.labs.spelling.what_if import WhatIf
from app.labs.spelling.word_stage import WordStage
from app.labs.spelling.words import Question
from app.running.bridge import Bridge, Stepper
from app.theme import Theme
from app.views.figure import Figure
from app.views.veil import Stale, still_shown
from engine.data.output.formats import TEXT_TABLE
from engine.spelling import letter_by_letter
from engine.spelling.dictionary.pronunciations import Entry
from engine.spelling.frames import LetterFrame


class SpellingLab(Lab):
    """Phonemes in, letters out, alignment between them."""

    def __init__(self, bridge: Bridge, settings: SpellingSettings) -> None:
        super().__init__(bridge, settings.rate)
        self.sounds, self.keypad = Sounds(), Keypad()
        self.lookup = Lookup()
        self.spellers = SpellersControl(settings.speller, settings.beside, settings.known_words)
        self.state, self.what_if = label("", "muted"), label("", "muted", is_rich=True)
        self.word_stage = WordStage()
        self.best_words = BestWords()
        self.undo_button = IconButton("mdi6.undo", "Take the forced letter back (Ctrl+Z)", "Undo")
        self.exports = AlignmentExports(bridge, self.word_stage, self)
        self.dictionary = Lookups(bridge, self)
        self.phonemes: tuple[str, ...] = ()
        self._asked: Question | None = None  # what the frames of the player answer
        self._on_stage: Question | None = None
        self.what_ifs = WhatIf(self.player, self._stepper)
        self._ready_spellers = Spellers(bridge, self)
        self._play_next = False
        self.sounds.field.setText(settings.phonemes)
        self._fill_menus(settings.by_letter)
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
        phonemes = self.sounds.read()
        self.lookup.hear(phonemes or ())
        if phonemes == ():
            self._forget()
        if not self.spellers_ready:
            if self.ready and not self._ready_spellers.is_preparing:
                self._prepare()
        elif phonemes and (phonemes != self.phonemes or self._play_next):
            self.phonemes = phonemes
            self.restart(at_once=not self._play_next)
        self._show_state()

    def _prepare(self) -> None:
        self._ready_spellers.prepare(self.names, len(self.sounds.heard or ()))

    def _forget(self) -> None:
        """There are no sounds: there is no word."""
        self.phonemes, self._asked, self._on_stage = (), None, None
        self.word_stage.clear()
        self.best_words.clear()
        self.player.pause()
        self.player.clear()

    def restart(self, at_once: bool = True) -> None:
        """Spell again from the beginning."""
        if not self.phonemes or not self.spellers_ready:
            self._on_text()
            return
        forced = {} if self._play_next or self._asked is None else self._forced(self._asked)
        self._play_next = False
        self._asked = Question(self.phonemes, self.names, self.spellers.knows_words)
        prefixes = [forced.get(name, "") for name in self.names]
        self.what_ifs.begin(prefixes, at_once=at_once)

    def _forced(self, question: Question) -> dict[str, str]:
        """What each speller has to begin the word with, if it is the word for these sounds."""
        if question.phonemes != self.phonemes:
            return {}
        return dict(zip(question.names, self.what_ifs.prefixes, strict=False))

    def _stepper(self, prefixes: Sequence[str], n_written: int) -> Stepper:
        asked = self._asked
        assert asked is not None

        def frames() -> Generator[LetterFrame, None, None]:
            yield from letter_by_letter.spell(
                self._ready_spellers.decoders(asked.names),
                asked.phonemes,
                width=WIDTH,
                prefixes=prefixes,
                known=asked.known,
                n_written=n_written,
            )

        return frames

    def say(self, phonemes: Sequence[str]) -> None:
        """Put a pronunciation into the field, and let it be written."""
        self.sounds.field.setText(" ".join(phonemes))
        self._play_next = self.by_letter.isChecked()
        self._on_text()

    def say_word(self, word: str, phonemes: Sequence[str]) -> None:
        """Let a word be written whose spelling is told."""
        self.lookup.tell_truth(tuple(phonemes), word)
        self.say(phonemes)

    # What if

    def force(self, speller: int, place: int, letter: str) -> None:
        """Put another letter at a place of the word on stage, unless that is an old one."""
        if self.stale.sentence:
            return
        self.what_ifs.force(speller, place, letter, at_once=not self.by_letter.isChecked())

    # Words of the dictionary

    def _on_found(self, word: str, ways: Sequence[tuple[str, ...]]) -> None:
        self.lookup.show_ways(ways)
        self.say_word(word, ways[0])

    def _on_thrown(self, entry: Entry) -> None:
        self.lookup.show_ways([])
        self.lookup.hide_truth(entry.phonemes, entry.word)
        self.say(entry.phonemes)

    # Drawing

    def _on_moved(self) -> None:
        frame: LetterFrame = self.player.frame
        assert self._asked is not None
        self._on_stage = self._asked
        self.word_stage.draw(frame, self._asked.names, self.what_ifs.before)
        self.best_words.show_second(len(frame.results) > 1)
        self._draw_best_words()
        self._show_state()

    def _draw_best_words(self) -> None:
        frame = self.player.frame
        if frame is not None:
            is_secret = self.lookup.is_secret(frame.results[0].phonemes)
            self.best_words.draw(frame, is_secret=is_secret)

    def _show_state(self) -> None:
        frame, question = self.word_stage.frame, self._on_stage
        self._show_staleness()
        self.undo_button.setEnabled(self.what_ifs.can_undo)
        self.undo_action.setEnabled(self.what_ifs.can_undo)
        self.what_if.setText(self.what_ifs.in_words())
        for action in self._saves:
            action.setEnabled(frame is not None)
        if frame is None or question is None:
            waiting = "Type sounds, or look a word up." if self.ready else "Waiting for TensorFlow…"
            self.state.setText(waiting)
            return
        self.state.setText(words.state(frame, question.names))

    def _on_said(self, said: str) -> None:
        if self.word_stage.frame is None:  # else it is said of the word there
            self.state.setText(said)

    def _show_staleness(self) -> None:
        """Name the word on stage where it is not that of the sounds and the spellers chosen."""
        frame, question = self.word_stage.frame, self._on_stage
        why = "" if frame is None or question is None else self._why_stale(question)
        if frame is None or question is None or not why:
            self.stale.say("")
        else:
            named = still_shown(words.named(frame, question), why)
            self.stale.say(named, is_brief=why in (words.COMPUTED, words.FORCED))
        self.word_stage.make_room(why == words.UNREAD)

    def _why_stale(self, question: Question) -> str:
        sounds, player = self.sounds.heard, self.player
        if sounds is None:
            return words.UNREAD if self.sounds.problem.text() else words.BEGUN
        if not self.spellers_ready:
            return words.being_loaded(self.names, self._ready_spellers.is_preparing)
        if self.what_ifs.waits:
            return words.FORCED if player.waiting else words.NOT_COMPUTED
        asked = Question(sounds, self.names, self.spellers.knows_words)
        if question == asked and player.frame is not None:
            return ""
        return words.COMPUTED if player.waiting else words.NOT_COMPUTED

    def _on_spellers(self) -> None:
        if self.word_stage.frame is None:
            self.best_words.show_second(len(self.names) > 1)
        self._play_next = False
        if self.ready and not self.spellers_ready:
            self.phonemes = ()
            self._prepare()
        else:
            self.restart()
        self._show_state()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().restyle(theme)
        self._show_staleness()
        self.by_letter_button.setIconSize(QSize(theme.px(17), theme.px(17)))

    def figure(self) -> Figure:
        """The heat maps."""
        return self.word_stage.figure()

    @property
    def settings(self) -> SpellingSettings:
        """What is chosen, for the next start."""
        speller, *beside = self.names
        return SpellingSettings(
            speller=speller,
            beside=beside[0] if beside else "",
            known_words=self.spellers.knows_words,
            phonemes=self.sounds.field.text(),
            by_letter=self.by_letter.isChecked(),
            rate=self.transport.rate,
        )

    def stop(self) -> None:
        """Leave everything that is going on: the window closes."""
        self.player.pause()

    # Putting it together

    def _fill_menus(self, by_letter: bool) -> None:
        exports = self.exports
        self._saves = [
            self.save_action("Save &picture…", exports.save_picture, "alignment.png", "Ctrl+S"),
            self.save_action(
                "Save &matrix…", exports.save_matrix, "alignment.csv", kind=TEXT_TABLE
            ),
        ]
        self.file_actions = [*self._saves]
        self.undo_action = self.action("&Undo the forced letter", self.what_ifs.undo, "Ctrl+Z")
        self.edit_actions = [
            self.undo_action,
            self.action("Random &test word", self.lookup.throw, "T"),
            self.action("Type &phonemes", self.sounds.begin, "Ctrl+P"),
            self.action("&Look up a word", self.lookup.word.setFocus, "Ctrl+L"),
        ]
        self.by_letter = self.toggle(
            "Letter by letter",
            by_letter,
            lambda: None,
            "Words that are looked up or thrown are written slowly; off, they are there at once",
            "mdi6.format-letter-case",
        )
        self.by_letter_button = action_button(self.by_letter)
        self.busy_lines += [self._ready_spellers.busy, self.dictionary.busy, exports.files.busy]

    def _lay_out(self) -> None:
        self.state.setWordWrap(True)
        self.what_if.setWordWrap(True)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.sounds)
        layout.addWidget(self.word_stage, 1)
        acting = (self.word_stage.alternatives, self.best_words)
        what_if = card(self.what_if, self.undo_button, heading="What if")
        views = self.word_stage, self.best_words, what_if, self.state
        self.stale = Stale(*views, resting=acting)
        self.best_words.show_second(len(self.names) > 1)
        self.columns = Columns(
            self,
            [card(self.lookup, heading="Words"), card(self.keypad, heading="Sounds")],
            stage("Spelling", [self.by_letter_button], middle, self.state, self.transport),
            [
                Column(
                    card(self.spellers, heading="Speller"),
                    self.best_words,
                    what_if,
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
        self.exports.files.saved.connect(self.noticed)
        self.exports.files.failed.connect(self.failed)
        self._ready_spellers.said.connect(self._on_said)
        self._ready_spellers.ended.connect(self._show_state)
        self._ready_spellers.ready.connect(self._on_text)
        self._ready_spellers.failed.connect(self.failed)
        self.sounds.edited.connect(self._on_text)
        self.sounds.complains.connect(lambda: self.word_stage.make_room(True))
        # Enter writes the word again.
        self.sounds.entered.connect(lambda: self.restart(at_once=False))
        self.sounds.chips.hovered.connect(self.word_stage.light_phoneme)
        self.keypad.pressed.connect(self.sounds.field.put)
        self.keypad.erased.connect(self.sounds.field.take)
        self.keypad.cleared.connect(lambda: self.say(()))
        self.lookup.asked.connect(self.dictionary.look_up)
        self.lookup.thrown.connect(self.dictionary.throw)
        self.lookup.truth_changed.connect(self._draw_best_words)
        self.lookup.chosen.connect(lambda way: self.say(way))
        self.dictionary.found.connect(self._on_found)
        self.dictionary.missing.connect(self.lookup.show_missing)
        self.dictionary.thrown.connect(self._on_thrown)
        self.dictionary.failed.connect(self.failed)
        self.spellers.changed.connect(self._on_spellers)
        self.word_stage.forced.connect(self.force)
        self.word_stage.phonemes_lit.connect(self.sounds.chips.light)
        self.undo_button.clicked.connect(self.what_ifs.undo)
        self.best_words.chosen.connect(self.what_ifs.choose)
