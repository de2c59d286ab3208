"""Registers DBSCAN for the window and the command line."""

from collections.abc import Generator

import numpy as np

from engine.clustering.base import Algorithm, Measure, Start
from engine.clustering.dbscan.frames import DbscanFrame, note
from engine.clustering.dbscan.options import DbscanOptions


def _frames(
    points: np.ndarray, options: DbscanOptions, _: Start | None
) -> Generator[DbscanFrame, None, None]:
    from engine.clustering.dbscan.stepper import dbscan

    yield from dbscan(points, options)


DBSCAN = Algorithm(
    name="dbscan",
    title="DBSCAN",
    options=DbscanOptions,
    stepper=_frames,
    row_arrays={DbscanFrame: ("labels", "n_neighbors")},
    measure=Measure("points in no cluster", lambda frame: frame.n_unassigned),
    columns=(Measure("core points", lambda frame: frame.n_core),),
    has_noise=True,
    note=note,
)
