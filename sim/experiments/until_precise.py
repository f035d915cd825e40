"""Replications until the KPIs are as precise as was asked, however many processes play them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any

from sim.engine.setting import Setting, prepare
from sim.experiments.replication import Outcome
from sim.experiments.run import Run, execute
from sim.experiments.statistics.replications import Precision, Replications
from sim.experiments.store import Store
from sim.experiments.workers import WorkerProcesses
from sim.kpis import KPIS
from sim.kpis.headline import HEADLINE
from sim.scenario.loading import LoadedScenario

DEFAULT_KPIS = ("order_lead_time_mean_h", "cost_per_order_eur", "on_time_ship_rate")
MOST = 200


@dataclass(frozen=True)
class PreciseRun:
    """A run, and whether it is as precise as was asked.

    Parameters
    ----------
    run
        The run: the replications that were needed, and those in which the precision held.
    relative
        The precision: half-width of each 95 per cent interval as a share of the mean.
    needed
        Replications from which on all KPIs were precise; None if one still is not.
    waiting_for
        KPIs that are not precise enough.
    """

    run: Run
    relative: float
    needed: int | None
    waiting_for: tuple[str, ...]

    def line(self) -> str:
        """Return the answer in one line."""
        wanted = f"precision: {100.0 * self.relative:g} %"
        count = len(self.run.outcomes)
        if self.needed is not None:
            held = count - self.needed
            return f"{wanted} reached after {self.needed} replications, held for {held} more"
        if not self.waiting_for:
            return f"{wanted} reached after {count} replications, but not yet held for long enough"
        waits = ", ".join(f"{name} ({self._width(name)})" for name in self.waiting_for)
        return f"{wanted} not reached after {count} replications; still waits: {waits}"

    def _width(self, kpi: str) -> str:
        found = self.run.estimates[kpi]
        if found is None:
            return KPIS[kpi].undefined
        if not found.half_width or not found.mean:
            return "no relative width"
        return f"{100.0 * found.half_width / abs(found.mean):.1f} %"

    def document(self) -> dict[str, Any]:
        """Return the answer, ready for JSON."""
        return {
            "relative": self.relative,
            "reached_after": self.needed,
            "replications": len(self.run.outcomes),
            "waiting_for": list(self.waiting_for),
        }


def kpis_to_wait_for(loaded: LoadedScenario, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the KPIs that must be precise.

    Parameters
    ----------
    loaded
        Checked scenario.
    names
        KPIs by name; if empty the headline KPIs with targets, without any
        :data:`DEFAULT_KPIS`.

    Raises
    ------
    ValueError
        A name is no KPI.
    """
    for name in names:
        if name not in KPIS:
            raise ValueError(
                f"found no KPI named {name!r}; expected one of docs/kpis.md, "
                "as order_lead_time_mean_h"
            )
    if names:
        return tuple(dict.fromkeys(names))
    return tuple(name for name in HEADLINE if name in loaded.scenario.targets) or DEFAULT_KPIS


def until_precise(
    loaded: LoadedScenario,
    relative: float,
    *,
    kpis: Sequence[str] = (),
    most: int = MOST,
    jobs: int = 1,
    setting: Setting | None = None,
    store: Store | None = None,
    done: Callable[[Outcome], None] | None = None,
    progress: Callable[[int, float], None] | None = None,
    executor: Callable[[Setting, int], Executor] = WorkerProcesses,
) -> PreciseRun:
    """Play replications in the order of their numbers until the KPIs are precise.

    The rule is that of :class:`~sim.experiments.statistics.replications.Replications`, fed in the
    order of the numbers: where it stops does not depend on ``jobs``. What was played beyond that
    for the sake of parallel work stays in the store and is no part of the run.

    Parameters
    ----------
    loaded
        Checked scenario; its own number of replications is not used.
    relative
        Half-width of the 95 per cent intervals as a share of the mean, above 0 and below 1.
    kpis
        As in :func:`kpis_to_wait_for`.
    most
        Replications at most, >= 10.
    jobs
        Processes; as many replications are played between two looks at the precision.
    setting, store, done, progress, executor
        As in :func:`sim.experiments.run.execute`.

    Raises
    ------
    ValueError
        A name is no KPI, or a number is outside its range.
    """
    if not 0.0 < relative < 1.0:
        raise ValueError(f"precision: found {relative}; expected above 0 and below 1, as 0.02")
    wanted = kpis_to_wait_for(loaded, kpis)
    rule = Replications(dict.fromkeys(wanted, Precision(relative=relative)))
    if most < rule.minimum:
        raise ValueError(f"most replications: found {most}; expected at least {rule.minimum}")
    if setting is None:
        setting = prepare(loaded.scenario, loaded.external_files, loaded.file.name)
    outcomes: list[Outcome] = []
    while not rule.enough and rule.done < most:
        # Nothing can be decided before the minimum and its look ahead: they are one block.
        size = jobs if outcomes else max(jobs, rule.minimum + rule.look_ahead)
        block = range(rule.done, min(most, rule.done + size))
        part = execute(
            loaded,
            replications=block,
            orders_of=0,
            jobs=jobs,
            setting=setting,
            store=store,
            done=done,
            progress=progress,
            executor=executor,
        )
        for outcome in part.outcomes:
            if not rule.enough:
                rule.add(outcome.kpis)
                outcomes.append(outcome)
    run = Run(with_replications(loaded, len(outcomes)), setting, outcomes)
    return PreciseRun(run, relative, rule.needed if rule.enough else None, rule.waiting_for)


def with_replications(loaded: LoadedScenario, count: int) -> LoadedScenario:
    """Return the scenario as ``--replications`` would have made it: the run has the same key."""
    scenario, section = loaded.scenario, loaded.scenario.run
    number = {"replications": count}
    return replace(
        loaded,
        scenario=scenario.model_copy(update={"run": section.model_copy(update=number)}),
        resolved={**loaded.resolved, "run": {**loaded.resolved["run"], **number}},
        origins={**loaded.origins, "run.replications": "--set"},
    )
