from __future__ import annotations

from typing import Any

import pytest

from sim.engine.setting import prepare
from sim.log.facts import Fact, WrongCause
from sim.orders.book import PICK_DAMAGED, PICK_OMITTED, PICK_WRONG_ITEM, PICK_WRONG_QUANTITY
from sim.warehouse.layout import RectangularLayout
from tests.sim.engine.playing import scenario_of
from tests.sim.stages.by_hand import (
    DAY_S,
    LABEL_S,
    PACK_S,
    PICK_S,
    PLAIN,
    Hand,
    always,
    merged,
)

PASS_S = PICK_S + PACK_S
BOXES = {
    "small": {"length_mm": 100, "width_mm": 100, "height_mm": 200, "max_weight_kg": 10.0},
    "large": {"length_mm": 200, "width_mm": 200, "height_mm": 200, "max_weight_kg": 10.0},
}
ON_FOOT: dict[str, Any] = {
    "picking": {
        "time_s": None,
        "tour_setup_s": 90.0,
        "take_s_per_unit": 2.0,
        "batching": "first_come",
    },
    "warehouse": {
        "walk_speed_m_per_s": 0.5,
        "layout": {"aisles": 1, "positions_per_side": 5, "position_length_m": 2.0},
    },
}


def farthest_m(skus: list[int]) -> float:
    """Return the walk to the farthest of some SKUs in the one aisle, and back."""
    setting = prepare(scenario_of(**merged(PLAIN, ON_FOOT)), {})
    assert isinstance(setting.layout, RectangularLayout)
    # the first position begins 1 m behind the cross-aisle, and its middle is 1 m farther
    offsets = [setting.layout.offset_m[setting.location_of_sku[sku]] for sku in skus]
    assert all(offset in (2.0, 4.0, 6.0, 8.0, 10.0) for offset in offsets)
    return 2.0 * max(offsets)


def test_tour_by_hand(hand: Hand) -> None:
    """Set-up 90 s + walk at 0.5 m/s + 10 s search a line + 2 s a unit."""
    played = hand.play([(0.0, [(0, 1), (1, 3)])], sections=ON_FOOT, search_s=10.0)

    walk_m = farthest_m([0, 1])
    (tour,) = played.rows(Fact.TOUR_ENDED)
    assert tour.value == walk_m
    assert tour.time_s == 90.0 + walk_m / 0.5 + 2 * 10.0 + 4 * 2.0
    (picked,) = played.rows(Fact.PICKED)
    assert picked.value == walk_m / 0.5


def test_waiting_orders_share_a_cart(hand: Hand) -> None:
    """Two that wait for the busy picker go on one tour: one set-up, one walk, picked together."""
    played = hand.play(
        [(0.0, [(0, 1)]), (1.0, [(1, 1)]), (2.0, [(2, 2)])], sections=ON_FOOT, search_s=10.0
    )

    first_s = 90.0 + farthest_m([0]) / 0.5 + 10.0 + 2.0
    second_s = 90.0 + farthest_m([1, 2]) / 0.5 + 20.0 + 6.0
    assert [(row.time_s, row.other) for row in played.rows(Fact.TOUR_ENDED)] == [
        (first_s, 1),
        (first_s + second_s, 2),
    ]
    assert [row.value for row in played.rows(Fact.TOUR_STARTED)] == [1.0, 2.0]


def test_release_by_interval_gathers_a_wave(hand: Hand) -> None:
    """Orders of 10, 20 and 30 s wait for the wave of 3600 s; that of 3600 goes with it."""
    played = hand.play(
        [(10.0, [(0, 1)]), (20.0, [(0, 1)]), (30.0, [(0, 1)]), (3600.0, [(0, 1)])],
        sections={"release": {"policy": "interval", "interval_min": 60.0}},
    )

    assert [row.time_s for row in played.rows(Fact.RELEASED)] == [3600.0] * 4


@pytest.mark.parametrize(
    ("error", "units", "taken", "cause", "closing"),
    [
        (PICK_WRONG_ITEM, 2, 2, WrongCause.WRONG_ITEM, 8),
        (PICK_WRONG_QUANTITY, 3, 2, WrongCause.WRONG_QUANTITY, 8),
        (PICK_WRONG_QUANTITY, 1, 2, WrongCause.WRONG_QUANTITY, 8),
        (PICK_OMITTED, 2, 0, WrongCause.OMITTED, 10),
        (PICK_DAMAGED, 2, 2, WrongCause.DAMAGED_AT_PICK, 8),
    ],
)
def test_mistake_that_is_not_found_travels(
    hand: Hand, error: int, units: int, taken: int, cause: WrongCause, closing: int
) -> None:
    """What leaves the shelf is what was taken; the line arrives wrong for its own reason."""
    played = hand.play(
        [(0.0, [(0, units)])], stock=[10] * 4, levels=(0, 9), pick_error=error, claims=False
    )

    assert [row.other for row in played.rows(Fact.LINE_PICKED)] == [taken]
    (wrong,) = played.rows(Fact.LINE_ARRIVED_WRONG)
    assert (wrong.other, wrong.value) == (taken, cause)
    assert played.rows(Fact.STOCK_CLOSED)[0].other == closing
    assert not played.rows(Fact.REWORK)


