"""The speller: phonemes and letters, the dictionary, recipes and shipped spellers."""
