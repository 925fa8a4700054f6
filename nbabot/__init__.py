"""The faces of the engine that people type to: the command line and the Discord bot, with their schedule."""
