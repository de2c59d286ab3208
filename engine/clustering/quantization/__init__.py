"""Colour quantization: k-means on the pixels of a picture."""
