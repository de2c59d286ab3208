"""What `cluster --distribute` has that one device has not: options, other workers, the run."""

import argparse
import atexit
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

import numpy as np

from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import Formulation, KMeansOptions
from engine.commands import output
from engine.data.images import is_picture
from engine.errors import ParameterError, WorkerError
from engine.runtime import program_cache, strategies, workers
from engine.runtime.workers import Workers

NONE, _MIRRORED, _MULTI_WORKER = "none", "mirrored", "multi-worker"
_SECONDS_TO_MEET, _MOST_SECONDS = 60.0, 86_400
_SECONDS_TO_END = 0.5
_INTERRUPTED = 130
# What TensorFlow raises where another process is gone.
_OF_OTHERS = (
    *("Aborted", "Cancelled", "DeadlineExceeded", "FailedPrecondition", "Internal"),
    "Unavailable",
)
_Result = TypeVar("_Result")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of several devices or machines to those of the command."""
    add = parser.add_argument_group("several devices or machines").add_argument
    add(
        "--distribute",
        choices=[NONE, _MIRRORED, _MULTI_WORKER],
        default=NONE,
        help="part the points among the devices of this machine, or among processes that are all "
        "started with this command line and named in the environment variable TF_CONFIG "
        "(default none)",
    )
    add(
        "--devices",
        type=int,
        metavar="N",
        help="for mirrored: how many GPUs (default all), or logical devices of the CPU where "
        "there is no GPU (default 1)",
    )
    add(
        "--wait",
        type=float,
        default=_SECONDS_TO_MEET,
        metavar="S",
        help="for multi-worker: seconds until all workers must be there "
        f"(default {_SECONDS_TO_MEET:.0f})",
    )


def check_options(arguments: argparse.Namespace) -> Workers | None:
    """Refuse what does not go together.

    Returns:
        The workers that TF_CONFIG names, if there are to be any.

    Raises:
        ParameterError: Such options are given, or TF_CONFIG is wrong.
    """
    chosen = arguments.distribute
    if arguments.devices is not None and chosen != _MIRRORED:
        raise ParameterError("--devices goes with --distribute mirrored; leave it out.")
    if arguments.wait != _SECONDS_TO_MEET and chosen != _MULTI_WORKER:
        raise ParameterError("--wait goes with --distribute multi-worker; leave it out.")
    if chosen == NONE:
        return None
    if is_picture(arguments.source):
        raise ParameterError("--distribute is for tables, and a picture is sampled; leave it out.")
    if Formulation(arguments.formulation).resolved() is not Formulation.FUSED:
        raise ParameterError(
            f"The formulation {arguments.formulation} runs on one device; leave it out."
        )
    if not 0 < arguments.wait <= _MOST_SECONDS:
        raise ParameterError(
            f"--wait must be more than 0 seconds and at most {_MOST_SECONDS:,}, a day, not "
            f"{arguments.wait:g}."
        )
    return workers.from_environment() if chosen == _MULTI_WORKER else None


class Team:
    """The devices, or the workers, that compute one run; by default one device.

    Attributes:
        strategy: Of `tf.distribute`, once they have met; None for one device.
    """

    def __init__(self, arguments: argparse.Namespace, others: Workers | None) -> None:
        self._arguments, self._others = arguments, others
        self.strategy: Any = None

    def meet(self, show: Callable[[str], object]) -> None:
        """Make the strategy, and wait for the others, before TensorFlow is used.

        Raises:
            ParameterError: There are not so many devices.
            WorkerError: Another worker did not come.
        """
        if self._others:
            show(f"worker {self._others.index} waits for the other {self._others.n_others}")
            self.strategy = strategies.multi_worker(self._others, self._arguments.wait)
        elif self._arguments.distribute == _MIRRORED:
            self.strategy = strategies.mirrored(self._arguments.devices)

    def fit(
        self,
        points: np.ndarray,
        start: np.ndarray,
        options: KMeansOptions,
        show: Callable[[str], object],
    ) -> KMeansFrame:
        """Fit (N, D) points from (K, D) centroids, both the same in every process.

        Raises:
            EngineError: As `lloyd.fit`; or another worker is gone.
        """
        from engine.clustering.kmeans.lloyd import fit

        work = partial(
            fit,
            points,
            start,
            strategy=self.strategy,
            max_iter=options.max_iter,
            tol=options.tol,
            empty=options.empty,
            progress=lambda iteration: show(f"iteration {iteration}"),
        )
        return _with_others(self._others, work) if self._others else work()

    @property
    def result(self) -> dict[str, Any]:
        """What the JSON says of it."""
        return {
            "distribute": self._arguments.distribute,
            "n_replicas": self.strategy.num_replicas_in_sync if self.strategy else 1,
            "n_workers": self._others.n_others + 1 if self._others else 1,
        }


def leaves_to_chief(others: Workers | None, iterations: int) -> bool:
    """Whether this process has nothing to print or write, which it says on stderr."""
    if others is None or others.is_chief:
        return False
    output.note(
        f"Worker {others.index} is done after {iterations} iterations; worker 0 at "
        f"{others.addresses[0]} has the results."
    )
    return True


def _with_others(others: Workers, work: Callable[[], KMeansFrame]) -> KMeansFrame:
    """Work that fails where another worker is gone.

    Raises:
        WorkerError: One is. TensorFlow notices the death of a process at once, and after some 10
            seconds of silence what else can befall it.
    """
    from engine.runtime.backend import tf

    gone = [getattr(tf.errors, f"{name}Error") for name in _OF_OTHERS]
    try:
        return _interruptible(work)
    except tuple(gone):
        _end_without_tensorflow(WorkerError.exit_status)
        time.sleep(_SECONDS_TO_END)  # a process that ends may still listen while its calls fail
        lost = ", ".join(others.silent()) or "one that does not answer"
        raise WorkerError(
            f"The run has ended without a result, because a worker is gone: {lost}; start all "
            "workers again."
        ) from None


def _interruptible(function: Callable[[], _Result]) -> _Result:
    """Call a function that waits for others on a thread, so that Ctrl-C is heard meanwhile."""
    future: Future[_Result] = Future()

    def work() -> None:
        try:
            future.set_result(function())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        return future.result()
    except KeyboardInterrupt:
        _end_without_tensorflow(_INTERRUPTED)
        raise


def _end_without_tensorflow(status: int) -> None:
    """Let the process end at once when it ends: TensorFlow would wait for the other workers."""

    def end() -> None:
        program_cache.end()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)

    atexit.register(end)
