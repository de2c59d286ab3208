"""`spell`: phonemes in, words out."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rich.progress import Progress

from engine.commands import output
from engine.commands.progress import progress_line
from engine.errors import DataError, ParameterError
from engine.plain_text import printable
from engine.runtime import device
from engine.spelling import known_words, library
from engine.spelling.dictionary.lines import Reading, has_words_in_front, read_entry
from engine.spelling.dictionary.pronunciations import listed_for
from engine.spelling.frames import PROBABILITY_MEANING, WEIGHED_MEANING, SpellFrame, unlearned
from engine.spelling.notation.phoneme_lines import lines_of, opened
from engine.spelling.recipes import RECIPES, check_width
from engine.spelling.vocabulary import check_prefix

_EPILOG = f"""\
the sounds, each with a word that has it:
  AA odd    AE at    AH hut   AO ought  AW cow   AY hide  EH Ed   ER hurt  EY ate   IH it
  IY eat    OW oat   OY toy   UH hood   UW two
  B be      CH cheese  D dee  DH thee   F fee    G green  HH he   JH gee   K key    L lee
  M me      N knee   NG ping  P pee     R read   S sea    SH she  T tea    TH theta
  V vee     W we     Y yield  Z zee     ZH seizure
vowels may carry their stress: 1 for the main one, 2 for another, 0 for none. IPA and X-SAMPA are
understood; what only British English has is read as the nearest American sound, and a note says so.

the number beside a spelling:
  %: {PROBABILITY_MEANING};
  with --known-words, %: {WEIGHED_MEANING}

examples:
  python main.py spell "B R AH0 Z IH1 L Y AH0 N"
  python main.py spell K AE1 T
  python main.py spell "DH EH1 R" --known-words --json
  python main.py spell --input words.txt --beam 1
