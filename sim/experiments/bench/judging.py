"""What a benchmark says: who is best where, and whether any policy has got worse."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sim.errors import Problem, ScenarioError
from sim.experiments.bench.baseline import AGAIN, Baseline, baseline_of
from sim.experiments.bench.playing import CellValues, first
from sim.experiments.bench.suite import Suite
from sim.experiments.gates import Amount, Gate, Gated, better_way, judged_gates
from sim.kpis import Estimate, Paired, Verdict, estimate, paired, verdicts

Key = tuple[str, str]
"""Name of a cell, name of a KPI."""


@dataclass(frozen=True)
class Place:
    """A policy's place in a scenario.

    Parameters
    ----------
    rank
        1 + the number of policies that are clearly better; shared where nothing is clear.
    policy
        Its name.
    found
        The main KPI; None where it is undefined.
    to_best
        Paired difference to the policy with the best mean.
    """

    rank: int
    policy: str
    found: Estimate | None
    to_best: Paired | None


def leaderboard(suite: Suite, values: Mapping[str, CellValues]) -> dict[str, list[Place]]:
    """Return by scenario the policies, best mean first.

    Every two policies of a scenario are compared, so that the choice of the best is no luck either:
    Holm's correction runs over all pairs of all scenarios.

    Parameters
    ----------
    suite
        What was played.
    values
        What it gave, by cell.
    """
    kpi = suite.main_kpi
    way, amount = better_way(kpi), suite.smallest[kpi]
    found = {cell.name: values[cell.name][kpi] for cell in suite.cells}
    pairs = {
        f"{a.name}\x1f{b.name}": (a.name, b.name)
        for a, b in itertools.combinations(suite.cells, 2)
        if a.scenario == b.scenario
    }
    judged = verdicts(
        {key: found[a] for key, (a, _) in pairs.items()},
        {key: found[b] for key, (_, b) in pairs.items()},
        dict.fromkeys(pairs, way),
        {key: amount.of(found[a]) for key, (a, _) in pairs.items()},
    )
    beaten = {cell.name: 0 for cell in suite.cells}
    for key, (a, b) in pairs.items():
        judgement = judged[key].judgement
        if judgement in ("better", "worse"):
            beaten[a if judgement == "better" else b] += 1
    sign = 1.0 if way == "low" else -1.0
    board: dict[str, list[Place]] = {}
    for scenario in suite.scenarios:
        names = [(cell.policy, cell.name) for cell in suite.cells if cell.scenario == scenario]
        means = {name: estimate(found[name]) for _, name in names}
        best = min((n for _, n in names), key=lambda name: _order(means[name], sign))
        places = [
            Place(1 + beaten[name], policy, means[name], paired(found[best], found[name]))
            for policy, name in names
        ]
        board[scenario] = sorted(places, key=lambda p: (p.rank, _order(p.found, sign)))
    return board


def _order(found: Estimate | None, sign: float) -> float:
    return sign * found.mean if found else float("inf")


@dataclass(frozen=True)
class Held:
    """A suite held against a baseline.

    Parameters
    ----------
    verdicts, gates
        By cell and KPI.
    notes
        What is not the same around the numbers: versions, program text, scenarios.
    """

    verdicts: Mapping[Key, Verdict]
    gates: Mapping[Key, Gate]
    notes: tuple[str, ...]

    @property
    def failed(self) -> bool:
        """Whether any gate is failed."""
        return any(gate.failed for gate in self.gates.values())


def check_baseline(suite: Suite, baseline: Baseline, count: int, path: str) -> None:
    """Refuse a baseline that cannot be paired with a suite.

    Parameters
    ----------
    suite, baseline
        What is played; what it is held against.
    count
        Replications that are played.
    path
        File of the baseline, as it is shown.

    Raises
    ------
    ScenarioError
        Seed, replications, cells or KPIs differ; everything is said.
    """
    problems = []

    def differ(what: str, there: object, here: object) -> None:
        words = (f"found {there}", f"expected {here}, as in the suite {suite.name}", AGAIN)
        problems.append(Problem(path, 0, 0, what, *words))

    if baseline.seed != suite.seed:
        differ("seed", baseline.seed, suite.seed)
    if baseline.replications < count:
        differ("replications", baseline.replications, f"at least {count}")
    cells = [cell.name for cell in suite.cells]
    for name in cells:
        if name not in baseline.values:
            differ("cells", f"no cell '{name}'", "one")
            continue
        missing = [kpi for kpi in suite.smallest if kpi not in baseline.values[name]]
        if missing:
            differ(f"cells.{name}", f"no {', '.join(missing)}", "these KPIs")
    for name in baseline.values:
        if name not in cells:
            differ("cells", f"the cell '{name}'", "none of that name")
    if problems:
        raise ScenarioError(problems)


def held_against(
    suite: Suite,
    values: Mapping[str, CellValues],
    baseline: Baseline,
    tolerance: Amount | None = None,
) -> Held:
    """Return what every cell and KPI says against a baseline, pair by pair.

    Holm's correction runs over all cells and KPIs. An unchanged policy is identical: each of its
    replications gives the very number that the baseline holds.

    Parameters
    ----------
    suite, values
        What was played, and what it gave.
    baseline
        Checked by :func:`check_baseline`.
    tolerance
        How much worse may be; default: each KPI's smallest effect of interest.
    """
    count = len(next(iter(next(iter(values.values())).values())))
    old = first(baseline.values, count)
    keys = {f"{cell}\x1f{kpi}": (cell, kpi) for cell in values for kpi in suite.smallest}
    was = {key: old[cell][kpi] for key, (cell, kpi) in keys.items()}
    now = {key: values[cell][kpi] for key, (cell, kpi) in keys.items()}
    judged = verdicts(
        was,
        now,
        {key: better_way(kpi) for key, (_, kpi) in keys.items()},
        {key: suite.smallest[kpi].of(was[key]) for key, (_, kpi) in keys.items()},
    )
    gates = judged_gates(
        {
            (cell, kpi): Gated(kpi, was[key], now[key], tolerance or suite.smallest[kpi])
            for key, (cell, kpi) in keys.items()
        }
    )
    found = {place: _named(judged[key], was[key] == now[key]) for key, place in keys.items()}
    return Held(found, gates, _notes(baseline, baseline_of(suite, values)))


def _named(verdict: Verdict, same: bool) -> Verdict:
    """Return a verdict that calls identical what is: undefined in the same replications too."""
    name = verdict.name.partition("\x1f")[2]
    if same:
        return replace(verdict, name=name, judgement="identical")
    if verdict.judgement == "identical":
        return replace(verdict, name=name, judgement="no clear difference")
    return replace(verdict, name=name)


def _notes(old: Baseline, new: Baseline) -> tuple[str, ...]:
    notes = [
        f"{name}: the baseline is of {old.versions.get(name, 'none')}, this is {version}"
        for name, version in new.versions.items()
        if old.versions.get(name) != version
    ]
    if old.program != new.program:
        notes.append("the program text is another one than the baseline's")
    changed = [name for name, digest in new.scenarios.items() if old.scenarios[name] != digest]
    if changed:
        notes.append(f"played otherwise than for the baseline (settings): {', '.join(changed)}")
    return tuple(notes)
