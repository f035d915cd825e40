"""Turn one dial of a scenario and see what follows: ``python -m tests.theory.cause_and_effect``.

Each step of a dial is played on the same orders as the first step, and the figures are compared
pair by pair. A dial says which way each figure must go, from the cause to the customer's purse.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from sim.engine.setting import prepare
from sim.experiments.replication import play_replication
from sim.kpis.estimates import Estimate, Paired, estimate, paired
from sim.scenario.loading import load

Settings = tuple[str, ...]


@dataclass(frozen=True)
class Dial:
    """A cause, its steps, and the figures that follow from it.

    Parameters
    ----------
    scenario
        Name of a bundled scenario.
    steps
        Label of each step to its settings; the others are compared with the first.
    rises, falls
        KPIs that go up or down from the first step to the last.
    base
        Settings of all steps.
    shown
        Further KPIs that are printed and of which nothing is claimed.
    """

    scenario: str
    steps: Mapping[str, Settings]
    rises: tuple[str, ...] = ()
    falls: tuple[str, ...] = ()
    base: Settings = ()
    shown: tuple[str, ...] = field(default=())

    @property
    def kpis(self) -> tuple[str, ...]:
        """All KPIs of the dial."""
        return (*self.rises, *self.falls, *self.shown)


@cache
def values(
    scenario: str, settings: Settings, replications: int
) -> tuple[Mapping[str, float | None], ...]:
    """Return all KPIs of each replication of a scenario."""
    loaded = load(scenario, settings=settings)
    setting = prepare(loaded.scenario, loaded.external_files)
    return tuple(play_replication(setting, number).kpis for number in range(replications))


def of(dial: Dial, step: str, kpi: str, replications: int) -> list[float | None]:
    """Return one KPI of a step, one value a replication."""
    played = values(dial.scenario, (*dial.base, *dial.steps[step]), replications)
    return [each[kpi] for each in played]


def difference(dial: Dial, step: str, kpi: str, replications: int) -> Paired:
    """Return the paired difference of a step against the first one."""
    first = next(iter(dial.steps))
    found = paired(of(dial, first, kpi, replications), of(dial, step, kpi, replications))
    assert found is not None, f"{kpi} is undefined"
    return found


def p_against(found: Paired, *, rises: bool) -> float:
    """Return the one-sided p value of "it does not go that way": small where the claim holds."""
    if found.p is None or found.sd == 0.0:
        return 1.0
    half = found.p / 2.0
    return half if (found.mean > 0.0) == rises else 1.0 - half


def _interval(found: Estimate | Paired | None, sign: str = "") -> str:
    if found is None:
        return "-"
    if found.lo is None or found.hi is None:
        return f"{found.mean:{sign}.5g}"
    return f"{found.mean:{sign}.5g} [{found.lo:{sign}.5g}, {found.hi:{sign}.5g}]"


def print_dial(name: str, dial: Dial, replications: int) -> None:
    """Print each step's figures and their paired differences to the first step."""
    write = sys.stdout.write
    write(f"\n{name}: {dial.scenario}, {replications} replications\n")
    first = next(iter(dial.steps))
    for kpi in dial.kpis:
        claim = "rises" if kpi in dial.rises else "falls" if kpi in dial.falls else ""
        write(f"  {kpi} {claim}\n")
        for step in dial.steps:
            level = _interval(estimate(of(dial, step, kpi, replications)))
            change = ""
            if step != first:
                change = _interval(difference(dial, step, kpi, replications), "+")
            write(f"    {step:<14}{level:<36}{change}\n")
        sys.stdout.flush()


def main(dials: Mapping[str, Dial], argv: Sequence[str] | None = None) -> None:
    """Play dials and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dials", nargs="*", help=f"of {', '.join(dials)}; without any, all")
    parser.add_argument("--replications", type=int, default=10)
    options = parser.parse_args(argv)
    for name in options.dials or dials:
        print_dial(name, dials[name], options.replications)


if __name__ == "__main__":
    from tests.theory.dials import DIALS

    main(DIALS)
