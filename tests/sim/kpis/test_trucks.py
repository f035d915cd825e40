from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.kpis.account import Account
from sim.kpis.slices import Window
from sim.kpis.truck_tables import STEPS
from sim.kpis.trucks import CAUSES, STEP_BEFORE, CutOff, cut_offs, promised
from sim.log.facts import CancelReason, Fact, ShortAnswer, SplitKind
from sim.scenario.schema import ROLES
from tests.sim.engine.playing import EVERY_DAY, Record, record, scenario_of
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of, plain_scenario

TRUCK_H = 18
LIFE = (
    (Fact.ENTERED, 1),
    (Fact.PAID, 2),
    (Fact.ALLOCATED, 3),
    (Fact.RELEASED, 4),
    (Fact.PICK_STARTED, 5),
    (Fact.PICKED, 6),
    (Fact.PACK_STARTED, 7),
    (Fact.PACKED, 8),
    (Fact.LABELLED, 9),
)
"""An order's steps on its way to the truck, an hour each."""


def live(journal: Journal, order: int, placed_h: float, *, left_h: float) -> None:
    """Note an order that is promised the truck of 18:00 and walks through its life from a time."""
    start_s = placed_h * HOUR
    journal.note(start_s, Fact.PLACED, order, 0)
    journal.note(start_s, Fact.PROMISED, order, TRUCK_H * 3600, 2 * DAY)
    for fact, hours in LIFE:
        journal.note(start_s + hours * HOUR, fact, order)
    journal.note(left_h * HOUR, Fact.HANDED_OVER, order, 0, 1000.0)
    journal.note(left_h * HOUR + DAY, Fact.DELIVERED, order)


def journal_of(placed_h: list[float]) -> Journal:
    """Return a journal of one-line orders placed at some hours."""
    return Journal(demand_of([(hour * HOUR, [(0, 1, 1000)]) for hour in placed_h]))


@pytest.mark.parametrize("steps", range(len(CAUSES)))
def test_where_a_shipment_was_when_its_truck_left(steps: int) -> None:
    """After so many steps of its life by 18:00 sharp it was there; a step at 18:00:01 is too late.

    A step of the very second of the truck counts as done.
    """
    placed_h = [TRUCK_H - steps, TRUCK_H - steps - 1 + 1 / 3600]
    journal = journal_of(placed_h)
    for order, hour in enumerate(placed_h):
        live(journal, order, hour, left_h=TRUCK_H + 24)

    (found,) = cut_offs(journal.account())

    assert found == CutOff("standard", "18:00", 2, {CAUSES[steps]: 2})


def test_every_step_has_one_cause() -> None:
    """Each step that is kept leads to exactly one cause, and no cause is without a step."""
    named = [step for steps in STEP_BEFORE for step in steps if step]

    assert sorted(named) == sorted(STEPS)
    assert len(STEP_BEFORE) == len(CAUSES)


@pytest.mark.parametrize(
    ("again_h", "cause"),
    [
        (17.9, "waiting for a picker"),  # sent back before the truck
        (18.1, "being packed"),  # checked while the truck left
    ],
)
def test_a_shipment_that_is_picked_twice_is_where_its_pass_was(again_h: float, cause: str) -> None:
    """Picked, packed, sent back and picked again: by the step before the truck, not by sums."""
    journal = journal_of([8.0])
    live(journal, 0, 8.0, left_h=TRUCK_H + 24)
    journal.facts = [f for f in journal.facts if f[1] not in (Fact.PACKED, Fact.LABELLED)]
    journal.note(again_h * HOUR, Fact.REWORK, 0)
    for hours, fact in enumerate((Fact.PICK_STARTED, Fact.PICKED, Fact.PACK_STARTED, Fact.PACKED)):
        journal.note((20 + hours) * HOUR, fact, 0)

    assert cut_offs(journal.account())[0].missed == {cause: 1}


