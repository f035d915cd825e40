"""Inbound docks: trucks at the gate, doors, unloading, checking, putting away."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.schema.base import (
    WEEKDAYS,
    ClockTime,
    NotNegative,
    Positive,
    PositiveCount,
    Section,
    Weekday,
)


class GateHours(Section):
    """When trucks may come. One that would come at another time comes when the gate opens."""

    days: Annotated[list[Weekday], Field(min_length=1, max_length=7)] = Field(
        default_factory=lambda: list(WEEKDAYS), description="days on which the gate opens"
    )
    start: ClockTime = Field("00:00", description="the gate opens")
    end: ClockTime = Field(
        "24:00", description="the gate closes; a time before the start means the next day"
    )


class InboundSection(Section):
    """Deliveries from the gate to the shelf.

    In one go, a delivery is one piece of work, `stock.receive_s_per_order`. Step by step, its truck
    waits for a door and is unloaded there; then the goods are checked and put away.
    """

    process: Literal["in_one_go", "step_by_step"] = Field(
        "in_one_go",
        description="in_one_go: stock.receive_s_per_order, the keys below play no part; step_by_step: door, unload, "
        "check, put away, and receive_s_per_order plays no part",
    )
    dock_doors: PositiveCount | None = Field(
        None, description="trucks that stand at doors at once; null: no limit"
    )
    hours: GateHours = GateHours()
    unload_s_per_delivery: NotNegative = Field(
        120.0, description="a receiver's set-up at the door; own order of magnitude"
    )
    unload_s_per_unit: NotNegative = Field(
        1.0, description="and for each unit; the truck leaves its door when all are out"
    )
    check_s_per_unit: NotNegative = Field(2.0, description="count and check against the order")
    put_away_s_per_trip: NotNegative = Field(
        120.0, description="load a cart and walk to the shelf and back (120 s: OFC rule book)"
    )
    put_away_trip_l: Positive = Field(400.0, description="litres on the cart of a trip")
    put_away_s_per_unit: NotNegative = Field(
        10.0, description="stow each unit (10 s: OFC rule book)"
    )
