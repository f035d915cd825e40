"""Smallest effects of interest and gates: how much of a difference counts, and what fails.

A gate is failed if the difference lies beyond its tolerance in the worse direction and that is no
luck: the two-sided test of "exactly at the tolerance" holds after Holm's correction over all gates
of the command. Then the whole 95 % interval lies beyond the tolerance too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sim.kpis import KPIS, paired
from sim.kpis.estimates import Direction, Number, estimate, holm

ALPHA = 0.05
Key = TypeVar("Key")


@dataclass(frozen=True)
class Amount:
    """An amount of a KPI.

    Parameters
    ----------
    value
        >= 0; in the KPI's own unit, or a share of the baseline's mean.
    relative
        Whether it is a share of the baseline's mean.
    """

    value: float
    relative: bool

    def of(self, baseline: Sequence[Number]) -> float:
        """Return the amount in the KPI's unit, for a baseline's values (0 if it has none)."""
        found = estimate(baseline)
        if not self.relative:
            return self.value
        return self.value * abs(found.mean) if found else 0.0

    def __str__(self) -> str:
        return f"{100.0 * self.value:g}%" if self.relative else f"{self.value:g}"


@dataclass(frozen=True)
class Wanted:
    """Which amounts will do.

    Parameters
    ----------
    fits
        Tells whether one does.
    words
        What was expected, for people.
    """

    fits: Callable[[Amount], bool]
    words: str


ANY = Wanted(lambda _: True, "a number from 0 in the KPI's unit, or per cent such as 1%")
POSITIVE = Wanted(
    lambda amount: amount.value > 0.0,
    "a number above 0 in the KPI's unit, or per cent such as 1%",
)
PER_CENT = Wanted(lambda amount: amount.relative, "per cent such as 1%")
SHARE = Wanted(
    lambda amount: 0.0 < amount.value < 1.0, "a share above 0 and below 1, as 2% or 0.02"
)


def read_amount(text: str, wanted: Wanted = ANY) -> Amount:
    """Return the amount that a word says: ``0.05`` (the KPI's unit) or ``1%`` (of the mean).

    Raises
    ------
    ValueError
        It is neither, below 0, or will not do.

    Examples
    --------
    >>> read_amount("1%"), read_amount("0.05")
    (Amount(value=0.01, relative=True), Amount(value=0.05, relative=False))
    """
    digits = text.strip()
    relative = digits.endswith("%")
    try:
        value = float(digits.removesuffix("%"))
    except ValueError:
        value = math.nan
    amount = Amount(value / 100.0 if relative else value, relative)
    if not (math.isfinite(value) and value >= 0.0 and wanted.fits(amount)):
        raise ValueError(f"expected {wanted.words}")
    return amount


@dataclass(frozen=True)
class Gate:
    """What a gate says of one KPI of one comparison.

    Parameters
    ----------
    tolerance
        In the KPI's unit, >= 0.
    failed
        The difference lies beyond the tolerance, in the worse direction, beyond luck.
    """

    tolerance: float
    failed: bool


@dataclass(frozen=True)
class Gated:
    """A pair of lists of values that a gate looks at.

    Parameters
    ----------
    kpi
        Name of the KPI; more or less of it is better.
    a, b
        Values by replication: the baseline, and what is judged.
    tolerance
        How much worse may be.
    """

    kpi: str
    a: Sequence[Number]
    b: Sequence[Number]
    tolerance: Amount


def judged_gates(gated: Mapping[Key, Gated]) -> dict[Key, Gate]:
    """Return what each gate of a command says; the chance that any fails by luck is at most 5 %."""
    beyond: dict[Key, float] = {}
    tolerances: dict[Key, float] = {}
    for key, each in gated.items():
        tolerances[key] = tolerance = each.tolerance.of(each.a)
        beyond[key] = _chance(each, worse_by=tolerance)
    corrected = dict(zip(beyond, holm(list(beyond.values())), strict=True))
    return {key: Gate(tolerances[key], corrected[key] <= ALPHA) for key in gated}


def _chance(gated: Gated, *, worse_by: float) -> float:
    """Return the p value of "exactly at the tolerance"; 1 for what is not worse than it."""
    sign = 1.0 if better_way(gated.kpi) == "low" else -1.0
    at = [None if value is None else value + sign * worse_by for value in gated.a]
    found = paired(at, gated.b)
    if found is None or found.p is None or sign * found.mean <= 0.0:
        return 1.0
    return found.p


def better_way(kpi: str) -> Direction:
    """Return the better direction of a KPI.

    Raises
    ------
    ValueError
        Neither way is better.
    """
    way = KPIS[kpi].better
    if way is None:
        raise ValueError("found a KPI of which neither more nor less is better")
    return way
