"""Arrays of NumPy in files, in memory or left on disk."""
