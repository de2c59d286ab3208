"""What computing needs: the device, TensorFlow itself, compiled programs, several processes."""
