"""Strategies of TensorFlow: one run on several devices, or by several processes.

They come before TensorFlow's first operation, so this module imports it late.
"""

import contextlib
from typing import Any

from engine import device
from engine.errors import ParameterError

MAX_DEVICES = 64


def mirrored(n_devices: int | None = None) -> Any:
    """Compute on several devices of this machine.

    Args:
        n_devices: How many GPUs, None for all; or, where there is none, into how many logical
            devices the CPU is divided, None for one.

    Returns:
        A `tf.distribute.MirroredStrategy`.

    Raises:
        ParameterError: There are not so many devices.
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
    """Make logical devices of the CPU, while that can be done; returns how many there are."""
    import tensorflow as tf

    (cpu,) = tf.config.list_physical_devices("CPU")
    parts = [tf.config.LogicalDeviceConfiguration()] * n_devices
    with contextlib.suppress(RuntimeError):  # TensorFlow is in use: what there is stays
        tf.config.set_logical_device_configuration(cpu, parts)
    return len(tf.config.list_logical_devices("CPU"))


def multi_worker() -> Any:
    """Compute together with the other workers that TF_CONFIG names; waits until all are there.

    Returns:
        A `tf.distribute.MultiWorkerMirroredStrategy`.
    """
    device.load()
    import tensorflow as tf

    return tf.distribute.MultiWorkerMirroredStrategy()
