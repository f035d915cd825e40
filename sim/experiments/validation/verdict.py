"""When a simulated figure counts as equal to an exact one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sim.experiments.validation.system import Row
from sim.kpis.estimates import Estimate, estimate

Word = Literal["reproduced", "off", "too wide", "not in scenarios"]

LEAST_REPLICATIONS = 10
FALSE_ALARM = 0.001
ROUNDING = 1e-9
"""Relative; an expected value is written with some ten digits."""


@dataclass(frozen=True)
class Figure:
    """A figure of a case, and whether it was reproduced.

    Parameters
    ----------
    case
        Name of the case.
    row
        What was expected.
    verdict
        ``reproduced``; ``off``: another mean; ``too wide``: an interval that says too little;
        ``not in scenarios``: no scenario plays it.
    found
        The estimate with its 95 % interval, None where nothing was played.
    allowed
        Half-width that the interval may have.
    words
        Why it is not in scenarios.
    """

    case: str
    row: Row
    verdict: Word
    found: Estimate | None
    allowed: float
    words: str = ""

    @property
    def is_reproduced(self) -> bool:
        """Whether it counts."""
        return self.verdict == "reproduced"


def allowed_half_width(row: Row, *, quick: bool) -> float:
    """Return the half-width that a figure's 95 % interval may have."""
    return row.max_rel_half_width * abs(row.expected) * (2.0 if quick else 1.0)


def judge(case: str, row: Row, values: Sequence[float], *, quick: bool = False) -> Figure:
    """Judge a figure: near the exact value, and with a narrow interval.

    The mean may be off by the half-width of the 99.9 % interval (a false alarm in a thousand). A
    wide interval is a failure, not a pass.

    Parameters
    ----------
    case
        Name of the case.
    row
        What is expected.
    values
        One a replication, at least ten, none of them NaN.
    quick
        Twice the half-width is allowed.

    Raises
    ------
    ValueError
        Fewer replications.
    """
    if len(values) < LEAST_REPLICATIONS:
        raise ValueError(
            f"{len(values)} replications; at least {LEAST_REPLICATIONS} are needed for a verdict"
        )
    allowed = allowed_half_width(row, quick=quick)
    found, wide = estimate(values), estimate(values, 1.0 - FALSE_ALARM)
    assert found is not None
    assert wide is not None
    half_width, limit = found.half_width, wide.half_width
    assert half_width is not None
    assert limit is not None
    rounding = ROUNDING * abs(row.expected)
    if not half_width <= allowed + rounding:
        return Figure(case, row, "too wide", found, allowed)
    near = abs(found.mean - row.expected) <= limit + rounding
    return Figure(case, row, "reproduced" if near else "off", found, allowed)
