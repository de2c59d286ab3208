"""The options of mean shift, with the names that the command line and the window use."""

from dataclasses import dataclass
from enum import StrEnum

from engine.clustering.kmeans.options import MAX_ITER
from engine.clustering.mean_shift.frames import Kernel, MeanShiftFrame
from engine.errors import ParameterError

# Up to this many points every point climbs; with more, one climb starts in each bin.
MAX_EXACT = 20_000
# Points that pass `checks` are never farther apart.
MAX_BANDWIDTH = 1e15


class Form(StrEnum):
    """What moves.

    CLIMBING: Points climb, and the data stay where they are (Comaniciu and Meer).
    BLURRING: The data themselves move, and the moved data are averaged (Fukunaga and Hostetler).
    """

    CLIMBING = "climbing"
    BLURRING = "blurring"


class Seeds(StrEnum):
    """Where climbs start.

    AUTO: At every point if there are at most `MAX_EXACT`, else in bins.
    POINTS: At every point; there may be at most `MAX_EXACT`.
    BINS: In the centre of each grid cell that has points; cells are a bandwidth wide.
    """

    AUTO = "auto"
    POINTS = "points"
    BINS = "bins"


class Rule(StrEnum):
    """How a bandwidth is chosen from the points.

    LECTURE: The kernel covers a third of the data.
    ESTIMATE: What would be best if the data were one normal distribution with their standard
        deviation, but large enough that half of the points have neighbours to climb to.
    """

    LECTURE = "lecture"
    ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanShiftOptions:
    """Everything but the points that determines a run of mean shift.

    Attributes:
        bandwidth: How far the kernel reaches, in the units of the points, or the rule for it.
        kernel: How the points are weighted.
        form: What moves.
        seeds: Where climbs start; the blurring form moves all points.
        seed: The seed of the sample that a rule uses if there are many points.
        max_iter: The number of shifts after which a run stops, converged or not.
    """

    bandwidth: float | Rule = Rule.ESTIMATE
    kernel: Kernel = Kernel.GAUSSIAN
    form: Form = Form.CLIMBING
    seeds: Seeds = Seeds.AUTO
    seed: int = 0
    max_iter: int = MAX_ITER

    def __post_init__(self) -> None:
        """Check what does not depend on the data.

        Raises:
            ParameterError: A value is outside its range.
        """
        number = 1.0 if isinstance(self.bandwidth, Rule) else self.bandwidth
        if not 0 < number <= MAX_BANDWIDTH:
            raise ParameterError(
                f"The bandwidth must be more than 0 and at most {MAX_BANDWIDTH:g}, not "
                f"{self.bandwidth}."
            )
        if self.form is Form.BLURRING and self.seeds is Seeds.BINS:
            raise ParameterError("The blurring form moves every point; leave the bins out.")
        if self.seed < 0:
            raise ParameterError(f"The seed must be 0 or more, not {self.seed}.")
        if self.max_iter < 0:
            raise ParameterError(
                f"The number of iterations must be 0 or more, not {self.max_iter}."
            )


def note(frame: MeanShiftFrame) -> str:
    """Return a warning about the last frame of a run, with advice; empty if there is none."""
    n_points = len(frame.labels)
    if n_points < 2 or 2 * frame.n_alone <= n_points:
        return ""
    return (
        f"{frame.n_alone:,} of {n_points:,} points are alone in their cluster: a bandwidth of "
        f"{frame.bandwidth:.3g} is too small for them to reach another. Choose a much larger one, "
        "or a rule: the estimate, or a third of the points."
    )