def test_cut_offs_met_by_hand() -> None:
    """Two on the truck, at the very second too; one left a day later; one is still in the house."""
    journal = journal_of([6.0] * 4)
    for order, left_h in enumerate((17.0, 18.0, 42.0)):
        live(journal, order, 6.0, left_h=left_h)
    journal.sell(3, paid_s=7 * HOUR)
    journal.note(6 * HOUR, Fact.PROMISED, 3, TRUCK_H * 3600, 2 * DAY)

    assert journal.kpis()["cut_offs_met_rate"] == 2 / 4
    assert cut_offs(journal.account())[0].missed == {"waiting for stock": 1, "truck full": 1}


def test_cancelled_orders_and_trucks_to_come_do_not_count() -> None:
    """Given up after its truck left, and promised a truck after the log's end: out."""
    journal = journal_of([6.0] * 3)
    live(journal, 0, 6.0, left_h=18.0)
    for order, truck_s in ((1, TRUCK_H * HOUR), (2, 9 * DAY)):
        journal.sell(order, paid_s=7 * HOUR)
        journal.note(6 * HOUR, Fact.PROMISED, order, int(truck_s), 10 * DAY)
    journal.note(30 * HOUR, Fact.CANCELLED, 1, -1, CancelReason.PATIENCE)

    assert journal.kpis()["cut_offs_met_rate"] == 1.0
    assert len(promised(journal.account()).shipment) == 1


def test_a_service_without_trucks_has_no_cut_offs() -> None:
    """A continuous carrier promises no truck, also not for a rest."""
    journal = journal_of([6.0])
    live(journal, 0, 6.0, left_h=42.0)
    continuous = {"services": {"standard": {"continuous": True}}}
    account = Account(journal.tables(), plain_scenario(shipping=continuous))

    assert cut_offs(account) == []
    assert journal.kpis(scenario=account.scenario)["cut_offs_met_rate"] is None


def split_order(left_s: tuple[float, float], kind: SplitKind) -> Journal:
    """Return an order whose first shipment makes its truck, and a further one of some kind."""
    journal = Journal(demand_of([(6 * HOUR, [(0, 1, 1000), (1, 1, 1000)])]))
    journal.sell(0, paid_s=7 * HOUR)
    journal.note(6 * HOUR, Fact.PROMISED, 0, TRUCK_H * 3600, 2 * DAY)
    answer = ShortAnswer.DROPSHIP if kind == SplitKind.DROPSHIP else ShortAnswer.BACKORDER
    if kind != SplitKind.REPLACEMENT:
        journal.note(7 * HOUR, Fact.SHORT, 1, 1, answer)
    journal.note(7 * HOUR, Fact.SPLIT, 1, 0, kind)
    if kind == SplitKind.BACKORDER:
        journal.note(7 * HOUR, Fact.BACKORDER_PROMISED, 1, 0, 3 * DAY + TRUCK_H * HOUR)
    for shipment, time_s in enumerate(left_s):
        fact = Fact.SENT_BY_SUPPLIER if kind == SplitKind.DROPSHIP and shipment else None
        journal.note(time_s, fact or Fact.HANDED_OVER, shipment, 0, 1000.0)
        journal.note(time_s + DAY, Fact.DELIVERED, shipment)
    return journal


@pytest.mark.parametrize(
    ("kind", "missed"),
    [
        (SplitKind.BACKORDER, [False, True]),
        (SplitKind.DROPSHIP, [False]),
        (SplitKind.REPLACEMENT, [False]),
    ],
)
def test_further_shipments(kind: SplitKind, missed: list[bool]) -> None:
    """A rest is held to the promise of its backorder; the supplier's and replacements to none."""
    journal = split_order((17 * HOUR, 5 * DAY), kind)

    assert promised(journal.account()).missed.tolist() == missed
    assert journal.kpis()["cut_offs_met_rate"] == missed.count(False) / len(missed)


