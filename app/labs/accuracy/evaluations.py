"""Spellers being evaluated, over the engine thread, and what was kept of it."""

import functools
import gc
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from app.running.bridge import Bridge, Run
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
from engine.spelling.evaluation import kept
from engine.spelling.evaluation.answers import Answer, LengthFigures, by_length, judge
from engine.spelling.evaluation.kept import Key

# Words a frame, by the width of the beam: what is asked elsewhere gets in between two frames.
_BATCH = {1: 64, 5: 24}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an evaluation is.

    Attributes:
        speller: The one that is evaluated.
        place: Of it among those chosen, from 1.
        n_spellers: Chosen.
        n_done, n_words: Words spelled, and in all.
        seconds: Spent on them.
    """

    speller: str
    place: int
    n_spellers: int
    n_done: int = 0
    n_words: int = 0
    seconds: float = 0.0

    @property
    def seconds_left(self) -> float | None:
        """For this speller; None before anything is known."""
        return self.seconds / self.n_done * (self.n_words - self.n_done) if self.n_done else None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Evaluated:
    """A speller's answers to all words.

    Attributes:
        speller: Its name.
        width: Of the beam.
        rows: The answers, as the table has them.
        lengths: The figures for each length.
        problem: Why they could not be kept, if so.
    """

    speller: str
    width: int
    rows: tuple[Row, ...]
    lengths: tuple[LengthFigures, ...]
    problem: DataError | None = None


@dataclass(frozen=True, slots=True)
class _Job:
    """What is asked for: spellers, the width of the beam, a sample of words or all, a folder."""

    names: tuple[str, ...]
    width: int
    n_words: int | None
    folder: Path


class Evaluator(QObject):
    """Evaluates spellers one after the other, and reads what was kept.

    Signals:
        progressed: How far it is.
        evaluated: A speller is through, or was found on disk.
        ended: Nothing is going on any more.
        failed: Why it ended too early.
    """

    progressed = pyqtSignal(Progress)
    evaluated = pyqtSignal(Evaluated)
    ended = pyqtSignal()
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, folder: Path, n_words: int | None, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._folder, self._n_words = bridge, folder, n_words
        self._run: Run | None = None

    @property
    def busy(self) -> bool:
        """Whether something is going on."""
        return self._run is not None

    def read(self, names: Sequence[str], width: int) -> None:
        """Show those of the spellers that were kept; the others are left out."""
        self._start(names, width, only_kept=True)

    def evaluate(self, names: Sequence[str], width: int) -> None:
        """Evaluate the spellers that were not kept, and show them all."""
        self._start(names, width, only_kept=False)

    def cancel(self) -> None:
        """Leave it; the spellers that are through stay."""
        if self._run is not None:
            self._run.cancel()
            self._run = None
            self.ended.emit()

    def _start(self, names: Sequence[str], width: int, only_kept: bool) -> None:
        self.cancel()
        job = _Job(tuple(names), width, self._n_words, self._folder)
        self._run = self._bridge.run(lambda: _frames(job, only_kept))
        self._run.advanced.connect(self._on_advanced)
        self._run.finished.connect(lambda: self._on_end(None))
        self._run.failed.connect(self._on_end)
        self._run.advance()

    def _on_advanced(self, frames: tuple[Progress | Evaluated, ...]) -> None:
        run = self._run
        for frame in frames:
            (self.progressed if isinstance(frame, Progress) else self.evaluated).emit(frame)
        if run is not None and run is self._run:  # a slot may have cancelled
            run.advance()

    def _on_end(self, error: Exception | None) -> None:
        self._run = None
        self.ended.emit()
        if error is not None:
            self.failed.emit(error)


def _frames(job: _Job, only_kept: bool) -> Generator[Progress | Evaluated, None, None]:
    """On the engine thread: frames of every speller, with its result as the last of them."""
    entries = _words(job.n_words)
    for place, name in enumerate(job.names, 1):
        here = Progress(speller=name, place=place, n_spellers=len(job.names), n_words=len(entries))
        if not only_kept:
            yield here
        key = kept.key_of(name, entries, job.width)
        found = _kept(job, key)
        if found is not None:
            yield found
        elif not only_kept:
            answers = yield from _spelled(here, entries, job.width)
            yield _finished(name, job.width, answers, _problem(job.folder, key, answers))


def _spelled(
    start: Progress, entries: Sequence[Entry], width: int
) -> Generator[Progress, None, list[Answer]]:
    """Spell all words, with a frame for a few of them each."""
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


def _kept(job: _Job, key: Key) -> Evaluated | None:
    """What was kept, if it was."""
    with uncollected():
        answers = kept.load(job.folder, key)
    return None if answers is None else _finished(key.speller, job.width, answers)


def _problem(folder: Path, key: Key, answers: Sequence[Answer]) -> DataError | None:
    """Keep the answers; what cannot be kept can be shown all the same."""
    try:
        kept.save(folder, key, answers)
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
    """The words to spell; the dictionary is read for them and for judging, and stays."""
    with uncollected():
        entries = lecture_entries(Part.TEST)
        listed_for(["T"])
        gc.freeze()
    return entries if n_words is None else sample(entries, n_words)
