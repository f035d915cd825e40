"""Finite differences: what one more person in a block of hours changes, on the same orders."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from optimize.judge.presence import Block, Staff
from optimize.judge.promise import Estimated, Promise, estimated
from optimize.judge.trial import Trials

DOUBT = 0.1
"""A gain counts where its one-sided interval at this level is above 0."""


@dataclass(frozen=True)
class Slope:
    """What one more person-quarter-hour in a block is worth.

    Attributes
    ----------
    block
        Hours of a role.
    gains
        For each bound of the promise the change of its slack for each person-quarter-hour, mean
        and spread over pairs of replications.
    """

    block: Block
    gains: tuple[Estimated, ...]

    def sure_gain(self, bound: int) -> float:
        """Return the mean gain if it is surely above 0, else 0: luck must not buy hours."""
        gain = self.gains[bound]
        return gain.mean if gain.mean > 0.0 and gain.lower(DOUBT) > 0.0 else 0.0


def slopes_at(
    trials: Trials,
    promise: Promise,
    staff: Staff,
    blocks: Sequence[Block],
    replications: Sequence[int],
) -> tuple[Slope, ...]:
    """Play a plan with one more person in each block, and without; return the differences.

    Parameters
    ----------
    trials
        Where plans are played and remembered.
    promise
        What is measured.
    staff
        The plan.
    blocks
        Where a person is added, one block at a time.
    replications
        Numbers, the same for all.

    Raises
    ------
    BudgetSpent
        If not all of it can be played; what was played is remembered.
    """
    without = [promise.slacks(kpis) for kpis in trials.kpis(staff, replications)]
    found = []
    for block in blocks:
        more = trials.kpis(block.with_one_more(staff), replications)
        rows = [
            [
                _gain(a, b) / block.person_slots
                for a, b in zip(before, promise.slacks(k), strict=True)
            ]
            for before, k in zip(without, more, strict=True)
        ]
        found.append(Slope(block, tuple(estimated(column) for column in zip(*rows, strict=True))))
    return tuple(found)


def _gain(before: float, after: float) -> float:
    """Return the change; where a KPI is undefined on one side nothing is known of it."""
    return after - before if math.isfinite(before) and math.isfinite(after) else 0.0