@pytest.mark.parametrize("chunk", [1, 3, 1000])
def test_a_rest_that_is_not_there_waits_for_stock(chunk: int) -> None:
    """Whatever the size of the chunks: the rest had not been allocated when its truck left."""
    journal = split_order((17 * HOUR, 5 * DAY), SplitKind.BACKORDER)

    (found,) = cut_offs(Account(journal.tables(size=chunk), plain_scenario()))

    assert found == CutOff("standard", "18:00", 2, {"waiting for stock": 1})


@pytest.mark.parametrize("chunk", [1, 1000])
def test_a_rest_is_held_to_what_was_told_last(chunk: int) -> None:
    """Told the truck of day 3, then that of day 1, it leaves on day 2: missed that of day 1."""
    journal = split_order((17 * HOUR, 2 * DAY), SplitKind.BACKORDER)
    journal.note(8 * HOUR, Fact.BACKORDER_PROMISED, 1, 0, DAY + TRUCK_H * HOUR)

    found = promised(Account(journal.tables(size=chunk), plain_scenario()))

    assert found.truck_s.tolist() == [TRUCK_H * HOUR, DAY + TRUCK_H * HOUR]
    assert found.missed.tolist() == [False, True]


@pytest.mark.parametrize(
    ("sent_s", "last"), [(2 * DAY, "sent"), (None, "not yet sent when the log ends")]
)
def test_an_order_that_the_supplier_sends_whole_misses_no_truck(
    sent_s: float | None, last: str
) -> None:
    """Its own shipment is the supplier's, {last} or not."""
    journal = journal_of([6.0, 6.0])
    journal.sell(0, paid_s=7 * HOUR)
    journal.note(6 * HOUR, Fact.PROMISED, 0, TRUCK_H * 3600, 2 * DAY)
    journal.note(7 * HOUR, Fact.SHORT, 0, 1, ShortAnswer.DROPSHIP)
    if sent_s is not None:
        journal.note(sent_s, Fact.SENT_BY_SUPPLIER, 0)
        journal.note(sent_s + DAY, Fact.DELIVERED, 0)
    live(journal, 1, 6.0, left_h=42.0)

    assert promised(journal.account()).shipment.tolist() == [1], last


def test_truck_fill_by_hand() -> None:
    """Trucks for 10 with 4 and 10 on board inside the window, 5 of another service, one later."""
    journal = journal_of([6.0])
    for time_s, service, parcels, left in ((HOUR, 0, 4, 0), (DAY, 0, 10, 3), (DAY, 1, 5, 1)):
        journal.note(time_s, Fact.TRUCK_LEFT, service, parcels, left)
    journal.note(9 * DAY, Fact.TRUCK_LEFT, 0, 10, 7)
    services = {"standard": {"truck_capacity_parcels": 10}, "heavy": {"truck_capacity_kg": 9.0}}
    scenario = plain_scenario(shipping={"services": services})

    kpis = journal.kpis(Window(0.0, 2 * DAY), scenario)

    assert kpis["truck_fill_rate"] == 14 / 20
    assert kpis["left_behind_parcels_per_day"] == (3 + 1) / 2


def test_without_a_capacity_nothing_is_said_of_room() -> None:
    """Trucks that are noted and never full have no fill rate and leave nothing behind."""
    journal = journal_of([6.0])
    journal.note(HOUR, Fact.TRUCK_LEFT, 0, 4, 0.0)

    kpis = journal.kpis()

    assert kpis["truck_fill_rate"] is None
    assert kpis["left_behind_parcels_per_day"] is None


