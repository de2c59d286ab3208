"""k-means: one driver of Lloyd's algorithm, mini-batches, options and frames."""
