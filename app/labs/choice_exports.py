"""What was measured about k, and what came of the start lottery, as CSV files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.clustering.choices import ChoiceFrame, ChoiceOptions, LotteryRun
from engine.data import writing

_CURVES = ("k", "seed", "inertia", "silhouette", "gap", "gap_error", "next_seed")
_LOTS = ("k", "seeding", "seed", "inertia", "iterations")


def write_curves(path: Path, frame: ChoiceFrame, options: ChoiceOptions) -> None:
    """Write a line for each k; a cell is empty where nothing is known.

    Args:
        path: The file, which is replaced.
        frame: What was measured.
        options: Of the runs: the seed of a line gives its clustering again.

    Raises:
        DataError: The file cannot be written.
    """
    curves = np.column_stack(
        [frame.inertias, frame.silhouettes, frame.gaps, frame.gap_errors, frame.next_seeds]
    )
    rows = []
    for k, start, values in zip(frame.ks, frame.starts, curves.tolist(), strict=True):
        cells = ("" if np.isnan(value) else value for value in values)
        rows.append((k, options.run(int(k), int(start)).seed, *cells))
    writing.write_rows(path, _CURVES, rows)


def write_lots(path: Path, runs: Sequence[LotteryRun]) -> None:
    """Write a line for each run; a DataError where the file cannot be written."""
    rows = [
        (run.options.n_clusters, run.options.seeding, run.options.seed, run.inertia, run.iterations)
        for run in runs
    ]
    writing.write_rows(path, _LOTS, rows)
