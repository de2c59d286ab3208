"""The controls: small widgets that say what was chosen, with typed signals."""
