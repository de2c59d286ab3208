"""The models: layers, encoders and decoders, ensembles."""
