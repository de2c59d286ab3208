"""What `cluster` can be asked, but for what one algorithm or pictures ask for themselves."""

import argparse
from pathlib import Path

import numpy as np

from engine.clustering.kmeans.frames import EmptyPolicy
from engine.clustering.kmeans.options import MAX_ITER, Formulation, KMeansOptions, Seeding
from engine.commands.clustering.algorithms import ALGORITHMS, KMEANS
from engine.data.generated.generators import GENERATORS
from engine.data.generated.ready_made import READY_MADE
from engine.data.images import SUFFIXES
from engine.data.output import writing
from engine.data.output.formats import PICTURE, TABLE
from engine.errors import ParameterError

_N_CLUSTERS = 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add all others to those of the command."""
    _add_source(parser)
    _add_run(parser)
    _add_results(parser)


def _add_source(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "source",
        metavar="SOURCE",
        help=f"a table (.csv .tsv .parquet .npy .npz), a picture ({' '.join(SUFFIXES)}), or a "
        "recipe: one of "
        f"{', '.join(GENERATORS)}, with parameters as in blobs:clusters=6,seed=0; or ready-made "
        f"data: {', '.join(READY_MADE)}",
    )
    add(
        "--columns",
        metavar="A,B,C",
        help="the columns to cluster (default all that measure something)",
    )
    add("--standardize", action="store_true", help="give each column mean 0 and spread 1 first")


def _add_run(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("-k", type=int, metavar="K", help=f"how many clusters (default {_N_CLUSTERS})")
    add(
        "--algorithm",
        choices=list(ALGORITHMS),
        default=KMEANS,
        help=f"(default {KMEANS})",
    )
    add(
        "--seeding",
        default=Seeding.FARTHEST.value,
        metavar="|".join([*Seeding, "FILE"]),
        help="how the first centroids are chosen, or a table that holds them; k-means++ keeps the "
        "best of 2 + ln k draws for each centroid, k-means++-single draws once (default farthest)",
    )
    add("--seed", type=int, default=0, help="of the random numbers in the seeding (default 0)")
    add(
        "--n-init",
        type=int,
        default=1,
        metavar="N",
        help="runs from the seed and those after it, of which the one of the lowest inertia is "
        "kept (default 1)",
    )
    add("--max-iter", type=int, default=MAX_ITER, help=f"iterations (default {MAX_ITER})")
    add(
        "--tol",
        type=float,
        default=0.0,
        help="stop when no centroid moves farther than this (default 0: when no label changes)",
    )
    add(
        "--empty",
        choices=[policy.value for policy in EmptyPolicy],
        default=EmptyPolicy.KEEP.value,
        help="a centroid without points stays, or jumps to the farthest point (default keep)",
    )
    add(
        "--formulation",
        choices=[formulation.value for formulation in Formulation],
        default=Formulation.AUTO.value,
        help="how it is computed; lecture is the broadcast as taught, for small data",
    )


def _add_results(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--labels",
        metavar="FILE",
        type=Path,
        help=f"write row,label; the suffix decides: {TABLE.listed}, and a .npy file holds one "
        "int64 for each row of the source, -1 for a row that was left out",
    )
    add(
        "--with-data",
        action="store_true",
        help="the file of --labels holds the whole table as it was read, with one more column, "
        "cluster, which is empty for a row that was left out; as .npy, if all columns are "
        "numbers, float64 with the cluster last and NaN where there is nothing; in .csv and .tsv a "
        "text that a spreadsheet would run as a formula (=1+1) gets a single quote before it",
    )
    add(
        "--centroids",
        metavar="FILE",
        type=Path,
        help=f"write cluster,size and the centroids in the units of the data; {TABLE.listed}, "
        "and a .npy file holds the centroids alone, a row each",
    )
    add("--json", action="store_true", help="print one JSON object")


def kmeans_options(arguments: argparse.Namespace, given: np.ndarray | None = None) -> KMeansOptions:
    """What is asked of k-means.

    Args:
        arguments: As parsed.
        given: (K, D), the centroids of the file that they name, when it has been read.

    Raises:
        ParameterError: A value is outside its range, or contradicts the file.
    """
    from_file = arguments.seeding not in set(Seeding)
    n_clusters = _N_CLUSTERS if arguments.k is None else arguments.k
    if given is not None:
        if arguments.k not in (None, len(given)):
            raise ParameterError(
                f"{arguments.seeding} holds {len(given):,} centroids, but -k asks for "
                f"{arguments.k}; leave -k out."
            )
        n_clusters = len(given)
    if from_file and arguments.n_init != 1:
        raise ParameterError(
            f"--n-init tries several seeds, but the start is that of {arguments.seeding}; leave "
            "--n-init out."
        )
    return KMeansOptions(
        n_clusters=n_clusters,
        seeding=Seeding.FARTHEST if from_file else Seeding(arguments.seeding),
        seed=arguments.seed,
        n_init=arguments.n_init,
        max_iter=arguments.max_iter,
        tol=arguments.tol,
        empty=EmptyPolicy(arguments.empty),
        formulation=Formulation(arguments.formulation),
    )


def check_outputs(arguments: argparse.Namespace) -> None:
    """Refuse a result that could not be written, or would take the place of another file in use.

    Raises:
        EngineError: It is so.
    """
    if arguments.with_data and arguments.labels is None:
        raise ParameterError(
            "--with-data says what the file of --labels holds; give --labels FILE too."
        )
    kinds = {"labels": TABLE, "centroids": TABLE, "picture": PICTURE}
    wanted = [(path, kind) for name, kind in kinds.items() if (path := getattr(arguments, name))]
    writing.check_outputs(wanted, (arguments.source, arguments.seeding))
