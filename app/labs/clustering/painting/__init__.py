"""Painting points with the mouse."""
