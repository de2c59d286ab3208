"""Forced letters ("what if there were another letter?") as branches of the history; undo."""

from collections.abc import Callable, Sequence

from app.running.bridge import Stepper
from app.running.history import Branch
from app.running.player import Player
from app.text import rich
from engine.spelling.frames import LetterFrame, Spelling
from engine.spelling.letter_by_letter import letters

# Long enough for all letters of a word in one slice.
AT_ONCE = 60.0
_HOW = "Click a letter, then one of the five below it."


class WhatIf:
    """Forces letters, and remembers which branch each forced letter came from.

    Args:
        player: Plays the letters.
        stepper: Makes a run, given the prefix for each speller, and how many letters are already on
            screen.
    """

    def __init__(self, player: Player, stepper: Callable[[Sequence[str], int], Stepper]) -> None:
        self._player = player
        self._stepper = stepper
        # For a branch with a forced letter: its origin, the position there, the speller.
        self._origins: dict[Branch, tuple[Branch, int, int]] = {}
        self._prefixes: dict[Branch, tuple[str, ...]] = {}

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The prefix for each speller; empty if no letter is forced."""
        return self._prefixes.get(self._player.branch, ())

    @property
    def can_undo(self) -> bool:
        """Whether the word on stage has a forced letter."""
        return any(self.prefixes)

    @property
    def waits(self) -> bool:
        """Whether a letter was forced and its word is not computed yet."""
        branch = self._player.branch
        return branch in self._origins and len(branch.frames) == branch.fork

    @property
    def before(self) -> tuple[int, Spelling] | None:
        """The speller whose letter was forced last, and its earlier spelling."""
        if self._player.branch not in self._origins:
            return None
        origin, _, speller = self._origins[self._player.branch]
        return speller, origin.frames[-1].spelling(speller)

    def begin(self, prefixes: Sequence[str], *, at_once: bool) -> None:
        """Let spellers write from the first letter, each with its prefix."""
        player = self._player
        player.pause()
        player.load(self._stepper(prefixes, 0), AT_ONCE if at_once else 0.0)
        self._origins, self._prefixes = {}, {player.branch: tuple(prefixes)}
        if not at_once:
            player.play()

    def force(self, speller: int, place: int, letter: str, *, at_once: bool) -> None:
        """Put another letter at a position, and let the speller continue from there."""
        player = self._player
        frame: LetterFrame | None = player.frame
        if frame is None or place < 0:
            return
        origin, position = player.branch, player.position
        prefixes = list(self._prefixes[origin])
        prefixes[speller] = frame.spelling(speller).letters[:place] + letter
        player.pause()
        player.seek(place)
        player.fork(self._stepper(prefixes, place + 1), AT_ONCE if at_once else 0.0)
        self._origins[player.branch] = (origin, position, speller)
        self._prefixes[player.branch] = tuple(prefixes)
        if not at_once:
            player.play()
        player.changed.emit()

    def choose(self, speller: int, index: int) -> None:
        """Write another of the best spellings: its frames replace those of the branch."""
        frame: LetterFrame | None = self._player.frame
        if frame is None or index == frame.chosen[speller]:
            return
        chosen = list(frame.chosen)
        chosen[speller] = index
        self._player.rewrite(list(letters(frame.results, frame.standings, chosen)))

    def undo(self) -> None:
        """Go back to the word before the last forced letter."""
        branch = self._player.branch
        if branch in self._origins:
            origin, position, _ = self._origins[branch]
            self._player.pause()
            self._player.seek(position, origin)
        elif self.can_undo:  # the letters were forced before the spellers were changed
            self.begin(("",) * len(self.prefixes), at_once=True)

    def in_words(self) -> str:
        """The old word and the new one, as rich text; or how to force a letter."""
        frame, before = self._player.frame, self.before
        if frame is None or not self.can_undo:
            return _HOW
        if before is None:
            forced = (prefix.rstrip("_") or "no letter" for prefix in self.prefixes if prefix)
            return f"Forced to begin with {' and '.join(f'<b>{rich(each)}</b>' for each in forced)}"
        speller, spelling = before
        new = "…" if self.waits else rich(frame.spelling(speller).letters)
        return f"{rich(spelling.letters)} → <b>{new}</b>"
