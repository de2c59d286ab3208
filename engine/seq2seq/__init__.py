"""Spellers: phonemes in, letters out.

`vocabulary`, `recipes`, `batches`, `checkpoints`, `known_words`, `library`, `answers` and `kept`
are free of TensorFlow.
"""
