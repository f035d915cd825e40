"""Goods on their way to the pickers, wired for one replication: docks, pick faces."""

from __future__ import annotations

from collections.abc import Sequence

from sim.engine.opening import demand_rates
from sim.engine.setting import Setting
from sim.policies.face_levels import face_levels
from sim.policies.gate_hours import GateTimes
from sim.scenario.schema import Scenario
from sim.stages.inbound import Inbound
from sim.stages.pick_faces import PickFaces

ML_PER_L = 1000.0


def inbound(scenario: Scenario, first_weekday: int) -> Inbound | None:
    """Return the docks; None where a delivery is one piece of work."""
    if scenario.inbound.process == "in_one_go":
        return None
    return Inbound(scenario.inbound, GateTimes(scenario.inbound.hours, first_weekday))


def pick_faces(setting: Setting, on_hand: Sequence[int]) -> PickFaces | None:
    """Return the pick faces, filled from the stock at the start; None where none are used."""
    rules = setting.scenario.pick_faces
    if not rules.used:
        return None
    demand, _ = demand_rates(setting)
    by_sku = [
        face_levels(
            demand_units_per_day,
            volume_ml,
            min_days=rules.min_days,
            max_days=rules.max_days,
            face_volume_ml=rules.face_volume_l * ML_PER_L,
        )
        for demand_units_per_day, volume_ml in zip(
            demand.tolist(), setting.catalogue.volume_ml.tolist(), strict=True
        )
    ]
    return PickFaces(rules, by_sku, on_hand)
