"""One stroke of a tool, from the press of the button to its release."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.labs.clustering.painting.tools import Tool
from app.numbers import counted
from engine.data.painting import Canvas, can_hold, dab

# From dab to dab, in radii.
_SPACING = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Brush:
    """How a stroke paints.

    Attributes:
        radii: (2,) of its ring, in the units of the plot.
        n_points: How many points one dab adds.
        jitter: From 0, all in the middle, to 1, the whole ring.
        rng: Where the points fall.
    """

    radii: np.ndarray
    n_points: int
    jitter: float
    rng: np.random.Generator


class Stroke:
    """Changes a canvas while the pointer moves.

    Attributes:
        canvas: The points now.
        left_out: Whether something fell where no point can be.
    """

    def __init__(self, tool: Tool, canvas: Canvas, brush: Brush, index: int = -1) -> None:
        """Press the button.

        Args:
            tool: Not the hand.
            canvas: The points before.
            brush: For the brush and the eraser.
            index: The point that is moved.
        """
        self.tool, self.canvas = tool, canvas
        self.left_out = False
        self._start, self._brush, self._index = canvas, brush, index
        self._last: np.ndarray | None = None

    @property
    def changed(self) -> bool:
        """Whether anything is different."""
        return self.canvas is not self._start

    @property
    def name(self) -> str:
        """What was done, in words."""
        n_points = abs(len(self.canvas.points) - len(self._start.points))
        names = {
            Tool.ADD: "add a point",
            Tool.MOVE: "move a point",
            Tool.BRUSH: f"paint {counted(n_points, 'point')}",
            Tool.ERASE: f"erase {counted(n_points, 'point')}",
        }
        return names[self.tool]

    def go(self, x: float, y: float) -> None:
        """Bring the pointer to a place of the plot."""
        if self.tool is not Tool.ERASE:
            self.left_out |= not can_hold(np.array([x, y]))
        if self.tool is Tool.ADD:
            self.canvas = self._start.add(np.array([[x, y]]))
        elif self.tool is Tool.MOVE:
            self.canvas = self._start.move(self._index, (x, y))
        elif self.tool is Tool.BRUSH:
            self._paint(np.array([x, y]))
        else:
            self._erase(np.array([x, y]))

    def _paint(self, place: np.ndarray) -> None:
        brush = self._brush
        for middle in self._path(place):
            offsets = dab(brush.rng, brush.n_points, brush.jitter)
            places = middle + offsets * brush.radii
            self.left_out |= not can_hold(places).all()
            self.canvas = self.canvas.add(places)

    def _erase(self, place: np.ndarray) -> None:
        for middle in [*self._path(place), place]:
            self.canvas = self.canvas.erase(middle, self._brush.radii)

    def _path(self, place: np.ndarray) -> Iterator[np.ndarray]:
        """Where dabs fall between the last place and this one; the rest counts the next time."""
        if self._last is None:
            self._last = place
            yield place
            return
        offset = place - self._last
        length = float(np.hypot(*(offset / self._brush.radii)))
        n_dabs = int(length / _SPACING)
        step = offset * _SPACING / max(length, _SPACING)
        for _ in range(n_dabs):
            self._last = self._last + step
            yield self._last
