"""Computations seen from the window: the border between threads, the player and its history."""
