"""Inner loops of batching: plain numbers and arrays, compiled where numba is at hand."""
