"""The command `cluster`: its arguments, its runs, its results."""
