"""Symbols and their ids, for one side of a model. Does not import TensorFlow."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

PADDING_ID = 0
# Padding ends a sequence: the first one that a model writes is its end mark.
END_ID = PADDING_ID


@dataclass(frozen=True)
class Vocabulary:
    """The symbols of one side.

    Attributes:
        symbols: Each at the index that is its id; padding, which is also the end mark, first.
        start: The symbol before the first one of a target; None if there is none.
    """

    symbols: tuple[str, ...]
    start: str | None = None

    def __len__(self) -> int:
        return len(self.symbols)

    @functools.cached_property
    def ids(self) -> Mapping[str, int]:
        """The id of each symbol."""
        return {symbol: index for index, symbol in enumerate(self.symbols)}

    @property
    def start_id(self) -> int:
        """The id of the start symbol; raises a KeyError if there is none."""
        return self.ids[self.start or ""]

    def encode(self, sequences: Sequence[Sequence[str]], length: int | None = None) -> np.ndarray:
        """Turn B sequences into (B, L) int32 ids, padded to `length` or to the longest.

        Raises:
            KeyError: A symbol is not in the vocabulary.
            ValueError: A sequence is longer than `length`.
        """
        length = max(map(len, sequences), default=0) if length is None else length
        encoded = np.full((len(sequences), length), PADDING_ID, np.int32)
        for row, symbols in zip(encoded, sequences, strict=True):
            row[: len(symbols)] = [self.ids[symbol] for symbol in symbols]
        return encoded

    def decode(self, ids: Iterable[int]) -> tuple[str, ...]:
        """Return the symbols of (L,) ids up to the end mark, or all if there is none."""
        symbols = []
        for index in ids:
            if index == END_ID:
                break
            symbols.append(self.symbols[index])
        return tuple(symbols)
