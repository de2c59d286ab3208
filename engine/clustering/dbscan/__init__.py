"""DBSCAN: clusters are where points are dense, and what is not dense is noise."""
