"""Policies, reviews and suppliers: what is bought, when, from whom, and when it comes."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from sim.engine.opening import levels, regular_suppliers
from sim.engine.setting import prepare
from sim.log.facts import Fact
from sim.policies.replenishment import ReorderLevels
from tests.properties.law_book import LawBook
from tests.sim.engine.playing import Record, record, scenario_of
from tests.sim.stages.by_hand import DAY_S, HOUR_S, Hand, always

NONE_OF_0 = [0, 9, 9, 9]
ONE_OF_1 = (1, 1)


def bought(played: Record) -> list[tuple[float, int]]:
    """Return when and how much was bought."""
    return [(row.time_s, row.other) for row in played.rows(Fact.PURCHASED)]


def received(played: Record) -> list[tuple[float, int]]:
    """Return when and how much came onto the shelf."""
    return [(row.time_s, row.other) for row in played.rows(Fact.RECEIVED)]


def rules(**stock: Any) -> dict[str, Any]:
    """Return the sections of some rules of buying."""
    return {"stock": stock}


def test_a_fixed_quantity_is_bought_as_often_as_it_takes(hand: Hand) -> None:
    """R = 2, Q = 5, 4 on the shelf: 2 sold, position 2, 5 bought; 11 owed, position -4: 10 more."""
    played = hand.play([(0.0, [(0, 2)]), (HOUR_S, [(0, 11)])], stock=[4, 9, 9, 9], levels=(2, 7, 5))

    # 2 + 5 = 7 after the first; 7 - 11 = -4 after the second: two lots of 5 make 6
    assert bought(played) == [(0.0, 5), (HOUR_S, 10)]


def test_one_for_one(hand: Hand) -> None:
    """S = 4: each sale is ordered at once, unit by unit."""
    orders = [(HOUR_S * k, [(0, 1 + k % 2)]) for k in range(3)]

    played = hand.play(orders, stock=[4, 9, 9, 9], levels=(3, 4))

    assert bought(played) == [(0.0, 1), (HOUR_S, 2), (2 * HOUR_S, 1)]


def test_reviews_buy_and_nothing_else_does(hand: Hand) -> None:
    """Sold at 0 and 9:00, reviewed every other day at 8:00: 7 bought on day 0, 3 on day 2."""
    played = hand.play(
        [(0.0, [(0, 7)]), (9 * HOUR_S, [(0, 3)]), (5 * DAY_S, [ONE_OF_1])],
        stock=[10, 10, 10, 10],
        levels=(9, 10),
        sections=rules(review="periodic", review_days=2, review_time="08:00"),
    )

    assert bought(played)[:2] == [(8 * HOUR_S, 7), (2 * DAY_S + 8 * HOUR_S, 3)]


def test_who_waits_with_nothing_coming_is_linked_when_it_is_bought(hand: Hand) -> None:
    """Owed from 0 on, bought at the review at 8:00, there two days later.

    Until the review the promise is the time to the next review and the lead time.
    """
    played = hand.play(
        [(0.0, [(0, 2)])],
        stock=NONE_OF_0,
        sections=rules(review="periodic", review_days=1, review_time="08:00"),
    )

    promises = [(row.time_s, row.other, row.value) for row in played.rows(Fact.BACKORDER_PROMISED)]
    due_s = 2 * DAY_S + 8 * HOUR_S
    assert promises == [(0.0, -1, 3 * DAY_S), (8 * HOUR_S, 0, due_s)]
    (linked,) = played.rows(Fact.BACKORDER_RELINKED)
    assert (linked.time_s, linked.other, linked.value) == (8 * HOUR_S, 0, due_s)
    assert [row.time_s for row in played.rows(Fact.BACKORDER_FILLED)] == [due_s]


def test_what_is_not_bought_yet_is_promised_by_its_own_supplier(hand: Hand) -> None:
    """Owed before the first review, with a day to the next one: 2 or 12 days after that."""
    far = {"far": {"lead_time_days": always(12.0)}}
    played = hand.play(
        [(0.0, [(sku, 1)]) for sku in range(4)],
        stock=[0, 0, 0, 0],
        sections=rules(review="periodic", review_days=1, review_time="08:00")
        | suppliers(near={}, **far),
    )

    told = [row.value for row in played.rows(Fact.BACKORDER_PROMISED) if row.time_s == 0.0]
    who = regular_suppliers(played.setting)
    assert set(who) == {0, 1}
    assert told == [((2.0, 12.0)[supplier] + 1.0) * DAY_S for supplier in who]


def test_a_second_order_waits_for_the_first_delivery(hand: Hand) -> None:
    """One may be outstanding: what is sold meanwhile is bought when it has come."""
    played = hand.play(
        [(0.0, [(0, 10)]), (HOUR_S, [(0, 4)]), (5 * DAY_S, [ONE_OF_1])],
        stock=[10, 10, 10, 10],
        levels=(9, 10),
        sections=rules(max_outstanding=1),
    )

    assert bought(played) == [(0.0, 10), (2 * DAY_S, 4), (5 * DAY_S, 1)]
    # the 4 are owed and met by the 10
    assert [row.time_s for row in played.rows(Fact.BACKORDER_FILLED)] == [2 * DAY_S]


def suppliers(**by_name: dict[str, Any]) -> dict[str, Any]:
    """Return the sections of some suppliers."""
    return {"suppliers": by_name}


@pytest.mark.parametrize(
    ("terms", "units"),
    [
        ({"min_order_units": 20, "pack_units": 6}, 24),
        ({"pack_units": 5}, 15),
        # 10.00 x 0.55 x 2 = 11 EUR a unit: 19 of them are the first to reach 200 EUR
        ({"min_order_eur": 200.0, "price_factor": 2.0}, 19),
        ({"min_order_eur": 100.0}, 19),
        ({"min_order_eur": 20.0}, 12),
    ],
)
def test_minimum_and_packs(hand: Hand, terms: dict[str, Any], units: int) -> None:
    """12 are wanted: 2 owed, up to S = 10."""
    played = hand.play([(0.0, [(0, 2)])], stock=NONE_OF_0, sections=suppliers(only=terms))

    assert bought(played) == [(0.0, units)]
    assert [row.other for row in played.rows(Fact.SUPPLIED_BY)] == [0]
    assert [(row.time_s, row.other) for row in played.rows(Fact.GOODS_ARRIVED)] == received(played)


def test_customers_who_wait_are_served_by_the_fast_supplier(hand: Hand) -> None:
    """2 owed: bought in a hurry and there after half a day; the regular 10 come after two days."""
    fast = {"use": "emergency", "lead_time_days": always(0.5), "emergency_days": 0.0}

    played = hand.play(
        [(0.0, [(0, 2)]), (3 * DAY_S, [ONE_OF_1])],
        stock=NONE_OF_0,
        sections=suppliers(usual={}, fast=fast),
    )

    assert [(row.subject, row.other) for row in played.rows(Fact.SUPPLIED_BY)] == [(0, 1), (0, 0)]
    assert bought(played) == [(0.0, 2), (0.0, 10)]
    assert received(played) == [(0.5 * DAY_S, 2), (2 * DAY_S, 10)]
    (filled,) = played.rows(Fact.BACKORDER_FILLED)
    assert filled.time_s == 0.5 * DAY_S


def test_emergencies_count_what_is_soon_there_and_not_the_rest(hand: Hand) -> None:
    """At or below 1 free unit or soon there, up to 2: 3 of 4 sold, 1 hurried though 8 are coming.

    Another is sold: none free and 1 soon there, so 1 more.
    """
    fast = {
        "use": "emergency",
        "lead_time_days": always(0.5),
        "emergency_days": 0.0,
        "emergency_point": 1,
    }

    played = hand.play(
        [(0.0, [(0, 2)]), (HOUR_S, [(0, 1)]), (2 * HOUR_S, [(0, 1)]), (3 * DAY_S, [ONE_OF_1])],
        stock=[4, 9, 9, 9],
        levels=(2, 10),
        sections=suppliers(usual={}, fast=fast),
    )

    assert bought(played) == [(0.0, 8), (HOUR_S, 1), (2 * HOUR_S, 1)]
    assert [row.other for row in played.rows(Fact.SUPPLIED_BY)] == [0, 1, 1]


def restless(*, crosses: bool, **stock: Any) -> Record:
    """Play deliveries whose lead times differ much, onto the shelf without work."""
    return record(
        scenario_of(
            orders={"per_day": 60.0},
            run={"warm_up_days": 0.0, "horizon_days": 20.0, "cool_down_days": 0.0},
            items={"count": 8},
            stock={
                "policy": "base_stock",
                "lead_time_days": {"distribution": "gamma", "mean": 2.0, "cv": 1.5},
                "receive_s_per_order": 0.0,
                "orders_cross": crosses,
                **stock,
            },
        )
    )


def overtakes(played: Record) -> int:
    """Return how often a purchase order came while an earlier one of its SKU was incomplete.

    What comes in the same moment comes together.
    """
    coming: dict[int, dict[int, int]] = defaultdict(dict)
    came: list[tuple[int, int]] = []
    now_s, count = 0.0, 0
    for row in played.rows(Fact.PURCHASED, Fact.RECEIVED):
        if row.time_s > now_s:
            count += sum(any(n for k, n in coming[sku].items() if k < last) for sku, last in came)
            now_s, came = row.time_s, []
        number = int(row.value)
        if row.fact == Fact.PURCHASED:
            coming[row.subject][number] = row.other
        else:
            coming[row.subject][number] -= row.other
            came.append((row.subject, number))
    return count


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_deliveries_cross_only_where_they_may(share: float) -> None:
    """A delivery that may not overtake comes with the one before, or after it; also in parts."""
    apart = restless(crosses=True, partial_receipt_share=share)
    in_line = restless(crosses=False, partial_receipt_share=share)

    assert overtakes(apart) > 100
    assert overtakes(in_line) == 0
    assert in_line.count(Fact.RECEIVED) > 100
    LawBook(in_line).check()


def test_shares_and_categories_decide_who_supplies() -> None:
    """Glass has a supplier of its own; the rest is shared one to three."""
    setting = prepare(
        scenario_of(
            items={
                "count": 1000,
                "categories": {"glass": {"share": 0.25}, "rest": {"share": 0.75}},
            },
            suppliers={
                "glazier": {"categories": ["glass"]},
                "small": {"share": 0.25},
                "large": {"share": 0.75},
                "fast": {"use": "emergency"},
            },
        ),
        {},
    )

    chosen = regular_suppliers(setting)

    category = setting.catalogue.category.tolist()
    assert {who for who, kind in zip(chosen, category, strict=True) if kind == 0} == {0}
    # 750 draws at 1/4: 187.5, sd 12
    assert abs(chosen.count(1) - 187.5) < 5 * 12
    assert chosen.count(1) + chosen.count(2) == 750


def test_a_slow_supplier_s_goods_are_bought_earlier() -> None:
    """The levels follow the lead time of the SKU's own supplier."""
    law = {"distribution": "deterministic", "value": 20.0}
    setting = prepare(
        scenario_of(
            items={"count": 40, "popularity_exponent": 0.0},
            suppliers={"near": {}, "far": {"lead_time_days": law}},
        ),
        {},
    )
    by_supplier = defaultdict(set)
    for who, level in zip(regular_suppliers(setting), levels(setting), strict=True):
        by_supplier[who].add(level)

    (near,), (far,) = by_supplier[0], by_supplier[1]
    assert far.point > 2 * near.point


