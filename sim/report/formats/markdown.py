"""Tables in Markdown (GitHub Flavored Markdown), every cell escaped: a name is never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sim.report.formats.grid import Grid
from sim.report.tables import shown

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~&$@-])")
_NUMBER = re.compile(r"[+-]?[\d,.]+(?: %)?(?: \.\. [+-]?[\d,.]+(?: %)?)?")


def escaped_cell(word: str) -> str:
    r"""Return a word of which Markdown takes nothing for markup, on one line.

    >>> escaped_cell("a|b <i>")
    'a\\|b \\<i\\>'
    >>> escaped_cell("-1.5 .. 2.0")
    '-1.5 .. 2.0'
    """
    plain = shown(word)
    if _NUMBER.fullmatch(plain):
        return plain
    # An address would become a link by itself.
    return _MARKUP.sub(r"\\\1", plain).replace("://", "&#58;//").replace("www.", "www&#46;")


def markdown(grids: Iterable[Grid], title: str) -> str:
    """Return tables as one Markdown document."""
    parts = [f"## {escaped_cell(title)}"]
    for grid in grids:
        parts.append(f"### {escaped_cell(grid.title)}")
        if len(grid.rows) > 1:
            heads, *rows = ([escaped_cell(cell) for cell in row] for row in grid.rows)
            rule = ["---:" if flush else "---" for flush in grid.right]
            parts.append("\n".join(_line(cells) for cells in (heads, rule, *rows)))
        if grid.notes:
            parts.append("\n".join(f"- {escaped_cell(note)}" for note in grid.notes))
    return "\n\n".join(parts) + "\n"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
