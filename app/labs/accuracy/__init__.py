"""The accuracy tab and its parts."""
