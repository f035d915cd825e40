from __future__ import annotations

import math
from typing import Any

import pytest

from sim.log.facts import Fact, ReturnReason, ShortAnswer, SplitKind, WrongCause
from sim.orders.book import (
    ENTRY_WRONG_SKU,
    PICK_DAMAGED,
    PICK_OMITTED,
    PICK_WRONG_ITEM,
    PICK_WRONG_QUANTITY,
)
from tests.sim.engine.playing import Record
from tests.sim.stages.by_hand import (
    DAY_S,
    HOUR_S,
    HOUSE_S,
    PRICE_CENTS,
    TRANSIT_S,
    Hand,
    always,
)

DOOR_S = HOUSE_S + TRANSIT_S
ONE = [(0, 1)]
TRUCKS: dict[str, Any] = {
    "shipping": {
        "services": {
            "standard": {"continuous": False, "pickups": ["18:00"], "order_cut_off": "14:00"}
        }
    }
}


def closing(played: Record, sku: int = 0) -> int:
    """Return the units on hand at the end."""
    return played.rows(Fact.STOCK_CLOSED)[sku].other


def test_truck_takes_all_that_is_labelled(hand: Hand) -> None:
    """Two parcels labelled before 18:00 leave with the truck; one of 18:00:01 a day later."""
    late_s = 18 * HOUR_S + 1.0 - HOUSE_S

    played = hand.play([(0.0, ONE), (HOUR_S, ONE), (late_s, ONE)], sections=TRUCKS)

    assert [row.time_s for row in played.rows(Fact.HANDED_OVER)] == [
        18 * HOUR_S,
        18 * HOUR_S,
        DAY_S + 18 * HOUR_S,
    ]


def test_parcel_labelled_when_the_truck_leaves_is_on_it(hand: Hand) -> None:
    """Labelled at 18:00 sharp: handed over at 18:00, whether the truck was called before or not."""
    sharp_s = 18 * HOUR_S - HOUSE_S

    alone = hand.play([(sharp_s, ONE)], sections=TRUCKS)
    both = hand.play([(0.0, ONE), (sharp_s, ONE)], sections=TRUCKS)

    assert [row.time_s for row in alone.rows(Fact.HANDED_OVER)] == [18 * HOUR_S]
    assert [row.time_s for row in both.rows(Fact.HANDED_OVER)] == [18 * HOUR_S] * 2


def test_promise_by_hand(hand: Hand) -> None:
    """Clicked at 13:59, promised for today's truck and the door a day later; at 14:00 not."""
    played = hand.play([(14 * HOUR_S - 60.0, ONE), (14 * HOUR_S, ONE)], sections=TRUCKS)

    assert [(row.other, row.value) for row in played.rows(Fact.PROMISED)] == [
        (18 * 3600, DAY_S + 18 * HOUR_S),
        (42 * 3600, 2 * DAY_S + 18 * HOUR_S),
    ]


def test_billed_weight_is_the_larger_of_weight_and_volume(hand: Hand) -> None:
    """100 g and 1000 ml: by a divisor of 5000 ml a kg billed as 200 g, by 20000 as 100 g."""
    billed = [
        hand.play([(0.0, ONE)], sections={"shipping": {"volumetric_ml_per_kg": divisor}})
        .rows(Fact.HANDED_OVER)[0]
        .value
        for divisor in (5000.0, 20_000.0)
    ]

    assert billed == [200.0, 100.0]


@pytest.mark.parametrize(
    ("u", "fragile", "protect", "breaks"),
    [
        (0.01, False, True, True),
        (0.03, False, True, False),
        (0.03, True, True, False),
        (0.03, True, False, True),
        (0.05, True, False, False),
        (0.03, False, False, False),
    ],
)
def test_transit_damage(hand: Hand, u: float, fragile: bool, protect: bool, breaks: bool) -> None:
    """Of a hundred lines 2 break, of fragile ones that are not wrapped 4."""
    played = hand.play(
        [(0.0, ONE)],
        damage_u=u,
        sections={
            "items": {"categories": {"all": {"fragile_share": float(fragile)}}},
            "packing": {
                "protect_fragile": protect,
                "damage_rate": 0.02,
                "damage_rate_unprotected": 0.04,
            },
        },
    )

    causes = [row.value for row in played.rows(Fact.LINE_ARRIVED_WRONG)]
    assert causes == ([WrongCause.DAMAGED_IN_TRANSIT] if breaks else [])


