"""How the half-steps of k-means are computed: in memory, from a file, on several devices."""
