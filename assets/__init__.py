"""The files that come with Barycenter; `engine.assets` finds them."""
