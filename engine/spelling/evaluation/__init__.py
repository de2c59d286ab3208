"""How well a speller does on words that it was not trained on."""
