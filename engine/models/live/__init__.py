"""Models of games that are being played: who wins from here, and by how much."""
