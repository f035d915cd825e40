"""What customers ask for: the order book, and the named streams that fill it."""
