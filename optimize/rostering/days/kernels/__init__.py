"""Inner loops of rostering: plain numbers and arrays, compiled where numba is at hand."""
