"""What is to be spelled, what is being spelled, and the word on stage. Views observe it."""

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
        """The sounds that it is the word for."""
        return self.question.phonemes

    @property
    def names(self) -> tuple[str, ...]:
        """The spellers that write it."""
        return self.question.names


class SpellingState(QObject):
    """A question is chosen, then asked, and its answer is on stage from its first frame on.

    Until then the answer to the question before stays on stage.

    Signals:
        word_changed: There is another frame on stage.
        word_cleared: There is no word on stage any more.
        changed: Anything is different, such as what is chosen.

    Attributes:
        sounds: The phonemes that were typed; None where they cannot be read.
        names: The spellers chosen.
        prefers_known: Whether known words come first.
        has_engine: Whether TensorFlow is there.
        by_letter: Whether words that are looked up, thrown or forced are written letter by letter.
        word: What is on stage.
    """

    word_changed = pyqtSignal()
    word_cleared = pyqtSignal()
    changed = pyqtSignal()

    def __init__(self, player: Player, spellers: Spellers, parent: QObject) -> None:
        """Have nothing on stage.

        Args:
            player: Plays the letters.
            spellers: Loads the spellers and compiles them.
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
        """Whether there are sounds whose word was asked for."""
        return bool(self._phonemes)

    # What is chosen

    def hear(self, sounds: tuple[str, ...] | None, *, is_begun: bool = False) -> None:
        """Spell other sounds; where they cannot be read yet, the last word stays.

        Args:
            sounds: Phonemes; none of an empty field, None where they cannot be read.
            is_begun: Whether the last phoneme may still become one.
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
        """Write the sounds that are heard next letter by letter, if `by_letter`; even the same."""
        self._plays_next = self.by_letter

    def choose_spellers(self, names: tuple[str, ...], *, prefers_known: bool) -> None:
        """Ask other spellers, or rank their words in another way."""
        self.set_spellers(names, prefers_known=prefers_known)
        self._plays_next = False
        if self.has_engine and not self.can_spell:
            self._phonemes = ()
            self._prepare()
        elif self.has_asked and self.can_spell:
            self.spell()
        else:
            self.hear(self.sounds, is_begun=self._is_begun)
        self.changed.emit()

    def set_spellers(self, names: tuple[str, ...], *, prefers_known: bool) -> None:
        """Take note of the spellers chosen, and ask nothing."""
        self.names, self.prefers_known = names, prefers_known

    # What is asked

    def spell(self, *, at_once: bool = True) -> None:
        """Spell from the beginning; letters that were forced on the same sounds stay forced.

        Args:
            at_once: Whether the whole word is written at once.
        """
        forced = {} if self._plays_next or self._asked is None else self._forced(self._asked)
        self._plays_next = False
        self._asked = Question(self._phonemes, self.names, self.prefers_known)
        self._what_if.begin([forced.get(name, "") for name in self.names], at_once=at_once)

    def force(self, speller: int, place: int, letter: str) -> None:
        """Put another letter at a place of the word on stage, unless that is an old one."""
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
        """There are no sounds: there is no word."""
        self._phonemes, self._asked, self.word = (), None, None
        self.word_cleared.emit()
        self._player.pause()
        self._player.clear()

    def _forced(self, question: Question) -> dict[str, str]:
        """What each speller has to begin the word with, if it is the word for these sounds."""
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
        """The speller whose letter was forced last, and what it wrote before."""
        return self._what_if.before

    def what_if_in_words(self) -> str:
        """The old word and the new one, as rich text; or how to force a letter."""
        return self._what_if.in_words()

    def why_stale(self) -> str:
        """Why the word on stage does not answer what is chosen; empty where it does."""
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
