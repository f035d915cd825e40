"""Sets of aisles as plain loops over arrays, compiled where that is possible."""
