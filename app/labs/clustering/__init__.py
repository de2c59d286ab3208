"""The clustering lab and its parts."""
