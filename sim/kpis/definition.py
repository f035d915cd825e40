"""What is said about a KPI beside its formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sim.kpis.account import Account

Better = Literal["low", "high"]


@dataclass(frozen=True)
class KpiDefinition:
    """One number that people see.

    Parameters
    ----------
    name
        Stable name; it ends with the unit where there is one.
    unit
        Unit as it is printed, empty for a bare number.
    family
        Heading under which it stands.
    title
        Name in words.
    better
        Whether a low or a high value is better; None if neither.
    function
        Computes it from an account; its docstring gives the formula, who is in and who is out.
    undefined
        When it has no value.
    """

    name: str
    unit: str
    family: str
    title: str
    better: Better | None
    function: Callable[[Account], float | None]
    undefined: str = ""
