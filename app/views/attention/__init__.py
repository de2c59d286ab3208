"""Words and their alignments: heat maps, letters, chips."""
