"""The algorithms, in TensorFlow and NumPy: no Qt, so they also run in a terminal and on a server."""
