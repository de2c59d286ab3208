"""Registers mean shift for the window and the command line."""

from collections.abc import Generator

import numpy as np

from engine.clustering.base import Algorithm, Measure, Start
from engine.clustering.mean_shift.frames import MeanShiftFrame
from engine.clustering.mean_shift.options import MeanShiftOptions, note


def _frames(
    points: np.ndarray, options: MeanShiftOptions, _: Start | None
) -> Generator[MeanShiftFrame, None, None]:
    from engine.clustering.mean_shift.stepper import mean_shift

    yield from mean_shift(points, options)


MEAN_SHIFT = Algorithm(
    name="mean-shift",
    title="mean shift",
    aliases=("mean shift",),
    options=MeanShiftOptions,
    stepper=_frames,
    row_arrays={MeanShiftFrame: ("labels", "positions")},
    measure=Measure("shift", lambda frame: frame.shift),
    columns=(Measure("density", lambda frame: frame.densities),),
    has_centroids=True,
    note=note,
)
