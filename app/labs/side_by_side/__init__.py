"""The lab that runs two algorithms side by side."""
