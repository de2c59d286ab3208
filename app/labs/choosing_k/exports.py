"""Writes the curves over k and the runs of the start lottery as tables."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.clustering.choosing_k.choices import ChoiceFrame, ChoiceOptions, LotteryRun
from engine.data.output.formats import TEXT_TABLE, check_suffix
from engine.data.output.table_files import frame_of, write_table

_CURVES = ("k", "seed", "inertia", "silhouette", "gap", "gap_error", "next_seed")
_LOTS = ("k", "seeding", "seed", "inertia", "iterations")


def write_curves(path: Path, frame: ChoiceFrame, options: ChoiceOptions) -> None:
    """Write a line for each k; a cell is empty if nothing was measured.

    Args:
        path: The file, which is replaced; .npy has all columns, NaN where nothing was measured.
        frame: The measurements.
        options: The options of the runs; the seed of a line reproduces its clustering.

    Raises:
        ParameterError: The suffix is not one of a table.
        DataError: The file cannot be written.
    """
    pairs = zip(frame.ks, frame.starts, strict=True)
    seeds = [options.run(int(k), int(start)).seed for k, start in pairs]
    curves = [frame.inertias, frame.silhouettes, frame.gaps, frame.gap_errors, frame.next_seeds]
    table = frame_of(zip(_CURVES, [np.asarray(frame.ks), seeds, *curves], strict=True))
    write_table(path, table.fill_nan(None))


def write_lots(path: Path, runs: Sequence[LotteryRun]) -> None:
    """Write a line for each run.

    Args:
        path: The file, which is replaced; not .npy, because the seeding is text.
        runs: At least one.

    Raises:
        ParameterError: The suffix is not one of a table with text.
        DataError: The file cannot be written.
    """
    check_suffix(path, TEXT_TABLE)
    rows = [
        (run.options.n_clusters, run.options.seeding, run.options.seed, run.inertia, run.iterations)
        for run in runs
    ]
    write_table(path, frame_of(zip(_LOTS, zip(*rows, strict=True), strict=True)))
