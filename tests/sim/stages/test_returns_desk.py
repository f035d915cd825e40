"""Returns by hand: who is refused, what is exchanged, when money flows, where goods end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sim.log.facts import Fact, Refusal, ReturnReason, SplitKind
from sim.orders.book import PICK_OMITTED, PICK_WRONG_ITEM
from tests.properties.law_book import LawBook
from tests.sim.engine.playing import Record
from tests.sim.stages.by_hand import DAY_S, HOUR_S, HOUSE_S, PRICE_CENTS, TRANSIT_S, Hand

DOOR_S = HOUSE_S + TRANSIT_S
ASKED_S = DOOR_S + 3 * DAY_S
BACK_S = ASKED_S + 12 * HOUR_S
INSPECTED_S = BACK_S + 500.0 + 100.0  # opened and put on its shelf
NOT_RESALEABLE_S = BACK_S + 500.0
ONE = [(0, 1)]
FIT, MIND = 0, 2  # indices of the luck
WRONG = {"pick_error": PICK_WRONG_ITEM}


def returned(
    hand: Hand, rules: Mapping[str, Any], lines: list[tuple[int, int]] | None = None, **luck: Any
) -> Record:
    """Play one order that comes back, with four units of four SKUs on the shelf."""
    return hand.play(
        [(0.0, lines or [(0, 2)])],
        stock=[4] * 4,
        levels=(-9, 0),
        return_u=0.0,
        sections={"returns": dict(rules)},
        **luck,
    )


def times(played: Record, *facts: Fact) -> list[tuple[Fact, float]]:
    """Return what happened of some kinds, and when."""
    return [(row.fact, row.time_s) for row in played.rows(*facts)]


def closing(played: Record) -> list[int]:
    """Return the units on the shelf at the end, by SKU."""
    return [row.other for row in played.rows(Fact.STOCK_CLOSED)]


# who may send something back


@pytest.mark.parametrize(("days", "refused"), [(3.5, False), (3.0, False), (2.5, True)])
def test_the_window_refuses_who_asks_later(hand: Hand, days: float, refused: bool) -> None:
    """Asked for three days after the door: later than a window of 2.5 days, within one of three."""
    played = returned(hand, {"window_days": days})

    rows = [(row.time_s, row.other, row.value) for row in played.rows(Fact.RETURN_REFUSED)]
    assert rows == ([(ASKED_S, 2, Refusal.TOO_LATE)] if refused else [])
    assert played.count(Fact.REFUNDED) == played.count(Fact.RESTOCKED) == int(not refused)
    assert closing(played)[0] == (2 if refused else 4)


def test_the_house_answers_for_its_mistakes_after_the_window_too(hand: Hand) -> None:
    """A wrong item that is claimed after the window is taken back."""
    played = returned(hand, {"window_days": 0.5}, pick_error=PICK_WRONG_ITEM)

    assert not played.rows(Fact.RETURN_REFUSED)
    assert played.count(Fact.REFUNDED) == 1


CLERK = {"authorisation": "clerk", "refuse_share": 0.1}


@pytest.mark.parametrize("role", ["clerks", "returns_clerks"])
def test_a_clerk_authorises(hand: Hand, role: str) -> None:
    """The look takes 300 s; only then the goods travel."""
    played = returned(hand, CLERK | {"authorised_by": role}, authorise_s=300.0)

    facts = (Fact.AUTHORISE_STARTED, Fact.RETURN_AUTHORISED, Fact.RETURN_RECEIVED)
    assert times(played, *facts) == [
        (Fact.AUTHORISE_STARTED, ASKED_S),
        (Fact.RETURN_AUTHORISED, ASKED_S + 300.0),
        (Fact.RETURN_RECEIVED, ASKED_S + 300.0 + 12 * HOUR_S),
    ]


def test_a_clerk_refuses(hand: Hand) -> None:
    """After the look the customer keeps the goods, and the house the money."""
    played = returned(hand, CLERK, authorise_s=300.0, refused=True)

    (row,) = played.rows(Fact.RETURN_REFUSED)
    assert (row.time_s, row.value) == (ASKED_S + 300.0, Refusal.NOT_AUTHORISED)
    assert not played.rows(Fact.RETURN_RECEIVED, Fact.REFUNDED, Fact.RETURN_AUTHORISED)


@pytest.mark.parametrize("error", [PICK_WRONG_ITEM, PICK_OMITTED])
def test_claims_are_looked_at_and_never_refused(hand: Hand, error: int) -> None:
    """What the house got wrong is authorised whatever the refusal says."""
    played = returned(hand, CLERK, authorise_s=300.0, refused=True, pick_error=error)

    assert played.count(Fact.RETURN_AUTHORISED) == played.count(Fact.REFUNDED) == 1


# how much comes back


@pytest.mark.parametrize(("u", "units"), [(0.0, 1), (0.49, 1), (0.5, 2), (0.99, 2), (1.0, 3)])
def test_part_of_a_line(hand: Hand, u: float, units: int) -> None:
    """Of three units one or two come back, each as likely, or all; they alone are paid back."""
    played = returned(hand, {}, [(0, 3)], part_u=u)

    facts = (Fact.RETURN_ASKED, Fact.RETURN_RECEIVED, Fact.RESTOCKED)
    assert [row.other for row in played.rows(*facts)] == [units] * 3
    assert [row.value for row in played.rows(Fact.REFUNDED)] == [units * PRICE_CENTS]
    assert closing(played)[0] == 1 + units


def test_what_is_never_sent_is_not_paid_back(hand: Hand) -> None:
    """When the label runs out it is clear that nothing comes."""
    played = returned(hand, {"label_valid_days": 9.0, "never_sent_share": 0.1}, never_sent=True)

    (row,) = played.rows(Fact.RETURN_NEVER_CAME)
    assert (row.time_s, row.other) == (ASKED_S + 9 * DAY_S, 2)
    assert not played.rows(Fact.RETURN_RECEIVED, Fact.REFUNDED, Fact.RESTOCKED)
    assert closing(played)[0] == 2


# when the money flows


@pytest.mark.parametrize(
    ("rules", "refunded_s"),
    [
        ({}, INSPECTED_S + 4 * HOUR_S),
        ({"refund_when": "scan"}, ASKED_S + 6 * HOUR_S + 4 * HOUR_S),
        ({"refund_when": "scan", "scan_after_share": 0.25}, ASKED_S + 3 * HOUR_S + 4 * HOUR_S),
        ({"refund_when": "request"}, ASKED_S + 4 * HOUR_S),
        ({"refund_when": "request"} | CLERK, ASKED_S + 300.0 + 4 * HOUR_S),
    ],
)
def test_refund_after_inspection_scan_or_request(
    hand: Hand, rules: dict[str, Any], refunded_s: float
) -> None:
    """The 4 h to the money begin at the moment that the house has chosen; it flows once."""
    played = returned(hand, rules, authorise_s=300.0)

    (row,) = played.rows(Fact.REFUNDED)
    assert (row.time_s, row.value) == (refunded_s, 2 * PRICE_CENTS)
    scanned = [row.other for row in played.rows(Fact.RETURN_SCANNED)]
    assert scanned == ([2] if rules.get("refund_when") == "scan" else [])
    assert played.count(Fact.RESTOCKED) == 1


@pytest.mark.parametrize(("when", "paid"), [("request", 1), ("scan", 0), ("inspection", 0)])
def test_instant_refunds_may_be_lost(hand: Hand, when: str, paid: int) -> None:
    """Who is paid at the request and never sends keeps both; a scan proves the sending."""
    played = returned(hand, {"refund_when": when, "never_sent_share": 0.1}, never_sent=True)

    assert played.count(Fact.REFUNDED) == paid
    assert played.count(Fact.RETURN_NEVER_CAME) == 1
    assert not played.rows(Fact.RESTOCKED)


def test_a_fast_refund_is_no_bad_memory(hand: Hand) -> None:
    """Way back and inspection take ten days: after a week customers begin to be annoyed.

    Paid at the request the second order comes; paid after the inspection it is lost.
    """
    lost = []
    for when in ("request", "inspection"):
        played = hand.play(
            [(0.0, ONE), (40 * DAY_S, ONE)],
            customer=[7, 7],
            return_u=[0.0, 1.0],
            way_back_s=10 * DAY_S,
            loyalty_u=[0.0, 0.95],
            sections={
                "customers": {"experience": {"slow_refund": 0.1}},
                "returns": {"refund_when": when},
            },
        )
        lost.append(played.count(Fact.LOST))

    assert lost == [0, 1]


@pytest.mark.parametrize(
    ("luck", "cents"),
    [({"restockable": False}, 1600), ({}, 2000), ({"restockable": False} | WRONG, 2000)],
)
def test_used_goods_are_paid_back_in_part(hand: Hand, luck: dict[str, Any], cents: int) -> None:
    """A fifth of 20.00 is kept for what is no longer as new, unless the house sent it wrong."""
    played = returned(hand, {"deduction_share": 0.2}, **luck)

    assert [row.value for row in played.rows(Fact.REFUNDED)] == [cents]


# exchange


@pytest.mark.parametrize(("when", "sent_s"), [("inspection", INSPECTED_S), ("request", ASKED_S)])
def test_exchange_instead_of_money(hand: Hand, when: str, sent_s: float) -> None:
    """The next SKU is sent, at the inspection or at once; nothing is charged or paid back."""
    played = returned(
        hand, {"exchange_share": 0.3, "exchange_when": when}, exchanged=True, return_reason=FIT
    )

    (row,) = played.rows(Fact.EXCHANGED)
    assert (row.time_s, row.subject, row.other, row.value) == (sent_s, 0, 1, 1)
    (split,) = played.rows(Fact.SPLIT)
    assert (split.subject, split.other, split.value) == (1, 0, SplitKind.EXCHANGE)
    assert played.first_s(Fact.DELIVERED)[1] == sent_s + DOOR_S
    assert [row.other for row in played.rows(Fact.CAPTURED)] == [0]
    assert not played.rows(Fact.REFUNDED)
    assert closing(played) == [4, 2, 4, 4]


def test_who_has_changed_their_mind_wants_no_other(hand: Hand) -> None:
    """Only what does not fit or is not as expected is exchanged."""
    played = returned(hand, {"exchange_share": 1.0}, exchanged=True, return_reason=MIND)

    assert played.count(Fact.REFUNDED) == 1
    assert not played.rows(Fact.EXCHANGED)


def exchange_with(hand: Hand, stock: list[int]) -> Record:
    """Exchange two units of SKU 2 at the request, with so many units on the shelf at first."""
    return hand.play(
        [(0.0, [(2, 2)])],
        stock=stock,
        levels=(-9, 0),
        return_u=0.0,
        exchanged=True,
        sections={"returns": {"exchange_share": 0.3, "exchange_when": "request"}},
    )


@pytest.mark.parametrize(
    ("stock", "sku"), [([2, 2, 4, 1], 0), ([1, 2, 4, 1], 1), ([1, 1, 4, 1], 2)]
)
def test_the_next_of_the_category_that_is_there(hand: Hand, stock: list[int], sku: int) -> None:
    """After SKU 2 comes 3, then 0 and 1, at last 2 itself; two units must be there."""
    played = exchange_with(hand, stock)

    assert [row.value for row in played.rows(Fact.EXCHANGED)] == [sku]


def test_nothing_there_to_exchange_is_a_refund(hand: Hand) -> None:
    """Nothing of the category is there: the money goes back after the inspection."""
    played = exchange_with(hand, [1, 1, 2, 1])

    assert not played.rows(Fact.EXCHANGED, Fact.SPLIT)
    (refund,) = played.rows(Fact.REFUNDED)
    assert (refund.time_s, refund.value) == (INSPECTED_S + 4 * HOUR_S, 2 * PRICE_CENTS)


# where goods end


REFURBISH = {"refurbish_share": 0.5, "refurbish_material_eur": 1.5}


def test_refurbished_goods_go_back_on_the_shelf(hand: Hand) -> None:
    """After a day's wait 900 s of work and 100 s to the shelf; the money does not wait for it."""
    played = returned(
        hand,
        REFURBISH,
        restockable=False,
        refurbished=True,
        refurbish_wait_s=DAY_S,
        refurbish_s=900.0,
    )

    begun = NOT_RESALEABLE_S + DAY_S
    facts = (Fact.REFURBISH_STARTED, Fact.REFURBISHED, Fact.RESTOCKED)
    assert times(played, *facts) == [
        (Fact.REFURBISH_STARTED, begun),
        (Fact.REFURBISHED, begun + 1000.0),
        (Fact.RESTOCKED, begun + 1000.0),
    ]
    assert played.rows(Fact.REFURBISHED)[0].value == 2 * 150
    assert played.rows(Fact.REFUNDED)[0].time_s == NOT_RESALEABLE_S + 4 * HOUR_S
    assert closing(played)[0] == 4


