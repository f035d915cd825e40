"""People on the clock: who is on duty when, who waits for whom."""
