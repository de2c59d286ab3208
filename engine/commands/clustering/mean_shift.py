"""`cluster --algorithm mean-shift`."""

import argparse
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.clustering.frames import Phase
from engine.clustering.mean_shift.algorithm import MEAN_SHIFT
from engine.clustering.mean_shift.frames import Kernel, MeanShiftFrame
from engine.clustering.mean_shift.options import Form, MeanShiftOptions, Rule, Seeds
from engine.commands.clustering.job import AlgorithmCommand, Job, LoadedData, Outcome, Stage, typed
from engine.errors import ParameterError
from engine.numbers import counted, real
from engine.plain_text import shortened
from engine.runtime import device


def _add_arguments(parser: argparse.ArgumentParser) -> None:
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


@dataclass(frozen=True, slots=True)
class MeanShiftJob(Job):
    """Runs mean shift."""

    options: MeanShiftOptions

    def run(self, data: LoadedData, stage: Stage) -> Outcome:
        """Run to the end; raises what `mean_shift` raises."""
        points = np.asarray(data.points)
        with stage("compile"):
            used_device = device.start()
            _compile(points, self.options)
        with stage("fit") as show:
            from engine.clustering.mean_shift.stepper import fit

            frame = fit(points, self.options, lambda frame: show(_progress(frame)))
        return Outcome(device=str(used_device), frame=frame, values=_values(self.options, frame))


def _parse(arguments: argparse.Namespace) -> MeanShiftJob:
    options = MeanShiftOptions(
        bandwidth=Rule.ESTIMATE if arguments.bandwidth is None else _bandwidth(arguments.bandwidth),
        kernel=Kernel(arguments.kernel or Kernel.GAUSSIAN),
        form=Form(arguments.form or Form.CLIMBING),
        seeds=Seeds(arguments.seeds or Seeds.AUTO),
        **typed(arguments, "seed", "max_iter"),
    )
    return MeanShiftJob(options)


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


def _compile(points: np.ndarray, options: MeanShiftOptions) -> None:
    """Let XLA compile the shift for this many points, so that only the run itself is timed."""
    from engine.clustering.mean_shift.stepper import mean_shift

    frames = mean_shift(points, options)
    next(frames)
    next(frames)
    frames.close()


def _progress(frame: MeanShiftFrame) -> str:
    if frame.phase is Phase.MERGE:
        return counted(len(frame.centroids), "mode")
    return f"iteration {frame.iteration}, {frame.moving:,} moving"


def _values(options: MeanShiftOptions, frame: MeanShiftFrame) -> dict[str, Any]:
    rule = options.bandwidth.value if isinstance(options.bandwidth, Rule) else None
    return {
        "seed": options.seed,
        "bandwidth": frame.bandwidth,
        "bandwidth_rule": rule,
        "kernel": options.kernel.value,
        "form": options.form.value,
        "seeds": options.seeds.value,
        "n_clusters": len(frame.centroids),
        "densities": frame.densities.tolist(),
    }


def _lines(result: dict[str, Any]) -> list[str]:
    rule = f" by the rule {result['bandwidth_rule']}" if result["bandwidth_rule"] else ""
    return [
        f"{counted(result['n_clusters'], 'cluster')}, bandwidth {result['bandwidth']:.6g}{rule}, "
        f"{result['kernel']} kernel, {result['form']}",
    ]


COMMAND = AlgorithmCommand(
    algorithm=MEAN_SHIFT,
    add_arguments=_add_arguments,
    parse=_parse,
    lines=_lines,
    instead_of_k="the --bandwidth",
)
