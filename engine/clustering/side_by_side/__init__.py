"""k-means and mean shift on the same points."""