def test_refurbished_goods_are_sold_off(hand: Hand) -> None:
    """Sold second-hand at 40 % of the price; they never come to the shelf."""
    played = returned(
        hand,
        REFURBISH | {"refurbished_to": "second_hand", "second_hand_share": 0.4},
        restockable=False,
        refurbished=True,
        refurbish_s=900.0,
    )

    (row,) = played.rows(Fact.SOLD_OFF)
    assert (row.time_s, row.other, row.value) == (NOT_RESALEABLE_S + 900.0, 2, 2 * 400)
    assert closing(played)[0] == 2
    assert not played.rows(Fact.RESTOCKED, Fact.SCRAPPED)


def test_scrap_brings_in_a_share_of_its_cost(hand: Hand) -> None:
    """Two units that cost 5.50 each bring in a tenth."""
    played = returned(hand, {"scrap_value_share": 0.1}, restockable=False)

    assert [row.value for row in played.rows(Fact.SCRAPPED)] == [2 * 55]


CART = {"restock": "cart", "restock_cart_units": 3, "restock_round_at": "18:00"}


def test_the_cart_goes_with_the_round_of_the_day(hand: Hand) -> None:
    """Inspected in the afternoon, on the shelf 100 s of work after the round at 18:00."""
    played = returned(hand, CART)

    (on_cart,), (restocked,) = played.rows(Fact.ON_CART), played.rows(Fact.RESTOCKED)
    assert (on_cart.time_s, on_cart.other) == (NOT_RESALEABLE_S, 2)
    assert restocked.time_s == 3 * DAY_S + 18 * HOUR_S + 100.0
    assert closing(played)[0] == 4


