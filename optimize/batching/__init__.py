"""Which orders share a cart, so that all are picked with the fewest metres."""
