"""The best week of one person, and the search that plans one week after the other."""
