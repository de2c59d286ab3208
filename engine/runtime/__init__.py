"""What computing rests on: the device, TensorFlow itself, compiled programs, several processes."""
