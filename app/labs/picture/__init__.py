"""The picture lab."""
