"""The map of the phonemes, and its settings."""
