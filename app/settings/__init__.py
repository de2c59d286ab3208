"""What outlives the window: settings by section, tables as they were read, painted points."""
