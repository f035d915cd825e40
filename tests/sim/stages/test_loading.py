"""Trucks by hand: who is on them, who is left behind, who missed the one promised."""

from __future__ import annotations

from typing import Any

import pytest

from sim.log.facts import CancelReason, Fact
from tests.sim.engine.playing import EVERY_DAY, Record
from tests.sim.stages.by_hand import DAY_S, HOUR_S, HOUSE_S, LABEL_S, Hand, merged

ONE = [(0, 1)]
SIX = 18 * HOUR_S


def truck_at_18(**service: Any) -> dict[str, Any]:
    """Return the sections of a house with a truck at 18:00 every day, cut-off 14:00."""
    standard = {
        "continuous": False,
        "pickups": ["18:00"],
        "days": EVERY_DAY,
        "order_cut_off": "14:00",
    }
    return {"shipping": {"services": {"standard": {**standard, **service}}}}


NOTED = merged(truck_at_18(), {"shipping": {"note_trucks": True}})


def on_trucks(played: Record) -> list[tuple[float, int]]:
    """Return day and shipment of every parcel on the truck of 18:00."""
    rows = played.rows(Fact.HANDED_OVER)
    assert all(row.time_s % DAY_S == SIX for row in rows)
    return [(row.time_s // DAY_S, row.subject) for row in rows]


def trucks(played: Record) -> list[tuple[int, float]]:
    """Return parcels on board and left behind, truck by truck."""
    return [(row.other, row.value) for row in played.rows(Fact.TRUCK_LEFT)]


def missed(played: Record) -> list[tuple[float, int]]:
    """Return day and shipment of the missed trucks."""
    rows = played.rows(Fact.MISSED_TRUCK)
    assert all(row.time_s == row.value for row in rows)
    return [(row.value // DAY_S, row.subject) for row in rows]


def test_a_full_truck_leaves_the_youngest_promise_behind(hand: Hand) -> None:
    """Room for one. 0 is promised today's truck and paid at 17:00; 1, clicked later, tomorrow's.

    1 is labelled first, and yet 0 is on today's truck; 1 is left behind and misses nothing.
    """
    played = hand.play(
        [(14.0 * HOUR_S - 1.0, ONE), (14.0 * HOUR_S, ONE)],
        sections=truck_at_18(truck_capacity_parcels=1),
        payment_delay_s=[3 * HOUR_S, 0.0],
    )

    assert [row.subject for row in played.rows(Fact.LABELLED)] == [1, 0]
    assert on_trucks(played) == [(0, 0), (1, 1)]
    assert missed(played) == []
    assert trucks(played) == [(1, 1.0), (1, 0.0)]


def test_equal_promises_go_in_the_order_of_their_labels(hand: Hand) -> None:
    """Room for two of three: the first two labelled."""
    played = hand.play([(0.0, ONE)] * 3, sections=truck_at_18(truck_capacity_parcels=2))

    assert on_trucks(played) == [(0, 0), (0, 1), (1, 2)]
    assert missed(played) == [(0, 2)]


def test_a_capacity_in_kilograms_counts_goods(hand: Hand) -> None:
    """Parcels of 300 g, 200 g and 100 g on a truck for 400 g: the first and the last."""
    played = hand.play(
        [(0.0, [(0, 3)]), (0.0, [(0, 2)]), (0.0, ONE)],
        sections=truck_at_18(truck_capacity_kg=0.4),
    )

    assert on_trucks(played) == [(0, 0), (0, 2), (1, 1)]


def test_every_box_of_a_shipment_takes_its_place(hand: Hand) -> None:
    """Three litres in boxes of 1.4 l, of which 75 % can be filled, are three parcels.

    Room for four: the three of 0 and the one of 1; the three of 2 wait.
    """
    box = {"length_mm": 200, "width_mm": 100, "height_mm": 70}
    boxes = {"packing": {"boxes": {"only": box}}}
    sections = merged(truck_at_18(truck_capacity_parcels=4), boxes)

    played = hand.play([(0.0, [(0, 3)]), (1.0, ONE), (2.0, [(0, 3)])], sections=sections)

    assert [row.subject for row in played.rows(Fact.EXTRA_BOX)] == [0, 0, 2, 2]
    assert on_trucks(played) == [(0, 0), (0, 1), (1, 2)]
    assert trucks(played) == [(4, 3.0), (3, 0.0)]


def test_a_shipment_too_large_for_any_truck_gets_one_to_itself(hand: Hand) -> None:
    """Of 500 g on a truck for 400 g: alone on the next one in which it is first in turn."""
    played = hand.play(
        [(0.0, ONE), (0.0, [(0, 5)]), (0.0, ONE)], sections=truck_at_18(truck_capacity_kg=0.4)
    )

    assert on_trucks(played) == [(0, 0), (0, 2), (1, 1)]


def test_labelled_when_the_truck_leaves_is_on_it(hand: Hand) -> None:
    """A parcel labelled at 18:00 sharp is on the truck of 18:00, one of a second later is not."""
    sharp_s = SIX - HOUSE_S

    played = hand.play([(sharp_s, ONE), (sharp_s + 1.0, ONE)], sections=NOTED)

    assert on_trucks(played) == [(0, 0), (1, 1)]


@pytest.mark.parametrize("noted", [False, True])
def test_noting_trucks_changes_nothing_else(hand: Hand, noted: bool) -> None:
    """The log with trucks noted is the log without them and two more kinds of facts."""
    orders = [(hour * HOUR_S, ONE) for hour in (0.0, 13.0, 17.97, 30.0)]
    plain = hand.play(orders, sections=truck_at_18())
    played = hand.play(orders, sections=merged(NOTED, {"shipping": {"note_trucks": noted}}))

    rows = [row for row in played.rows() if row.fact not in (Fact.MISSED_TRUCK, Fact.TRUCK_LEFT)]
    assert rows == plain.rows()
    assert bool(played.count(Fact.TRUCK_LEFT)) == noted


def test_trucks_without_a_capacity_leave_nothing(hand: Hand) -> None:
    """Noted trucks take all that is there, and come when nothing is there."""
    played = hand.play([(0.0, ONE)] * 3, sections=NOTED)

    assert trucks(played) == [(3, 0.0)]


@pytest.mark.parametrize(
    ("payment_delay_s", "misses"),
    [
        (SIX - HOUSE_S, []),
        (SIX - HOUSE_S + 1.0, [(0, 0)]),
        (SIX + 1.0, [(0, 0)]),
        (2 * DAY_S + 1.0, [(0, 0)]),  # missed once, however many trucks leave
    ],
)
def test_who_misses_the_promised_truck(
    hand: Hand, payment_delay_s: float, misses: list[tuple[float, int]]
) -> None:
    """Told when the truck leaves, wherever the shipment is then, once."""
    played = hand.play([(0.0, ONE)], sections=NOTED, payment_delay_s=payment_delay_s)

    assert missed(played) == misses


def test_who_is_cancelled_before_the_truck_misses_none(hand: Hand) -> None:
    """Not paid by noon, not wanted any more: no truck waits for it."""
    played = hand.play(
        [(0.0, ONE)], sections=NOTED, payment_delay_s=12 * HOUR_S, pays=False, declines=1
    )

    assert [row.value for row in played.rows(Fact.CANCELLED)] == [CancelReason.PAYMENT]
    assert missed(played) == []


def test_what_the_supplier_sends_misses_no_truck(hand: Hand) -> None:
    """Sent by the supplier two days later, whole orders and rests alike."""
    played = hand.play(
        [(0.0, ONE), (0.0, [(0, 1), (1, 1)])],
        sections=merged(NOTED, {"stockouts": {"answer": "dropship"}}),
        stock=[0, 5, 5, 5],
        levels=(0, 5),
    )

    assert len(played.rows(Fact.SENT_BY_SUPPLIER)) == 2
    assert missed(played) == []


def test_a_rest_is_held_to_the_promise_of_its_backorder(hand: Hand) -> None:
    """The own shipment is on today's truck; the rest is promised Wednesday's.

    The receiver needs a whole day for the delivery: the rest misses that truck.
    """
    played = hand.play(
        [(8 * HOUR_S, [(0, 1), (1, 1)])],
        sections=merged(NOTED, {"stock": {"receive_s_per_order": DAY_S}}),
        stock=[0, 5, 5, 5],
        levels=(0, 5),
    )

    (promise,) = played.rows(Fact.BACKORDER_PROMISED)
    assert promise.value == 2 * DAY_S + SIX
    assert on_trucks(played) == [(0, 0), (3, 1)]
    assert missed(played) == [(2, 1)]


def test_a_rest_that_is_given_up_misses_no_truck(hand: Hand) -> None:
    """Patience ends after a day, before the truck promised for the rest."""
    played = hand.play(
        [(8 * HOUR_S, [(0, 1), (1, 1)])],
        sections=NOTED,
        stock=[0, 5, 5, 5],
        levels=(0, 5),
        patience_s=DAY_S,
    )

    assert len(played.rows(Fact.BACKORDER_CANCELLED)) == 1
    assert missed(played) == []


def test_an_order_on_backorder_as_a_whole_misses_the_truck_of_the_click(hand: Hand) -> None:
    """Nothing is there: the truck told at the click leaves without it."""
    played = hand.play([(8 * HOUR_S, ONE)], sections=NOTED, stock=[0, 5, 5, 5], levels=(0, 5))

    assert missed(played) == [(0, 0)]


def test_a_replacement_is_promised_nothing(hand: Hand) -> None:
    """The goods broke on the way; what is sent again misses no truck of its order's promise."""
    played = hand.play([(0.0, ONE)], sections=NOTED, damage_u=-1.0, replaced=True)

    assert played.count(Fact.REPLACED) == 1
    assert [shipment for _, shipment in on_trucks(played)] == [0, 1]
    assert missed(played) == []


def test_labels_at_the_last_second(hand: Hand) -> None:
    """Two parcels, one dispatcher: the second label is on 30 s after the truck has left."""
    sharp_s = SIX - HOUSE_S

    played = hand.play([(sharp_s, ONE)] * 2, sections=merged(NOTED, both_at_once()))

    assert [row.time_s for row in played.rows(Fact.LABELLED)] == [SIX, SIX + LABEL_S]
    assert on_trucks(played) == [(0, 0), (1, 1)]


def both_at_once() -> dict[str, Any]:
    """Return two pickers and two packers, so that only the label is a bottleneck."""
    return {"staff": {"always": {"pickers": 2, "packers": 2}}}
