"""The labs: each has its controls, its views and a player, wired once."""
