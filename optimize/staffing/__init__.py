"""How many people to have at work, and when."""
