"""The picture lab and its settings."""