def test_lags_by_hand() -> None:
    """Marked after 1 h and 3 h, mailed after 2 h; an order outside the cohort is out."""
    journal = journal_of([6.0, 6.0, 100 * 24.0])
    for order, left_h in enumerate((18.0, 18.0, 101 * 24.0)):
        live(journal, order, 6.0 if order < 2 else 100 * 24.0, left_h=left_h)
    journal.note(19 * HOUR, Fact.MARKED_SHIPPED, 0, 1)
    journal.note(21 * HOUR, Fact.MARKED_SHIPPED, 1, 1)
    journal.note(20 * HOUR, Fact.TRACKING_SENT, 1)
    journal.note(200 * DAY, Fact.TRACKING_SENT, 2)

    kpis = journal.kpis()

    assert kpis["marked_shipped_lag_mean_h"] == 2.0
    assert kpis["tracking_mail_lag_mean_h"] == 2.0


BUSY: dict[str, Any] = {
    "orders": {
        "per_day": 150.0,
        "channels": {
            "web": {"share": 0.7},
            "phone": {"share": 0.3, "entry": "manual", "service": "express"},
        },
    },
    "run": {"warm_up_days": 0.0, "horizon_days": 4.0, "cool_down_days": 0.0, "seed": 12},
    "items": {"count": 60},
    "stock": {"service_level": 0.3, "order_days": 2.0},
    "picking": {"error_rate_per_line": 0.1, "batch_max_orders": 2},
    "staff": {
        "day": {"days": EVERY_DAY, "start": "08:00", "end": "20:00", **dict.fromkeys(ROLES, 1)}
    },
    "release": {"policy": "cut_off_wave", "lead_min": 90.0},
    "shipping": {
        "note_trucks": True,
        "services": {
            "standard": {"truck_capacity_parcels": 90, "days": EVERY_DAY},
            "express": {"pickups": ["12:00", "16:00"], "order_cut_off": "11:00"},
        },
    },
}


@pytest.fixture(scope="module")
def busy() -> tuple[Record, Account]:
    """A run in which shipments miss their trucks for many causes, with its KPI tables."""
    from sim.experiments.replication import window_of
    from sim.kpis.tables import Tables

    played = record(scenario_of(**BUSY))
    catalogue = played.setting.catalogue
    tables = Tables(played.book.demand, catalogue, window_of(played.setting))
    tables.add(played.log)
    return played, Account(tables, played.setting.scenario)


def test_causes_add_up_to_all_missed_shipments(busy: tuple[Record, Account]) -> None:
    """Of every truck time: each missed shipment has one cause, and there are many causes."""
    _, account = busy

    found = cut_offs(account)

    missed = int(np.count_nonzero(promised(account).missed))
    assert sum(sum(each.missed.values()) for each in found) == missed > 50
    assert sum(each.promised for each in found) == len(promised(account).shipment)
    assert len(dict.fromkeys(cause for each in found for cause in each.missed)) >= 6
    assert {(each.service, each.pickup) for each in found} == {
        ("standard", "18:00"),
        ("express", "12:00"),
    }


def test_who_missed_a_truck_by_the_tables_is_who_the_log_names(
    busy: tuple[Record, Account],
) -> None:
    """MISSED_TRUCK is told of just those shipments, with that truck, but for cancelled orders."""
    played, account = busy
    found = promised(account)

    named = {row.subject: row.value for row in played.rows(Fact.MISSED_TRUCK)}

    counted = dict(zip(found.shipment.tolist(), found.truck_s.tolist(), strict=True))
    missed = found.shipment[found.missed].tolist()
    assert {number: counted[number] for number in missed} == {
        number: truck_s for number, truck_s in named.items() if number in counted
    }
    cancelled = {row.subject for row in played.rows(Fact.CANCELLED)}
    void = {row.subject for row in played.rows(Fact.VOID)}
    assert set(named) - set(counted) <= cancelled | void


def test_only_full_trucks_leave_labelled_parcels(busy: tuple[Record, Account]) -> None:
    """The cause "truck full" is told of the service with a capacity alone."""
    _, account = busy

    full = {each.service for each in cut_offs(account) if "truck full" in each.missed}

    assert full == {"standard"}
