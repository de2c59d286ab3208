"""Forms of the tabs of the spellers."""
