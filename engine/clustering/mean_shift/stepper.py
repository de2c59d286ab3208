"""Mean shift as frames: points climb, shift by shift, to where the data are densest.

Fukunaga, K. and Hostetler, L. (1975). The estimation of the gradient of a density function, with
applications in pattern recognition. IEEE Transactions on Information Theory 21(1), 32-40: the
blurring form. Comaniciu, D. and Meer, P. (2002). Mean shift: a robust approach toward feature space
analysis. IEEE Transactions on Pattern Analysis and Machine Intelligence 24(5), 603-619: the
climbing form.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np

from engine.clustering.checks import check
from engine.clustering.frames import Phase, Stop
from engine.clustering.kmeans.backends.half_steps import assign
from engine.clustering.mean_shift.bandwidth import bandwidth_of
from engine.clustering.mean_shift.binning import bin_seeds, check_reach, condensed
from engine.clustering.mean_shift.climbing import Climber, type_for
from engine.clustering.mean_shift.frames import MeanShiftFrame
from engine.clustering.mean_shift.options import MAX_EXACT, Form, MeanShiftOptions, Seeds
from engine.errors import CapacityError, ParameterError
from engine.frames import sealed
from engine.runtime.backend import tf

# A climb ends when its shift is at most this fraction of the bandwidth, as in scikit-learn.
TOLERANCE = 1e-3
# Shifts between two frames if few frames are wanted.
_FIT_STEPS = 8
# This many modes have a frame each; after that a frame follows whenever there are a quarter more.
# If few frames are wanted, the first one has a thousand modes.
_ONE_BY_ONE, _FIT_MODES = 20, 1000


@dataclass(slots=True, eq=False)
class _Climbs:
    """Climbs: their positions (M, D), last shifts (M,), and densities there (M,)."""

    places: np.ndarray
    shifts: np.ndarray
    density: np.ndarray

    @classmethod
    def at(cls, places: np.ndarray) -> "_Climbs":
        """Return climbs at their starting positions (M, D)."""
        far = np.full(len(places), np.inf, places.dtype)
        return cls(places.copy(), far, np.zeros(len(places), places.dtype))


class _Task:
    """The centred points, what is averaged in their place, and the climbs."""

    def __init__(self, points: np.ndarray, options: MeanShiftOptions) -> None:
        check(points, points[:1])
        self.options = options
        self.bandwidth = bandwidth_of(points, options)
        check_reach(points, self.bandwidth)
        self.origin = points.mean(0, dtype=np.float64)
        around_zero = points - self.origin
        self.points = around_zero.astype(type_for(around_zero, self.bandwidth))
        self.belongs: np.ndarray | None = (
            None  # (N,) the climb of each point; None: label by the nearest mode
        )
        self.data, weights, cell = self._condensed()
        starts = self._starts(cell)
        self.climbs = _Climbs.at(starts)
        self.climber = Climber(self.data, weights, options.kernel, self.bandwidth, len(starts))
        self.no_labels = sealed(np.full(len(points), -1, np.int32))

    def _condensed(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return what is averaged, the weights, and the index of what represents each point."""
        if len(self.points) > MAX_EXACT:
            return condensed(self.points, self.bandwidth)
        ones = np.ones(len(self.points), np.float32)
        return self.points, ones, np.arange(len(self.points))

    def _starts(self, cell: np.ndarray) -> np.ndarray:
        """Return (M, D) starting positions; stores which climb belongs to each point."""
        seeds, n_points = self.options.seeds, len(self.points)
        if self.options.form is Form.CLIMBING:
            if seeds is Seeds.POINTS and n_points > MAX_EXACT:
                raise CapacityError(
                    f"Mean shift from every one of {n_points:,} points would take too long; it is "
                    f"limited to {MAX_EXACT:,}. Start in bins instead."
                )
            if seeds is Seeds.BINS or n_points > MAX_EXACT:
                return self._bins()
        self.belongs = cell
        return self.data

    def _bins(self) -> np.ndarray:
        # The grid starts at zero in the user's units, as in scikit-learn.
        middles = bin_seeds(self.points + self.origin, self.bandwidth)
        around_zero: np.ndarray = (middles - self.origin).astype(self.points.dtype)
        return around_zero

    def frame(
        self, iteration: int, phase: Phase, modes: "_Modes | None" = None, **rest: object
    ) -> MeanShiftFrame:
        n_dims = self.points.shape[1]
        centroids = np.empty((0, n_dims)) if modes is None else np.array(modes.places)
        labels = self.no_labels if modes is None else self._labels(modes)
        return MeanShiftFrame(
            iteration=iteration,
            phase=phase,
            bandwidth=self.bandwidth,
            kernel=self.options.kernel,
            positions=sealed(self.climbs.places + self.origin, np.float32),
            centroids=sealed(centroids + self.origin, np.float32),
            labels=labels,
            sizes=sealed(np.bincount(labels[labels >= 0], minlength=len(centroids))),
            densities=sealed([] if modes is None else modes.densities, np.float64),
            **rest,  # type: ignore[arg-type]
        )

    def climb(self, batch: np.ndarray | slice, n_steps: int) -> tuple[int, np.ndarray]:
        """Shift some climbs; returns how many shifts were made, and the last shift of each."""
        climbs, tolerance = self.climbs, TOLERANCE * self.bandwidth
        *ended, n_done = self.climber.climb(climbs.places[batch], n_steps, tolerance)
        climbs.places[batch], climbs.shifts[batch], climbs.density[batch] = ended
        return n_done, ended[1]

    def _labels(self, modes: "_Modes") -> np.ndarray:
        if self.belongs is not None:
            return sealed(modes.of_climbs[self.belongs])
        centroids = np.array(modes.places)
        exactly = (tf.constant(places, tf.float64) for places in (self.points, centroids))
        return sealed(assign(*exactly))


