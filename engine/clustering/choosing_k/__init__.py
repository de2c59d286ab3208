"""How many clusters: four methods, and the start lottery."""
