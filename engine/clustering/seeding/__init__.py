"""Choosing the first centroids among the points."""
