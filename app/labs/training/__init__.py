"""The training lab and its parts."""