@dataclass(slots=True, eq=False)
class _Modes:
    """The modes found so far, the densest first, and the mode of each climb, -1 if it has none."""

    places: list[np.ndarray]
    densities: list[float]
    of_climbs: np.ndarray


def mean_shift(
    points: np.ndarray, options: MeanShiftOptions, n_steps: int = 1
) -> Generator[MeanShiftFrame, None, None]:
    """Climb until nothing moves, then merge the climbs that ended together.

    A point has the label of the mode where its climb ended. Climbs that start in bins belong to no
    point: then each point has the label of the nearest mode, as in scikit-learn.

    Args:
        points: (N, D) float32.
        options: What to do. With more than `MAX_EXACT` points, the cells of a fine grid, an eighth
            of a bandwidth wide, are averaged instead.
        n_steps: How many shifts each climb makes between two frames; always 1 in the blurring form.

    Yields:
        A frame of phase START; frames of SHIFT, one or, if an iteration is done in batches, several
        for each iteration; and frames of MERGE, at first one for each mode. The last says why the
        run stopped.

    Raises:
        DataError: The points cannot be clustered.
        ParameterError: The bandwidth is too small for the points.
        CapacityError: Every point should climb, but there are too many.
    """
    task = _Task(points, options)
    yield task.frame(0, Phase.START, moving=len(task.climbs.places))
    iteration = 0
    shifting = _blur(task) if options.form is Form.BLURRING else _climb(task, n_steps)
    for frame in shifting:
        iteration = frame.iteration
        yield frame
    still = not (task.climbs.shifts > TOLERANCE * task.bandwidth).any()
    stop = Stop.NO_SHIFT if still else Stop.MAX_ITER
    yield from _merge(task, iteration, stop, 1 if n_steps == 1 else _FIT_MODES)


