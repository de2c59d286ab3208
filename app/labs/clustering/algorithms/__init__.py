"""What the window adds to the algorithms of the engine: a record each."""
