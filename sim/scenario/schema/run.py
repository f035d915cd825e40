"""How long a scenario is played, how often, and from which seed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.schema.base import DateText, NotNegative, Positive, Section


class RunSection(Section):
    """Window of the measurement. Orders placed inside it are counted and followed to their end."""

    start_date: DateText = Field(
        "2026-01-05", description="first day of the run; 2026-01-05 is a Monday"
    )
    warm_up_days: NotNegative = Field(2.0, description="days played before the measured window")
    horizon_days: Annotated[float, Field(gt=0.0, le=3660.0)] = Field(
        7.0, description="days whose orders are measured"
    )
    cool_down_days: NotNegative = Field(
        1.0,
        description="days of further orders after the window, so that its last orders meet a busy house",
    )
    follow_up_days: Annotated[float, Field(ge=0.0, le=3660.0)] = Field(
        120.0, description="days after the last order for deliveries, returns and refunds to end"
    )
    replications: Annotated[int, Field(ge=1, le=100_000)] = Field(
        10, description="independent repetitions"
    )
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = Field(
        20261122, description="same seed: same orders in every scenario compared"
    )
    budget_orders: Annotated[float, Field(gt=0)] = Field(
        20_000_000.0, description="most orders over all replications that a run may play"
    )
    budget_minutes: Positive = Field(
        720.0, description="most CPU minutes a run may be estimated to take"
    )
    budget_memory_mb: Positive = Field(
        16_000.0, description="most memory one replication may be estimated to take"
    )
