"""`evaluate`: measures how well spellers spell words that they were not trained on."""

import argparse
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from rich.progress import Progress

from engine.commands import output
from engine.commands.progress import progress_bar
from engine.errors import ParameterError
from engine.numbers import counted
from engine.plain_text import printable
from engine.runtime import device, interrupts
from engine.spelling import library
from engine.spelling.dictionary.pronunciations import Entry, Part, lecture_entries, sample
from engine.spelling.recipes import check_width

_EXAMPLES = """\
examples:
  python main.py evaluate
  python main.py evaluate transformer --part valid --beam 5 --json

exact   the dictionary's word itself, of all words
5 best  the dictionary's word among the five best (with --beam 5 or more)
fair    any spelling that the dictionary lists for exactly that pronunciation
unseen  exact, of only the words whose pronunciation is that of no word in the training data
"""
_N_EXAMPLES = 20


def add_parser(commands: Any) -> None:
    """Add the command and its arguments to the parser of the command line."""
    parser = commands.add_parser(
        "evaluate",
        help="measure spellers on words they were not trained on",
        description="Measure spellers on words of the dictionary that they were not trained on.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("models", metavar="NAME|FILE", nargs="*", help="which spellers (default all shipped)")
    add("--part", choices=["test", "valid"], default="test", help="which words (default test)")
    add("--beam", type=int, default=1, help="beam width (default 1, greedy search)")
    add("--words", type=int, metavar="N", help="a sample of N words (default all)")
    add("--without-stress", action="store_true", help="leave the stress of the vowels out")
    add("--json", action="store_true", help="print one JSON object for each speller, one a line")
    parser.set_defaults(run=lambda arguments: run(parse(arguments)))


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateRequest:
    """One call of `evaluate`, parsed.

    Attributes:
        models: The spellers, shipped ones or files.
        part: Which words: "test" or "valid".
        beam: The beam width.
        n_words: How many of the words; None for all.
        with_stress: Whether the vowels keep their stress.
        as_json: Whether to print JSON.
    """

    models: tuple[str, ...]
    part: Part
    beam: int
    n_words: int | None
    with_stress: bool
    as_json: bool


def parse(arguments: argparse.Namespace) -> EvaluateRequest:
    """Parse the arguments of `evaluate`.

    Raises:
        EngineError: A value cannot be used, or there is no such speller.
    """
    check_width(arguments.beam)
    if arguments.words is not None and arguments.words < 1:
        raise ParameterError(f"--words must be 1 or more, not {arguments.words}.")
    models = tuple(arguments.models or library.names())
    for name in models:
        library.check(name)
    return EvaluateRequest(
        models=models,
        part=Part(arguments.part),
        beam=arguments.beam,
        n_words=arguments.words,
        with_stress=not arguments.without_stress,
        as_json=arguments.json,
    )


def run(request: EvaluateRequest) -> None:
    """Measure one speller after another."""
    entries = lecture_entries(request.part)
    if request.n_words is not None:
        entries = sample(entries, request.n_words)
    for index, name in enumerate(request.models):
        with progress_bar() as progress:
            result, examples = _measure(name, entries, request, progress)
        if request.as_json:
            output.show_json(result)
        else:
            output.show("\n".join([*([""] if index else []), _table(result, examples)]))
        output.finish()  # before the next, which takes minutes


def _measure(
    name: str, entries: Sequence[Entry], request: EvaluateRequest, progress: Progress
) -> tuple[dict[str, Any], list[Any]]:
    task = progress.add_task("Starting TensorFlow", total=None)
    device.start()
    from engine.spelling.evaluation.figures import evaluate, summary, unstressed

    given = entries if request.with_stress else unstressed(entries)
    speller = library.load(name)
    answers: list[Any] = []
    with closing(evaluate(speller.decoder, given, request.beam)) as frames:
        for frame in frames:
            interrupts.check()
            answers += frame.answers
            progress.update(task, total=frame.n_words, completed=frame.n_done, description=name)
    result = {
        "model": name,
        "part": request.part.value,
        "beam": request.beam,
        "stress": request.with_stress,
        **summary(answers, request.beam),
        "words_per_second": round(len(answers) / frame.seconds, 1),
    }
    answers.sort(key=lambda answer: answer.entry.word)
    return result, sample(answers, _N_EXAMPLES)


def _table(result: dict[str, Any], examples: Sequence[Any]) -> str:
    """Format the figures, the words by length, and some examples."""
    stress = "" if result["stress"] else ", without stress"
    at_5 = "" if result["exact_at_5"] is None else f"   5 best {result['exact_at_5']:.1%}"
    rows = [
        f"{printable(result['model'])}: {counted(result['n_words'], 'word')} for {result['part']}, "
        f"beam {result['beam']}{stress}, {result['words_per_second']:,.0f} words/s",
        f"exact {result['exact']:.1%}{at_5}   fair {result['fair']:.1%}   "
        f"unseen {_percent(result['unseen'])}   letter errors {result['letter_error_rate']:.1%}",
        "",
        "letters   words   exact    fair",
    ]
    for length, row in result["by_length"].items():
        rows.append(
            f"{length:>7} {row['n_words']:>7,} {_percent(row['exact']):>7} "
            f"{_percent(row['fair']):>7}"
        )
    rows.append("")
    width = max(len("-".join(answer.entry.phonemes)) for answer in examples)
    for answer in examples:
        right = "right" if answer.is_right else "wrong"
        rows.append(
            f"{'-'.join(answer.entry.phonemes):{width}}  {answer.entry.word:15}  "
            f"{answer.word:15}  {right}"
        )
    return "\n".join(rows)


def _percent(part: float | None) -> str:
    return "-" if part is None else f"{part:.1%}"
