"""Training: batches, loss, steps, measurements, and the folder of a training."""
