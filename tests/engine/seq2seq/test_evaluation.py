"""Edit distances by hand."""

import numpy as np

from engine.seq2seq.evaluation import edit_distance


def test_edits_by_hand():
    # One symbol replaced; one deleted; two inserted; none.
    outputs = np.array([[1, 2, 3], [1, 2, 3], [4, 0, 0], [5, 6, 0]], np.int32)
    targets = np.array([[1, 9, 3], [1, 3, 0], [4, 1, 2], [5, 6, 0]], np.int32)
    assert edit_distance(outputs, targets) == 1 + 1 + 2 + 0
