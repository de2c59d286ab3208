"""The spelling lab and its parts."""
