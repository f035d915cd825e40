"""Names: which person of a group works which of its duties, and what that loses."""
