"""The views: each draws one kind of thing, and emits signals for the mouse and the keyboard."""
