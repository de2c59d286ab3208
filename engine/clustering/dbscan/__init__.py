"""DBSCAN: clusters are dense regions, and points outside them are noise."""
