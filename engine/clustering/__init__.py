"""Clustering: points in, frames out. The window imports only modules that need no TensorFlow."""
