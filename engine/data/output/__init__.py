"""Where results go: formats by suffix, tables, and files that are written atomically."""
