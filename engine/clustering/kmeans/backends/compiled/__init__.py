"""The programs that XLA compiles for the fused backend, and for chunks and shards of points."""
