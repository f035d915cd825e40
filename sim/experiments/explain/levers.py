"""Levers: small changes of a scenario, as settings of its keys, and how much of a unit each is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.engine.opening import levels
from sim.engine.setting import Setting, prepare
from sim.experiments.explain.hands import staffed_s
from sim.experiments.explain.offered_text import named
from sim.scenario.loading import LoadedScenario, load
from sim.scenario.schema import ROLES, Scenario

FASTER_M_PER_S = 0.1
MORE_SERVICE = 0.25
"""Share of the chance that stock does not last which the stock lever takes away."""
WEEK_DAYS, HOUR_S = 7, 3600.0


@dataclass(frozen=True)
class Lever:
    """A change that is played.

    Parameters
    ----------
    name
        What it is more of.
    overrides
        Settings of scenario keys, as ``--set`` takes them.
    unit
        What the effect is told for.
    size
        How many of these units the change is, > 0; effects are divided by it.
    """

    name: str
    overrides: tuple[str, ...]
    unit: str
    size: float


def levers(source: str, settings: tuple[str, ...], loaded: LoadedScenario) -> list[Lever]:
    """Return the levers of a scenario: a head more of each role, a faster walk, more stock.

    Parameters
    ----------
    source, settings
        File or bundled name and the settings it was loaded with.
    loaded
        The scenario.

    Raises
    ------
    ScenarioError
        A file of the scenario cannot be used.
    """
    found = [lever for role in ROLES if (lever := _head(source, settings, loaded, role))]
    scenario = loaded.scenario
    picking = scenario.picking
    if picking.time_s is None and picking.tour_time_s is None:
        speed = round(scenario.warehouse.walk_speed_m_per_s + FASTER_M_PER_S, 6)
        words = (f"warehouse.walk_speed_m_per_s={speed:g}",)
        found.append(Lever("walking speed", words, "m/s", FASTER_M_PER_S))
    stock = _safety_stock(source, settings, loaded)
    return [*found, stock] if stock else found


def _head(
    source: str, settings: tuple[str, ...], loaded: LoadedScenario, role: str
) -> Lever | None:
    """Return one person more on the first shift that has the role; None where none has."""
    for name, shift in loaded.scenario.staff.items():
        heads = getattr(shift, role)
        if not heads:
            continue
        words = [f'staff."{name}".{role}={heads + 1}']
        for day, different in shift.by_day.items():
            own = getattr(different, role)
            if own:
                words.append(f'staff."{name}".by_day.{day}.{role}={own + 1}')
        more = load(source, settings=[*settings, *words]).scenario
        hours = _hours_a_day(more) - _hours_a_day(loaded.scenario)
        unit = "person-hour a day"
        return Lever(f"{named(role)} ({name})", tuple(words), unit, hours) if hours > 0.0 else None
    return None


def _hours_a_day(scenario: Scenario) -> float:
    """Return the hours on duty a day without breaks, mean of the first week, nobody missing."""
    people = scenario.people.model_copy(update={"absence_rate": 0.0, "pace": 1.0})
    whole = scenario.model_copy(update={"people": people})
    return float(staffed_s(whole, WEEK_DAYS).sum()) / WEEK_DAYS / HOUR_S


def _safety_stock(source: str, settings: tuple[str, ...], loaded: LoadedScenario) -> Lever | None:
    """Return higher reorder points: one unit where they are given, else by the service level.

    A computed point has no key of its own. The service level is raised by a quarter of what it
    leaves open, and the effect is told for one unit of the mean reorder point.
    """
    stock = loaded.scenario.stock
    if stock.unlimited:
        return None
    if stock.reorder_point is not None:
        words = [f"stock.reorder_point={stock.reorder_point + 1}"]
        if stock.order_up_to is not None:
            words.append(f"stock.order_up_to={stock.order_up_to + 1}")
    else:
        level = stock.service_level + MORE_SERVICE * (1.0 - stock.service_level)
        words = [f"stock.service_level={level:.6g}"]
    before = mean_reorder_point(prepared(loaded))
    more = mean_reorder_point(prepared(load(source, settings=[*settings, *words])))
    if more <= before:
        return None
    return Lever("safety stock", tuple(words), "unit of each SKU", more - before)


def mean_reorder_point(setting: Setting) -> float:
    """Return the reorder point in units, mean of the SKUs."""
    return float(np.mean([level.point for level in levels(setting)]))


def prepared(loaded: LoadedScenario) -> Setting:
    """Return the setting of a loaded scenario."""
    return prepare(loaded.scenario, loaded.external_files, loaded.file.name)