def test_a_full_cart_goes_at_once(hand: Hand) -> None:
    """With the third unit the cart goes: one piece of work of 100 s for each of the two lines."""
    played = returned(hand, CART, [(0, 2), (1, 1)])

    last = played.rows(Fact.ON_CART)[-1].time_s
    assert [row.time_s for row in played.rows(Fact.RESTOCKED)] == [last + 200.0] * 2
    assert closing(played) == [4] * 4


def test_goods_on_the_cart_cannot_be_sold_yet(hand: Hand) -> None:
    """Who waits for the unit gets it when the round puts it on the shelf."""
    played = hand.play(
        [(0.0, ONE), (DAY_S, ONE)],
        stock=[1] * 4,
        levels=(-100, 0),
        return_u=[0.0, 1.0],
        patience_s=30 * DAY_S,
        sections={"returns": CART},
    )

    filled, restocked = played.rows(Fact.BACKORDER_FILLED), played.rows(Fact.RESTOCKED)
    assert [row.time_s for row in filled] == [row.time_s for row in restocked]
    assert restocked[0].time_s > played.rows(Fact.ON_CART)[0].time_s


def test_damaged_goods_may_be_refurbished(hand: Hand) -> None:
    """What broke on the way is no waste if it can be mended."""
    played = hand.play(
        [(0.0, [(0, 2)])],
        damage_u=0.0,
        refurbished=True,
        refurbish_s=900.0,
        sections={"packing": {"damage_rate": 0.1}, "returns": REFURBISH},
    )

    assert [row.value for row in played.rows(Fact.RETURN_ASKED)] == [ReturnReason.DAMAGED]
    assert played.count(Fact.RESTOCKED) == played.count(Fact.REFUNDED) == 1
    assert not played.rows(Fact.SCRAPPED)


