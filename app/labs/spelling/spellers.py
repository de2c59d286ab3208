"""Loads and compiles spellers, on the engine thread, before they spell the first word."""

from __future__ import annotations

import gc
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.busy import BusyLine
from app.running.bridge import Bridge
from app.running.requests import Request
from engine.runtime.collector import uncollected

if TYPE_CHECKING:
    from engine.spelling.decoding import Decoder

WIDTH = 5  # the beam width
# Two of the texts that say what comes next: words can be spelled; other lengths are compiled.
_READY, _OTHERS = "", "Compiling for other lengths…"


class Spellers(QObject):
    """Prepares spellers and stores them.

    Signals:
        said: A text that says what is going on before the spellers are ready.
        ready: The spellers requested last can spell.
        ended: Nothing is going on any more.
        failed: Why a speller cannot be loaded.
    """

    said = pyqtSignal(str)
    ready = pyqtSignal()
    ended = pyqtSignal()
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._decoders: dict[str, Decoder] = {}  # filled on the engine thread
        self.busy = BusyLine()
        self._request = Request(bridge, self, self.busy)
        self._request.ended.connect(self.ended)
        self._request.failed.connect(self.failed)

    @property
    def is_preparing(self) -> bool:
        """Whether spellers are being loaded or compiled."""
        return self._request.is_busy

    def are_ready(self, names: Sequence[str]) -> bool:
        """Whether these spellers can spell at once."""
        return self._decoders.keys() >= set(names)

    def decoders(self, names: Sequence[str]) -> list[Decoder]:
        """Return the decoders of spellers that are ready; called on the engine thread."""
        return [self._decoders[name] for name in names]

    def prepare(self, names: Sequence[str], n_phonemes: int) -> None:
        """Load and compile spellers, in place of those requested before.

        Args:
            names: The names of the spellers.
            n_phonemes: The length of the waiting word, which is compiled before other lengths.
        """
        self._request.follow(lambda: self._prepared(names, n_phonemes), self._on_said)

    def _on_said(self, said: str) -> None:
        if said == _READY:
            self.ready.emit()  # the waiting word is spelled before the rest is compiled
        else:
            self._request.say(said)
            if said != _OTHERS:  # by then there is a word to say something about
                self.said.emit(said)

    def _prepared(self, names: Sequence[str], n_phonemes: int) -> Generator[str, None, None]:
        """On the engine thread: yield texts that say what comes next; it can be cancelled there."""
        yield "Reading the dictionary…"
        _read_dictionary()
        from engine.spelling import library

        rest = []
        for name in names:
            if name not in self._decoders:
                yield f"Loading the speller {name}…"
                decoder = library.load(name, compiled=True).decoder
                yield f"Compiling the speller {name}…"
                warm_up = decoder.warm_up(WIDTH, n_phonemes)
                next(warm_up)
                self._decoders[name] = decoder
                rest.append(warm_up)
        yield _READY
        for warm_up in rest:
            yield _OTHERS
            for _ in warm_up:
                yield _OTHERS


def _read_dictionary() -> None:
    from engine.spelling.dictionary.pronunciations import listed_for, pronunciations

    with uncollected():
        pronunciations()
        listed_for(["AH"])
        gc.freeze()
