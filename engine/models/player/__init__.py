"""Models of players' games: minutes first, then what is done in them."""