def test_a_part_kept_is_no_credit(hand: Hand) -> None:
    """Of 2 x 10 EUR on account 30 % is kept: 14 EUR are credited, and 6 EUR paid a month later."""
    played = hand.play(
        [(0.0, [(0, 2)])],
        stock=[4] * 4,
        levels=(-9, 0),
        return_u=0.0,
        restockable=False,
        pays_later=True,
        pay_later_s=30 * DAY_S,
        sections={"returns": {"deduction_share": 0.3}, "payment": {"pay_later_share": 0.5}},
    )

    (refund,) = played.rows(Fact.REFUNDED)
    (credit,) = played.rows(Fact.CREDITED)
    assert refund.value == credit.value == 2 * PRICE_CENTS * 0.7
    assert [row.value for row in played.rows(Fact.INVOICE_PAID)] == [2 * PRICE_CENTS * 0.3]
    LawBook(played).check()


def test_an_exchange_overtakes_nobody_who_waits(hand: Hand) -> None:
    """SKU 1 has two left, for which an order of three waits: SKU 2 is sent in exchange."""
    played = hand.play(
        [(0.0, [(0, 1)]), (60.0, [(1, 3)])],
        stock=[1, 2, 4, 4],
        levels=(-100, 0),
        return_u=[0.0, 1.0],
        return_reason=FIT,
        exchanged=True,
        sections={
            "returns": {"exchange_share": 0.5},
            "stockouts": {"answer": "backorder"},
            "allocation": {"no_overtaking": True},
        },
    )

    assert [row.value for row in played.rows(Fact.EXCHANGED)] == [2.0]
    LawBook(played).check()
