"""The texts of the tab for choosing k, as pure functions of frames and options."""

from collections.abc import Sequence

from app.controls.clustering.kmeans import SEEDINGS
from app.numbers import counted
from engine.clustering.choosing_k.choices import ChoiceFrame, ChoiceOptions, LotteryFrame
from engine.clustering.kmeans.options import KMeansOptions, Seeding

NO_CURVES = "Nothing is measured yet: choose a range of k on the left and press Compute."
NO_LOTS = "No lots are drawn yet: choose k and seedings on the left and press Draw lots."
STARTING = "Starting…"
COMPUTE = "press Compute for what is chosen now"
DRAW = "press Draw lots for what is chosen now"


def names_of(seedings: Sequence[Seeding]) -> list[str]:
    """Return the names of seedings as in the form."""
    return [SEEDINGS[seeding][0] for seeding in seedings]


def curves_named(options: ChoiceOptions) -> str:
    """Describe curves by their options."""
    kmeans = options.kmeans
    starts = counted(options.n_starts, "start")
    references = counted(options.n_references, "reference")
    return (
        f"k from {options.min_k} to {options.max_k}, {starts}, {references}, "
        f"{names_of([kmeans.seeding])[0]}, seed {kmeans.seed}"
    )


def lots_named(options: KMeansOptions, n_seeds: int, seedings: Sequence[Seeding]) -> str:
    """Describe the runs of a start lottery by their options."""
    names = ", ".join(names_of(seedings))
    return f"k = {options.n_clusters}, {counted(n_seeds, 'seed')}, {names}"


def curves_state(frame: ChoiceFrame, options: ChoiceOptions) -> str:
    """Describe what is being computed, or the result."""
    if not frame.stop:
        return f"{frame.doing} · {frame.n_done:,} of {frame.n_fits:,} runs"
    starts = counted(options.n_starts, "start")
    text = f"{counted(frame.n_points, 'point')} · {starts} for each k"
    if frame.n_sampled < frame.n_points:
        text += f" · silhouettes and gaps of {frame.n_sampled:,} points, drawn by the seed"
    return text


def lots_state(frame: LotteryFrame, k: int) -> str:
    """Say how many runs there are."""
    hint = ": click a bar to replay one of its runs" if frame.stop else ""
    return f"k = {k} · {len(frame.runs):,} of {frame.n_runs:,} runs{hint}"


def cancelled(n_done: int, n_runs: int) -> str:
    """Say what there is after the user cancelled."""
    return f"Cancelled: {n_done:,} of {n_runs:,} runs were done"
