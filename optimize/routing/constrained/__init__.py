"""One walk with rules of order among its stops and a price for every turn."""
