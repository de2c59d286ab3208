"""Phonemes as people write them."""
