"""A run: all replications of one scenario, their estimates, targets and verdict."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from sim.engine.setting import Setting, prepare
from sim.experiments.replication import Outcome
from sim.experiments.store import Store
from sim.experiments.workers import WorkerProcesses, outcomes
from sim.kpis import KPIS, Estimate, estimate
from sim.kpis.targets import JudgedTarget, check_targets, judged_targets
from sim.policies.finding import ENTRY_POINT_GROUP
from sim.scenario.loading import LoadedScenario, scenario_hash
from sim.scenario.schema import Scenario

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Run:
    """The result of a run.

    Parameters
    ----------
    loaded
        The scenario with its origins.
    setting
        What was played.
    outcomes
        One a replication, in order.
    """

    loaded: LoadedScenario
    setting: Setting
    outcomes: Sequence[Outcome]
    estimates: dict[str, Estimate | None] = field(init=False)

    def __post_init__(self) -> None:
        by_name = {name: estimate(self.values(name)) for name in KPIS}
        object.__setattr__(self, "estimates", by_name)

    @property
    def scenario(self) -> Scenario:
        """The scenario that was played."""
        return self.setting.scenario

    def values(self, kpi: str) -> list[float | None]:
        """Return a KPI's value in each replication."""
        return [outcome.kpis[kpi] for outcome in self.outcomes]

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of the replications, in order."""
        joined = "\n".join(f"{o.replication} {o.digest}" for o in self.outcomes)
        return hashlib.sha256(joined.encode()).hexdigest()

    @property
    def key(self) -> str:
        """Key of the run: scenario, files, replications, code and library versions."""
        return run_key(self.loaded, [o.replication for o in self.outcomes])

    @property
    def targets(self) -> list[JudgedTarget]:
        """The scenario's targets, met or missed."""
        return judged_targets(self.scenario.targets, self.estimates)


def run_key(loaded: LoadedScenario, replications: Sequence[int]) -> str:
    """Return the run's key: a hash of everything its numbers depend on."""
    parts: list[Any] = [scenario_hash(loaded), list(replications), versions(), code_digest()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def versions() -> dict[str, str]:
    """Return the versions that the numbers depend on."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in ("warelab", "simpy", "numpy", "scipy", "ortools"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def depended_on(loaded: LoadedScenario) -> dict[str, str]:
    """Return what the numbers of any one replication depend on, by name.

    That is what :func:`run_key` hashes, without the replications; and the policies that other
    packages bring, whose text may change without their version.
    """
    run = {**loaded.resolved["run"], "replications": None}
    any_number = replace(loaded, resolved={**loaded.resolved, "run": run})
    return {"scenario": scenario_hash(any_number), **program()}


def program() -> dict[str, str]:
    """Return what the numbers of any scenario depend on, by name: versions and program text."""
    return {
        **versions(),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "program text": code_digest(),
        "policies of other packages": _text_digest(_packages_with_policies()),
    }


def _packages_with_policies() -> list[str]:
    from importlib.metadata import entry_points

    points = entry_points(group=ENTRY_POINT_GROUP)
    return sorted({point.module.partition(".")[0] for point in points} - {"sim", "optimize"})


@cache
def code_digest() -> str:
    """Return a SHA-256 of the program text of both packages: other code may give other numbers."""
    return _text_digest(["sim", "optimize"])


def _text_digest(packages: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for package in packages:
        found = importlib.util.find_spec(package)
        if found is None:
            continue
        if not found.submodule_search_locations and found.origin:  # a single file
            digest.update(Path(found.origin).read_bytes())
        for folder in found.submodule_search_locations or ():
            for file in sorted(Path(folder).rglob("*.py")):
                digest.update(file.relative_to(folder).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def default_jobs() -> int:
    """Return the number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def execute(
    loaded: LoadedScenario,
    *,
    replications: Sequence[int] | None = None,
    orders_of: int | None = None,
    jobs: int = 1,
    setting: Setting | None = None,
    store: Store | None = None,
    done: Callable[[Outcome], None] | None = None,
    progress: Callable[[int, float], None] | None = None,
    executor: Callable[[Setting, int], Executor] = WorkerProcesses,
) -> Run:
    """Play a scenario's replications.

    Parameters
    ----------
    loaded
        Checked scenario.
    replications
        Numbers of the replications; default as many as ``run.replications`` says, from 0.
    orders_of
        The replication of which a row for each order is kept; default the first.
    jobs
        Processes.
    setting
        The prepared setting, if there is one already.
    store
        Finished replications are taken from there, and kept there as soon as they are played.
    done, progress, executor
        As in :func:`sim.experiments.workers.outcomes`.

    Raises
    ------
    ScenarioError
        A file of the scenario cannot be used, or a target is no KPI.
    BalanceError
        The accounts of a replication do not add up.
    StoreError
        The store does not take what was played; what it kept before is whole.
    WorkerDied
        A replication ended its process three times; all others were played and kept before.
    """
    check_targets([loaded])
    if setting is None:
        setting = prepare(loaded.scenario, loaded.external_files, loaded.file.name)
    wanted = list(range(loaded.scenario.run.replications) if replications is None else replications)
    if orders_of is None and wanted:
        orders_of = wanted[0]
    kept = store.read(wanted, orders_of) if store else {}

    def finished(outcome: Outcome) -> None:
        if store:
            store.add(outcome)
        if done:
            done(outcome)

    if done:
        for outcome in kept.values():
            done(outcome)
    played = outcomes(
        setting,
        [number for number in wanted if number not in kept],
        jobs=jobs if len(wanted) > 1 else 1,
        keep_orders_of=orders_of,
        done=finished,
        progress=progress,
        executor=executor,
    )
    found = {**kept, **{outcome.replication: outcome for outcome in played}}
    return Run(loaded, setting, [found[number] for number in wanted])
