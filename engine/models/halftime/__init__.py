"""Models of the margin at half-time, from how a game stood minute by minute when 18 of them were played."""
