"""Two scenarios on the same orders: paired differences, and what they are worth believing."""

from __future__ import annotations

from dataclasses import dataclass

from sim.experiments.run import Run
from sim.kpis import KPIS, Paired, Verdict, paired, verdicts
from sim.kpis.headline import HEADLINE

SMALLEST_SHARE = 0.001
"""Smallest effect of interest: a thousandth of the first scenario's mean."""


@dataclass(frozen=True)
class Comparison:
    """Run b against run a.

    Parameters
    ----------
    a, b
        The runs; replication r of both played the same orders.
    family
        KPIs that were compared, in the order of the table.
    verdicts
        By KPI, for those of the family of which more or less is better.
    """

    a: Run
    b: Run
    family: tuple[str, ...]
    verdicts: dict[str, Verdict]

    def difference(self, kpi: str) -> Paired | None:
        """Return the paired difference b - a of any KPI."""
        return paired(self.a.values(kpi), self.b.values(kpi))


def compare_runs(a: Run, b: Run, family: tuple[str, ...] = HEADLINE) -> Comparison:
    """Compare two runs pair by pair.

    Parameters
    ----------
    a, b
        Runs of the same replications and seed.
    family
        KPIs over which Holm's correction is made, each once.

    Raises
    ------
    ValueError
        The runs did not play the same replications from the same seed.
    """
    numbers = [[outcome.replication for outcome in run.outcomes] for run in (a, b)]
    if numbers[0] != numbers[1] or a.scenario.run.seed != b.scenario.run.seed:
        raise ValueError("runs to compare must have the same seed and the same replications")
    better = {name: way for name in family if (way := KPIS[name].better) is not None}
    smallest = {
        name: SMALLEST_SHARE * abs(found.mean)
        for name in better
        if (found := a.estimates[name]) is not None
    }
    return Comparison(
        a,
        b,
        family,
        verdicts(
            {name: a.values(name) for name in better},
            {name: b.values(name) for name in better},
            better,
            smallest,
        ),
    )
