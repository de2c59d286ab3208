"""What can be chosen about mean shift, with the names the command line and the window use."""

from dataclasses import dataclass
from enum import StrEnum

from engine.clustering.kmeans.options import MAX_ITER
from engine.clustering.mean_shift.frames import Kernel, MeanShiftFrame
from engine.errors import ParameterError

# Up to so many points every point climbs; above it one climb starts in each bin.
MAX_EXACT = 20_000
# No two points that can be clustered are farther apart: see `checks`.
MAX_BANDWIDTH = 1e15


class Form(StrEnum):
    """What moves.

    CLIMBING: Points climb, and the data stay where they are (Comaniciu and Meer).
    BLURRING: The data themselves move, and so does what is averaged (Fukunaga and Hostetler).
    """

    CLIMBING = "climbing"
    BLURRING = "blurring"


class Seeds(StrEnum):
    """Where climbs start.

    AUTO: At every point of up to `MAX_EXACT`, else in bins.
    POINTS: At every point, of up to `MAX_EXACT`.
    BINS: In the middle of each cell of a grid that has points; cells are a bandwidth wide.
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
    """Everything but the points that decides what a run of mean shift does.

    Attributes:
        bandwidth: How far the kernel reaches, in the units of the points, or the rule for it.
        kernel: How the points are weighted.
        form: What moves.
        seeds: Where climbs start; the blurring form moves all points.
        seed: The seed of the sample that a rule looks at where there are many points.
        max_iter: The number of shifts after which a run stops, converged or not.
    """

    bandwidth: float | Rule = Rule.ESTIMATE
    kernel: Kernel = Kernel.GAUSSIAN
    form: Form = Form.CLIMBING
    seeds: Seeds = Seeds.AUTO
    seed: int = 0
    max_iter: int = MAX_ITER

    def __post_init__(self) -> None:
        """Refuse what no data could make valid.

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
    """A warning about the last frame of a run, and what to do; empty if there is none."""
    n_points = len(frame.labels)
    if n_points < 2 or 2 * frame.n_alone <= n_points:
        return ""
    return (
        f"{frame.n_alone:,} of {n_points:,} points are alone in their cluster: a bandwidth of "
        f"{frame.bandwidth:.3g} is too small for them to reach another. Choose a much larger one, "
        "or a rule: the estimate, or a third of the points."
    )
