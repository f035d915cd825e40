"""Lengths of shortest round trips as plain loops over arrays, compiled where that is possible."""
