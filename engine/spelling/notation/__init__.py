"""Notations of phonemes that people use."""