def fit(
    points: np.ndarray,
    options: MeanShiftOptions,
    progress: Callable[[MeanShiftFrame], object] | None = None,
) -> MeanShiftFrame:
    """Run to the end with fewer frames; arguments and errors are those of `mean_shift`.

    Args:
        points: (N, D) float32.
        options: What to do.
        progress: Called with each of those frames. An exception from it ends the run.

    Returns:
        The last frame of `mean_shift`, up to rounding.
    """
    for frame in mean_shift(points, options, _FIT_STEPS):
        if progress:
            progress(frame)
    return frame


def _climb(task: _Task, n_steps: int) -> Generator[MeanShiftFrame, None, None]:
    """Shift the climbs in batches; the data stay in place."""
    climbs, tolerance, iteration = task.climbs, TOLERANCE * task.bandwidth, 0
    moving = np.arange(len(climbs.places))
    while len(moving) and iteration < task.options.max_iter:
        n_now = min(n_steps, task.options.max_iter - iteration)
        before, shift = iteration, 0.0
        for start in range(0, len(moving), task.climber.n_at_once):
            batch = moving[start : start + task.climber.n_at_once]
            n_done, shifts = task.climb(batch, n_now)
            iteration = max(iteration, before + n_done)
            shift = max(shift, float(shifts.max()))
            yield task.frame(
                iteration,
                Phase.SHIFT,
                shift=shift,
                moving=int((climbs.shifts > tolerance).sum()),
                waiting=len(moving) - start - len(batch),
            )
        moving = moving[climbs.shifts[moving] > tolerance]


def _blur(task: _Task) -> Generator[MeanShiftFrame, None, None]:
    """Shift all data, then average the shifted data."""
    climbs, tolerance = task.climbs, TOLERANCE * task.bandwidth
    n_places, n_at_once = len(climbs.places), task.climber.n_at_once
    for iteration in range(1, task.options.max_iter + 1):
        for start in range(0, n_places, n_at_once):
            batch = slice(start, start + n_at_once)
            task.climb(batch, 1)
            yield task.frame(
                iteration,
                Phase.SHIFT,
                shift=float(climbs.shifts[: start + n_at_once].max()),
                moving=int((climbs.shifts > tolerance).sum()),
                waiting=max(0, n_places - start - n_at_once),
            )
        task.climber.move_points(climbs.places)
        if not (climbs.shifts > tolerance).any():
            return


def _merge(
    task: _Task, iteration: int, stop: Stop, shown: int
) -> Generator[MeanShiftFrame, None, None]:
    """Make the densest climb a mode for all climbs within a bandwidth; then the next densest.

    The first frame has `shown` modes.
    """
    climbs = task.climbs
    modes = _Modes([], [], np.full(len(climbs.places), -1, np.int32))
    # A climb that started in the centre of a bin may have had no point within reach.
    order = [i for i in _by_density(climbs) if climbs.density[i] > 0 or not task.options.max_iter]
    if not order:
        raise ParameterError(
            "No point lies within a bandwidth of the centre of a bin; choose a larger bandwidth, "
            "or start at every point."
        )
    for index in order:
        if modes.of_climbs[index] >= 0:
            continue
        if len(modes.places) == shown:
            shown = shown + 1 if shown < _ONE_BY_ONE else shown * 5 // 4
            yield task.frame(iteration, Phase.MERGE, modes)
        _add_mode(climbs, modes, index, task.bandwidth)
    yield task.frame(iteration, Phase.MERGE, modes, stop=stop)


def _add_mode(climbs: _Climbs, modes: _Modes, index: int, bandwidth: float) -> None:
    """Add a mode where a climb ended, for all climbs within a bandwidth that have none yet."""
    squared = np.square(climbs.places - climbs.places[index]).sum(1)
    near = (squared <= bandwidth**2) & (modes.of_climbs < 0)
    modes.of_climbs[near] = len(modes.places)
    modes.places.append(climbs.places[index])
    modes.densities.append(float(climbs.density[index]))


def _by_density(climbs: _Climbs) -> list[int]:
    """Return the indices of the climbs, densest first; ties go to the largest coordinates."""
    order = np.lexsort((*climbs.places.T[::-1], climbs.density))
    return list(order[::-1])
