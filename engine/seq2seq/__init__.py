"""Spellers: phonemes in, letters out.

`vocabulary`, `recipes`, `batches`, `checkpoints`, `known_words` and `library` are free of
TensorFlow.
"""
