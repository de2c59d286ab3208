"""What to spell, what is being spelled, and the word on stage. Views observe it."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QObject, pyqtSignal

from app.labs.spelling import texts
from app.labs.spelling.spellers import WIDTH, Spellers
from app.labs.spelling.texts import Question
from app.labs.spelling.what_if import WhatIf
from app.running.bridge import Stepper
from app.running.player import Player
from engine.spelling import letter_by_letter
from engine.spelling.frames import LetterFrame, Spelling


@dataclass(frozen=True, slots=True, eq=False)
class WordOnStage:
    """A word, as far as it is written, and the question that it answers."""

    frame: LetterFrame
    question: Question

    @property
    def phonemes(self) -> tuple[str, ...]:
        """The sounds whose spelling it is."""
        return self.question.phonemes

    @property
    def names(self) -> tuple[str, ...]:
        """The spellers that write it."""
        return self.question.names


class SpellingState(QObject):
    """The chosen question, the one being answered, and the answer on stage.

    An answer is on stage from its first frame on; until then the previous one stays.

    Signals:
        word_changed: There is another frame on stage.
        word_cleared: There is no word on stage any more.
        changed: Anything has changed, such as the choices.

    Attributes:
        sounds: The phonemes that were typed; None if they cannot be read.
        names: The chosen spellers.
        prefers_known: Whether known words come first.
        has_engine: Whether TensorFlow has started.
        by_letter: Whether looked-up, random and forced words are written letter by letter.
        word: What is on stage.
    """

    word_changed = pyqtSignal()
    word_cleared = pyqtSignal()
    changed = pyqtSignal()

    def __init__(self, player: Player, spellers: Spellers, parent: QObject) -> None:
        """Start with nothing on stage.

        Args:
            player: Plays the letters.
            spellers: Loads and compiles the spellers.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._player, self._spellers = player, spellers
        self.sounds: tuple[str, ...] | None = ()
        self._is_begun = False
        self.names: tuple[str, ...] = ()
        self.prefers_known = False
        self.has_engine = self.by_letter = False
        self.word: WordOnStage | None = None
        self._what_if = WhatIf(player, self._stepper)
        self._phonemes: tuple[str, ...] = ()  # those that were asked last
        self._asked: Question | None = None  # what the frames of the player answer
        self._plays_next = False
        player.moved.connect(self._on_moved)
        for signal in (player.cleared, player.changed, spellers.ended):
            signal.connect(self.changed)

    @property
    def can_spell(self) -> bool:
        """Whether a word is spelled as soon as it is typed."""
        return self._spellers.are_ready(self.names)

    @property
    def has_asked(self) -> bool:
        """Whether the spelling of any sounds was requested."""
        return bool(self._phonemes)

    # What is chosen

    def set_sounds(self, sounds: tuple[str, ...] | None, *, is_begun: bool = False) -> None:
        """Spell other sounds; if they cannot be read yet, the last word stays.

        Args:
            sounds: Phonemes; empty for an empty field, None if they cannot be read.
            is_begun: Whether the last phoneme may be incomplete.
        """
        self.sounds, self._is_begun = sounds, is_begun
        if sounds == ():
            self._clear()
        if not self.can_spell:
            if self.has_engine and not self._spellers.is_preparing:
                self._prepare()
        elif sounds and (sounds != self._phonemes or self._plays_next):
            self._phonemes = sounds
            self.spell(at_once=not self._plays_next)
        self.changed.emit()

    def play_next(self) -> None:
        """Write the next sounds letter by letter, if `by_letter`; even if they are the same."""
        self._plays_next = self.by_letter

    def choose_spellers(self, names: tuple[str, ...], *, prefers_known: bool) -> None:
        """Choose other spellers, or rank their words differently."""
        self.set_spellers(names, prefers_known=prefers_known)
        self._plays_next = False
        if self.has_engine and not self.can_spell:
            self._phonemes = ()
            self._prepare()
        elif self.has_asked and self.can_spell:
            self.spell()
        else:
            self.set_sounds(self.sounds, is_begun=self._is_begun)
        self.changed.emit()

    def set_spellers(self, names: tuple[str, ...], *, prefers_known: bool) -> None:
        """Store the chosen spellers, and spell nothing."""
        self.names, self.prefers_known = names, prefers_known

    # What is asked

    def spell(self, *, at_once: bool = True) -> None:
        """Spell from the beginning; letters that were forced for the same sounds stay forced.

        Args:
            at_once: Whether the word is written at once.
        """
        forced = {} if self._plays_next or self._asked is None else self._forced(self._asked)
        self._plays_next = False
        self._asked = Question(self._phonemes, self.names, self.prefers_known)
        self._what_if.begin([forced.get(name, "") for name in self.names], at_once=at_once)

    def force(self, speller: int, place: int, letter: str) -> None:
        """Put another letter at a position of the word on stage, unless the word is out of date."""
        if not self.why_stale():
            self._what_if.force(speller, place, letter, at_once=not self.by_letter)

    def choose_spelling(self, speller: int, index: int) -> None:
        """Write another of a speller's best spellings."""
        self._what_if.choose(speller, index)

    def undo(self) -> None:
        """Go back to the word before the last forced letter."""
        self._what_if.undo()

    def _prepare(self) -> None:
        self._spellers.prepare(self.names, len(self.sounds or ()))

    def _clear(self) -> None:
        """Remove the word: there are no sounds."""
        self._phonemes, self._asked, self.word = (), None, None
        self.word_cleared.emit()
        self._player.pause()
        self._player.clear()

    def _forced(self, question: Question) -> dict[str, str]:
        """Return the forced beginning for each speller, if the word is for these sounds."""
        if question.phonemes != self._phonemes:
            return {}
        return dict(zip(question.names, self._what_if.prefixes, strict=False))

    def _stepper(self, prefixes: Sequence[str], n_written: int) -> Stepper:
        asked = self._asked
        assert asked is not None

        def frames() -> Generator[LetterFrame, None, None]:
            yield from letter_by_letter.spell(
                self._spellers.decoders(asked.names),
                asked.phonemes,
                width=WIDTH,
                prefixes=prefixes,
                known=asked.known,
                n_written=n_written,
            )

        return frames

    # What is on stage

    @property
    def can_undo(self) -> bool:
        """Whether the word on stage has a forced letter."""
        return self._what_if.can_undo

    @property
    def before(self) -> tuple[int, Spelling] | None:
        """The speller whose letter was forced last, and its earlier spelling."""
        return self._what_if.before

    def what_if_in_words(self) -> str:
        """The old word and the new one, as rich text; or how to force a letter."""
        return self._what_if.in_words()

    def why_stale(self) -> str:
        """Why the word on stage does not answer the current choices; empty if it does."""
        word, is_waiting = self.word, self._player.waiting
        if word is None:
            return ""
        if self.sounds is None:
            return texts.BEGUN if self._is_begun else texts.UNREAD
        if not self.can_spell:
            return texts.being_loaded(self.names, self._spellers.is_preparing)
        if self._what_if.waits:
            return texts.FORCED if is_waiting else texts.NOT_COMPUTED
        chosen = Question(self.sounds, self.names, self.prefers_known)
        if word.question == chosen and self._player.frame is not None:
            return ""
        return texts.COMPUTED if is_waiting else texts.NOT_COMPUTED

    def _on_moved(self) -> None:
        if self._asked is not None:
            self.word = WordOnStage(self._player.frame, self._asked)
            self.word_changed.emit()
            self.changed.emit()