def test_classes_take_their_skus_in_the_order_written() -> None:
    """Of demand values 50, 30, 15, 5 %: up to 80 % is A (two SKUs), the rest B, at other levels."""
    classes = {"A": {"value_share": 0.8, "reorder_point": 30}, "B": {"reorder_point": 3}}
    setting = prepare(
        scenario_of(
            items={
                "count": 10,
                "popularity_exponent": 2.0,
                "popularity_shift": 0.0,
                "categories": {"all": {"price_eur": always(10.0)}},
            },
            stock={"classes": classes, "order_days": 1.0},
        ),
        {},
    )

    share = setting.catalogue.popularity
    points = [level.point for level in levels(setting)]

    # 1 / r^2 of ten ranks: 64.5 %, 16.1 %, ...: the second begins at 64.5, the third at 80.7 %
    best_two = set(share.argsort()[::-1][:2].tolist())
    assert [k for k, point in enumerate(points) if point == 30] == sorted(best_two)
    assert points.count(3) == 8


def test_given_levels_are_those_of_every_sku() -> None:
    """A textbook system in three keys."""
    for stock, level in (
        ({"reorder_point": 4, "order_up_to": 10}, ReorderLevels(4, 10)),
        ({"policy": "r_Q", "reorder_point": -2, "order_quantity": 6}, ReorderLevels(-2, 4, 6)),
        ({"policy": "base_stock", "order_up_to": 7}, ReorderLevels(6, 7)),
    ):
        setting = prepare(scenario_of(items={"count": 3}, stock=stock), {})
        assert levels(setting) == [level] * 3


@pytest.mark.parametrize(("one_lot", "expected"), [(False, [(0.0, 9)]), (True, [(0.0, 3)] * 3)])
def test_lots_are_bought_in_one_order_or_in_as_many(
    hand: Hand, one_lot: bool, expected: list[tuple[float, int]]
) -> None:
    """Five are owed at r = 1 and Q = 3: three lots take the position above 1, for two more too."""
    played = hand.play(
        [(0.0, [(0, 5)]), (0.0, [(0, 2)])],
        stock=[0, 10, 10, 10],
        levels=(1, 4, 3),
        sections=rules(policy="r_Q", one_lot_per_order=one_lot),
    )

    assert bought(played) == expected


def test_thousands_of_lots_are_bought_at_once(hand: Hand) -> None:
    """Lots of one unit, each an order of its own: as many orders as units are missing."""
    missing = 3_000
    played = hand.play(
        [(0.0, [(0, missing)])],
        stock=[0, 10, 10, 10],
        levels=(0, 1, 1),
        sections=rules(policy="r_Q", one_lot_per_order=True),
    )

    assert bought(played) == [(0.0, 1)] * (missing + 1)
