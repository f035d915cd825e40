"""Which picker takes which batch, and in which order, so that all are ready in time."""
