"""The algorithms, in TensorFlow and NumPy: no Qt; they also run in a terminal and on a server."""

__version__ = "0.1.0"
