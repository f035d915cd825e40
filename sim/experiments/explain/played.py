"""After runs: where an order's hours went, and what one more of anything is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.experiments.explain.levers import Lever, levers
from sim.experiments.run import Run
from sim.kpis import KPIS, Estimate, Paired, paired, verdicts
from sim.kpis.estimates import Judgement
from sim.kpis.lead_parts import PARTS
from sim.scenario.loading import LoadedScenario, load

ASKED = ("order_lead_time_mean_h", "on_time_ship_rate", "cost_per_order_eur")
"""What a lever is asked to change."""

Play = Callable[[LoadedScenario, str], Run]


@dataclass(frozen=True)
class Part:
    """A part of the lead time: its hours, and its share of the whole (None without any)."""

    name: str
    hours: Estimate
    share: float | None


@dataclass(frozen=True)
class Effect:
    """What one unit of a lever changes.

    Parameters
    ----------
    lever
        The change that was played.
    change
        By KPI of ASKED the paired difference a unit, with its 95 % interval; None where the KPI is
        undefined.
    judgement
        By KPI, over the three KPIs of this lever by Holm's correction. A lever is pulled a little,
        so that any difference that is no chance counts, however small.
    """

    lever: Lever
    change: dict[str, Paired | None]
    judgement: dict[str, Judgement]


@dataclass(frozen=True)
class Explained:
    """Where the hours went and what helps."""

    run: Run
    parts: tuple[Part, ...]
    effects: tuple[Effect, ...]


def explain_played(source: str, settings: tuple[str, ...], play: Play) -> Explained:
    """Play a scenario and each of its levers on the same orders.

    Parameters
    ----------
    source, settings
        File or bundled name, and settings of its keys.
    play
        Plays a scenario, each time the same replications, at least 1; an interval needs 2. It is
        also told in words which of all plays this is.

    Raises
    ------
    ScenarioError
        The scenario or one of its files cannot be used.
    """
    loaded = load(source, settings=settings)
    pulled = levers(source, settings, loaded)
    plays = len(pulled) + 1
    base = play(loaded, f"1 of {plays}: as it is")
    effects = []
    for number, lever in enumerate(pulled, 2):
        changed = load(source, settings=[*settings, *lever.overrides])
        run = play(changed, f"{number} of {plays}: more {lever.name}")
        effects.append(effect_of(lever, base, run))
    return Explained(base, parts_of(base), tuple(effects))


def parts_of(run: Run) -> tuple[Part, ...]:
    """Return the parts of the lead time; shares are those of the mean hours."""
    hours = {part: run.estimates[f"{part}_mean_h"] for part in PARTS}
    total = sum(found.mean for found in hours.values() if found is not None)
    return tuple(
        Part(part, found, found.mean / total if total else None)
        for part, found in hours.items()
        if found is not None
    )


def effect_of(lever: Lever, base: Run, changed: Run) -> Effect:
    """Return what one unit of a lever changes, from two runs on the same orders."""
    before = {name: base.values(name) for name in ASKED}
    after = {name: changed.values(name) for name in ASKED}
    change = {name: _a_unit(paired(before[name], after[name]), lever.size) for name in ASKED}
    better = {name: way for name in ASKED if (way := KPIS[name].better) is not None}
    judged = verdicts(before, after, better)
    judgement = {name: verdict.judgement for name, verdict in judged.items()}
    return Effect(lever, change, judgement)


def _a_unit(found: Paired | None, size: float) -> Paired | None:
    if found is None:
        return None
    lo, hi, sd = (None if each is None else each / size for each in (found.lo, found.hi, found.sd))
    return Paired(found.mean / size, lo, hi, sd, found.n, found.variance_ratio, found.p)
