"""NumPy arrays in files, read into memory or left on disk."""
