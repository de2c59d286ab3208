"""The spelling lab."""
