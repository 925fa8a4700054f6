"""The terminal UI: a face of the engine."""
