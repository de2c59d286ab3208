"""Models: their interface, layers, encoders and decoders, ensembles."""
