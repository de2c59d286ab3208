"""The phoneme map."""
