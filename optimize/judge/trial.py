"""Plans on trial: a staff section is played on numbered replications, and nothing is played twice.

Replication r of every plan plays the same orders (common random numbers), so plans are compared
pair by pair. What a replication gives depends on its number and the staff alone, never on when or
on how many processes it was played.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from optimize.judge.presence import Staff, shifts_of
from optimize.judge.promise import Kpis
from sim.engine.setting import Setting
from sim.experiments.workers import outcomes

Play = Callable[[Staff, Sequence[int]], Sequence[Kpis]]
"""Plays a staff section on replications; one row of KPIs for each, in their order."""


class BudgetSpent(Exception):
    """More replications were asked for than the budget has left."""


def simulated(setting: Setting, jobs: int = 1) -> Play:
    """Return the trial by the simulator: the setting with another staff section.

    Parameters
    ----------
    setting
        The prepared scenario; nothing of it but ``staff`` is changed.
    jobs
        Processes.
    """

    def play(staff: Staff, replications: Sequence[int]) -> list[Kpis]:
        scenario = setting.scenario.model_copy(update={"staff": shifts_of(staff)})
        planned = replace(setting, scenario=scenario)
        found = outcomes(planned, replications, jobs=jobs, keep_orders_of=None)
        return [outcome.kpis for outcome in found]

    return play


class Trials:
    """All trials of a search, remembered by staff and replication.

    Parameters
    ----------
    play
        Plays what is not remembered.
    budget
        Most replications that may be played.
    """

    def __init__(self, play: Play, budget: int) -> None:
        self._play = play
        self._budget = budget
        self._known: dict[tuple[str, int], Kpis] = {}

    @property
    def played(self) -> int:
        """Replications played so far."""
        return len(self._known)

    @property
    def left(self) -> int:
        """Replications that may still be played."""
        return self._budget - self.played

    def extend(self, replications: int) -> None:
        """Allow so many replications more."""
        self._budget += replications

    def kpis(self, staff: Staff, replications: Sequence[int]) -> list[Kpis]:
        """Return the KPIs of a plan on replications, in their order.

        Raises
        ------
        BudgetSpent
            If not all of them can be played; then none is.
        """
        key = staff_key(staff)
        missing = [number for number in replications if (key, number) not in self._known]
        if len(missing) > self.left:
            raise BudgetSpent(f"{len(missing)} replications wanted, {self.left} left")
        if missing:
            for number, kpis in zip(missing, self._play(staff, missing), strict=True):
                self._known[key, number] = kpis
        return [self._known[key, number] for number in replications]


def staff_key(staff: Staff) -> str:
    """Return a staff section as text: equal for equal sections, whatever the order of shifts."""
    return json.dumps(staff, sort_keys=True)
