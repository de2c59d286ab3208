"""What computations need: the device, TensorFlow, compiled programs, several processes."""
