"""The data type of labels."""

import numpy as np
import pytest

from engine.clustering.frames import label_dtype


@pytest.mark.parametrize(
    ("n_clusters", "dtype"),
    [(0, np.uint8), (1, np.uint8), (256, np.uint8), (257, np.uint16), (65_537, np.uint32)],
)
def test_labels_have_the_smallest_type_that_holds_them(n_clusters, dtype):
    assert label_dtype(n_clusters) == dtype
