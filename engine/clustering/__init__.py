"""Clustering: points in, frames out. The window imports only what is free of TensorFlow."""
