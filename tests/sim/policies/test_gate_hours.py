from __future__ import annotations

import pytest

from sim.policies.gate_hours import GateTimes
from sim.scenario.schema.inbound import GateHours

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
MONDAY = 0


def opens_h(hours: GateHours, now_h: float, first_weekday: int = MONDAY) -> float:
    """Return the hour at which a truck that would come at an hour does come."""
    return GateTimes(hours, first_weekday).next_open_s(now_h * HOUR_S) / HOUR_S


@pytest.mark.parametrize("now_h", [0.0, 3.5, 23.999, 24.0, 1000.0])
def test_a_gate_without_hours_is_always_open(now_h: float) -> None:
    """As if there were no gate."""
    assert opens_h(GateHours(), now_h) == now_h


@pytest.mark.parametrize(
    ("now_h", "comes_h"), [(3.0, 6.0), (6.0, 6.0), (13.5, 13.5), (14.0, 30.0), (20.0, 30.0)]
)
def test_a_truck_waits_for_the_gate_to_open(now_h: float, comes_h: float) -> None:
    """Open from 6 to 14: at 14 it is closed until 6 of the next day."""
    assert opens_h(GateHours(start="06:00", end="14:00"), now_h) == comes_h


@pytest.mark.parametrize(("now_h", "comes_h"), [(2.0, 2.0), (7.0, 22.0), (26.0, 26.0)])
def test_hours_may_run_past_midnight(now_h: float, comes_h: float) -> None:
    """Open from 22 to 6; the night before the first day is open too."""
    assert opens_h(GateHours(start="22:00", end="06:00"), now_h) == comes_h


def test_the_gate_opens_on_its_days() -> None:
    """Mondays and Thursdays only: Monday evening's truck comes on Thursday; started on a Friday,
    the first gate is that of the fourth day.
    """
    hours = GateHours(days=["mon", "thu"], start="06:00", end="14:00")

    assert opens_h(hours, 15.0) == 3 * 24 + 6
    assert opens_h(hours, 0.0, first_weekday=4) == 3 * 24 + 6
