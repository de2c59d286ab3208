"""The import dialog for tables."""
