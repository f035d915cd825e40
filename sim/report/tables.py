"""Tables for the terminal: plain text, aligned, with units and intervals."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from sim.kpis import Estimate, KpiDefinition, Paired

MISSING = "-"
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that a terminal acts on or does not show."""


def shown(text: str) -> str:
    """Return text as a terminal may show it: control and formatting characters are escaped."""
    return "".join(
        c if unicodedata.category(c) not in HIDDEN else c.encode("unicode_escape").decode()
        for c in text
    )


def number(value: float, unit: str) -> str:
    """Return a number as people read it: shares in per cent, few digits, thousands parted."""
    if unit in ("rate", "share"):
        return f"{100.0 * value:.2f} %"
    if value == 0.0:
        return "0"
    size = abs(value)
    digits = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 3
    return f"{value:,.{digits}f}"


def interval(found: Estimate | Paired | None, unit: str) -> str:
    """Return ``lo - hi``, or a dash without an interval."""
    if found is None or found.lo is None or found.hi is None:
        return MISSING
    return f"{number(found.lo, unit)} .. {number(found.hi, unit)}"


def aligned(rows: Iterable[Sequence[str]], right: Sequence[bool]) -> list[str]:
    """Return rows as lines of equal columns; ``right`` says which columns end flush."""
    cells = [[shown(cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(right))]
    return [
        "  ".join(
            cell.rjust(width) if flush else cell.ljust(width)
            for cell, width, flush in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in cells
    ]


def label(definition: KpiDefinition) -> str:
    """Return the name of a KPI in words."""
    return definition.title


def unit_of(definition: KpiDefinition) -> str:
    """Return the unit as it is shown; shares show their per cent with the number."""
    return "" if definition.unit in ("rate", "share") else definition.unit
