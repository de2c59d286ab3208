"""The tabs of the window: each has its controls and its views; a lab also has a player."""
