"""Forms of the tabs that cluster."""
