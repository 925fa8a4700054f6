"""What a forecast may know, as of a moment."""