def test_second_unit_is_not_taken_where_there_is_none(hand: Hand) -> None:
    """Wrong quantity of the last unit: nothing is taken instead of two."""
    played = hand.play(
        [(0.0, [(0, 1)])], stock=[1] * 4, levels=(-9, 0), pick_error=PICK_WRONG_QUANTITY
    )

    assert [row.other for row in played.rows(Fact.LINE_PICKED)] == [0]


@pytest.mark.parametrize("error", [PICK_WRONG_ITEM, PICK_OMITTED, PICK_DAMAGED])
def test_mistake_that_is_found_is_picked_again(hand: Hand, error: int) -> None:
    """The wrong line alone goes a second round of picking and packing; then all is well."""
    played = hand.play(
        [(0.0, [(0, 2), (1, 1)])],
        stock=[10] * 4,
        levels=(0, 9),
        pick_error=[error, 0],
        check_finds=True,
        sections={"picking": {"error_rate_per_line": 0.0}},
    )

    assert [row.time_s for row in played.rows(Fact.REWORK)] == [PASS_S]
    assert [row.subject for row in played.rows(Fact.LINE_MENDED)] == [0]
    assert [row.subject for row in played.rows(Fact.LINE_PICKED)] == [0, 1, 0]
    assert [row.time_s for row in played.rows(Fact.PACKED)] == [2 * PASS_S]
    assert [row.time_s for row in played.rows(Fact.LABELLED)] == [2 * PASS_S + LABEL_S]
    assert not played.rows(Fact.LINE_ARRIVED_WRONG)
    assert [row.other for row in played.rows(Fact.STOCK_CLOSED)] == [8, 9, 10, 10]


def test_unit_too_many_goes_to_who_waits_for_it(hand: Hand) -> None:
    """Two are taken for one; when the check finds it, the second fills a backorder at once."""
    played = hand.play(
        [(0.0, [(0, 1)]), (150.0, [(0, 1)])],
        stock=[2, 9, 9, 9],
        levels=(-100, 0),
        pick_error=[PICK_WRONG_QUANTITY, 0],
        check_finds=True,
        sections={"picking": {"error_rate_per_line": 0.0}},
        patience_s=DAY_S,
    )

    # two leave the shelf at 120, the order of 150 finds none, the check puts one back at 180
    assert played.rows(Fact.SHORT)[0].time_s == 150.0
    assert [row.time_s for row in played.rows(Fact.BACKORDER_FILLED)] == [PASS_S]


def test_packing_time_by_hand(hand: Hand) -> None:
    """40 s a parcel, 6 s a unit, 20 s a fragile unit, times the order's own factor of 1.5."""
    fragile = {"items": {"categories": {"all": {"fragile_share": 1.0}}}}
    work = {"packing": {"time_s": None, "base_s": 40.0, "per_unit_s": 6.0, "fragile_extra_s": 20.0}}

    sturdy = hand.play([(0.0, [(0, 2), (1, 1)])], sections=work, pack_factor=1.5)
    glass = hand.play([(0.0, [(0, 2), (1, 1)])], sections=merged(work, fragile), pack_factor=1.5)

    assert sturdy.first_s(Fact.PACKED)[0] == PICK_S + 1.5 * (40.0 + 3 * 6.0)
    assert glass.first_s(Fact.PACKED)[0] == PICK_S + 1.5 * (40.0 + 3 * 6.0 + 3 * 20.0)


@pytest.mark.parametrize(
    ("units", "fragile", "boxes"),
    [
        (1, False, [(0, 1000.0)]),  # 1 l in the box of 2 l
        (2, False, [(1, 6000.0)]),  # 2 l are more than 75 % of 2 l
        (6, False, [(1, 2000.0)]),
        (1, True, [(0, 600.0)]),  # 1.4 l with padding
        (5, True, [(1, 2000.0), (0, 1000.0)]),  # 7 l: 6 in the large, 1 in the small box
    ],
)
def test_box_is_the_smallest_that_holds_the_padded_goods(
    hand: Hand, units: int, fragile: bool, boxes: list[tuple[int, float]]
) -> None:
    """A box is filled to 75 %; a fragile unit needs 1.4 times its volume."""
    items = {"categories": {"all": {"fragile_share": float(fragile)}}}

    played = hand.play(
        [(0.0, [(0, units)])], sections={"items": items, "packing": {"boxes": BOXES}}
    )

    found = played.rows(Fact.PACKED) + played.rows(Fact.EXTRA_BOX)
    assert [row.other for row in found] == [box for box, _ in boxes]
    assert [row.value for row in found] == pytest.approx([void_ml for _, void_ml in boxes])


def test_stages_without_work_are_passed_without_people(hand: Hand) -> None:
    """Packing and labelling of 0 s: from the pick straight to the truck, by nobody."""
    played = hand.play(
        [(0.0, [(0, 1)])],
        sections={"packing": {"time_s": always(0.0), "label_s": always(0.0)}},
    )

    starts = played.rows(Fact.PACK_STARTED, Fact.LABEL_STARTED)
    assert [(row.time_s, row.other) for row in starts] == [(PICK_S, -1)] * 2
    assert played.first_s(Fact.HANDED_OVER)[0] == PICK_S
    assert played.count(Fact.WORKED) == 1
