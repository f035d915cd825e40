"""A titled table of words, as every format takes it."""

from __future__ import annotations

from dataclasses import dataclass

from sim.report.tables import aligned, shown


@dataclass(frozen=True)
class Grid:
    """A table whose cells are ready to be read.

    Parameters
    ----------
    title
        One line above it.
    rows
        Heads first, then the rows, all of equal length.
    right
        Which columns end flush.
    notes
        Lines below it.
    """

    title: str
    rows: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]
    notes: tuple[str, ...] = ()


def text(grid: Grid) -> str:
    """Return a table for the terminal."""
    table = aligned(grid.rows, grid.right) if len(grid.rows) > 1 else []
    return "\n".join([shown(grid.title), *table, *map(shown, grid.notes)]) + "\n"
