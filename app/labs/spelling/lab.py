"""The spelling lab: the user types sounds, and a word is written letter by letter."""

from collections.abc import Sequence

from PyQt6.QtCore import QSize
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.controls.spelling.lookup import Lookup
from app.controls.spelling.phonemes import Keypad
from app.controls.spelling.sounds import Sounds
from app.controls.spelling.spellers import SpellersControl
from app.labs.base import Lab
from app.labs.shared.columns import Columns, stage
from app.labs.shared.toggles import action_button
from app.labs.spelling.best_words import BestWords
from app.labs.spelling.display import SpellingDisplay
from app.labs.spelling.exports import AlignmentExports
from app.labs.spelling.lookups import Lookups
from app.labs.spelling.settings import SpellingSettings
from app.labs.spelling.spellers import Spellers
from app.labs.spelling.state import SpellingState
from app.labs.spelling.word_stage import WordStage
from app.running.bridge import Bridge
from app.theme import Theme
from app.views.figure import Figure
from app.views.veil import Stale
from app.widgets import Column, IconButton, card, label
from engine.data.output.formats import TEXT_TABLE


class SpellingLab(Lab):
    """Phonemes in, letters out, and the alignment between them. Assembles the parts."""

    def __init__(self, bridge: Bridge, settings: SpellingSettings) -> None:
        super().__init__(bridge, settings.rate)
        self.sounds, self.keypad = Sounds(), Keypad()
        self.lookup = Lookup()
        self.spellers = SpellersControl(settings.speller, settings.beside, settings.known_words)
        self.word_stage, self.best_words = WordStage(), BestWords()
        self.state_line, self.what_if = label("", "muted"), label("", "muted", is_rich=True)
        self.undo_button = IconButton("mdi6.undo", "Undo the forced letter (Ctrl+Z)", "Undo")
        self.dictionary = Lookups(bridge, self.lookup, self)
        self._loading = Spellers(bridge, self)
        self.state = SpellingState(self.player, self._loading, self)
        self.state.set_spellers(self.spellers.names, prefers_known=self.spellers.prefers_known)
        self.exports = AlignmentExports(self.word_stage, self.files)
        self.sounds.set_text(settings.phonemes)
        self._fill_menus(settings.by_letter)
        self._lay_out()
        self.display = SpellingDisplay(
            self.state,
            self.word_stage,
            self.best_words,
            self.lookup,
            self.stale,
            self.state_line,
            self,
        )
        self._wire()
        self._show_state()

    @property
    def spellers_ready(self) -> bool:
        """Whether a word is spelled as soon as it is typed."""
        return self.state.can_spell

    def set_ready(self) -> None:
        """Take note that TensorFlow has started."""
        super().set_ready()
        self.state.has_engine = True
        if self.isVisible():
            self._read()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Load the spellers when the tab is first shown."""
        super().showEvent(event)
        if not self.state.has_asked:
            self._read()

    def restart(self, at_once: bool = True) -> None:
        """Spell again from the beginning."""
        if self.state.has_asked and self.state.can_spell:
            self.state.spell(at_once=at_once)
        else:
            self._read()

    def say(self, phonemes: Sequence[str]) -> None:
        """Put a pronunciation into the field, and spell it."""
        self.sounds.set_text(" ".join(phonemes))
        self.state.play_next()
        self._read()

    def say_word(self, word: str, phonemes: Sequence[str]) -> None:
        """Spell a pronunciation whose spelling in the dictionary is shown."""
        self.lookup.show_spelling(tuple(phonemes), word)
        self.say(phonemes)

    def figure(self) -> Figure:
        """The heat maps."""
        return self.word_stage.figure()

    @property
    def settings(self) -> SpellingSettings:
        """The settings for the next start."""
        speller, *beside = self.spellers.names
        return SpellingSettings(
            speller=speller,
            beside=beside[0] if beside else "",
            known_words=self.spellers.prefers_known,
            phonemes=self.sounds.text,
            by_letter=self.by_letter.isChecked(),
            rate=self.transport.rate,
        )

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().restyle(theme)
        self.display.show_staleness()
        self.by_letter_button.setIconSize(QSize(theme.px(17), theme.px(17)))

    def stop(self) -> None:
        """Stop everything: the window closes."""
        self.player.pause()

    def _read(self) -> None:
        """Read the field; errors are marked, and the last word stays until they are corrected."""
        phonemes = self.sounds.read()
        self.lookup.set_sounds(phonemes or ())
        self.state.set_sounds(phonemes, is_begun=not self.sounds.has_problem)

    def _choose_spellers(self) -> None:
        prefers_known = self.spellers.prefers_known
        self.state.choose_spellers(self.spellers.names, prefers_known=prefers_known)

    def _show_state(self) -> None:
        """Enable what can be done now."""
        self.undo_button.setEnabled(self.state.can_undo)
        self.undo_action.setEnabled(self.state.can_undo)
        self.what_if.setText(self.state.what_if_in_words())
        for action in self._saves:
            action.setEnabled(self.state.word is not None)

    # Layout and signals

    def _fill_menus(self, by_letter: bool) -> None:
        exports, dictionary, loading = self.exports, self.dictionary, self._loading
        self._saves = [
            self.save_action("Save &picture…", self.save_picture, "alignment.png", "Ctrl+S"),
            self.save_action(
                "Save &matrix…", exports.save_matrix, "alignment.csv", kind=TEXT_TABLE
            ),
        ]
        self.file_actions = [*self._saves]
        self.undo_action = self.action("&Undo the forced letter", self.state.undo, "Ctrl+Z")
        self.edit_actions = [
            self.undo_action,
            self.action("Random &test word", self.lookup.choose_random, "T"),
            self.action("Type &phonemes", self.sounds.begin, "Ctrl+P"),
            self.action("&Look up a word", self.lookup.begin, "Ctrl+L"),
        ]
        self.by_letter = self.toggle(
            "Letter by letter",
            by_letter,
            self._choose_pace,
            "Write looked-up and random words slowly; otherwise they appear at once",
            "mdi6.format-letter-case",
        )
        self._choose_pace()
        self.by_letter_button = action_button(self.by_letter)
        self.busy_lines += [loading.busy, dictionary.busy]

    def _choose_pace(self) -> None:
        self.state.by_letter = self.by_letter.isChecked()

    def _lay_out(self) -> None:
        self.state_line.setWordWrap(True)
        self.what_if.setWordWrap(True)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.sounds)
        layout.addWidget(self.word_stage, 1)
        acting = (self.word_stage.alternatives, self.best_words)
        what_if = card(self.what_if, self.undo_button, heading="What if")
        views = self.word_stage, self.best_words, what_if, self.state_line
        self.stale = Stale(*views, resting=acting)
        self.columns = Columns(
            self,
            [card(self.lookup, heading="Words"), card(self.keypad, heading="Sounds")],
            stage("Spelling", [self.by_letter_button], middle, self.state_line, self.transport),
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
        self.player.failed.connect(self.run_failed)
        self.state.changed.connect(self._show_state)
        self._loading.said.connect(self.display.show_progress)
        self._loading.ready.connect(self._read)
        for part in (self._loading, self.dictionary):
            part.failed.connect(self.failed)
        self.dictionary.chosen.connect(self.say)
        self._wire_sounds()
        self.spellers.changed.connect(self._choose_spellers)
        self.word_stage.phonemes_lit.connect(self.sounds.light)
        self.undo_button.clicked.connect(self.state.undo)

    def _wire_sounds(self) -> None:
        sounds = self.sounds
        sounds.edited.connect(self._read)
        sounds.complains.connect(lambda: self.word_stage.make_room(True))
        # Enter writes the word again.
        sounds.entered.connect(lambda: self.restart(at_once=False))
        sounds.hovered.connect(self.word_stage.light_phoneme)
        sounds.listen_to(self.keypad)
        self.keypad.cleared.connect(lambda: self.say(()))
