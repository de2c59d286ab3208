"""The algorithms of `cluster`, and which options go with which."""

import argparse
from collections.abc import Callable
from typing import Any

from engine.errors import ParameterError

KMEANS, MINI_BATCH, MEAN_SHIFT = "kmeans", "mini-batch", "mean-shift"
ALGORITHMS = {KMEANS: "k-means", MINI_BATCH: "mini-batch k-means", MEAN_SHIFT: "mean shift"}
# The options that not all algorithms have, and those that have them.
_OPTIONS = {
    "k": (KMEANS, MINI_BATCH),
    "seeding": (KMEANS, MINI_BATCH),
    "n_init": (KMEANS,),
    "max_iter": (KMEANS, MEAN_SHIFT),
    "tol": (KMEANS,),
    "empty": (KMEANS,),
    "formulation": (KMEANS,),
    "distribute": (KMEANS,),
    "batch_size": (MINI_BATCH,),
    "max_batches": (MINI_BATCH,),
    "bandwidth": (MEAN_SHIFT,),
    "kernel": (MEAN_SHIFT,),
    "form": (MEAN_SHIFT,),
    "seeds": (MEAN_SHIFT,),
}


def refuse_others(arguments: argparse.Namespace, default: Callable[[str], Any]) -> None:
    """Refuse what was given for another algorithm.

    Args:
        arguments: As parsed.
        default: What an argument is if it was not given.

    Raises:
        ParameterError: It would have no effect.
    """
    chosen = arguments.algorithm
    if chosen == MEAN_SHIFT and arguments.k != default("k"):
        raise ParameterError(
            "Mean shift finds out how many clusters there are: leave -k out, or choose the "
            "--bandwidth."
        )
    for name, owners in _OPTIONS.items():
        if chosen not in owners and getattr(arguments, name) != default(name):
            option = f"--{name.replace('_', '-')}"
            names = " and ".join(ALGORITHMS[owner] for owner in owners)
            raise ParameterError(f"{option} is an option of {names}; leave it out.")
