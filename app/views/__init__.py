"""The views: each draws one kind of thing, and says when it was touched."""
