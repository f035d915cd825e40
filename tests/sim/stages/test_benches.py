from __future__ import annotations

from typing import Any

import pytest

from sim.log.facts import Fact
from tests.sim.engine.playing import EVERY_DAY
from tests.sim.stages.by_hand import HOUR_S, PACK_S, PICK_S, Hand, always

MANY_HANDS = {"always": {"pickers": 5, "packers": 5, "dispatchers": 5}}


def at_once(orders: int) -> list[tuple[float, list[tuple[int, int]]]]:
    """Return orders of one unit that are all placed at midnight."""
    return [(0.0, [(0, 1)])] * orders


@pytest.mark.parametrize("rule", ["finish", "hand_over", "preempt_resume"])
def test_busy_benches_are_the_limit(hand: Hand, rule: str) -> None:
    """Five packers at two benches pack five parcels two by two by one; three find all taken."""
    played = hand.play(
        at_once(5),
        sections={
            "packing": {"benches": 2},
            "staff": MANY_HANDS,
            "people": {"at_shift_end": rule},
        },
    )

    started = [row.time_s - PICK_S for row in played.rows(Fact.PACK_STARTED)]
    assert started == [0.0, 0.0, PACK_S, PACK_S, 2 * PACK_S]
    assert [row.subject for row in played.rows(Fact.PACK_STARTED)] == [0, 1, 2, 3, 4]
    assert [row.subject for row in played.rows(Fact.BENCHES_FULL)] == [2, 3, 4]


def test_benches_beyond_the_packers_change_nothing(hand: Hand) -> None:
    """With as many benches as packers nobody finds them taken, and the log is the same."""
    without = hand.play(at_once(7), sections={"staff": {"always": {"pickers": 7, "packers": 3}}})
    enough = hand.play(
        at_once(7),
        sections={"staff": {"always": {"pickers": 7, "packers": 3}}, "packing": {"benches": 3}},
    )

    full = enough.count(Fact.BENCHES_FULL)
    assert full == 4  # who comes while three pack finds no bench free, and no packer either
    assert [row for row in enough.rows() if row.fact != Fact.BENCHES_FULL] == without.rows()


def test_packer_goes_on_at_the_bench_before_other_work(hand: Hand) -> None:
    """One bench: whoever frees it takes the next parcel, although labels wait too."""
    played = hand.play(
        at_once(3),
        sections={
            "packing": {"benches": 1},
            "staff": {"always": {"pickers": 3, "packers": 1, "dispatchers": 0}},
            "people": {"cross_training": {"packers": ["dispatchers"]}},
        },
    )

    packed = [row.time_s - PICK_S for row in played.rows(Fact.PACKED)]
    assert packed == [PACK_S, 2 * PACK_S, 3 * PACK_S]
    labelled = played.first_s(Fact.LABEL_STARTED)
    assert labelled.min() == PICK_S + 3 * PACK_S


def test_a_dropped_parcel_keeps_its_bench(hand: Hand) -> None:
    """The shift ends half-way: the parcel stays on the one bench and is packed first next day."""
    day = {"days": EVERY_DAY, "start": "00:00", "end": "08:00", "pickers": 2, "dispatchers": 1}
    played = hand.play(
        [(0.0, [(0, 1)]), (1.0, [(0, 1)])],
        sections={
            "packing": {"benches": 1, "time_s": always(7.5 * HOUR_S)},
            "people": {"at_shift_end": "preempt_resume"},
            "staff": {"always": {**day, "packers": 2}},
        },
        pack_factor=7.5 * HOUR_S,
    )

    first, second = played.rows(Fact.PACKED)
    assert (first.subject, second.subject) == (0, 1)
    # the first ends on the first day; the second has had 8 h - 7.5 h - 120 s of its time by then
    assert first.time_s == PICK_S + 7.5 * HOUR_S
    assert second.time_s == 24 * HOUR_S + 7.5 * HOUR_S - (0.5 * HOUR_S - PICK_S)
    assert len(played.rows(Fact.PACK_STARTED)) == 2


