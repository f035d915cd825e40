"""Release by hand: 120 s of picking, one picker, one packer (60 s), one dispatcher (30 s)."""

from __future__ import annotations

from typing import Any

import pytest

from sim.log.facts import Fact
from sim.orders.book import PICK_WRONG_ITEM
from tests.sim.engine.playing import Record
from tests.sim.stages.by_hand import DAY_S, HOUR_S, PACK_S, PICK_S, Hand, merged

ONE = [(0, 1)]
TRUCK_AT_17: dict[str, Any] = {
    "shipping": {
        "services": {
            "standard": {
                "continuous": False,
                "pickups": ["17:00"],
                "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
                "order_cut_off": "16:30",
            }
        }
    }
}
EXPRESS = {"express": {**TRUCK_AT_17["shipping"]["services"]["standard"], "pickups": ["12:00"]}}


def releases(**release: Any) -> dict[str, Any]:
    """Return the sections of a house with a truck at 17:00 and a release policy."""
    return merged(TRUCK_AT_17, {"release": release})


def released(played: Record) -> dict[int, float]:
    """Return who was released when, in the order of happening, in hours."""
    return {row.subject: row.time_s / HOUR_S for row in played.rows(Fact.RELEASED)}


def test_wave_for_the_truck_of_17_00(hand: Hand) -> None:
    """Two hours lead: what came at 08:00 and 14:59 goes at 15:00, what comes at 16:00 at once.

    After the cut-off of 16:30 tomorrow's truck is promised: 16:45 waits for tomorrow's wave.
    """
    clicks_h = (8.0, 14.99, 16.0, 16.75)

    played = hand.play(
        [(hour * HOUR_S, ONE) for hour in clicks_h], sections=releases(policy="cut_off_wave")
    )

    assert released(played) == {0: 15.0, 1: 15.0, 2: 16.0, 3: 39.0}


def test_several_waves_before_one_truck(hand: Hand) -> None:
    """Three waves in three hours: 14:00, 15:00 and 16:00, then at once."""
    sections = releases(policy="cut_off_wave", lead_min=180.0, waves_before_truck=3)

    played = hand.play(
        [(hour * HOUR_S, ONE) for hour in (9.0, 14.2, 15.2, 16.2)], sections=sections
    )

    assert released(played) == {0: 14.0, 1: 15.0, 2: 16.0, 3: 16.2}


def test_every_service_has_its_own_waves(hand: Hand) -> None:
    """The express truck of 12:00 has its wave at 11:00, that of 17:00 at 16:00."""
    sections = merged(
        releases(policy="cut_off_wave", lead_min=60.0),
        {
            "shipping": {"services": EXPRESS},
            "orders": {"channels": {"phone": {"service": "express", "entry": "automated"}}},
        },
    )

    played = hand.play([(8 * HOUR_S, ONE)] * 2, sections=sections, channel=[0, 1])

    assert released(played) == {1: 11.0, 0: 16.0}


def test_a_shipment_that_missed_its_truck_waits_for_the_wave_of_the_next(hand: Hand) -> None:
    """Paid at 20:00 although promised for 17:00: tomorrow's wave at 15:00."""
    played = hand.play(
        [(8 * HOUR_S, ONE)], sections=releases(policy="cut_off_wave"), payment_delay_s=12 * HOUR_S
    )

    assert released(played) == {0: 24.0 + 15.0}


def test_a_service_without_trucks_knows_no_waves(hand: Hand) -> None:
    """Parcels of a continuous service go to the floor at once."""
    express = {"express": {"pickups": ["12:00"]}}
    sections = {"release": {"policy": "cut_off_wave"}, "shipping": {"services": express}}

    played = hand.play([(HOUR_S, ONE)], sections=sections)

    assert released(played) == {0: 1.0}


