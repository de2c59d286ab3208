"""k-means in the window."""

from app.controls.clustering.kmeans import KMeansControl, can_show
from app.labs.clustering.algorithms.base import sizes
from app.labs.clustering.algorithms.centroids import CentroidView, empty
from app.numbers import counted
from engine.clustering.frames import Phase, Stop
from engine.clustering.kmeans import algorithm
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import KMeansOptions, Seeding, n_candidates

_STOPS = {
    Stop.LABELS: "no point changed its cluster",
    Stop.TOLERANCE: "no centroid moved farther than the tolerance",
}


class KMeansView(CentroidView[KMeansOptions, KMeansFrame]):
    """k-means in the window."""

    algorithm = algorithm.KMEANS
    section = "kmeans"
    title = "k-means"
    tip = "k centroids, each the mean of the points nearest to it."

    def form(self, options: KMeansOptions) -> KMeansControl:
        """k, seeding, seed, runs, empty clusters, formulation."""
        return KMeansControl(options)

    def can_show(self, options: KMeansOptions) -> bool:
        """Whether k and the number of iterations fit the form."""
        return can_show(options)

    def describe(self, frame: KMeansFrame, options: KMeansOptions) -> list[str]:
        """The half-step, the sizes, empty clusters, and which of several runs this is."""
        parts = [_what(frame, options), sizes(frame, "centroid"), *empty(frame)]
        if frame.seed is not None:
            parts.append(f"the best of {options.n_init} runs, from seed {frame.seed}")
        return parts


def _what(frame: KMeansFrame, options: KMeansOptions) -> str:
    iterations = counted(frame.iteration, "iteration")
    if frame.phase is Phase.SEED:
        n_clusters = len(frame.centroids)
        drawn = _drawn(n_clusters, options)
        return f"Seeding · centroid {n_clusters} of {options.n_clusters}{drawn}"
    if frame.stop in _STOPS:
        return f"Converged after {iterations}: {_STOPS[frame.stop]}"
    if frame.stop is Stop.MAX_ITER:
        return f"Stopped after {iterations}, the most allowed"
    if frame.phase is Phase.UPDATE:
        return f"Iteration {frame.iteration} · update: centroids move to the mean of their points"
    changed = counted(frame.changed, "point")
    return f"Iteration {frame.iteration} · assign: {changed} changed cluster"


def _drawn(n_clusters: int, options: KMeansOptions) -> str:
    """How greedy k-means++ found the newest centroid; nothing for the first, or other seedings."""
    if options.seeding is not Seeding.PLUS_PLUS or n_clusters == 1:
        return ""
    n_drawn = n_candidates(options.n_clusters)
    return f", the best of {n_drawn} points drawn: it leaves the lowest inertia"


KMEANS = KMeansView()
