"""`spell`: phonemes in, words out."""

import argparse
import io
import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from engine import device
from engine.commands import output
from engine.commands.progress import progress_line
from engine.data.opening import open_file
from engine.data.phonemes import parse_entry
from engine.data.pronunciations import homophones
from engine.errors import DataError, ParameterError
from engine.frames import SpellFrame
from engine.plain_text import printable
from engine.seq2seq import known_words, library
from engine.seq2seq.recipes import RECIPES, check_width
from engine.seq2seq.vocabulary import check_prefix

_EPILOG = """\
the sounds, each with a word that has it:
  AA odd    AE at    AH hut   AO ought  AW cow   AY hide  EH Ed   ER hurt  EY ate   IH it
  IY eat    OW oat   OY toy   UH hood   UW two
  B be      CH cheese  D dee  DH thee   F fee    G green  HH he   JH gee   K key    L lee
  M me      N knee   NG ping  P pee     R read   S sea    SH she  T tea    TH theta
  V vee     W we     Y yield  Z zee     ZH seizure
vowels may carry their stress: 1 for the main one, 2 for another, 0 for none. IPA is understood.

examples:
  python main.py spell "B R AH0 Z IH1 L Y AH0 N"
  python main.py spell "DH EH1 R" --known-words --json
  python main.py spell --input words.txt --beam 1
"""
# Lines that are read before they are spelled.
_CHUNK = 4096
_SHOWN_COMPLAINTS = 10
# Characters of a line; what follows cannot be a word any more, and need not be kept.
_LONGEST = 2**16


class _Line(NamedTuple):
    """One pronunciation to spell, and the word that stood before it, if any."""

    word: str | None
    phonemes: tuple[str, ...]


