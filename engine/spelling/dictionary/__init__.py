"""The pronouncing dictionary, lookups in it, and files in its format."""
