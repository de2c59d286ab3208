"""Training: batches, loss, validation, the folder of a training."""