STEPS: dict[str, Any] = {
    "fetch": {"s_per_parcel": 20.0},
    "check": {"s_per_line": 5.0, "s_per_unit": 2.0},
    "wrap": {"s_per_fragile_unit": 30.0},
    "close": {"s_per_parcel": 10.0},
}
LITTLE_BOXES = {
    "small": {"length_mm": 100, "width_mm": 100, "height_mm": 200},
    "large": {"length_mm": 200, "width_mm": 200, "height_mm": 200},
}


@pytest.mark.parametrize(
    ("lines", "fragile", "protect", "work_s"),
    [
        ([(0, 2), (1, 1)], 0.0, True, 30.0 + 2 * 5.0 + 3 * 2.0),
        ([(0, 2), (1, 1)], 1.0, True, 30.0 + 2 * 5.0 + 3 * (2.0 + 30.0)),
        ([(0, 2), (1, 1)], 1.0, False, 30.0 + 2 * 5.0 + 3 * 2.0),
        ([(0, 8)], 0.0, True, 2 * 30.0 + 5.0 + 8 * 2.0),  # 8 l: two parcels
    ],
)
def test_steps_add_up(
    hand: Hand,
    lines: list[tuple[int, int]],
    fragile: float,
    protect: bool,
    work_s: float,
) -> None:
    """Packing takes the seconds of all steps, times the order's own factor of 1.5."""
    played = hand.play(
        [(0.0, lines)],
        sections={
            "items": {"categories": {"all": {"fragile_share": fragile}}},
            "packing": {
                "time_s": None,
                "steps": STEPS,
                "protect_fragile": protect,
                "boxes": LITTLE_BOXES,
            },
        },
        pack_factor=1.5,
    )

    assert played.first_s(Fact.PACKED)[0] == PICK_S + 1.5 * work_s


def test_second_packing_opens_and_closes_one_parcel(hand: Hand) -> None:
    """What the check sent back takes the seconds of one parcel when it comes again."""
    played = hand.play(
        [(0.0, [(0, 8)])],
        sections={
            "picking": {"error_rate_per_line": 0.0},
            "packing": {"time_s": None, "steps": STEPS, "boxes": LITTLE_BOXES},
        },
        pack_factor=1.0,
        pick_error=2,
        check_finds=True,
    )

    again_s = [row.time_s for row in played.rows(Fact.PACK_STARTED)][1]
    assert played.first_s(Fact.PACKED)[0] == again_s + 30.0


def test_carriers_may_measure_the_boxes(hand: Hand) -> None:
    """One litre of 100 g: billed as 200 g by the goods, as 400 g by its box of two litres."""
    sections = {"packing": {"boxes": LITTLE_BOXES}}

    goods = hand.play([(0.0, [(0, 1)])], sections=sections)
    boxes = hand.play(
        [(0.0, [(0, 1)])], sections={"packing": {**sections["packing"], "billed_volume": "boxes"}}
    )

    assert [row.value for row in goods.rows(Fact.HANDED_OVER)] == [200.0]
    assert [row.value for row in boxes.rows(Fact.HANDED_OVER)] == [400.0]


def test_a_dropped_parcel_and_other_work_of_the_packers_share_one_order(hand: Hand) -> None:
    """Parcels left on benches overnight wait beside carts to be sorted, in one row of tickets.

    The packer's shift ends with a parcel on the bench, and two carts come in before the next one.
    """
    day = {"days": EVERY_DAY, "pickers": 1, "dispatchers": 1, "returns_clerks": 1}
    played = hand.play(
        [(k * 900.0, [(0, 1)]) for k in range(8)],
        sections={
            "orders": {"channels": {"web": {"priority": 0}}},
            "packing": {"benches": 2, "time_s": always(1500.0)},
            "picking": {
                "batching": "first_come",
                "batch_min_orders": 2,
                "batch_max_orders": 2,
                "sorting": "after",
                "sort_s_per_line": 30.0,
                "tour_time_s": always(120.0),
                "time_s": None,
            },
            "people": {"at_shift_end": "preempt_resume"},
            "staff": {
                "always": {"packers": 0},
                "short": {**day, "start": "00:00", "end": "01:00", "packers": 2},
                "later": {**day, "start": "03:00", "end": "12:00", "packers": 2},
            },
        },
    )

    assert played.count(Fact.DELIVERED) == 8
    assert played.count(Fact.CONSOLIDATED) == 8