def test_return_by_hand(hand: Hand) -> None:
    """Asked 3 days after the door, back 12 h later, 600 s of work, refunded 4 h later."""
    played = hand.play([(0.0, [(0, 2)])], stock=[5] * 4, levels=(0, 9), return_u=0.0)

    asked = DOOR_S + 3 * DAY_S
    inspected = asked + 12 * HOUR_S + 500.0 + 100.0
    facts = (Fact.RETURN_ASKED, Fact.RETURN_RECEIVED, Fact.RESTOCKED, Fact.REFUNDED)
    assert [row.time_s for row in played.rows(*facts)] == [
        asked,
        asked + 12 * HOUR_S,
        inspected,
        inspected + 4 * HOUR_S,
    ]
    assert played.rows(Fact.RETURN_ASKED)[0].value == ReturnReason.FIT
    assert played.rows(Fact.REFUNDED)[0].value == 2 * PRICE_CENTS
    assert closing(played) == 5


def test_unsound_return_is_scrapped(hand: Hand) -> None:
    """Not restockable: inspected without the time to restock, scrapped, refunded all the same."""
    played = hand.play(
        [(0.0, [(0, 2)])], stock=[5] * 4, levels=(0, 9), return_u=0.0, restockable=False
    )

    (scrapped,) = played.rows(Fact.SCRAPPED)
    assert scrapped.time_s == DOOR_S + 3 * DAY_S + 12 * HOUR_S + 500.0
    assert played.rows(Fact.REFUNDED)[0].value == 2 * PRICE_CENTS
    assert closing(played) == 3


def test_returned_units_go_to_who_waits(hand: Hand) -> None:
    """The restocked unit fills the backorder of a later order."""
    played = hand.play(
        [(0.0, ONE), (DAY_S, ONE)],
        stock=[1] * 4,
        levels=(-100, 0),
        return_u=[0.0, 1.0],
        patience_s=30 * DAY_S,
    )

    assert [row.time_s for row in played.rows(Fact.BACKORDER_FILLED)] == [
        row.time_s for row in played.rows(Fact.RESTOCKED)
    ]
    assert played.count(Fact.DELIVERED) == 2


@pytest.mark.parametrize(("u", "reason"), [(0.6, [ReturnReason.LATE]), (0.8, [])])
def test_late_parcels_come_back_more_often(hand: Hand, u: float, reason: list[int]) -> None:
    """With a rate of 50 % and 25 % more when late, a uniform of 0.6 returns a late line only."""
    on_time = hand.play([(0.0, ONE)], return_u=u)
    late = hand.play([(0.0, ONE)], return_u=u, transit_s=2 * DAY_S)

    assert not on_time.rows(Fact.RETURN_ASKED)
    assert [row.value for row in late.rows(Fact.RETURN_ASKED)] == reason


def test_wrong_item_is_replaced_free_of_charge(hand: Hand) -> None:
    """Claimed after a day, back half a day later; the right item is sent and not charged."""
    played = hand.play(
        [(0.0, [(0, 2)])], stock=[5] * 4, levels=(0, 9), pick_error=PICK_WRONG_ITEM, replaced=True
    )

    claimed = DOOR_S + DAY_S
    inspected = claimed + 12 * HOUR_S + 600.0
    assert played.rows(Fact.RETURN_ASKED)[0].time_s == claimed
    (split,) = played.rows(Fact.SPLIT)
    assert (split.time_s, split.subject) == (inspected, 1)
    assert split.value == SplitKind.REPLACEMENT
    assert played.first_s(Fact.DELIVERED)[1] == inspected + DOOR_S
    assert [row.other for row in played.rows(Fact.CAPTURED)] == [0]
    assert not played.rows(Fact.REFUNDED)
    assert closing(played) == 3  # two went wrong and came back, two were sent


@pytest.mark.parametrize(("error", "missing"), [(PICK_OMITTED, 3), (PICK_WRONG_QUANTITY, 1)])
def test_missing_units_are_refunded_and_nothing_comes_back(
    hand: Hand, error: int, missing: int
) -> None:
    """Of three units the missing ones are paid back 4 h after the claim; the others stay."""
    played = hand.play([(0.0, [(0, 3)])], pick_error=error)

    (asked,) = played.rows(Fact.RETURN_ASKED)
    assert (asked.time_s, asked.other) == (DOOR_S + DAY_S, 0)
    (refund,) = played.rows(Fact.REFUNDED)
    assert (refund.time_s, refund.value) == (asked.time_s + 4 * HOUR_S, missing * PRICE_CENTS)
    assert not played.rows(Fact.RETURN_RECEIVED)


