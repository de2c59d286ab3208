"""The spellers on the engine thread, loaded and compiled before the first word is asked of them."""

from __future__ import annotations

import gc
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.busy import BusyLine
from app.running.bridge import Bridge, Run
from engine.runtime.collector import uncollected

if TYPE_CHECKING:
    from engine.spelling.decoding import Decoder

WIDTH = 5  # of the beam
# Among the sentences of what comes next: words can be spelled, and what goes on behind them.
_READY, _OTHERS = "", "Compiling for other lengths…"


class Spellers(QObject):
    """Gets spellers ready, and keeps them.

    Signals:
        said: What is going on.
        ready: The spellers asked for last can spell.
        ended: Nothing is going on any more, for whatever reason.
        failed: Why they cannot.
    """

    said = pyqtSignal(str)
    ready = pyqtSignal()
    ended = pyqtSignal()
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._run: Run | None = None
        self._decoders: dict[str, Decoder] = {}  # filled on the engine thread
        self.busy = BusyLine()

    @property
    def is_preparing(self) -> bool:
        """Whether some are being loaded."""
        return self._run is not None

    def are_ready(self, names: Sequence[str]) -> bool:
        """Whether these can spell at once."""
        return self._decoders.keys() >= set(names)

    def decoders(self, names: Sequence[str]) -> list[Decoder]:
        """Those of the names, which are ready; called on the engine thread."""
        return [self._decoders[name] for name in names]

    def prepare(self, names: Sequence[str], n_phonemes: int) -> None:
        """Load these, and forget what was asked for before.

        Args:
            names: Of spellers.
            n_phonemes: Of the word that waits: its length is compiled first, and others after it.
        """
        self.cancel()
        self._run = self._bridge.run(lambda: self._prepared(names, n_phonemes))
        self._run.advanced.connect(lambda said: self._on_said(str(said[-1])))
        self._run.finished.connect(self._stop)
        self._run.failed.connect(self._on_failed)
        self._run.advance()

    def cancel(self) -> None:
        """Leave it after the part that is going on; what is ready stays."""
        if self._run is not None:
            self._run.cancel()
            self._stop()

    def _on_said(self, said: str) -> None:
        if said == _READY:
            self.ready.emit()  # the word that waits is asked for before the rest is compiled
        else:
            self.busy.start(said, self.cancel)
            if said != _OTHERS:  # there is a word on screen to say something of
                self.said.emit(said)
        if self._run is not None:
            self._run.advance()

    def _on_failed(self, error: Exception) -> None:
        self._stop()
        self.failed.emit(error)

    def _stop(self) -> None:
        self._run = None
        self.busy.stop()
        self.ended.emit()

    def _prepared(self, names: Sequence[str], n_phonemes: int) -> Generator[str, None, None]:
        """On the engine thread: a sentence about what comes next; it can be cancelled there."""
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
