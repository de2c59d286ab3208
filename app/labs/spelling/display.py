"""Draws the state of the spelling lab: the word, its best spellings, the line below it."""

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QLabel

from app.controls.spelling.lookup import Lookup
from app.labs.spelling import texts
from app.labs.spelling.best_words import BestWords
from app.labs.spelling.state import SpellingState
from app.labs.spelling.word_stage import WordStage
from app.views.veil import Stale, still_shown


class SpellingDisplay(QObject):
    """Draws the state whenever it changes, and passes on what is chosen on stage."""

    def __init__(
        self,
        state: SpellingState,
        stage: WordStage,
        best_words: BestWords,
        secrets: Lookup,
        stale: Stale,
        said: QLabel,
        parent: QObject,
    ) -> None:
        """Draw nothing yet.

        Args:
            state: The state to draw.
            stage: The word and its heat maps.
            best_words: The other spellings of each speller.
            secrets: Knows which words are to be guessed.
            stale: Greys out views that do not show what is chosen.
            said: The line below the word.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._state, self._stage, self._best_words = state, stage, best_words
        self._secrets, self._stale, self._said = secrets, stale, said
        state.word_changed.connect(self._draw_word)
        state.word_cleared.connect(self._clear)
        state.changed.connect(self.show_state)
        stage.forced.connect(state.force)
        best_words.chosen.connect(state.choose_spelling)
        secrets.secrets_changed.connect(self._draw_best_words)

    def show_state(self) -> None:
        """Describe what is on stage, or what the user can do."""
        word = self._state.word
        self.show_staleness()
        n_spellers = len(self._state.names if word is None else word.names)
        self._best_words.show_second(n_spellers > 1)
        if word is None:
            self._said.setText(texts.NO_WORD if self._state.has_engine else texts.NO_ENGINE)
        else:
            self._said.setText(texts.state(word.frame, word.names))

    def show_progress(self, text: str) -> None:
        """Describe what is going on, if there is no word on stage yet."""
        if self._state.word is None:
            self._said.setText(text)

    def show_staleness(self) -> None:
        """Say which word is on stage if it does not answer the current choices."""
        word, why = self._state.word, self._state.why_stale()
        if word is None or not why:
            self._stale.say("")
        else:
            named = still_shown(texts.named(word.frame, word.question), why)
            self._stale.say(named, is_brief=why in (texts.COMPUTED, texts.FORCED))
        self._stage.make_room(why == texts.UNREAD)

    def _clear(self) -> None:
        self._stage.clear()
        self._best_words.clear()

    def _draw_word(self) -> None:
        word = self._state.word
        if word is not None:
            self._stage.draw(word.frame, word.names, self._state.before)
            self._draw_best_words()

    def _draw_best_words(self) -> None:
        word = self._state.word
        if word is not None:
            is_secret = self._secrets.is_secret(word.phonemes)
            self._best_words.draw(word.frame, is_secret=is_secret)
