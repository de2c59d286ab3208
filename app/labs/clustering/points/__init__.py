"""Where the points come from, and how they are put on screen."""
