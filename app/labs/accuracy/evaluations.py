"""Evaluates spellers on the engine thread, and reads saved evaluations."""

import functools
import gc
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from app.running.bridge import Bridge
from app.running.requests import Request
from app.views.tables.error_rows import Row, rows_of
from engine.errors import DataError
from engine.runtime.collector import uncollected
from engine.spelling.dictionary.pronunciations import (
    Entry,
    Part,
    lecture_entries,
    listed_for,
    sample,
)
from engine.spelling.evaluation import saved
from engine.spelling.evaluation.answers import Answer, LengthFigures, by_length, judge
from engine.spelling.evaluation.saved import Key

# Words in a frame, by beam width. Other work of the engine gets its turn between two frames.
_BATCH = {1: 64, 5: 24}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The progress of an evaluation.

    Attributes:
        speller: The speller that is being evaluated.
        place: Its number among the chosen spellers, from 1.
        n_spellers: How many spellers are chosen.
        n_done: Words spelled so far.
        n_words: Words in total.
        seconds: How long the words so far took.
    """

    speller: str
    place: int
    n_spellers: int
    n_done: int = 0
    n_words: int = 0
    seconds: float = 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the rest of this speller will take; None before the first words."""
        return self.seconds / self.n_done * (self.n_words - self.n_done) if self.n_done else None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Evaluated:
    """A speller's answers for all words.

    Attributes:
        speller: Its name.
        width: The beam width.
        rows: The answers, as rows of the table.
        lengths: The figures for each length.
        problem: Why they could not be saved; None if they were saved.
    """

    speller: str
    width: int
    rows: tuple[Row, ...]
    lengths: tuple[LengthFigures, ...]
    problem: DataError | None = None


@dataclass(frozen=True, slots=True)
class _Job:
    """What to evaluate: spellers, a beam width, a number of words or all, a folder."""

    names: tuple[str, ...]
    width: int
    n_words: int | None
    folder: Path


class Evaluator(QObject):
    """Evaluates spellers one after another, and reads saved evaluations.

    Signals:
        progressed: The progress of the evaluation.
        evaluated: A speller was evaluated, or its evaluation was read.
        ended: Nothing is going on any more.
        failed: The error that ended it early.
    """

    progressed = pyqtSignal(Progress)
    evaluated = pyqtSignal(Evaluated)
    ended = pyqtSignal()
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, folder: Path, n_words: int | None, parent: QObject) -> None:
        super().__init__(parent)
        self._folder, self._n_words = folder, n_words
        self._request = Request(bridge, self)
        self._request.ended.connect(self.ended)
        self._request.failed.connect(self.failed)

    @property
    def is_busy(self) -> bool:
        """Whether anything is going on."""
        return self._request.is_busy

    def read(self, names: Sequence[str], width: int) -> None:
        """Read the saved evaluations of these spellers, ignoring spellers without one."""
        self._start(names, width, only_saved=True)

    def evaluate(self, names: Sequence[str], width: int) -> None:
        """Read the saved evaluations of these spellers, and evaluate those without one."""
        self._start(names, width, only_saved=False)

    def cancel(self) -> None:
        """Stop; finished spellers stay."""
        self._request.cancel()

    def _start(self, names: Sequence[str], width: int, only_saved: bool) -> None:
        job = _Job(tuple(names), width, self._n_words, self._folder)
        self._request.follow(lambda: _frames(job, only_saved), self._on_frame)

    def _on_frame(self, frame: Progress | Evaluated) -> None:
        (self.progressed if isinstance(frame, Progress) else self.evaluated).emit(frame)


def _frames(job: _Job, only_saved: bool) -> Generator[Progress | Evaluated, None, None]:
    """On the engine thread: yield the progress of each speller, and then its result."""
    entries = _words(job.n_words)
    for place, name in enumerate(job.names, 1):
        here = Progress(speller=name, place=place, n_spellers=len(job.names), n_words=len(entries))
        if not only_saved:
            yield here
        key = saved.key_of(name, entries, job.width)
        found = _saved(job, key)
        if found is not None:
            yield found
        elif not only_saved:
            answers = yield from _spelled(here, entries, job.width)
            yield _finished(name, job.width, answers, _problem(job.folder, key, answers))


def _spelled(
    start: Progress, entries: Sequence[Entry], width: int
) -> Generator[Progress, None, list[Answer]]:
    """Spell all words, with a frame for every few of them."""
    from engine.spelling import library
    from engine.spelling.evaluation.figures import evaluate, lengths_to_trace

    decoder = library.load(start.speller).decoder
    yield start
    for n_phonemes in lengths_to_trace(entries):
        decoder.words([["T"] * n_phonemes], width)
        yield start
    answers: list[Answer] = []
    with closing(evaluate(decoder, entries, width, _BATCH[width])) as frames:
        for frame in frames:
            answers += frame.answers
            yield replace(start, n_done=frame.n_done, seconds=frame.seconds)
    return answers


def _saved(job: _Job, key: Key) -> Evaluated | None:
    """Return the saved evaluation, if there is one."""
    with uncollected():
        answers = saved.load(job.folder, key)
    return None if answers is None else _finished(key.speller, job.width, answers)


def _problem(folder: Path, key: Key, answers: Sequence[Answer]) -> DataError | None:
    """Save the answers; returns the error if that fails, since they can still be shown."""
    try:
        saved.save(folder, key, answers)
    except DataError as error:
        return error
    return None


def _finished(
    name: str, width: int, answers: Sequence[Answer], problem: DataError | None = None
) -> Evaluated:
    with uncollected():
        judged = judge(answers)
        rows, lengths = rows_of(name, judged), by_length(judged)
    return Evaluated(speller=name, width=width, rows=rows, lengths=lengths, problem=problem)


@functools.cache
def _words(n_words: int | None) -> Sequence[Entry]:
    """Return the words to spell. The dictionary is read now, for judging the answers later."""
    with uncollected():
        entries = lecture_entries(Part.TEST)
        listed_for(["T"])
        gc.freeze()
    return entries if n_words is None else sample(entries, n_words)
