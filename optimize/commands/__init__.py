"""One module a kind of plan; the heavy parts are imported when they are called."""
