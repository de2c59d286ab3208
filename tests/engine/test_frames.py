"""What all frames share: arrays that cannot be written to."""

import numpy as np

from engine.frames import sealed


def test_a_sealed_array_is_a_copy():
    values = np.zeros(3)
    array = sealed(values, np.float32)
    values[0] = 1
    assert array.tolist() == [0, 0, 0]
    assert array.dtype == np.float32
    assert not array.flags.writeable
