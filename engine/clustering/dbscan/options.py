"""What can be chosen about DBSCAN, with the names that the command line and the window use."""

from dataclasses import dataclass

from engine.errors import ParameterError

# No two points that can be clustered are farther apart: see `checks`.
MAX_EPS = 1e15
# Five points, counting the point itself: the distance to the fourth nearest neighbour is what the
# paper draws, and what it finds no gain beyond.
MIN_POINTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DbscanOptions:
    """Everything but the points that decides what a run of DBSCAN does.

    Attributes:
        eps: Points at most this far apart are neighbours, in the units of the points. None chooses
            it by `estimated_eps`.
        min_points: A point with so many neighbours, itself included, is a core point.
    """

    eps: float | None = None
    min_points: int = MIN_POINTS

    def __post_init__(self) -> None:
        """Refuse what no data could make valid.

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
