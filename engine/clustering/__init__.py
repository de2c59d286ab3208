"""k-means and its parts. Only `options` is free of TensorFlow; the window imports no other."""
