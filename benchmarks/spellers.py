"""Measures how fast the shipped spellers are: python benchmarks/spellers.py [--json].

One word with a beam of 5, with and without compiling by XLA, in turn; and batches of 256 words,
greedy. Medians, after a warm-up.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from engine.runtime import device
from engine.seq2seq.beam_search import BATCH
from engine.spelling import library
from engine.spelling.dictionary.pronunciations import Part, lecture_entries, sample

N_WORDS = 60
N_BATCHES = 8


def seconds_of(function: Callable[[], Any]) -> float:
    """Return how long one call takes."""
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def measured(name: str) -> dict[str, Any]:
    """Return the times of one speller."""
    plain, compiled = library.load(name).decoder, library.load(name, compiled=True).decoder
    warm_up = seconds_of(compiled.warm_up)
    list(plain.warm_up())
    entries = lecture_entries(Part.VALID)
    words: dict[str, list[float]] = {"plain": [], "compiled": []}
    for entry in sample(entries, N_WORDS):
        for way, decoder in (("plain", plain), ("compiled", compiled)):
            words[way].append(seconds_of(lambda d=decoder, e=entry: d.spell([e.phonemes])))
    pronunciations = [entry.phonemes for entry in sample(entries, N_BATCHES * BATCH)]
    plain.words(pronunciations)
    batches = median(seconds_of(lambda: plain.words(pronunciations)) for _ in range(3))
    return {
        "name": name,
        "warm_up_s": warm_up,
        "word_ms": 1000 * median(words["plain"]),
        "word_compiled_ms": 1000 * median(words["compiled"]),
        "words_per_second": len(pronunciations) / batches,
    }


def main() -> None:
    """Measure every speller and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    found: dict[str, Any] = {"device": str(device.start()), "rows": []}
    if not as_json:
        print(f"one word with a beam of 5, and batches of {BATCH} greedy, on {found['device']}")
        columns = ("word ms", "compiled", "ratio", "compile s", "words/s")
        print(f"{'':12} {columns[0]:>8} {columns[1]:>9} {columns[2]:>6} ", end="")
        print(f"{columns[3]:>10} {columns[4]:>8}")
    for name in library.names():
        row = measured(name)
        found["rows"].append(row)
        if not as_json:
            ratio = row["word_ms"] / row["word_compiled_ms"]
            print(
                f"{name:12} {row['word_ms']:8.1f} {row['word_compiled_ms']:9.1f} {ratio:6.1f} "
                f"{row['warm_up_s']:10.1f} {row['words_per_second']:8,.0f}",
                flush=True,
            )
    if as_json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
