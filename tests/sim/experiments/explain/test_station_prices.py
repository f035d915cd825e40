"""Expected visits solve v = share + P' v; a station's load is work over the hours of its people."""

from __future__ import annotations

from typing import Any

import pytest

from sim.engine.setting import prepare
from sim.experiments.explain.offered import offered_load
from sim.experiments.explain.station_prices import repairs_s_a_week, station_s, visits
from sim.scenario.schema import Scenario, law_mean

MINUTE = {"distribution": "deterministic", "value": 60.0}
REPAIRS = {"runs_h": {**MINUTE, "value": 6.0}, "repair_s": {**MINUTE, "value": 3600.0}}


def house(**wrapping: Any) -> Scenario:
    """Return two stations: half to wrapping, a quarter of it again, half of it to a look."""
    return Scenario.model_validate(
        {
            "name": "x",
            "run": {"warm_up_days": 0, "horizon_days": 7},
            "orders": {"per_day": 100},
            "stations": {
                "wrapping": {
                    "time_s": MINUTE, "share": 0.5, "then": {"wrapping": 0.25, "look": 0.5},
                    "people": 1, **wrapping,
                },
                "look": {"time_s": {**MINUTE, "value": 30.0}, "people": 1},
            },
            "staff": {
                "early": {
                    "start": "06:00", "end": "14:00", "specialists": 2,
                    **dict.fromkeys(("clerks", "pickers", "packers", "dispatchers"), 5),
                    **dict.fromkeys(("receivers", "returns_clerks"), 5),
                }
            },
        }
    )  # fmt: skip


def test_visits_count_those_who_come_back_and_those_sent_on() -> None:
    """0.5 / (1 - 0.25) to wrapping, half of that to the look."""
    assert visits(house(), "web").tolist() == pytest.approx([2 / 3, 1 / 3])
    assert station_s(house()) == pytest.approx({"wrapping": 40.0, "look": 10.0})


def test_people_one_by_one_count_with_the_mean_of_their_times() -> None:
    """One takes two minutes, one 20 s: 70 s a visit."""
    both = {"ann": {"pace": 0.5}, "bea": {"time_s_by_channel": {"web": {**MINUTE, "value": 20.0}}}}
    found = station_s(house(people=None, specialists=both))

    assert found["wrapping"] == pytest.approx(2 / 3 * 70.0)


def test_repairs_are_work_of_the_workshop() -> None:
    """Six hours of running and one of repair: 24 repairs of an hour a week."""
    found = repairs_s_a_week(house(machines={**REPAIRS, "repaired_at": "look"}))

    assert found == pytest.approx({"look": 24 * 3600.0})


def test_specialists_have_a_load_and_too_few_at_one_station_are_named() -> None:
    """50 s an order over 80 hours; alone there, 6 minutes a visit are too much."""
    found = offered_load(prepare(house(), {}))
    orders = found.of("dispatchers").work_s / law_mean(house().packing.label_s)
    assert found.of("specialists").load == pytest.approx(orders * 50.0 / (80 * 3600.0))
    assert not [note for note in found.notes if "too few" in note]

    slow = offered_load(prepare(house(time_s={**MINUTE, "value": 360.0}), {}))
    (note,) = [note for note in slow.notes if "too few" in note]
    load = slow.orders_per_week * 2 / 3 * 360.0 / (40 * 3600.0)
    assert note == f"station wrapping has too few people of its own: {load:.2f} of their week"
