"""Answers by class, substitutes, asked customers and oversales, each timeline reckoned by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sim.log.facts import OVERSALE, CancelReason, Fact, ShortAnswer, SplitKind
from sim.orders.book import BUYS_ELSEWHERE, DOES_WITHOUT, TAKES_SUBSTITUTE, WAITS
from tests.sim.engine.playing import Record
from tests.sim.stages.by_hand import DAY_S, HOUR_S, HOUSE_S, PRICE_CENTS, Hand, always, merged

NONE_OF_0 = [0, 9, 9, 9]
NEVER_BOUGHT = (-100, 0)


def stockouts(answer: str, **more: Any) -> dict[str, Any]:
    """Return the sections of an answer to shortages."""
    return {"stockouts": {"answer": answer, **more}}


def shorts(played: Record) -> list[tuple[int, float]]:
    """Return line and answer of every shortage."""
    return [(row.subject, row.value) for row in played.rows(Fact.SHORT)]


# by class


def two_classes(best: str, rest: str, **more: Any) -> dict[str, Any]:
    """Return sections in which one SKU of the four is class A; it is named by its letter."""
    by_class = {"best": {"abc": ["A"], "answer": best, **more}}
    return merged(
        stockouts(rest, by_class=by_class),
        {"warehouse": {"abc": {"a_share": 0.25, "b_share": 0.25}}},
    )


def best_seller(hand: Hand) -> int:
    """Return the SKU of the plain house that is asked for most."""
    popularity = hand.play([(0.0, [(0, 1)])]).setting.catalogue.popularity
    return int(popularity.argmax())


def test_each_line_gets_the_answer_of_its_own_sku(hand: Hand) -> None:
    """The best seller waits, the other line comes from the supplier, what is there leaves now."""
    best = best_seller(hand)
    slow, there = _others(best)
    stock = [9] * 4
    stock[best] = stock[slow] = 0

    played = hand.play(
        [(0.0, [(best, 1), (slow, 2), (there, 1)])],
        stock=stock,
        sections=two_classes("backorder", "dropship"),
    )

    assert shorts(played) == [(1, ShortAnswer.DROPSHIP), (0, ShortAnswer.BACKORDER)]
    splits = [(row.subject, row.value) for row in played.rows(Fact.SPLIT)]
    assert splits == [(1, SplitKind.BACKORDER), (2, SplitKind.DROPSHIP)]
    captured = {row.other: (row.time_s, row.value) for row in played.rows(Fact.CAPTURED)}
    assert captured == {
        0: (HOUSE_S, PRICE_CENTS),
        1: (2 * DAY_S + HOUSE_S, PRICE_CENTS),
        2: (2 * DAY_S, 2 * PRICE_CENTS),
    }


def _others(best: int) -> tuple[int, int]:
    first, second, *_ = (sku for sku in range(4) if sku != best)
    return first, second


def test_a_class_may_hold_up_what_others_let_go(hand: Hand) -> None:
    """The best seller does not split: it waits with what is there, the other one follows."""
    best = best_seller(hand)
    slow, there = _others(best)
    stock = [9] * 4
    stock[best] = stock[slow] = 0

    played = hand.play(
        [(0.0, [(there, 1), (best, 1), (slow, 1)])],
        stock=stock,
        sections=two_classes("backorder", "backorder", split=False),
    )

    assert shorts(played) == [(1, ShortAnswer.HOLDS), (2, ShortAnswer.BACKORDER)]
    captured = [(row.time_s, row.other, row.value) for row in played.rows(Fact.CAPTURED)]
    assert sorted(captured, key=lambda row: row[1]) == [
        (2 * DAY_S + HOUSE_S, 0, 2 * PRICE_CENTS),
        (pytest.approx(2 * DAY_S + HOUSE_S + 120.0), 1, PRICE_CENTS),  # picked second
    ]


def test_the_first_class_that_names_a_sku_holds(hand: Hand) -> None:
    """A SKU of two classes gets the answer of the one written first."""
    classes = {
        "one": {"categories": ["all"], "answer": "dropship"},
        "two": {"abc": ["A", "B", "C"], "answer": "backorder"},
    }

    played = hand.play(
        [(0.0, [(0, 1)])], stock=NONE_OF_0, sections=stockouts("turn_away", by_class=classes)
    )

    assert shorts(played) == [(0, ShortAnswer.DROPSHIP)]


# substitutes


def test_substitute_is_the_nearest_in_price_at_the_lower_price(hand: Hand) -> None:
    """All cost the same here: SKU 1 stands next to SKU 0, its three units leave instead."""
    played = hand.play(
        [(0.0, [(0, 3)])],
        stock=NONE_OF_0,
        sections=stockouts("substitute"),
        takes_substitute=True,
    )

    (taken,) = played.rows(Fact.SUBSTITUTED)
    assert (taken.time_s, taken.subject, taken.other) == (0.0, 0, 1)
    assert taken.value == min(PRICE_CENTS, played.setting.catalogue.price_cents[1])
    assert [row.value for row in played.rows(Fact.PAID)] == [3 * taken.value]
    assert [row.other for row in played.rows(Fact.STOCK_CLOSED)] == [0, 6, 9, 9]
    assert played.first_s(Fact.DELIVERED)[0] == HOUSE_S + HOUR_S


@pytest.mark.parametrize(
    ("otherwise", "answer"),
    [
        ("backorder", ShortAnswer.BACKORDER),
        ("dropship", ShortAnswer.DROPSHIP),
        ("turn_away", ShortAnswer.TURN_AWAY),
    ],
)
def test_who_wants_no_substitute_gets_the_second_answer(
    hand: Hand, otherwise: str, answer: ShortAnswer
) -> None:
    """The offer is made at the click, so a refusal follows there too."""
    played = hand.play(
        [(0.0, [(0, 1)])],
        stock=NONE_OF_0,
        sections=stockouts("substitute", otherwise=otherwise),
        takes_substitute=False,
    )

    assert shorts(played) == [(0, answer)]
    assert not played.rows(Fact.SUBSTITUTED)


def test_nothing_that_the_order_asks_for_already_takes_a_place(hand: Hand) -> None:
    """SKU 1 is in the order: the next one is taken."""
    played = hand.play(
        [(0.0, [(0, 1), (1, 1)])],
        stock=NONE_OF_0,
        sections=stockouts("substitute"),
        takes_substitute=True,
    )

    assert [row.other for row in played.rows(Fact.SUBSTITUTED)] == [2]


def test_a_substitute_is_needed_where_enough_of_it_is_there(hand: Hand) -> None:
    """Nothing has four units: the line waits."""
    played = hand.play(
        [(0.0, [(0, 4)])],
        stock=[0, 3, 3, 3],
        sections=stockouts("substitute"),
        takes_substitute=True,
    )

    assert shorts(played) == [(0, ShortAnswer.BACKORDER)]


def test_refund_of_a_substitute_is_what_was_paid_for_it(hand: Hand) -> None:
    """It comes back like anything else, onto its own shelf."""
    played = hand.play(
        [(0.0, [(0, 2)])],
        stock=NONE_OF_0,
        sections=stockouts("substitute"),
        takes_substitute=True,
        return_u=0.0,
    )

    (taken,) = played.rows(Fact.SUBSTITUTED)
    assert [row.value for row in played.rows(Fact.REFUNDED)] == [2 * taken.value]
    assert [row.other for row in played.rows(Fact.STOCK_CLOSED)] == [0, 9, 9, 9]


# customers who are asked


@pytest.mark.parametrize(
    ("reaction", "answers", "ends"),
    [
        (BUYS_ELSEWHERE, [ShortAnswer.ELSEWHERE], Fact.CANCELLED),
        (DOES_WITHOUT, [ShortAnswer.DROPPED], Fact.CANCELLED),
        (TAKES_SUBSTITUTE, [ShortAnswer.SUBSTITUTE], Fact.DELIVERED),
        (WAITS, [ShortAnswer.BACKORDER], Fact.DELIVERED),
    ],
)
def test_customers_do_what_their_luck_says(
    hand: Hand, reaction: int, answers: list[ShortAnswer], ends: Fact
) -> None:
    """Each reaction to "not in stock", for an order of one line."""
    played = hand.play(
        [(0.0, [(0, 1)])], stock=NONE_OF_0, sections=stockouts("ask_customer"), reaction=reaction
    )

    assert shorts(played) == [(0, answer) for answer in answers]
    assert played.count(ends) == 1
    reasons = [row.value for row in played.rows(Fact.CANCELLED)]
    assert reasons == [CancelReason.WENT_ELSEWHERE] * (ends == Fact.CANCELLED)


def test_who_finds_no_substitute_buys_elsewhere(hand: Hand) -> None:
    """All shelves are empty: the line is dropped, and the order with it."""
    played = hand.play(
        [(0.0, [(0, 1)])],
        stock=[0, 0, 0, 0],
        levels=NEVER_BOUGHT,
        sections=stockouts("ask_customer"),
        reaction=TAKES_SUBSTITUTE,
    )

    assert shorts(played) == [(0, ShortAnswer.ELSEWHERE)]


def test_only_the_missing_line_is_bought_elsewhere(hand: Hand) -> None:
    """The rest of the basket is sold at its own price."""
    played = hand.play(
        [(0.0, [(0, 2), (1, 1)])],
        stock=NONE_OF_0,
        sections=stockouts("ask_customer"),
        reaction=BUYS_ELSEWHERE,
    )

    assert [row.value for row in played.rows(Fact.PAID)] == [PRICE_CENTS]
    assert played.count(Fact.DELIVERED) == 1


# oversales

STALE = {"stock": {"sync_min": 60.0}}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("backorder", ShortAnswer.BACKORDER + OVERSALE),
        ("dropship", ShortAnswer.DROPSHIP + OVERSALE),
        ("turn_away", ShortAnswer.OVERSOLD),
        ("ask_customer", ShortAnswer.BACKORDER + OVERSALE),
        ("substitute", ShortAnswer.SUBSTITUTE + OVERSALE),
    ],
)
def test_stale_figures_oversell_under_every_answer(hand: Hand, answer: str, kind: int) -> None:
    """The figure of 00:00 says one unit; the second click after it buys what is gone."""
    played = hand.play(
        [(1.0, [(0, 1)]), (2.0, [(0, 1)])],
        stock=[1, 9, 9, 9],
        sections=merged(stockouts(answer), STALE),
        takes_substitute=True,
    )

    assert shorts(played) == [(1, kind)]


@pytest.mark.parametrize("answer", ["backorder", "dropship"])
def test_what_is_shown_as_out_is_no_oversale(hand: Hand, answer: str) -> None:
    """Live figures and an order that is entered at once: the customer knew."""
    played = hand.play(
        [(1.0, [(0, 1)]), (2.0, [(0, 1)])], stock=[1, 9, 9, 9], sections=stockouts(answer)
    )

    assert shorts(played) == [(1, ShortAnswer[answer.upper()])]


def test_what_is_gone_while_the_order_is_typed_is_an_oversale(hand: Hand) -> None:
    """A phone order sees the last unit; a web order takes it before the clerk is done."""
    played = hand.play(
        [(0.0, [(0, 1)]), (10.0, [(0, 1)])],
        stock=[1, 9, 9, 9],
        channel=[1, 0],
        entry_s=300.0,
        sections=stockouts("backorder"),
    )

    assert shorts(played) == [(0, ShortAnswer.BACKORDER + OVERSALE)]


def test_two_lines_of_one_sku_do_not_both_see_the_last_unit(hand: Hand) -> None:
    """What the first line puts into the cart is no longer shown to the second."""
    played = hand.play(
        [(0.0, [(0, 1), (0, 1)])],
        stock=[1, 9, 9, 9],
        sections=merged(stockouts("backorder"), STALE),
    )

    assert shorts(played) == [(1, ShortAnswer.BACKORDER)]


def test_mixed_answers_end_every_unit_once(hand: Hand) -> None:
    """One order of four lines: refused at the click, sent by the supplier, on backorder, there."""
    by_class = {
        "refused": {"categories": ["refused"], "answer": "turn_away"},
        "sent": {"categories": ["sent"], "answer": "dropship"},
    }
    sections = merged(
        stockouts("backorder", by_class=by_class),
        {
            "items": {
                "count": 4,
                "categories": {
                    name: {"share": 0.25, "price_eur": always(10.0), "return_rate": 0.0}
                    for name in ("refused", "sent", "waits", "there")
                }
                | {"all": {"share": 0.0}},
            }
        },
    )
    setting = hand.play([(0.0, [(0, 1)])], sections=sections).setting
    names = [setting.catalogue.categories[k] for k in setting.catalogue.category]
    stock = [9 if name == "there" else 0 for name in names]

    played = hand.play([(0.0, [(sku, 1) for sku in range(4)])], sections=sections, stock=stock)

    kinds = {names[row.subject]: row.value for row in played.rows(Fact.SHORT)}
    assert kinds == {
        "refused": ShortAnswer.TURN_AWAY,
        "sent": ShortAnswer.DROPSHIP,
        "waits": ShortAnswer.BACKORDER,
    }
    assert played.count(Fact.DELIVERED) == 3
    assert sum(row.value for row in played.rows(Fact.CAPTURED)) == 3 * PRICE_CENTS
