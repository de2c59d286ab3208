"""TensorFlow, brought up silently whoever asks first: `from engine.backend import tf`."""

from engine import device

device.start()

import tensorflow as tf  # noqa: E402 only now: what it says while it starts has been kept quiet

__all__ = ["tf"]
