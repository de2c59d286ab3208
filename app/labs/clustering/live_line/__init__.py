"""The live line beside the clustering lab."""