"""
# How many lines are read before they are spelled.
_CHUNK = 4096
_SHOWN = 10  # of the errors, and of the notes
_COMMENTS = ("#", ";;;")


def add_parser(commands: Any) -> None:
    """Add the command and its arguments to the parser of the command line."""
    parser = commands.add_parser(
        "spell",
        help="spell a word from its phonemes",
        description="Spell a word from its phonemes, with a neural network.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("phonemes", metavar="PHONEMES", nargs="*", help="how the word sounds, as in K AE1 T")
    add(
        "--input",
        metavar="FILE",
        help="spell every line of a file (- for stdin); a word before the phonemes, as in the CMU "
        "dictionary, is kept",
    )
    add(
        "--model",
        metavar="NAME|FILE",
        default=library.BEST,
        help=f"{', '.join([*RECIPES, *library.ENSEMBLES])}, or a file that `train` has written "
        f"(default {library.BEST})",
    )
    add("--beam", type=int, default=5, help="beam width (default 5)")
    add("--begin", metavar="LETTERS", default="", help="letters that the word has to begin with")
    add(
        "--known-words",
        action="store_true",
        help="also rank by how common a spelling is, and list the dictionary's words",
    )
    add("--json", action="store_true", help="print one JSON object on each line")
    parser.set_defaults(run=lambda arguments: run(parse(arguments)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SpellRequest:
    """One call of `spell`, parsed: a pronunciation, or a file of them.

    Attributes:
        pronunciation: The one on the command line; None with `input`.
        input: The file with a pronunciation on each line, "-" for stdin; None with `pronunciation`.
        model: A shipped speller, or a file.
        beam: The beam width.
        prefix: The letters that the word has to begin with.
        known_words: Whether to rank also by how common a spelling is.
        as_json: Whether to print JSON.
    """

    pronunciation: Reading | None
    input: str | None
    model: str
    beam: int
    prefix: str
    known_words: bool
    as_json: bool

    @property
    def words_alone(self) -> bool:
        """Whether only the words are needed, so that the search need not store alignments."""
        return not (self.as_json or self.known_words or self.prefix)


def parse(arguments: argparse.Namespace) -> SpellRequest:
    """Parse the arguments of `spell`.

    Raises:
        EngineError: A value cannot be used, or the phonemes cannot be read.
    """
    if bool(arguments.phonemes) == (arguments.input is not None):
        raise ParameterError('Give either phonemes, as in "K AE1 T", or --input and a file.')
    check_width(arguments.beam)
    prefix = arguments.begin.lower() if arguments.begin.isascii() else arguments.begin
    check_prefix(prefix)
    library.check(arguments.model)
    pronunciation = read_entry(" ".join(arguments.phonemes)) if arguments.phonemes else None
    return SpellRequest(
        pronunciation=pronunciation,
        input=arguments.input,
        model=arguments.model,
        beam=arguments.beam,
        prefix=prefix,
        known_words=arguments.known_words,
        as_json=arguments.json,
    )


def run(request: SpellRequest) -> None:
    """Spell one pronunciation, or every line of a file."""
    if request.pronunciation is not None:
        _spell_one(request, request.pronunciation)
    elif request.input is not None:
        _spell_lines(request, request.input)


def _spell_one(request: SpellRequest, line: Reading) -> None:
    with progress_line() as progress:
        progress.add_task("Starting TensorFlow", total=None)
        speller = _load(request)
        (frame,) = _spelled([line], speller, request)
    if request.as_json:
        output.show_json(_result(line, frame, request))
    else:
        output.show(_table(line, frame, request))
    for note in (*line.notes, *frame.notes):
        output.note(note)


class _Remarks:
    """Prints notes and errors about lines of a file on stderr: the first few of each kind."""

    def __init__(self, progress: Progress) -> None:
        self._console = progress.console
        self._n_shown: dict[str, int] = {}

    def say(self, kind: str, number: int, sentence: object) -> None:
        """Print a sentence about a line, unless enough of its kind have been printed."""
        self._n_shown[kind] = self._n_shown.get(kind, 0) + 1
        if self._n_shown[kind] <= _SHOWN:
            text = printable(f"line {number:,}: {sentence}")
            self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def finish(self) -> None:
        """Say how many notes were not shown; the last error counts the lines with errors."""
        more = self._n_shown.get("note", 0) - _SHOWN
        if more > 0:
            noun = "note" if more == 1 else "notes"
            self._console.print(f"{more:,} more {noun} of these kinds.", highlight=False)


def _spell_lines(request: SpellRequest, path: str) -> None:
    """Spell line by line; a line that cannot be read is reported and skipped."""
    n_lines = n_bad = 0
    has_word = None
    with opened(path) as file, progress_line() as progress:
        remarks = _Remarks(progress)
        task = progress.add_task("Starting TensorFlow", total=None)
        speller = _load(request)
        numbered = enumerate(lines_of(file), 1)
        while chunk := list(islice(numbered, _CHUNK)):
            pronounced = [(number, text) for number, text in chunk if _has_phonemes(text)]
            if has_word is None:
                has_word = has_words_in_front(text for _, text in pronounced)
            lines: dict[int, Reading] = {}
            for number, text in pronounced:
                try:
                    lines[number] = read_entry(text, has_word=has_word)
                except DataError as error:
                    n_bad += 1
                    remarks.say("complaint", number, error)
            n_lines += len(pronounced)
            _print(lines, speller, request, remarks)
            progress.update(task, description=f"{n_lines:,} lines")
        remarks.finish()
    if n_lines == 0:
        raise DataError(f"{path} has no pronunciation; write one on each line.")
    if n_bad:
        raise DataError(_left_out(n_bad, n_lines))


def _left_out(n_bad: int, n_lines: int) -> str:
    """Return the last sentence if at least one line could not be read."""
    if n_lines == 1:
        return "The only line could not be read."
    if n_bad == n_lines:
        return f"{n_bad:,} of {n_lines:,} lines could not be read, so none is spelled."
    verb = "was" if n_bad == 1 else "were"
    others = "the other is" if n_lines - n_bad == 1 else "the others are"
    return (
        f"{n_bad:,} of {n_lines:,} lines could not be read and {verb} left out; {others} spelled."
    )


def _has_phonemes(text: str) -> bool:
    """Whether a line contains a pronunciation, and is not empty or a comment."""
    return bool(text.strip()) and not text.lstrip("\ufeff \t").startswith(_COMMENTS)


def _load(request: SpellRequest) -> library.Loaded:
    device.start()
    return library.load(request.model)


def _print(
    lines: dict[int, Reading],
    speller: library.Loaded,
    request: SpellRequest,
    remarks: _Remarks,
) -> None:
    """Spell lines, by their numbers, and print the results."""
    if not request.words_alone:
        frames = _spelled(list(lines.values()), speller, request)
        for (number, line), frame in zip(lines.items(), frames, strict=True):
            if request.as_json:
                output.show_json(_result(line, frame, request))
            else:
                output.show(_row(line, frame.spellings[0].letters))
            for note in (*line.notes, *frame.notes):
                remarks.say("note", number, note)
        return
    found = speller.decoder.words([line.phonemes for line in lines.values()], request.beam)
    for (number, line), words in zip(lines.items(), found, strict=True):
        output.show(_row(line, words[0][0]))
        for note in (*line.notes, *unlearned(line.phonemes, [words[0][0]])):
            remarks.say("note", number, note)


def _spelled(
    lines: Sequence[Reading], speller: library.Loaded, request: SpellRequest
) -> list[SpellFrame]:
    pronunciations = [line.phonemes for line in lines]
    frames = speller.decoder.spell(pronunciations, request.beam, request.prefix)
    return [known_words.reranked(f) for f in frames] if request.known_words else frames


def _result(line: Reading, frame: SpellFrame, request: SpellRequest) -> dict[str, Any]:
    """Return the JSON object for one pronunciation."""
    best = frame.spellings[0]
    result: dict[str, Any] = {
        "phonemes": list(frame.phonemes),
        "word": line.word,
        "model": request.model,
        "spellings": [
            {
                "letters": spelling.letters,
                "log_probability": round(spelling.log_probability, 6),
                "probability": spelling.probability,
            }
            for spelling in frame.spellings
        ],
        "dictionary": listed_for(frame.phonemes),
        "alignment": [[round(weight, 6) for weight in row] for row in best.alignment.tolist()],
    }
    if request.known_words:
        pairs = zip(frame.spellings, frame.shares, strict=True)
        for shown, (spelling, share) in zip(result["spellings"], pairs, strict=True):
            shown["frequency"] = known_words.frequency(spelling.letters)
            shown["share"] = share
        result["homophones"] = result["dictionary"]
    if notes := (*line.notes, *frame.notes):
        result["notes"] = list(notes)
    return result


def _table(line: Reading, frame: SpellFrame, request: SpellRequest) -> str:
    """Format the spellings with their shares, one on each line, and the dictionary's words."""
    width = max(len(spelling.letters) for spelling in frame.spellings)
    rows = []
    for spelling, share in zip(frame.spellings, frame.shares, strict=True):
        row = f"{spelling.letters:{width}} {100 * share:6.2f} %"
        if request.known_words:
            millions = 1e6 * known_words.frequency(spelling.letters)
            row += f" {millions:10.2f} in a million words" if millions else "  not a known word"
        rows.append(row)
    rows.append(f"%: {frame.shares_are}")
    if listed := listed_for(frame.phonemes):
        rows.append(f"The dictionary: {', '.join(listed)}")
    if line.word is not None:
        right = "right" if frame.spellings[0].letters == line.word else "wrong"
        rows.append(f"The word given is {line.word}: {right}")
    return "\n".join(rows)


def _row(line: Reading, word: str) -> str:
    """Format one line of a file: the given word, if any; the phonemes; the spelling."""
    given = [] if line.word is None else [line.word]
    return "\t".join([*given, " ".join(line.phonemes), word])
