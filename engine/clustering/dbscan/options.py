"""The options of DBSCAN, with the names that the command line and the window use."""

from dataclasses import dataclass

from engine.errors import ParameterError

# Points that pass `checks` are never farther apart.
MAX_EPS = 1e15
# Five points, counting the point itself. The paper plots the distance to the fourth nearest
# neighbour, and finds that larger numbers differ little.
MIN_POINTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DbscanOptions:
    """Everything but the points that determines a run of DBSCAN.

    Attributes:
        eps: Points at most this far apart are neighbours, in the units of the points. None chooses
            it by `estimated_eps`.
        min_points: A point with this many neighbours, including itself, is a core point.
    """

    eps: float | None = None
    min_points: int = MIN_POINTS

    def __post_init__(self) -> None:
        """Check what does not depend on the data.

        Raises:
            ParameterError: A value is outside its range.
        """
        if self.eps is not None and not 0 < self.eps <= MAX_EPS:
            raise ParameterError(
                f"eps must be more than 0 and at most {MAX_EPS:g}, not {self.eps}."
            )
        if self.min_points < 1:
            raise ParameterError(
                f"The minimum number of points must be 1 or more, not {self.min_points}."
            )
