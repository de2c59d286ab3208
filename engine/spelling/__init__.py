"""The spelling bee: sounds and letters, the dictionary, recipes and shipped spellers."""
