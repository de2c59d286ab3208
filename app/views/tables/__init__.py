"""Small tables."""