def add_parser(commands: Any) -> None:
    """Add the command and its arguments to the parser of the command line."""
    parser = commands.add_parser(
        "spell",
        help="write the word that phonemes sound like",
        description="Write the word that phonemes sound like, with a neural network.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("phonemes", metavar="PHONEMES", nargs="?", help='how the word sounds, as in "K AE1 T"')
    add(
        "--input",
        metavar="FILE",
        help="spell every line of a file, or of stdin where it is -; a word in lower case before "
        "its phonemes is kept",
    )
    add(
        "--model",
        metavar="NAME|FILE",
        default=library.BEST,
        help=f"{', '.join([*RECIPES, *library.ENSEMBLES])}, or a file that `train` has written "
        f"(default {library.BEST})",
    )
    add("--beam", type=int, default=5, help="how many beginnings are kept (default 5)")
    add("--begin", metavar="LETTERS", default="", help="letters that the word has to begin with")
    add(
        "--known-words",
        action="store_true",
        help="rank by how often a spelling is written too, and list the dictionary's words",
    )
    add("--json", action="store_true", help="print one JSON object a line")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Spell what was typed, or every line of a file."""
    if (arguments.phonemes is None) == (arguments.input is None):
        raise ParameterError('Give either phonemes, as in "K AE1 T", or --input and a file.')
    check_width(arguments.beam)
    check_prefix(arguments.begin)
    library.check(arguments.model)
    if arguments.input is not None:
        _spell_lines(arguments)
        return
    line = _Line(*parse_entry(arguments.phonemes))
    with progress_line() as progress:
        progress.add_task("Starting TensorFlow", total=None)
        speller = _load(arguments)
        (frame,) = _spelled([line], speller, arguments)
    if arguments.json:
        output.show_json(_result(line, frame, arguments))
    else:
        output.show(_table(line, frame, arguments))


def _spell_lines(arguments: argparse.Namespace) -> None:
    """Spell line by line; what cannot be read is complained of, and does not stop the rest."""
    n_lines = n_bad = 0
    with _opened(arguments.input) as file, progress_line() as progress:
        task = progress.add_task("Starting TensorFlow", total=None)
        speller = _load(arguments)
        numbered = enumerate(_lines(file), 1)
        while chunk := list(islice(numbered, _CHUNK)):
            lines = []
            for number, text in chunk:
                if not text.strip() or text.lstrip().startswith(("#", ";;;")):
                    continue
                n_lines += 1
                try:
                    lines.append(_Line(*parse_entry(text)))
                except DataError as error:
                    n_bad += 1
                    if n_bad <= _SHOWN_COMPLAINTS:
                        complaint = printable(f"line {number:,}: {error}")
                        progress.console.print(
                            complaint, markup=False, highlight=False, soft_wrap=True
                        )
            _print(lines, speller, arguments)
            progress.update(task, description=f"{n_lines:,} lines")
    if n_lines == 0:
        raise DataError(f"{arguments.input} has no pronunciation; write one a line.")
    if n_bad:
        raise DataError(
            f"{n_bad:,} of {n_lines:,} lines could not be read and were left out; the others are "
            "spelled."
        )


def _opened(path: str) -> io.TextIOWrapper:
    if path != "-":
        return _text(open_file(path, pipes=True))
    try:
        return _text(open(0, "rb", closefd=False))
    except OSError as error:
        raise DataError(f"stdin cannot be read: {error.strerror or error}.") from error


def _text(file: BinaryIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(file, "utf-8-sig", "replace")


def _lines(file: io.TextIOWrapper) -> Iterator[str]:
    """The lines of a file, of each as much as could be read as one word."""
    while line := file.readline(_LONGEST):
        yield line
        while line and not line.endswith("\n"):
            line = file.readline(_LONGEST)


def _load(arguments: argparse.Namespace) -> library.Loaded:
    device.start()
    return library.load(arguments.model)


def _print(lines: Sequence[_Line], speller: library.Loaded, arguments: argparse.Namespace) -> None:
    if arguments.json or arguments.known_words or arguments.begin:
        for line, frame in zip(lines, _spelled(lines, speller, arguments), strict=True):
            word = frame.spellings[0].letters
            if arguments.json:
                output.show_json(_result(line, frame, arguments))
            else:
                output.show(_row(line, word))
        return
    # Only the words are wanted: the search need not keep what it computed for them.
    found = speller.decoder.words([line.phonemes for line in lines], arguments.beam)
    for line, words in zip(lines, found, strict=True):
        output.show(_row(line, words[0][0]))


def _spelled(
    lines: Sequence[_Line], speller: library.Loaded, arguments: argparse.Namespace
) -> list[SpellFrame]:
    pronunciations = [line.phonemes for line in lines]
    frames = speller.decoder.spell(pronunciations, arguments.beam, arguments.begin)
    return [known_words.reranked(f) for f in frames] if arguments.known_words else frames


def _result(line: _Line, frame: SpellFrame, arguments: argparse.Namespace) -> dict[str, Any]:
    """What the JSON says of one pronunciation."""
    best = frame.spellings[0]
    result: dict[str, Any] = {
        "phonemes": list(frame.phonemes),
        "word": line.word,
        "model": arguments.model,
        "spellings": [
            {"letters": spelling.letters, "log_probability": round(spelling.log_probability, 6)}
            for spelling in frame.spellings
        ],
        "alignment": [[round(weight, 6) for weight in row] for row in best.alignment.tolist()],
    }
    if arguments.known_words:
        for shown, spelling in zip(result["spellings"], frame.spellings, strict=True):
            shown["frequency"] = known_words.frequency(spelling.letters)
        result["homophones"] = homophones().get(frame.phonemes, [])
    return result


def _table(line: _Line, frame: SpellFrame, arguments: argparse.Namespace) -> str:
    """What a person reads: a line a spelling, with its probability."""
    width = max(len(spelling.letters) for spelling in frame.spellings)
    rows = []
    for spelling in frame.spellings:
        percent = 100 * math.exp(spelling.log_probability)
        row = f"{spelling.letters:{width}} {percent:6.2f} %"
        if arguments.known_words:
            millions = 1e6 * known_words.frequency(spelling.letters)
            row += f" {millions:10.2f} in a million words" if millions else "  not a known word"
        rows.append(row)
    if arguments.known_words and (listed := homophones().get(frame.phonemes)):
        rows.append(f"The dictionary has for these sounds: {', '.join(listed)}")
    if line.word is not None:
        right = "right" if frame.spellings[0].letters == line.word else "wrong"
        rows.append(f"The word given is {line.word}: {right}")
    return "\n".join(rows)


def _row(line: _Line, word: str) -> str:
    """A line of a batch: the word given, if there was one; the phonemes; the word written."""
    given = [] if line.word is None else [line.word]
    return "\t".join([*given, " ".join(line.phonemes), word])
