"""The points of a scatter plot, few or millions."""
