"""TensorFlow, brought up silently whoever asks first: `from engine.runtime.backend import tf`."""

from engine.runtime import device

device.start()

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402 only now: what it says while it starts has been kept quiet
from tensorflow.python.framework import ops as framework_ops  # noqa: E402

__all__ = ["ALIGNMENT", "as_it_lies", "framework_ops", "tf"]

# Bytes; TensorFlow aborts the process over a tensor that begins anywhere else.
ALIGNMENT = 64


def as_it_lies(array: np.ndarray) -> tf.Tensor:
    """An array as a tensor, on a CPU without a copy: whoever writes to it changes the tensor.

    Args:
        array: Contiguous, of any shape. Without a copy it begins at a multiple of `ALIGNMENT`.
    """
    if device.start().kind == "GPU" or array.ctypes.data % ALIGNMENT:
        return tf.convert_to_tensor(array)
    return tf.experimental.dlpack.from_dlpack(array.__dlpack__())
