"""The spellers on the engine thread, loaded and compiled before the first word is asked of them."""

from __future__ import annotations

import gc
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.seq2seq.decoding import Decoder

WIDTH = 5  # of the beam


class Spellers:
    """Keeps what was loaded. All but `are_ready` is called on the engine thread."""

    def __init__(self) -> None:
        self._decoders: dict[str, Decoder] = {}

    def are_ready(self, names: Sequence[str]) -> bool:
        """Whether these can spell at once."""
        return self._decoders.keys() >= set(names)

    def prepare(self, names: Sequence[str]) -> Generator[str, None, None]:
        """Load the dictionary, and the spellers that are not there yet.

        Yields:
            A sentence about what comes next, several for a speller: it can be cancelled there.

        Raises:
            ParameterError, DataError: As of `library.load`.
        """
        yield "Reading the dictionary…"
        from engine.data.pronunciations import listed_for, pronunciations
        from engine.seq2seq import library

        # Its many objects stay: the collector need not look for garbage among them.
        gc.disable()
        try:
            pronunciations()
            listed_for(["AH"])
            gc.freeze()
        finally:
            gc.enable()
        for name in names:
            if name not in self._decoders:
                yield f"Loading the speller {name}…"
                decoder = library.load(name, compiled=True).decoder
                yield f"Compiling the speller {name}…"
                for _ in decoder.warm_up(WIDTH):
                    yield f"Compiling the speller {name} for longer words…"
                self._decoders[name] = decoder

    def decoders(self, names: Sequence[str]) -> list[Decoder]:
        """Those of the names, which were prepared."""
        return [self._decoders[name] for name in names]
