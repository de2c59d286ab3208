"""Points that are generated or come along."""
