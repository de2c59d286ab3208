"""What every test needs: no screen, TensorFlow up silently, the same examples each time."""

import os

from hypothesis import settings

from engine import device

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("reproducible", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("reproducible")

# Before any test module imports k-means, and with it TensorFlow.
device.start()
