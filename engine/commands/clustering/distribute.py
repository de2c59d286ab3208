"""`cluster --distribute`: k-means on several devices, or on several machines."""

import argparse
import atexit
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np

from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import Formulation, KMeansOptions
from engine.commands.clustering.job import Show
from engine.commands.clustering.seeded import Prepared
from engine.data.arrays.mapped import Points
from engine.data.images import is_picture
from engine.errors import ParameterError, WorkerError
from engine.numbers import counted
from engine.runtime import device, program_cache, strategies, workers
from engine.runtime.workers import Workers

_NONE, _MIRRORED, _MULTI_WORKER = "none", "mirrored", "multi-worker"
_SECONDS_TO_MEET, _MOST_SECONDS = 60.0, 86_400
_SECONDS_TO_END = 0.5
_INTERRUPTED = 130
# The errors that TensorFlow raises when another process has exited.
_OF_OTHERS = (
    *("Aborted", "Cancelled", "DeadlineExceeded", "FailedPrecondition", "Internal"),
    "Unavailable",
)
_Result = TypeVar("_Result")
# The names of the arguments that `add_arguments` adds.
ARGUMENTS = ("distribute", "devices", "wait")
# What the JSON says of a run on one device.
ONE_DEVICE = {"distribute": _NONE, "n_replicas": 1, "n_workers": 1}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments for several devices or machines to those of the command."""
    add = parser.add_argument_group("several devices or machines").add_argument
    add(
        "--distribute",
        choices=[_NONE, _MIRRORED, _MULTI_WORKER],
        help="split the points among the devices of this machine, or among processes that are all "
        "started with this command line and listed in the environment variable TF_CONFIG "
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
        metavar="S",
        help=f"for multi-worker: seconds to wait for all workers (default {_SECONDS_TO_MEET:.0f})",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """The devices or workers that the points are split among.

    Attributes:
        kind: "none" for one device, "mirrored" or "multi-worker".
        n_devices: How many devices, for mirrored; None for all GPUs, or one CPU.
        wait: Seconds to wait for all workers.
        others: The workers that TF_CONFIG names, for multi-worker.
    """

    kind: str
    n_devices: int | None
    wait: float
    others: Workers | None

    @property
    def asked(self) -> bool:
        """Whether several devices or workers are requested."""
        return self.kind != _NONE

    def prepare(self, points: Points, options: KMeansOptions, show: Show) -> Prepared:
        """Make the strategy, and wait for the other workers, before TensorFlow is used.

        Raises:
            ParameterError: There are not that many devices.
            WorkerError: Another worker did not connect.
        """
        del points, options  # several devices need their own programs
        others = self.others
        if others:
            show(f"worker {others.index}: waiting for {others.n_others} more")
            strategy = strategies.multi_worker(others, self.wait)
        else:
            strategy = strategies.mirrored(self.n_devices)
        values = {
            "distribute": self.kind,
            "n_replicas": strategy.num_replicas_in_sync,
            "n_workers": others.n_others + 1 if others else 1,
        }
        return Prepared(str(device.start()), partial(self._fit, strategy), values)

    def _fit(
        self, strategy: Any, points: Points, start: np.ndarray, options: KMeansOptions, show: Show
    ) -> KMeansFrame:
        """Fit (N, D) points from (K, D) centroids; both must be the same in every process.

        Raises:
            EngineError: See `driver.fit`; or another worker has exited.
        """
        from engine.clustering.kmeans.driver import fit

        work = partial(
            fit,
            points,
            start,
            strategy=strategy,
            max_iter=options.max_iter,
            tol=options.tol,
            empty=options.empty,
            progress=lambda iteration: show(f"iteration {iteration}"),
        )
        return _with_others(self.others, work) if self.others else work()

    def elsewhere(self, n_iterations: int) -> str:
        """Return a sentence that says which worker has the results, or "" if this one has them."""
        others = self.others
        if others is None or others.is_chief:
            return ""
        return (
            f"Worker {others.index} is done after {counted(n_iterations, 'iteration')}; worker 0 "
            f"at {others.addresses[0]} has the results."
        )


def parse(arguments: argparse.Namespace, formulation: Formulation) -> Distribution:
    """What is asked of several devices or workers.

    Args:
        arguments: What argparse parsed.
        formulation: That of the runs which are to be distributed.

    Raises:
        ParameterError: Options are given that do not go together, or TF_CONFIG is wrong.
    """
    kind = arguments.distribute or _NONE
    if arguments.devices is not None and kind != _MIRRORED:
        raise ParameterError("--devices goes with --distribute mirrored; leave it out.")
    if arguments.wait is not None and kind != _MULTI_WORKER:
        raise ParameterError("--wait goes with --distribute multi-worker; leave it out.")
    wait = _SECONDS_TO_MEET if arguments.wait is None else arguments.wait
    if kind != _NONE:
        _check(arguments.source, formulation, wait)
    return Distribution(
        kind=kind,
        n_devices=arguments.devices,
        wait=wait,
        others=workers.from_environment() if kind == _MULTI_WORKER else None,
    )


def _check(name: str, formulation: Formulation, wait: float) -> None:
    """Refuse what several devices or workers cannot do."""
    if is_picture(name):
        raise ParameterError("--distribute is for tables, and a picture is sampled; leave it out.")
    if formulation.resolved() is not Formulation.FUSED:
        raise ParameterError(f"The formulation {formulation} runs on one device; leave it out.")
    if not 0 < wait <= _MOST_SECONDS:
        raise ParameterError(
            f"--wait must be more than 0 seconds and at most {_MOST_SECONDS:,}, a day, not "
            f"{wait:g}."
        )


def _with_others(others: Workers, work: Callable[[], KMeansFrame]) -> KMeansFrame:
    """Do work that fails if another worker has exited.

    Raises:
        WorkerError: Another worker has exited. TensorFlow notices at once that a process has
            exited, and after about 10 seconds that it no longer answers.
    """
    from engine.runtime.backend import tf

    gone = [getattr(tf.errors, f"{name}Error") for name in _OF_OTHERS]
    try:
        return _interruptible(work)
    except tuple(gone):
        _end_without_tensorflow(WorkerError.exit_status)
        time.sleep(_SECONDS_TO_END)  # a process that exits may still listen while its calls fail
        lost = ", ".join(others.silent()) or "one that does not answer"
        raise WorkerError(
            f"The run ended without a result because a worker has exited: {lost}; start all "
            "workers again."
        ) from None


def _interruptible(function: Callable[[], _Result]) -> _Result:
    """Call a function that waits for other workers in a thread, so that Ctrl-C still works."""
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
    """Make the process exit without TensorFlow's cleanup, which would wait for other workers."""

    def end() -> None:
        program_cache.end()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)

    atexit.register(end)
