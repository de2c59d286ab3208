"""Measures shipped spellers, writes assets/spellers/figures.json: python scripts/figures.py [NAME].

Only this script uses the test set; it is never used to choose a speller.
"""

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from engine.data.output.writing import write_whole
from engine.spelling import library
from engine.spelling.dictionary.pronunciations import Entry, Part, lecture_entries, sample
from engine.spelling.evaluation.figures import evaluate, summary, unstressed

BEAM = 5


def figures(loaded: library.Loaded, entries: list[Entry], width: int) -> dict[str, Any]:
    """Return the figures of one speller on some words."""
    answers = [a for frame in evaluate(loaded.decoder, entries, width) for a in frame.answers]
    return summary(answers, width)


def main() -> None:
    """Measure each speller in four ways; the figures of others stay."""
    test, valid = lecture_entries(Part.TEST), lecture_entries(Part.VALID)
    ways: dict[str, tuple[list[Entry], int]] = {
        "test_beam_5": (test, BEAM),
        "test_greedy": (test, 1),
        "test_beam_5_without_stress": (unstressed(test), BEAM),
        "valid_beam_5": (valid, BEAM),
    }
    found: dict[str, dict[str, Any]] = {}
    for name in sys.argv[1:] or library.names():
        loaded = library.load(name)
        for way, (entries, width) in ways.items():
            found.setdefault(way, {})[name] = figures(loaded, entries, width)
        exact = figures(loaded, sample(valid, 500), 1)["exact"]
        found.setdefault("valid_500_greedy", {})[name] = exact
        sys.stderr.write(f"{name} done\n")
    path = library.FOLDER / "figures.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    merged = {way: {**known.get(way, {}), **of_spellers} for way, of_spellers in found.items()}
    text = json.dumps(merged, indent=1)
    write_whole(path, lambda file: file.write(text.encode()))


if __name__ == "__main__":
    main()
