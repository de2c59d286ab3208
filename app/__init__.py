"""The window: PyQt6 and pyqtgraph around the engine's frames. It draws, and computes nothing."""
