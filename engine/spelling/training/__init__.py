"""Training a speller on the pronouncing dictionary."""
