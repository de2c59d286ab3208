"""The lab with two algorithms side by side, and its settings."""
