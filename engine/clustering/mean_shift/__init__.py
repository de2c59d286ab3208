"""Mean shift: bandwidth, climbing, options and frames."""
