"""The scatter plot and what is drawn in it."""
