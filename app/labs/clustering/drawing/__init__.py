"""What is drawn and said of the frame on screen."""
