"""TensorFlow's strategies: one run on several devices, or by several processes.

They must be made before TensorFlow's first operation, so it is imported inside the functions.
"""

import contextlib
import faulthandler
from typing import Any

from engine.errors import ParameterError
from engine.runtime import device
from engine.runtime.rendezvous import meet
from engine.runtime.workers import Workers

MAX_DEVICES = 64


def mirrored(n_devices: int | None = None) -> Any:
    """Compute on several devices of this machine.

    Args:
        n_devices: How many GPUs, None for all. Without a GPU: into how many logical devices the CPU
            is divided, None for one.

    Returns:
        A `tf.distribute.MirroredStrategy`.

    Raises:
        ParameterError: There are fewer devices.
    """
    if n_devices is not None and not 1 <= n_devices <= MAX_DEVICES:
        raise ParameterError(f"There can be 1 to {MAX_DEVICES} devices, not {n_devices}.")
    device.load()
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    kind = "GPU" if gpus else "CPU"
    n_found = len(gpus) or _divide_cpu(n_devices or 1)
    n_used = n_devices or n_found
    if n_used > n_found:
        raise ParameterError(f"There are {n_found} {kind}s, not {n_used}; ask for fewer devices.")
    return tf.distribute.MirroredStrategy([f"{kind}:{index}" for index in range(n_used)])


def _divide_cpu(n_devices: int) -> int:
    """Divide the CPU into logical devices, while that is possible; returns how many there are."""
    import tensorflow as tf

    (cpu,) = tf.config.list_physical_devices("CPU")
    parts = [tf.config.LogicalDeviceConfiguration()] * n_devices
    with contextlib.suppress(
        RuntimeError
    ):  # TensorFlow is already in use and keeps the devices it has
        tf.config.set_logical_device_configuration(cpu, parts)
    return len(tf.config.list_logical_devices("CPU"))


def multi_worker(workers: Workers, seconds: float) -> Any:
    """Compute together with other processes, after all of them have met.

    Args:
        workers: What TF_CONFIG names; TensorFlow reads it too.
        seconds: How long to wait for the others.

    Returns:
        A `tf.distribute.MultiWorkerMirroredStrategy`.

    Raises:
        WorkerError: Another worker is missing.
    """
    device.load()
    import tensorflow as tf

    meet(workers, seconds)
    # TensorFlow holds the interpreter lock while it connects. If a worker exits at this moment,
    # only a timer outside the interpreter can end this process.
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        return tf.distribute.MultiWorkerMirroredStrategy()
    finally:
        faulthandler.cancel_dump_traceback_later()
