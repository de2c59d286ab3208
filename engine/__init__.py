"""The algorithms, in TensorFlow and NumPy. They never import Qt, so they also run on a server."""

__version__ = "0.1.0"
