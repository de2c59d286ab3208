"""`choose-k`: runs four methods for choosing the number of clusters."""

import argparse
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from rich.progress import Progress

from engine import source
from engine.clustering.choosing_k.choices import ChoiceFrame, ChoiceOptions, Method
from engine.clustering.kmeans.options import KMeansOptions, Seeding
from engine.commands import output, table_arguments
from engine.commands.progress import progress_bar, progress_line
from engine.commands.table_arguments import SourceRequest
from engine.data.dataset import Dataset
from engine.data.scaling import Scaling
from engine.numbers import counted
from engine.plain_text import printable
from engine.runtime import device, interrupts

_DEFAULTS = ChoiceOptions()
_EXAMPLES = """\
methods:
  elbow       where the inertia bends most
  silhouette  the largest mean, with points near their own cluster and far from the next
  gap         the smallest k whose gap the next k does not exceed by more than its standard error
  next seed   where the distance to the next farthest-first seed drops most

examples:
  python main.py choose-k blobs:clusters=6,per_cluster=250,seed=0 --min 2 --max 12
  python main.py choose-k iris.csv --max 8 --starts 10 --json
"""


def add_parser(commands: Any) -> None:
    """Add the command and its arguments to the parser of the command line."""
    parser = commands.add_parser(
        "choose-k",
        help="how many clusters: elbow, silhouette, gap, farthest-first seeds",
        description="Run k-means for a range of k; print the k that each of four methods chooses.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add, options = parser.add_argument, _DEFAULTS
    add("source", metavar="SOURCE", help="a file or a recipe, as for cluster")
    add("--min", type=int, default=options.min_k, help=f"smallest k (default {options.min_k})")
    add("--max", type=int, default=options.max_k, help=f"largest k (default {options.max_k})")
    add(
        "--starts",
        type=int,
        default=options.n_starts,
        help=f"runs for each k, of which the best counts (default {options.n_starts})",
    )
    add(
        "--references",
        type=int,
        default=options.n_references,
        help="reference data sets, in which every point is equally likely, for the gap "
        f"(default {options.n_references})",
    )
    add(
        "--seeding",
        choices=[seeding.value for seeding in Seeding],
        default=options.kmeans.seeding.value,
        help=f"how first centroids are chosen (default {options.kmeans.seeding})",
    )
    add("--seed", type=int, default=0, help="the seed of the first start (default 0)")
    table_arguments.add_column_arguments(parser)
    add("--json", action="store_true", help="print one JSON object")
    table_arguments.add_arguments(parser)
    parser.set_defaults(run=lambda arguments: run(parse(arguments)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseKRequest:
    """One call of `choose-k`, parsed.

    Attributes:
        source: The points to load.
        options: The range of k, and the options of the runs.
        as_json: Whether to print JSON.
    """

    source: SourceRequest
    options: ChoiceOptions
    as_json: bool


def parse(arguments: argparse.Namespace) -> ChooseKRequest:
    """Parse the arguments of `choose-k`.

    Raises:
        ParameterError: A value cannot be used.
    """
    options = replace(
        _DEFAULTS,
        min_k=arguments.min,
        max_k=arguments.max,
        n_starts=arguments.starts,
        n_references=arguments.references,
        kmeans=KMeansOptions(seeding=Seeding(arguments.seeding), seed=arguments.seed),
    )
    source_request = table_arguments.parse(arguments)
    return ChooseKRequest(source=source_request, options=options, as_json=arguments.json)


def run(request: ChooseKRequest) -> None:
    """Load, measure, choose and print."""
    wanted = request.source
    with progress_line() as progress:
        progress.add_task("Reading points and starting TensorFlow", total=None)
        dataset = source.load(wanted.name, wanted.columns, wanted.how)
        used_device = device.start()
    points = dataset.points
    if wanted.standardize:
        points = Scaling.fit(points).forward(points)
    began = time.perf_counter()
    with progress_bar() as progress:
        frame = _measure(points, request.options, progress)
    seconds = time.perf_counter() - began
    for note in (*dataset.notes, *_notes(frame)):
        output.note(note)
    result = _result(request, dataset, frame)
    result |= {"device": str(used_device), "seconds": round(seconds, 3)}
    if request.as_json:
        output.show_json(result)
    else:
        output.show(_table(result))


def _measure(points: np.ndarray, options: ChoiceOptions, progress: Progress) -> ChoiceFrame:
    """Run to the last frame."""
    from engine.clustering.choosing_k.stepper import choose_k

    task = progress.add_task("", total=options.n_fits)
    for frame in choose_k(points, options):
        interrupts.check()
        progress.update(task, completed=frame.n_done, description=frame.doing)
    return frame


def _notes(frame: ChoiceFrame) -> list[str]:
    if frame.n_sampled == frame.n_points:
        return []
    return [
        f"Silhouettes and gaps are those of {frame.n_sampled:,} of {frame.n_points:,} points, "
        "drawn by the seed."
    ]


def _result(request: ChooseKRequest, dataset: Dataset, frame: ChoiceFrame) -> dict[str, Any]:
    options = request.options
    choices = {method: frame.choice(method) for method in Method}
    return {
        "source": dataset.source,
        "n_points": frame.n_points,
        "n_dims": len(dataset.columns),
        "n_sampled": frame.n_sampled,
        "dropped_rows": dataset.dropped_rows,
        "standardized": request.source.standardize,
        "seeding": options.kmeans.seeding.value,
        "seed": options.kmeans.seed,
        "starts": options.n_starts,
        "references": options.n_references,
        "ks": [_row(options, frame, index) for index in range(len(frame.ks))],
        "choices": {
            method.value: {"k": choice.k, "why": choice.why} for method, choice in choices.items()
        },
    }


def _row(options: ChoiceOptions, frame: ChoiceFrame, index: int) -> dict[str, Any]:
    """Return the figures for one k; `cluster` with its seed gives the same clustering."""
    k = int(frame.ks[index])
    curves = {
        "inertia": frame.inertias,
        "silhouette": frame.silhouettes,
        "gap": frame.gaps,
        "gap_error": frame.gap_errors,
        "next_seed": frame.next_seeds,
    }
    return {"k": k, "seed": options.run(k, int(frame.starts[index])).seed} | {
        name: _number(values[index]) for name, values in curves.items()
    }


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _table(result: dict[str, Any]) -> str:
    """Format the result as a table: one line for each k, and one for each method."""
    units = " (of standardized columns)" if result["standardized"] else ""
    lines = [
        f"{counted(result['n_points'], 'point')} in {counted(result['n_dims'], 'dimension')} from "
        f"{printable(result['source'])}",
        f"{counted(result['starts'], 'start')} for each k, seeding {result['seeding']}, from seed "
        f"{result['seed']}; {counted(result['references'], 'reference')} for the gap",
        f"{result['seconds']:.1f} seconds, on {result['device']}",
        "",
        f"{'k':>4} {'inertia':>14} {'silhouette':>11} {'gap':>9} {'error':>8} {'next seed':>11} "
        f"{'seed':>6}{units}",
    ]
    lines += [_line(row) for row in result["ks"]]
    lines.append("")
    for method, choice in result["choices"].items():
        chosen = "-" if choice["k"] is None else choice["k"]
        lines.append(f"{method:<10} {chosen:>4}  {choice['why']}")
    return "\n".join(lines)


def _line(row: dict[str, Any]) -> str:
    formats = {
        "inertia": "14.6g",
        "silhouette": "11.3f",
        "gap": "9.3f",
        "gap_error": "8.3f",
        "next_seed": "11.4g",
    }
    cells = [
        f"{'-':>{form.partition('.')[0]}}" if row[name] is None else f"{row[name]:{form}}"
        for name, form in formats.items()
    ]
    return f"{row['k']:>4} {' '.join(cells)} {row['seed']:>6}"
