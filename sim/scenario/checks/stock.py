"""Rules on goods on their way to the pickers: docks, pick faces."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.finding import Finding
from sim.scenario.schema import Scenario
from sim.scenario.schema.inbound import InboundSection

STEP_BY_STEP = "set inbound.process to step_by_step"


def receives(scenario: Scenario) -> bool:
    """Tell whether deliveries are work for receivers."""
    inbound = scenario.inbound
    if scenario.stock.unlimited:
        return False
    if inbound.process == "in_one_go":
        return scenario.stock.receive_s_per_order > 0.0
    return any(
        (
            inbound.unload_s_per_delivery,
            inbound.unload_s_per_unit,
            inbound.check_s_per_unit,
            inbound.put_away_s_per_trip,
            inbound.put_away_s_per_unit,
        )
    )


def check_inbound(scenario: Scenario) -> Iterator[Finding]:
    """Doors and hours are those of deliveries that come step by step."""
    inbound = scenario.inbound
    if inbound.process == "step_by_step":
        if scenario.stock.unlimited:
            yield (
                "inbound.process",
                "step_by_step with stock.unlimited: nothing is delivered",
                "in_one_go, or stock that is bought",
                "set stock.unlimited to false",
            )
        return
    if inbound.dock_doors is not None:
        found = f"{inbound.dock_doors} doors for deliveries in one go"
        yield (
            "inbound.dock_doors",
            found,
            "doors only if deliveries come step by step",
            STEP_BY_STEP,
        )
    if inbound.hours != InboundSection().hours:
        found = f"{inbound.hours.start} to {inbound.hours.end} for deliveries in one go"
        yield "inbound.hours", found, "hours only if deliveries come step by step", STEP_BY_STEP


def check_pick_faces(scenario: Scenario) -> Iterator[Finding]:
    """A face is topped up from a reserve, and before it is full."""
    faces = scenario.pick_faces
    if not faces.used:
        return
    if scenario.stock.unlimited:
        yield (
            "pick_faces.used",
            "pick faces with stock.unlimited: there is no reserve",
            "false, or stock that is bought",
            "set stock.unlimited to false",
        )
    if faces.min_days >= faces.max_days:
        yield (
            "pick_faces.min_days",
            f"{faces.min_days:g} days, and {faces.max_days:g} days on a full face",
            "less than pick_faces.max_days",
            "",
        )
