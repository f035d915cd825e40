"""Two scenarios on the same orders: paired differences, and what they are worth believing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.experiments.gates import Amount
from sim.experiments.run import Run
from sim.experiments.statistics.many_to_one import paired_against_baseline
from sim.kpis import KPIS, Paired, Verdict, paired
from sim.kpis.headline import HEADLINE

SMALLEST = Amount(0.001, relative=True)
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


def compare_runs(
    a: Run,
    b: Run,
    family: tuple[str, ...] = HEADLINE,
    smallest: Mapping[str, Amount] | None = None,
) -> Comparison:
    """Compare two runs pair by pair.

    Parameters
    ----------
    a, b
        Runs of the same replications and seed.
    family
        KPIs over which Holm's correction is made, each once.
    smallest
        Smallest effects of interest, by KPI; where none is declared a thousandth of a's mean.

    Raises
    ------
    ValueError
        The runs did not play the same replications from the same seed.
    """
    return compare_many(a, [b], family, smallest)[0]


def compare_many(
    a: Run,
    others: Sequence[Run],
    family: tuple[str, ...] = HEADLINE,
    smallest: Mapping[str, Amount] | None = None,
) -> list[Comparison]:
    """Compare several runs with the first, Holm's correction over all of them and all KPIs.

    Parameters
    ----------
    a, others
        Runs of the same replications and seed; at least one other.
    family, smallest
        As for :func:`compare_runs`.

    Raises
    ------
    ValueError
        The runs did not play the same replications from the same seed.
    """
    for b in others:
        numbers = [[outcome.replication for outcome in run.outcomes] for run in (a, b)]
        if numbers[0] != numbers[1] or a.scenario.run.seed != b.scenario.run.seed:
            raise ValueError("runs to compare must have the same seed and the same replications")
    better = {name: way for name in family if (way := KPIS[name].better) is not None}
    declared = dict.fromkeys(better, SMALLEST) | dict(smallest or {})
    found = paired_against_baseline(
        {name: a.values(name) for name in better},
        {str(k): {name: b.values(name) for name in better} for k, b in enumerate(others)},
        better,
        {name: declared[name].of(a.values(name)) for name in better},
    )
    return [Comparison(a, b, family, found[str(k)]) for k, b in enumerate(others)]