def test_missing_unit_is_sent_after(hand: Hand) -> None:
    """A replacement of one unit missing out of three takes one unit from the shelf."""
    played = hand.play(
        [(0.0, [(0, 3)])],
        stock=[9] * 4,
        levels=(0, 5),
        pick_error=PICK_WRONG_QUANTITY,
        replaced=True,
    )

    assert [row.other for row in played.rows(Fact.LINE_PICKED)] == [2, 1]
    assert closing(played) == 6


def test_replacement_out_of_stock_is_a_refund(hand: Hand) -> None:
    """Damaged goods come back to be scrapped, none is left to send: the money goes back."""
    played = hand.play(
        [(0.0, ONE)], stock=[1] * 4, levels=(-9, 0), pick_error=PICK_DAMAGED, replaced=True
    )

    assert [row.value for row in played.rows(Fact.REFUNDED)] == [PRICE_CENTS]
    assert played.count(Fact.SCRAPPED) == 1
    assert not played.rows(Fact.REPLACED)


def test_customers_who_say_nothing_keep_what_came(hand: Hand) -> None:
    """A wrong line without a claim stays where it is and is not refunded."""
    played = hand.play([(0.0, ONE)], pick_error=PICK_WRONG_ITEM, claims=False, return_u=0.0)

    assert played.count(Fact.LINE_ARRIVED_WRONG) == 1
    assert not played.rows(Fact.RETURN_ASKED, Fact.REFUNDED)


def test_returns_wait_for_the_desk(hand: Hand) -> None:
    """Two parcels come back at once: one clerk opens one after the other, 600 s each."""
    played = hand.play([(0.0, [(0, 1), (1, 1)])], return_u=0.0)

    starts = [row.time_s for row in played.rows(Fact.INSPECT_STARTED)]
    assert starts[1] - starts[0] == 600.0


def test_follow_up_after_the_last_parcel(hand: Hand) -> None:
    """The contact goes out with the first hourly mailing three days after the last parcel."""
    played = hand.play(
        [(0.0, [(1, 1), (0, 2)]), (0.0, [(2, 1)])],
        stock=[0, 9, 9, 9],
        followed_up=[True, False],
        sections={"follow_up": {"after_days": 3.0}},
    )

    delivered = [row.time_s for row in played.rows(Fact.DELIVERED)]
    (contact,) = played.rows(Fact.FOLLOWED_UP)
    mailing_s = math.ceil((max(delivered) + 3 * DAY_S) / 3600.0) * 3600.0
    assert (contact.subject, contact.time_s) == (0, mailing_s)


LOYALTY = {"late": 0.4, "wrong_item": 0.5, "stockout": 0.3, "turned_away": 0.6, "slow_refund": 0.2}


@pytest.mark.parametrize(
    ("luck", "loyalty"),
    [
        ({}, 1.0),
        ({"transit_s": 2 * DAY_S}, 0.6),  # late
        ({"pick_error": [PICK_WRONG_ITEM, 0]}, 0.5),
        ({"pick_error": [PICK_WRONG_ITEM, 0], "transit_s": 2 * DAY_S}, 0.3),
        ({"return_u": [0.0, 1.0], "refund_s": 8 * DAY_S}, 0.8),  # refund after a week
    ],
)
@pytest.mark.parametrize("above", [False, True])
def test_next_order_depends_on_how_the_last_one_went(
    hand: Hand, luck: dict[str, Any], loyalty: float, above: bool
) -> None:
    """The due order of day 20 is lost if its uniform is not below the customer's loyalty."""
    uniform = loyalty + (0.01 if above else -0.01)

    played = hand.play(
        [(0.0, ONE), (20 * DAY_S, ONE)],
        customer=[7, 7],
        loyalty_u=[0.0, uniform],
        sections={"customers": {"experience": LOYALTY}},
        **luck,
    )

    lost = [(row.subject, row.other) for row in played.rows(Fact.LOST)]
    assert lost == ([(1, 7)] if above and loyalty < 1.0 else [])


def test_turned_away_customer_is_less_likely_to_come_again(hand: Hand) -> None:
    """With 60 % off a uniform of 0.5 stays away; another customer's is not touched."""
    played = hand.play(
        [(0.0, ONE), (DAY_S, [(1, 1)]), (DAY_S, [(1, 1)])],
        customer=[3, 3, 4],
        loyalty_u=[0.0, 0.5, 0.5],
        stock=[0, 9, 9, 9],
        sections={
            "customers": {"experience": LOYALTY},
            "stockouts": {"answer": "turn_away"},
        },
    )

    assert [row.subject for row in played.rows(Fact.LOST)] == [1]


