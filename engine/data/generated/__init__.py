"""Points that are generated, or that come with Barycenter."""
