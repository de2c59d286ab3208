"""What `cluster --algorithm mean-shift` has that k-means has not: options, the run, the result."""

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from engine.clustering.frames import Phase
from engine.clustering.mean_shift.frames import Kernel, MeanShiftFrame
from engine.clustering.mean_shift.options import Form, MeanShiftOptions, Rule, Seeds, note
from engine.errors import ParameterError
from engine.numbers import real
from engine.plain_text import shortened
from engine.runtime import device


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of mean shift to those of the command."""
    add = parser.add_argument_group("mean shift").add_argument
    add(
        "--bandwidth",
        metavar="|".join(["X", *Rule]),
        help="how far the kernel reaches, in the units of the points (standardized ones with "
        "--standardize); lecture covers a third of the points (default estimate)",
    )
    add("--kernel", choices=[kernel.value for kernel in Kernel], help="(default gaussian)")
    add(
        "--form",
        choices=[form.value for form in Form],
        help="climbing: points climb and the data stay; blurring: the data move (default climbing)",
    )
    add(
        "--seeds",
        choices=[seeds.value for seeds in Seeds],
        help="climbs start at every point or in bins a bandwidth wide "
        "(default auto: points of up to 20,000)",
    )


def options(arguments: argparse.Namespace) -> MeanShiftOptions:
    """What the arguments ask for.

    Raises:
        ParameterError: A value is outside its range.
    """
    return MeanShiftOptions(
        bandwidth=_bandwidth(arguments.bandwidth or Rule.ESTIMATE.value),
        kernel=Kernel(arguments.kernel or Kernel.GAUSSIAN),
        form=Form(arguments.form or Form.CLIMBING),
        seeds=Seeds(arguments.seeds or Seeds.AUTO),
        seed=arguments.seed,
        max_iter=arguments.max_iter,
    )


def _bandwidth(text: str) -> float | Rule:
    if text in set(Rule):
        return Rule(text)
    try:
        return real(text)
    except ValueError:
        rules = " or ".join(Rule)
        raise ParameterError(
            f'The bandwidth must be a number, {rules}, not "{shortened(text)}".'
        ) from None


def run(
    points: np.ndarray,
    chosen: MeanShiftOptions,
    stage: Callable[[str], AbstractContextManager[Any]],
) -> tuple[str, MeanShiftFrame]:
    """Shift to the end; returns the device, and the last frame."""
    with stage("compile"):
        used_device = device.start()
        _compile(points, chosen)
    with stage("fit") as show:
        from engine.clustering.mean_shift.stepper import fit

        return str(used_device), fit(points, chosen, lambda frame: show(_progress(frame)))


def _compile(points: np.ndarray, chosen: MeanShiftOptions) -> None:
    """Let XLA compile the shift for so many points, so that `fit` measures the fit."""
    from engine.clustering.mean_shift.stepper import mean_shift

    frames = mean_shift(points, chosen)
    next(frames)
    next(frames)
    frames.close()


def _progress(frame: MeanShiftFrame) -> str:
    if frame.phase is Phase.MERGE:
        return f"{len(frame.centroids):,} modes"
    return f"iteration {frame.iteration}, {frame.moving:,} moving"


def result(chosen: MeanShiftOptions, frame: MeanShiftFrame) -> dict[str, Any]:
    """What the JSON says of this algorithm alone."""
    return {
        "seed": chosen.seed,
        "bandwidth": frame.bandwidth,
        "bandwidth_rule": chosen.bandwidth.value if isinstance(chosen.bandwidth, Rule) else None,
        "kernel": chosen.kernel.value,
        "form": chosen.form.value,
        "seeds": chosen.seeds.value,
        "n_clusters": len(frame.centroids),
        "densities": frame.densities.tolist(),
    }


def notes(frame: MeanShiftFrame) -> tuple[str, ...]:
    """What should be said on stderr of what was found."""
    return tuple(filter(None, [note(frame)]))


def lines(found: dict[str, Any]) -> list[str]:
    """The lines of the summary that are of this algorithm alone."""
    rule = f" by the rule {found['bandwidth_rule']}" if found["bandwidth_rule"] else ""
    return [
        f"{found['n_clusters']} clusters, bandwidth {found['bandwidth']:.6g}{rule}, "
        f"{found['kernel']} kernel, {found['form']}",
    ]
