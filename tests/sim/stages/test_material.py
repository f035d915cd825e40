from __future__ import annotations

from typing import Any

import pytest

from sim.log.facts import BoxDoubt, Fact
from tests.sim.stages.by_hand import DAY_S, PACK_S, PICK_S, Hand, always

READY_S = PICK_S + PACK_S
WAITS = -1.0


def stock(units: int, **keys: Any) -> dict[str, Any]:
    """Return a stock that is bought again one by one and comes after a day."""
    return {"units": units, "reorder_units": 1, "lead_time_days": always(1.0), **keys}


def boxes(
    small: dict[str, Any] | None = None,
    middle: dict[str, Any] | None = None,
    large: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return boxes of 2, 4 and 8 litres; one unit of a litre goes into the small one."""
    return {
        "small": {"length_mm": 100, "width_mm": 100, "height_mm": 200, "stock": small},
        "middle": {"length_mm": 200, "width_mm": 100, "height_mm": 200, "stock": middle},
        "large": {"length_mm": 200, "width_mm": 200, "height_mm": 200, "stock": large},
    }


def apart(orders: int, units: int = 1) -> list[tuple[float, list[tuple[int, int]]]]:
    """Return orders ten minutes apart."""
    return [(600.0 * k, [(0, units)]) for k in range(orders)]


def test_the_next_larger_box_takes_the_place(hand: Hand) -> None:
    """Two small boxes are there; the third order gets a middle one, and its void is larger."""
    played = hand.play(apart(3), sections={"packing": {"boxes": boxes(stock(2))}})

    assert [(row.other, row.value) for row in played.rows(Fact.PACKED)] == [
        (0, 1000.0),
        (0, 1000.0),
        (1, 3000.0),
    ]
    assert [(row.subject, row.other, row.value) for row in played.rows(Fact.BOX_OUT)] == [
        (2, 0, 1.0)
    ]


def test_where_no_box_is_left_the_shipment_waits(hand: Hand) -> None:
    """All boxes out: it waits a day for the delivery that its own need has ordered."""
    played = hand.play(
        apart(2),
        sections={"packing": {"boxes": boxes(stock(0), stock(0), stock(1))}},
    )

    outs = [(row.time_s, row.subject, row.other, row.value) for row in played.rows(Fact.BOX_OUT)]
    # at once the large box; 600 s later none: each kind has been ordered when the first came
    assert outs[0] == (READY_S, 0, 0, 2.0)
    assert outs[1] == (600.0 + READY_S, 1, 0, WAITS)
    assert outs[2] == (READY_S + DAY_S, 1, 0, 0.0)
    assert [row.time_s for row in played.rows(Fact.PACKED)] == [READY_S, READY_S + DAY_S]


def test_smaller_boxes_never_take_the_place_of_a_larger(hand: Hand) -> None:
    """Five litres need the large box: with only small ones left they wait."""
    played = hand.play(
        apart(1, units=5), sections={"packing": {"boxes": boxes(None, None, stock(0))}}
    )

    assert [row.value for row in played.rows(Fact.BOX_OUT)] == [WAITS, 2.0]
    assert [row.other for row in played.rows(Fact.PACKED)] == [2]


def test_who_came_first_is_served_first(hand: Hand) -> None:
    """A big order waits for three boxes; later ones do not take what it waits for."""
    orders = [(0.0, [(0, 14)]), *[(600.0 * k, [(0, 5)]) for k in range(1, 5)]]
    only_large = {"large": {**boxes()["large"], "stock": stock(1, reorder_units=2)}}

    played = hand.play(orders, sections={"packing": {"boxes": only_large}})

    # 14 l need three boxes of 6 usable litres: lots of two make four, beside the one that is there
    packed = played.rows(Fact.PACKED)
    assert [row.subject for row in packed] == [0, 1, 2, 3, 4]
    at_s = READY_S + DAY_S
    assert [row.time_s for row in packed] == [at_s, at_s, at_s, at_s + 1200.0, at_s + 1200.0]
    received = [(row.time_s, row.other, row.value) for row in played.rows(Fact.MATERIAL_RECEIVED)]
    assert received == [(at_s, 4, 0.0), (at_s + 1200.0, 2, 1.0), (at_s + 2400.0, 2, 2.0)]


def test_a_lot_is_ordered_at_the_reorder_point(hand: Hand) -> None:
    """Four boxes, bought again at two: the second parcel orders five, and nobody waits."""
    small = stock(4, reorder_point=2, reorder_units=5)
    played = hand.play(
        [(DAY_S * k, [(0, 1)]) for k in range(4)],
        sections={"packing": {"boxes": boxes(small)}},
    )

    assert [
        (row.time_s, row.subject, row.other) for row in played.rows(Fact.MATERIAL_RECEIVED)
    ] == [(2 * DAY_S + READY_S, 0, 5)]
    assert not played.rows(Fact.BOX_OUT)


def test_labels_run_out_too(hand: Hand) -> None:
    """One label is there: the second parcel is packed and waits a day for its label."""
    played = hand.play(apart(2), sections={"packing": {"labels": stock(1), "boxes": boxes()}})

    started = played.first_s(Fact.LABEL_STARTED)
    assert started.tolist() == [READY_S, READY_S + DAY_S]
    outs = [(row.subject, row.other, row.value) for row in played.rows(Fact.BOX_OUT)]
    assert outs == [(1, 3, WAITS), (1, 3, 3.0)]  # labels have the number after the last box


def test_without_a_stock_nothing_runs_out(hand: Hand) -> None:
    """Boxes as many as there are orders: the log is that of boxes without end."""
    endless = hand.play(apart(5), sections={"packing": {"boxes": boxes()}})
    plenty = hand.play(apart(5), sections={"packing": {"boxes": boxes(stock(9))}})

    assert plenty.rows() == endless.rows()


@pytest.mark.parametrize("rule", ["volume_and_sides", "exact_fit"])
def test_the_other_box_holds_the_sides_too(hand: Hand, rule: str) -> None:
    """A cube of one litre: the flat box is larger by volume and there, but does not take it."""
    cube = {"length_to_width": always(1.0), "width_to_height": always(1.0)}
    flat = {"length_mm": 400, "width_mm": 300, "height_mm": 30}
    played = hand.play(
        apart(2),
        sections={
            "items": {"categories": {"all": cube}},
            "packing": {
                "box_rule": rule,
                "boxes": {
                    "small": boxes(stock(1))["small"],
                    "flat": flat,
                    "large": boxes()["large"],
                },
            },
        },
    )

    assert [row.other for row in played.rows(Fact.PACKED)] == [0, 2]


def test_doubts_are_told(hand: Hand) -> None:
    """A unit that fits into no box is packed by its volume, and the log says so."""
    pole = {"length_to_width": always(50.0), "width_to_height": always(1.0)}
    played = hand.play(
        apart(1),
        sections={
            "items": {"categories": {"all": pole}},
            "packing": {"box_rule": "volume_and_sides", "boxes": boxes()},
        },
    )

    (doubt,) = played.rows(Fact.BOX_DOUBTED)
    assert (doubt.other, doubt.value) == (0, BoxDoubt.OVERSIZE)


def test_two_middle_boxes_do_not_replace_a_large_one(hand: Hand) -> None:
    """Six cubes of a litre wait for the large box, though two middle ones would hold three each."""
    cube = {"length_to_width": always(1.0), "width_to_height": always(1.0)}
    played = hand.play(
        apart(1, units=6),
        sections={
            "items": {"categories": {"all": cube}},
            "packing": {
                "box_rule": "volume_and_sides",
                "boxes": boxes(None, None, stock(0)),
            },
        },
    )

    assert [row.value for row in played.rows(Fact.BOX_OUT)] == [WAITS, 2.0]
    assert [row.other for row in played.rows(Fact.PACKED)] == [2]
    assert not played.rows(Fact.EXTRA_BOX)
