"""How sure we are: replicate, compare, sweep, bench, validate."""
