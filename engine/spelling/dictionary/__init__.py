"""The pronouncing dictionary, words looked up in it, and files like it."""
