"""TensorFlow, started silently on first use: `from engine.runtime.backend import tf`."""

from engine.runtime import device

device.start()

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402 after `device.start`, which suppresses its messages
from tensorflow.python.framework import ops as framework_ops  # noqa: E402

__all__ = ["ALIGNMENT", "as_it_lies", "framework_ops", "tf"]

# Bytes; TensorFlow aborts the process if the memory of a tensor is not aligned to this.
ALIGNMENT = 64


def as_it_lies(array: np.ndarray) -> tf.Tensor:
    """Convert an array to a tensor, on a CPU without a copy: writing to the array changes it.

    Args:
        array: Contiguous, of any shape. It is copied unless it is aligned to `ALIGNMENT`.
    """
    if device.start().kind == "GPU" or array.ctypes.data % ALIGNMENT:
        return tf.convert_to_tensor(array)
    return tf.experimental.dlpack.from_dlpack(array.__dlpack__())
