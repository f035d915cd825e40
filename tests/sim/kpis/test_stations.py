"""Stations: visits, waits, what goes on without; machines; other work. All by hand."""

from __future__ import annotations

import pytest

from sim.kpis.balance import balance
from sim.kpis.people_tables import SPECIALISTS
from sim.kpis.series import utilisation_by_hour
from sim.kpis.slices import Window
from sim.kpis.stations import DEFINITIONS, station_rows
from sim.log.facts import Fact
from sim.scenario.schema import Scenario
from tests.sim.kpis.journal import HOUR, Journal, demand_of, plain_scenario

MINUTE = 60.0
LAW = {"distribution": "deterministic", "value": 60.0}
AT, STARTED, ENDED = Fact.AT_STATION, Fact.STATION_STARTED, Fact.STATION_ENDED
FULL, LEFT, INTERRUPTED = Fact.STATION_FULL, Fact.STATION_LEFT, Fact.STATION_INTERRUPTED


def scenario() -> Scenario:
    """Return two stations: one of two people with machines, one of one."""
    machines = {"runs_h": LAW, "repair_s": LAW, "repaired_at": "shop"}
    return plain_scenario(
        stations={
            "press": {"people": 2, "share": 0.5, "machines": machines},
            "shop": {"people": 1},
        },
        staff={"early": {"start": "00:00", "end": "24:00", "packers": 1, "specialists": 3}},
    )


def visits() -> Journal:
    """Two orders, four visits.

    Order 0 at station 0: comes at 4.0 h, begun after 6 min, dropped at 4.2 h, begun again at 4.3 h,
    done at 4.5 h; then at station 1, which is full. Order 1 at station 1 at 4.0 h, begun at once,
    done at 4.1 h; then at station 0 from 4.1 h, which it leaves after 30 minutes.
    """
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])] * 2))
    for order in range(2):
        journal.sell(order, paid_s=0.0)
        journal.ship(order, 0.0)
    for time_h, fact, shipment, station in (
        (3.1, AT, 0, 0), (3.2, STARTED, 0, 0), (3.3, INTERRUPTED, 0, 0), (3.4, STARTED, 0, 0),
        (3.6, ENDED, 0, 0), (3.6, AT, 0, 1), (3.6, FULL, 0, 1),
        (3.0, AT, 1, 1), (3.0, STARTED, 1, 1), (3.1, ENDED, 1, 1), (3.1, AT, 1, 0),
        (3.6, LEFT, 1, 0),
    ):  # fmt: skip
        journal.note(time_h * HOUR, fact, shipment, station)
    return journal


def test_visits_wait_last_or_are_skipped() -> None:
    """Waits of 6 and 0 minutes; 30 and 6 minutes there; one full and one left of four."""
    kpis = visits().kpis()

    assert kpis["station_visits_per_order"] == pytest.approx(4 / 2)
    assert kpis["station_wait_mean_min"] == pytest.approx((6 + 0) / 2)
    assert kpis["station_time_p95_min"] == pytest.approx(30)
    assert kpis["station_skipped_rate"] == pytest.approx(2 / 4)
    assert kpis["station_full_rate"] == pytest.approx(1 / 4)
    assert kpis["station_interruptions_per_visit"] == pytest.approx(1 / 4)


def test_the_log_may_come_in_chunks_of_any_size() -> None:
    """The same, fact by fact."""
    assert visits().kpis(size=1) == visits().kpis()


def machines() -> Journal:
    """One day. Machine 0 breaks down at 2 h and runs again from 5 h on, its repair begun at 4 h.

    It breaks down again at 22 h and is not yet repaired at 26 h; machine 1 never does. Of 24 paid
    hours of a specialist 6 are work, and 2 of them other work.
    """
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])]))
    journal.sell(0, paid_s=0.0)
    for time_h, fact, subject, other, value in (
        (0, Fact.ON_DUTY, 1, SPECIALISTS, 0.0),
        (2, Fact.BROKE_DOWN, 0, 0, 0.0), (4, Fact.REPAIR_STARTED, 0, 1, 3.0),
        (5, Fact.REPAIRED, 0, 0, 3 * HOUR), (22, Fact.BROKE_DOWN, 0, 0, 0.0),
        (8, Fact.SIDE_WORKED, 1, 0, 2 * HOUR), (8, Fact.WORKED, 1, SPECIALISTS, 2 * HOUR),
        (12, Fact.WORKED, 1, SPECIALISTS, 4 * HOUR), (24, Fact.OFF_DUTY, 1, SPECIALISTS, 0.0),
        (26, Fact.STOCK_CLOSED, 0, 0, 0.0),
    ):  # fmt: skip
        journal.note(time_h * HOUR, fact, subject, other, value)
    return journal


