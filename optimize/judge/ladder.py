"""The ladder of requirements: rung 0 is the requirement itself.

Higher rungs let less work wait, fit more of the replications and plan for more work than there is;
lower ones plan for less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from optimize.staffing.problem import Need
from optimize.staffing.requirement import RULES, Rule, needs
from optimize.workload import Workload
from sim.scenario.schema import Scenario

FLOOR_ROLES = ("pickers", "packers", "dispatchers")
"""Roles whose hours decide when an order leaves; the others keep what they are required."""


@dataclass(frozen=True)
class Rung:
    """How much safer or cheaper than the requirement plan.

    Parameters
    ----------
    work_share
        Work that is planned for / work measured.
    wait_share
        Share of the work that may wait where a role has such a limit: this, if it is smaller.
    busy_share, replication_share
        Of the windows; see `optimize.staffing.requirement.covers`.
    """

    work_share: float = 1.0
    wait_share: float = 1.0
    busy_share: float = 0.9
    replication_share: float = 0.9


LOWEST = -10
RUNGS: Mapping[int, Rung] = {
    **{rung: Rung(1.0 + 0.08 * rung) for rung in range(LOWEST, 0)},
    0: Rung(),
    1: Rung(1.0, 0.8, 0.85, 0.95),
    2: Rung(1.0, 0.6, 0.8, 1.0),
    3: Rung(1.1, 0.4, 0.8, 1.0),
    4: Rung(1.25, 0.2, 0.8, 1.0),
    5: Rung(1.5, 0.2, 0.8, 1.0),
    6: Rung(2.0, 0.2, 0.8, 1.0),
}
"""From the cheapest to the safest."""


def _rule(rule: Rule, rung: Rung) -> Rule:
    return replace(
        rule,
        wait_share=None if rule.wait_share is None else min(rule.wait_share, rung.wait_share),
        busy_share=rung.busy_share,
        replication_share=rung.replication_share,
    )


def rung_words(rung: int) -> str:
    """Return a rung in words."""
    if rung == 0:
        return "the requirement plan"
    written = RUNGS[rung]
    words = f"a requirement plan for {100 * written.work_share:.0f} % of the work"
    return words if rung < 0 else f"{words}, {100 * written.replication_share:.0f} % of the weeks"


def needs_of(
    scenario: Scenario, work: Workload, roles: Sequence[str], rung: Rung
) -> tuple[Need, ...]:
    """Return what each role needs on a rung; it changes the needs of some roles alone."""
    work_s = {
        role: seconds * rung.work_share if role in roles else seconds
        for role, seconds in work.work_s.items()
    }
    rules = {role: _rule(RULES[role], rung) for role in roles}
    return needs(scenario, work_s, work.task_s, rules=rules)
