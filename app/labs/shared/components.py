"""A plane of principal components, in which points vary most."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.busy import BusyLine
from app.controls.clustering.viewpoint import MAX_COMPONENTS
from app.labs.shared.loading import Loaded
from app.labs.shared.plane import Plane
from app.numbers import percent
from app.running.bridge import Bridge
from app.running.requests import Request
from engine.data.scaling import Scaling

if TYPE_CHECKING:
    from engine.clustering.projection import Projection

_MAX_LOADINGS = 8


@dataclass(frozen=True, slots=True, eq=False)
class ComponentPlane(Plane):
    """A plane of two components or three, in the units of the frames.

    Attributes:
        projection: All points, in the units of the frames; `axes` count its components.
        sides: (2, 3) of length 1, across and up in terms of three components; None if two
            components are across and up themselves.
    """

    projection: Projection = field(kw_only=True)
    sides: np.ndarray | None = None

    @property
    def explained(self) -> list[float]:
        """The fraction of the variance that each component explains."""
        shares: list[float] = self.projection.explained.tolist()
        return shares

    @property
    def directions(self) -> np.ndarray:
        """(2, D) float64, of length 1: across and up."""
        return self._seen(self.projection.components[list(self.axes)].T).T

    def _seen(self, places: np.ndarray) -> np.ndarray:
        """Map (N, C) positions along the components to (N, 2)."""
        return np.asarray(places if self.sides is None else places @ self.sides.T)

    @property
    def radius(self) -> float | None:
        """The largest distance from the centre, so that turning does not change the axes."""
        if self.sides is None:
            return None
        places = self.projection.projected[:, list(self.axes)]
        return float(np.sqrt(np.einsum("nd,nd->n", places, places).max()))

    @property
    def metric(self) -> np.ndarray | None:
        """None: distances have more dimensions than are shown."""
        return None

    def names(self, columns: Sequence[str]) -> tuple[str, str]:
        """The labels of the axes."""
        if self.sides is not None:
            return "three components, turned", "tilted"
        across, up = (
            f"component {axis + 1}: {percent(self.projection.explained[axis])} of the variance"
            for axis in self.axes
        )
        return across, up

    def loadings(self, columns: Sequence[str], most: int = _MAX_LOADINGS) -> tuple[str, str]:
        """The largest loadings in each direction, in order: "+0.86 petal length, ..."."""
        across, up = (_loadings(direction, columns, most) for direction in self.directions)
        return across, up

    def of_points(self, points: np.ndarray) -> np.ndarray:
        """Map (N, D) points of the data to (N / stride, 2)."""
        return self._seen(self.projection.projected[:: self.stride, list(self.axes)])

    def of_centroids(self, centroids: np.ndarray) -> np.ndarray:
        """Map (..., D) centroids of a frame to (..., 2)."""
        return np.asarray((centroids - self.projection.mean) @ self.directions.T)

    def dragged(self, centroids: np.ndarray, index: int, x: float, y: float) -> np.ndarray:
        """Return the (K, D) centroids of a frame with one of them moved across and up."""
        shift = np.array([x, y]) - self.of_centroids(centroids[index])
        moved = centroids.copy()
        moved[index] += (shift @ self.directions).astype(moved.dtype)
        return moved


def sides(turn: float, tilt: float) -> np.ndarray:
    """Return across and up, (2, 3), after three components are turned and then tilted.

    Args:
        turn: Degrees around the second component, which is upright.
        tilt: Degrees around the resulting horizontal axis.
    """
    a, b = np.radians([turn, tilt])
    across = [np.cos(a), 0.0, np.sin(a)]
    up = [np.sin(b) * np.sin(a), np.cos(b), -np.sin(b) * np.cos(a)]
    return np.array([across, up])


def _loadings(direction: np.ndarray, columns: Sequence[str], most: int) -> str:
    order = np.argsort(-np.abs(direction), kind="stable")[:most]
    named = [f"{direction[index]:+.2f} {columns[index]}".replace("-", "−", 1) for index in order]
    return ", ".join(named) + (", …" if len(direction) > most else "")


class Components(QObject):
    """Finds the principal components of points, standardized or not, on the engine thread.

    Signals:
        came: The components that were requested last are available.
        failed: Why they could not be found.
    """

    came = pyqtSignal()
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, parent: QObject, busy: BusyLine) -> None:
        """Start without components.

        Args:
            bridge: The bridge to the engine.
            parent: Qt's owner.
            busy: Shows that they are being found.
        """
        super().__init__(parent)
        self._request = Request(bridge, self, busy)
        self._request.failed.connect(self.failed)
        self._loaded: Loaded | None = None
        self._known: dict[bool, Projection] = {}

    def plane(
        self,
        loaded: Loaded,
        axes: tuple[int, int],
        standardized: bool,
        turned: tuple[int, int] | None = None,
    ) -> ComponentPlane | None:
        """Return the plane of two components; None if they must be found first: `came` follows.

        Args:
            loaded: The points.
            axes: Which components are across and up.
            standardized: Whether the columns are standardized.
            turned: Degrees by which the first three are turned and tilted, instead of `axes`.
        """
        if loaded is not self._loaded:
            self._request.cancel()
            self._loaded, self._known = loaded, {}
        found = self._known.get(standardized)
        if found is None:
            self._ask(loaded, standardized)
            return None
        dataset, scaling = loaded.dataset, _scaling(loaded, standardized)
        n_points, n_dims = dataset.points.shape
        plane = ComponentPlane(n_dims, axes, scaling, n_points, dataset.kept, projection=found)
        return plane if turned is None else replace(plane, axes=(0, 1, 2), sides=sides(*turned))

    def _ask(self, loaded: Loaded, standardized: bool) -> None:
        points, scaling = loaded.dataset.points, _scaling(loaded, standardized)

        def frames() -> Generator[Projection, None, None]:
            from engine.clustering.projection import pca  # on the engine thread

            yield pca(scaling.forward(points), min(points.shape[1], MAX_COMPONENTS))

        def on_found(found: Projection) -> None:
            self._known[standardized] = found
            self.came.emit()

        self._request.ask(frames, on_found, "Finding the principal components…")


def _scaling(loaded: Loaded, standardized: bool) -> Scaling:
    return loaded.scaling if standardized else Scaling.identity(loaded.dataset.points.shape[1])