def test_a_limit_of_one_releases_one_after_the_other(hand: Hand) -> None:
    """The next one goes the moment the one before is packed, not when its label is on."""
    played = hand.play([(0.0, ONE)] * 3, sections=releases(policy="wip_limit", wip_max_shipments=1))

    packed = [row.time_s for row in played.rows(Fact.PACKED)]
    assert packed == [180.0, 360.0, 540.0]
    assert [row.time_s for row in played.rows(Fact.RELEASED)] == [0.0, *packed[:2]]


def test_a_limit_as_large_as_the_demand_is_waveless(hand: Hand) -> None:
    """With room for all nobody waits for release, and the log is the same to the last byte."""
    orders = [(60.0 * k, ONE) for k in range(5)]

    free = hand.play(orders, sections=TRUCK_AT_17)
    limited = hand.play(orders, sections=releases(policy="wip_limit", wip_max_shipments=5))

    assert limited.bytes == free.bytes


def test_a_shipment_that_is_picked_again_keeps_its_place_under_the_limit(hand: Hand) -> None:
    """Found wrong at the check of 180 s, packed right at 360 s: only then the next one goes."""
    played = hand.play(
        [(0.0, ONE)] * 2,
        sections=releases(policy="wip_limit", wip_max_shipments=1),
        pick_error=[PICK_WRONG_ITEM, 0],
        check_finds=True,
    )

    assert [row.time_s for row in played.rows(Fact.REWORK)] == [PICK_S + PACK_S]
    assert [row.time_s for row in played.rows(Fact.RELEASED)] == [0.0, 2 * (PICK_S + PACK_S)]


@pytest.mark.parametrize(
    ("sequence", "went"),
    [("first_come", [0, 1, 2, 3]), ("due_time", [0, 2, 1, 3]), ("priority", [0, 3, 2, 1])],
)
def test_who_waits_goes_by_the_sequence(hand: Hand, sequence: str, went: list[int]) -> None:
    """Under a limit of one, 0 goes first and holds the floor for an hour.

    Then wait: 1, promised the express truck of tomorrow noon; 2, today's at 17:00; 3, of a channel
    of rank 0, tomorrow's at 17:00.
    """
    channels = {
        "phone": {"entry": "automated", "priority": 0},
        "urgent": {"service": "express", "share": 0.0},
    }
    sections = merged(
        releases(policy="wip_limit", wip_max_shipments=1, sequence=sequence),
        {"orders": {"channels": channels}, "shipping": {"services": EXPRESS}},
    )
    clicks_h = (16.4, 16.45, 16.46, 16.6)

    played = hand.play(
        [(hour * HOUR_S, ONE) for hour in clicks_h],
        sections=sections,
        channel=[0, 2, 0, 1],
        pick_s=HOUR_S,
    )

    assert list(released(played)) == went


def test_a_wave_goes_in_its_sequence(hand: Hand) -> None:
    """The interval's wave of 02:00 releases rank 0 first, whoever came first."""
    sections = merged(
        releases(policy="interval", interval_min=120.0, sequence="priority"),
        {"orders": {"channels": {"phone": {"entry": "automated", "priority": 0}}}},
    )

    played = hand.play([(HOUR_S, ONE), (1.5 * HOUR_S, ONE)], sections=sections, channel=[0, 1])

    assert list(released(played).items()) == [(1, 2.0), (0, 2.0)]


def test_the_promise_of_a_backorder_is_what_is_due(hand: Hand) -> None:
    """A rest on backorder waits for the wave of the truck promised with its purchase order.

    Bought on Monday, there on Wednesday at the click's hour: promised Wednesday's truck.
    """
    played = hand.play(
        [(8 * HOUR_S, [(0, 1), (1, 1)])],
        sections=releases(policy="cut_off_wave"),
        stock=[0, 5, 5, 5],
        levels=(0, 5),
        patience_s=9 * DAY_S,
    )

    (promise,) = played.rows(Fact.BACKORDER_PROMISED)
    assert released(played) == {0: 15.0, 1: promise.value / HOUR_S - 2.0}
