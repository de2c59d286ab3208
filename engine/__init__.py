"""The algorithms, in TensorFlow and NumPy: no Qt; they also run in a terminal and on a server."""

__version__ = "0.1.0"

# Registers the vectors of the phonemes as ready-made data, whichever module is imported first:
# engine.data itself knows nothing of spellers.
from engine.spelling import phoneme_points as phoneme_points
