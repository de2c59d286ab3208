"""The controls: small widgets that report choices by typed signals."""
