"""The laws of picking find faults: every tampered log of a floor with zones, carts and scans."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.log.facts import Fact
from tests.properties.law_book import LawBook
from tests.properties.test_law_book import Tamper, earlier, larger, more, twice, without
from tests.sim.engine.playing import Record, record, scenario_of

F = Fact
FLOOR: dict[str, Any] = {
    "run": {"warm_up_days": 0.0, "horizon_days": 2.0, "cool_down_days": 0.0},
    "orders": {
        "per_day": 200.0,
        "channels": {"web": {"share": 0.7}, "phone": {"share": 0.3, "priority": 0}},
    },
    "items": {"count": 60},
    "stock": {
        "service_level": 0.3,
        "order_days": 1.0,
        "lead_time_days": {"distribution": "exponential", "mean": 3.0},
    },
    "stockouts": {
        "split": False,
        "patience_days": {"distribution": "exponential", "mean": 0.5},
    },
    "warehouse": {"layout": {"aisles": 3, "positions_per_side": 12}},
    "picking": {
        "sequence": "priority",
        "aisles": "narrow",
        "batch_max_orders": 4,
        "batch_min_orders": 3,
        "sort_s_per_line": 5.0,
        "error_rate_per_line": 0.2,
        "scan": {"of": "units"},
        "short_picks": {"share_of_lines": 0.1},
    },
}
BY_ZONE = {"warehouse": {"zones": 3}}
HOUSES: dict[str, dict[str, Any]] = {
    "sorted": {"picking": {"sorting": "after"}},
    "at_once": {**BY_ZONE, "picking": {"method": "parallel_zones"}},
    "passed_on": {**BY_ZONE, "picking": {"method": "pick_and_pass"}},
}
EVERYWHERE = (
    F.PART_PICKED, F.REJOINED, F.SHORT_PICKED, F.SHRUNK, F.SCAN_CAUGHT, F.TOUR_STARTED,
    F.TOUR_ENDED, F.PICK_STARTED, F.PICKED, F.LINE_PICKED, F.VOID,
)  # fmt: skip
CHANGES: list[tuple[str, Tamper, Fact]] = [
    *((house, tamper, fact) for house in HOUSES for tamper in (twice, without)
      for fact in EVERYWHERE),
    *((house, larger, fact) for house in HOUSES
      for fact in (F.SHORT_PICKED, F.SHRUNK, F.PART_PICKED, F.PICKED, F.TOUR_ENDED)),
    *((house, more, fact) for house in HOUSES for fact in (
        F.PART_PICKED, F.PICKED, F.TOUR_STARTED, F.TOUR_ENDED, F.SHORT, F.AISLE_BLOCKED,
    )),
    *((house, earlier, fact) for house in HOUSES for fact in (F.TOUR_ENDED, F.AISLE_BLOCKED)),
    *((house, tamper, F.CONSOLIDATED) for house in ("sorted", "at_once")
      for tamper in (twice, without, more)),
    *(("at_once", tamper, F.ZONES_JOINED) for tamper in (twice, larger, more)),
]  # fmt: skip


def house_of(name: str) -> Record:
    """Return a run in which all that is tampered with happens."""
    sections = dict(FLOOR)
    for section, keys in HOUSES[name].items():
        sections[section] = {**sections[section], **keys}
    return record(scenario_of(**sections))


@pytest.fixture(scope="module")
def houses() -> dict[str, Record]:
    """All three houses."""
    return {name: house_of(name) for name in HOUSES}


@pytest.mark.parametrize("name", HOUSES)
def test_untouched_log_is_lawful(houses: dict[str, Record], name: str) -> None:
    """The run itself obeys every law."""
    LawBook(houses[name]).check()


@pytest.mark.parametrize(
    ("name", "tamper", "fact"),
    CHANGES,
    ids=[f"{name}-{tamper.__name__}-{fact.name}" for name, tamper, fact in CHANGES],
)
def test_tampered_log_is_refused(
    houses: dict[str, Record], name: str, tamper: Tamper, fact: Fact
) -> None:
    """One fact left out, doubled, moved or changed by one breaks a law."""
    house = houses[name]
    rows = np.flatnonzero(house.log.fact == fact)
    assert len(rows), "nothing to tamper with"

    tampered = replace(house, log=tamper(house.log, int(rows[len(rows) // 2])))

    with pytest.raises((AssertionError, KeyError, ValueError, IndexError)):
        LawBook(tampered).check()
