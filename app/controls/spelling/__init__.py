"""The forms of the tabs about spelling."""
