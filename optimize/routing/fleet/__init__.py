"""Which picker visits which stops, and in which order."""
