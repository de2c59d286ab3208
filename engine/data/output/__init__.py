"""Where results go: which suffix is which, tables and files written whole."""