def test_only_the_last_refusal_counts(hand: Hand) -> None:
    """Refused twice, 60 % off each time: the next order is placed with 0.4, not with 0.16."""
    played = hand.play(
        [(0.0, ONE), (DAY_S, ONE), (2 * DAY_S, [(1, 1)])],
        customer=[3, 3, 3],
        loyalty_u=[0.0, 0.0, 0.3],
        stock=[0, 9, 9, 9],
        sections={
            "customers": {"experience": LOYALTY},
            "stockouts": {"answer": "turn_away"},
        },
    )

    assert not played.rows(Fact.LOST)


@pytest.mark.parametrize(("u", "lost"), [(0.39, []), (0.41, [2])])
def test_an_oversold_line_is_a_refusal(hand: Hand, u: float, lost: list[int]) -> None:
    """Of two lines one is cancelled as oversold: 60 % off, as for a line refused at the click."""
    played = hand.play(
        [(0.0, ONE), (60.0, [(0, 1), (1, 1)]), (5 * DAY_S, [(1, 1)])],
        customer=[1, 2, 2],
        loyalty_u=[0.0, 0.0, u],
        stock=[1, 9, 9, 9],
        sections={
            "customers": {"experience": LOYALTY},
            "stock": {"sync_min": 600.0},
            "stockouts": {"answer": "turn_away"},
        },
    )

    assert [row.value for row in played.rows(Fact.SHORT)] == [ShortAnswer.OVERSOLD]
    assert [row.subject for row in played.rows(Fact.LOST)] == lost


@pytest.mark.parametrize("replaced", [False, True])
def test_a_unit_too_many_comes_back_and_nothing_more(hand: Hand, replaced: bool) -> None:
    """Two sent for one: the spare one is restocked; no money goes back, no third one is sent."""
    played = hand.play(
        [(0.0, ONE)],
        stock=[5] * 4,
        levels=(0, 9),
        pick_error=PICK_WRONG_QUANTITY,
        replaced=replaced,
    )

    assert [row.other for row in played.rows(Fact.LINE_PICKED)] == [2]
    assert [row.other for row in played.rows(Fact.RETURN_ASKED, Fact.RESTOCKED)] == [1, 1]
    assert not played.rows(Fact.REFUNDED, Fact.REPLACED)
    assert closing(played) == 4


def test_what_was_typed_and_picked_wrong_is_refunded(hand: Hand) -> None:
    """A line typed wrong is never sent again, though the picker's mistake is the one it shows."""
    played = hand.play(
        [(0.0, ONE)],
        stock=[9] * 4,
        entry_error=ENTRY_WRONG_SKU,
        pick_error=PICK_WRONG_ITEM,
        replaced=True,
    )

    assert played.rows(Fact.RETURN_ASKED)[0].value == ReturnReason.WRONG_ITEM
    assert played.count(Fact.REFUNDED) == 1
    assert not played.rows(Fact.REPLACED)


def test_follow_up_wins_back_a_share(hand: Hand) -> None:
    """Loyalty 0.6 after a late parcel; a contact that wins back half makes it 0.8."""
    lost = [
        hand.play(
            [(0.0, ONE), (20 * DAY_S, ONE)],
            customer=[7, 7],
            loyalty_u=[0.0, 0.7],
            transit_s=2 * DAY_S,
            followed_up=chosen,
            sections={
                "customers": {"experience": LOYALTY | {"followed_up_recovers": 0.5}},
                "follow_up": {"after_days": 1.0},
            },
        ).count(Fact.LOST)
        for chosen in (False, True)
    ]

    assert lost == [1, 0]


def test_replacement_uses_the_times_of_a_further_draw(hand: Hand) -> None:
    """A replacement's label and transit are drawn anew from the laws, not copied from the order."""
    played = hand.play(
        [(0.0, ONE)],
        pick_error=PICK_OMITTED,
        replaced=True,
        label_s=5.0,
        transit_s=9.0,
        sections={"packing": {"label_s": always(45.0)}},
    )

    first, second = played.first_s(Fact.PACKED)
    labelled, delivered = played.first_s(Fact.LABELLED), played.first_s(Fact.DELIVERED)
    assert labelled.tolist() == [first + 5.0, second + 45.0]
    assert delivered.tolist() == [first + 14.0, second + 45.0 + TRANSIT_S]
