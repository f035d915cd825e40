"""Mistakes that stock systems are known for, each shown not to happen here."""

from __future__ import annotations

import pytest

from sim.log.facts import Fact, ShortAnswer
from tests.properties.law_book import LawBook
from tests.sim.engine.playing import Record
from tests.sim.stages.by_hand import (
    DAY_S,
    HOUR_S,
    HOUSE_S,
    PRICE_CENTS,
    Hand,
    always,
)

BOTH_OF_2 = 0.9


def closing(played: Record) -> list[int]:
    """Return the units on hand at the end."""
    return [row.other for row in played.rows(Fact.STOCK_CLOSED)]


def test_a_backorder_is_for_what_is_missing_not_for_what_has_come(hand: Hand) -> None:
    """Four of 6 come first: the line still waits for its 6, and no second purchase is made for 4.

    Bought 6 + 10 = 16: 4 (a quarter) after two days, 12 three days later.
    """
    played = hand.play(
        [(0.0, [(0, 6)])],
        stock=[0, 9, 9, 9],
        sections={
            "stock": {
                "partial_receipt_share": 1.0,
                "partial_first_share": 0.25,
                "partial_rest_days": always(3.0),
            }
        },
    )

    assert [row.other for row in played.rows(Fact.PURCHASED)] == [16]
    (filled,) = played.rows(Fact.BACKORDER_FILLED)
    assert (filled.time_s, filled.other) == (5 * DAY_S, 6)
    assert closing(played)[0] == 10
    LawBook(played).check()


def test_a_half_picked_list_frees_the_rest(hand: Hand) -> None:
    """One line is picked, the other found short and given up while it waits: nothing stays kept."""
    played = hand.play(
        [(0.0, [(1, 1), (0, 2)])],
        stock=[2, 9, 9, 9],
        levels=(-100, 0),  # nothing is ever bought
        sections={
            "picking": {"short_picks": {"share_of_lines": 0.5}},
            "stockouts": {"split": False},
        },
        lacking_u=[1.0, BOTH_OF_2],
        patience_s=DAY_S,
    )

    assert [row.value for row in played.rows(Fact.SHORT)] == [ShortAnswer.WAITS]
    assert [row.value for row in played.rows(Fact.CAPTURED)] == [PRICE_CENTS]
    assert closing(played)[:2] == [0, 8]
    LawBook(played).check()


def test_a_backorder_follows_its_own_purchase_order(hand: Hand) -> None:
    """Two lines of an order wait for two purchase orders; each hears of its own, and both leave."""
    played = hand.play(
        [(0.0, [(1, 1)]), (DAY_S, [(0, 2), (1, 2)])],
        stock=[0, 0, 9, 9],
        levels=(0, 1),
        sections={"stockouts": {"split": False}},
    )

    bought = [(row.time_s, row.subject, row.value) for row in played.rows(Fact.PURCHASED)]
    assert bought == [(0.0, 1, 0.0), (DAY_S, 0, 1.0), (DAY_S, 1, 2.0)]
    promised = [(row.subject, row.other) for row in played.rows(Fact.BACKORDER_PROMISED)]
    assert promised == [(0, 0), (1, 1), (2, 2)]
    assert played.first_s(Fact.HANDED_OVER)[1] == 3 * DAY_S + HOUSE_S


@pytest.mark.parametrize("patience_days", [4.0, 10.0])
def test_what_comes_back_is_on_the_shelf_once(hand: Hand, patience_days: float) -> None:
    """A unit comes back on day 4 and is sold again, or found by nobody: one unit either way.

    Sold at 0, at the door after an hour, sent back 3 days later, 12 hours on its way, inspected in
    600 s: on the shelf before day 4 and not before the patience of the second customer has ended or
    not, who waits from day 0.
    """
    played = hand.play(
        [(0.0, [(0, 1)]), (HOUR_S, [(0, 1)])],
        stock=[1, 9, 9, 9],
        levels=(-100, 0),
        return_u=[0.0, 1.0],
        patience_s=(patience_days - 3.0) * DAY_S,
    )

    sold_again = patience_days == 10.0
    assert played.count(Fact.RESTOCKED) == 1
    assert played.count(Fact.BACKORDER_FILLED) == int(sold_again)
    assert played.count(Fact.BACKORDER_CANCELLED) == int(not sold_again)
    assert closing(played)[0] == int(not sold_again)
    LawBook(played).check()