def test_machines_are_down_from_the_breakdown_to_the_end_of_the_repair() -> None:
    """3 h and, cut at the window's end, 2 h, of two machines for 24 h; a wait of two hours."""
    kpis = machines().kpis(Window(0.0, 24 * HOUR), scenario())

    assert kpis["machine_availability_rate"] == pytest.approx(1 - 5 / 48)
    assert kpis["repair_wait_mean_min"] == pytest.approx(120)


def test_other_work_is_paid_but_not_busy() -> None:
    """2 of 24 hours; busy are 4 of 24, in the week's picture too: not from 6 to 8, yet from 8."""
    journal = machines()
    kpis = journal.kpis(Window(0.0, 24 * HOUR), scenario())
    account = journal.account(Window(0.0, 24 * HOUR))
    busy = utilisation_by_hour(account)[SPECIALISTS].ravel()

    assert kpis["side_work_share_rate"] == pytest.approx(2 / 24)
    assert kpis["utilisation_specialists_rate"] == pytest.approx(4 / 24)
    monday = account.scenario.run.start_date
    assert monday == "2026-01-05"
    assert busy[5:13].tolist() == pytest.approx([0, 0, 0, 1, 1, 1, 1, 0])


def test_a_row_a_station() -> None:
    """The press: 48 machine hours of which 5 down; its people are 1 and 2, of whom 1 was there."""
    account = machines().account(Window(0.0, 24 * HOUR))
    account.scenario = scenario()
    press, shop = station_rows(account).values()

    assert (press.machine_min, press.down_min) == pytest.approx((48 * 60, 5 * 60))
    assert (press.there_min, press.busy_min, press.side_min) == pytest.approx((1440, 240, 120))
    assert (shop.there_min, shop.machine_min, shop.visits) == (0, 0, 0)


def test_without_stations_all_is_undefined() -> None:
    """A house as it was."""
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])]))
    journal.sell(0, paid_s=0.0)
    journal.ship(0, 0.0)
    kpis = journal.kpis()

    assert [each.name for each in DEFINITIONS if kpis[each.name] is not None] == []
    assert all(each.undefined for each in DEFINITIONS)


def faults(*facts: tuple[float, Fact, int, int]) -> list[str]:
    """Return what the balance says of stations in a log with some more facts."""
    journal = visits()
    for time_h, fact, subject, station in facts:
        journal.note(time_h * HOUR, fact, subject, station)
    words = ("station", "visit", "machines")
    return [each for each in balance(journal.tables()).faults if any(w in each for w in words)]


def test_the_balance_counts_every_visit_once() -> None:
    """Sound as it is; then a visit that never ends, one that ends twice, one elsewhere."""
    assert faults() == []
    assert faults((3.8, AT, 0, 1)) == ["left while still at a station: shipments (0)"]
    assert faults((3.61, FULL, 0, 1)) == [
        "at a station in no possible order: shipments (0)",
        "ended a visit twice: shipments (0)",
    ]
    assert faults((3.05, STARTED, 1, 0)) == ["at a station in no possible order: shipments (1)"]
    assert faults((3.9, STARTED, 0, 1)) == ["at a station in no possible order: shipments (0)"]


def test_the_balance_sees_a_machine_that_breaks_down_twice() -> None:
    """Broken at 1 h and at 2 h, never repaired between."""
    broken = ((1.0, Fact.BROKE_DOWN, 3, 0), (2.0, Fact.BROKE_DOWN, 3, 0))
    assert faults(*broken) == ["broken and repaired in no possible order: machines (3)"]
