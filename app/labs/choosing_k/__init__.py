"""The tab How many?, for choosing k."""
