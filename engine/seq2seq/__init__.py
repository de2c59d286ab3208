"""What all sequence-to-sequence tasks share: models, beam search, training, checkpoints.

A task brings its vocabularies, its examples and its frames; see `engine.spelling`. `vocabulary`,
`recipe`, `frames`, `cards`, `checkpoints`, and `batches`, `folder` and `frames` of `training` do
not import TensorFlow.
"""
