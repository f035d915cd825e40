"""Many settings of one scenario on the same orders, and the best of them with a promise."""
