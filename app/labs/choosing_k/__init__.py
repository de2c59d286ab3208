"""The tab that asks how many clusters, and its parts."""
