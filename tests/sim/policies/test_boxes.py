from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.log.facts import BoxDoubt
from sim.policies.boxes import (
    Carton,
    Contents,
    SmallestBySides,
    Unit,
    box_rule_names,
    fits_alone,
    resolve_box_rule,
    smallest_box,
)

S, M, L = (
    Carton(750.0, 1000.0, 500.0, (100.0, 100.0, 100.0)),
    Carton(3000.0, 4000.0, 2000.0, (200.0, 200.0, 100.0)),
    Carton(9000.0, 12000.0, 10000.0, (300.0, 200.0, 200.0)),
)


@pytest.mark.parametrize(
    ("volume_ml", "weight_g", "box", "void_ml"),
    [
        (100.0, 100.0, 0, 900.0),
        (750.0, 500.0, 0, 250.0),  # exactly full
        (751.0, 100.0, 1, 3249.0),  # too large for S
        (100.0, 501.0, 1, 3900.0),  # too heavy for S
        (3000.0, 2001.0, 2, 9000.0),  # fits M, too heavy for it
        (0.0, 0.0, 0, 1000.0),
    ],
)
def test_smallest_that_holds_volume_and_weight(
    volume_ml: float, weight_g: float, box: int, void_ml: float
) -> None:
    """The first box that takes both; void = inside volume - goods."""
    assert smallest_box(volume_ml, weight_g, [S, M, L]) == [(box, void_ml)]


def test_too_large_is_shared_over_several_of_the_largest() -> None:
    """20000 ml = two full L of 9000, and 2000 that fit M."""
    assert smallest_box(20_000.0, 100.0, [S, M, L]) == [
        (2, 3000.0),
        (2, 3000.0),
        (1, pytest.approx(2000.0)),
    ]


def test_too_heavy_is_shared_by_weight() -> None:
    """25 kg of 1000 ml: two L with 10 kg and 400 ml each, then 5 kg and 200 ml in a third."""
    assert smallest_box(1000.0, 25_000.0, [S, M, L]) == [
        (2, 11_600.0),
        (2, 11_600.0),
        (2, pytest.approx(11_800.0)),
    ]


def test_whole_multiples_leave_no_empty_box() -> None:
    """27000 ml are three full L and nothing else."""
    assert smallest_box(27_000.0, 100.0, [S, M, L]) == [(2, 3000.0)] * 3


cartons = st.lists(
    st.builds(
        lambda volume, fill, weight: Carton(volume * fill, volume, weight, (1.0, 1.0, 1.0)),
        st.floats(10.0, 50_000.0),
        st.floats(0.1, 1.0),
        st.floats(10.0, 30_000.0),
    ),
    min_size=1,
    max_size=6,
).map(lambda boxes: sorted(boxes, key=lambda box: box.volume_ml))


@given(volume_ml=st.floats(0.0, 500_000.0), weight_g=st.floats(0.0, 300_000.0), boxes=cartons)
def test_goods_are_conserved_and_boxes_hold_them(
    volume_ml: float, weight_g: float, boxes: list[Carton]
) -> None:
    """Goods in all boxes add up to the goods, and no box holds more than it can."""
    largest = boxes[-1]
    assume(volume_ml / largest.usable_ml < 1e4)
    assume(weight_g / largest.max_weight_g < 1e4)

    chosen = smallest_box(volume_ml, weight_g, boxes)

    goods = [boxes[box].volume_ml - void_ml for box, void_ml in chosen]
    assert sum(goods) == pytest.approx(volume_ml, rel=1e-6, abs=1e-6)
    for (box, _), inside in zip(chosen, goods, strict=True):
        assert -1e-9 <= inside <= boxes[box].usable_ml * (1.0 + 1e-9)
    assert sum(boxes[box].max_weight_g for box, _ in chosen) >= weight_g * (1.0 - 1e-6)
    assert all(box == len(boxes) - 1 for box, _ in chosen[:-1])


@given(volume_ml=st.floats(0.0, 60_000.0), weight_g=st.floats(0.0, 40_000.0), boxes=cartons)
def test_no_smaller_box_would_do(volume_ml: float, weight_g: float, boxes: list[Carton]) -> None:
    """Where one box is enough, every box before it is too small or too weak."""
    chosen = smallest_box(volume_ml, weight_g, boxes)
    fits = [
        index
        for index, box in enumerate(boxes)
        if volume_ml <= box.usable_ml and weight_g <= box.max_weight_g
    ]

    if fits:
        assert [box for box, _ in chosen] == fits[:1]
    else:
        # a box that could not take all is filled by the tighter of the two limits
        assert chosen[0][0] == len(boxes) - 1


def unit(sku: int, *sides_mm: float, weight_g: float = 100.0) -> Unit:
    """Return a unit of some sides, longest first."""
    long, wide, high = sides_mm
    return Unit(sku, (long, wide, high), long * wide * high / 1000.0, weight_g)


def contents(*units: tuple[Unit, int]) -> Contents:
    """Return what a shipment of some units holds."""
    return Contents(
        sum(each.volume_ml * count for each, count in units),
        sum(each.weight_g * count for each, count in units),
        units,
    )


@pytest.mark.parametrize(
    ("sides_mm", "box"),
    [
        ((90.0, 80.0, 10.0), 0),
        ((150.0, 20.0, 10.0), 1),  # 30 ml, but too long for S
        ((190.0, 110.0, 105.0), 2),  # M is too flat for it
        ((100.0, 90.0, 90.0), 1),  # 810 ml: more than three quarters of S
    ],
)
def test_each_unit_fits_by_its_sides(sides_mm: tuple[float, ...], box: int) -> None:
    """The smallest box that takes volume, weight and the sides of the unit."""
    goods = contents((unit(1, *sides_mm), 1))

    chosen = SmallestBySides([S, M, L]).choose(goods)

    assert [number for number, _ in chosen.parcels] == [box]
    assert chosen.doubt == 0


def test_what_no_box_holds_is_shared_unit_by_unit() -> None:
    """Three units of 4 l: two in the first L of 9 usable litres, the third in a box of its own."""
    goods = contents((unit(1, 200.0, 200.0, 100.0), 3))

    chosen = SmallestBySides([S, M, L]).choose(goods)

    assert chosen.parcels == [(2, 4000.0), (2, 8000.0)]


def test_a_unit_that_fits_into_no_box_counts_by_its_volume() -> None:
    """A pole of 1 m takes the box of its volume, and the choice is doubted; the rest does not."""
    pole, cube = unit(1, 1000.0, 40.0, 40.0), unit(2, 50.0, 50.0, 50.0)

    chosen = SmallestBySides([S, M, L]).choose(contents((pole, 1), (cube, 1)))

    assert chosen.doubt == BoxDoubt.OVERSIZE
    assert chosen.parcels == [(1, 4000.0 - 1600.0), (0, 1000.0 - 125.0)]


SIDES = st.tuples(*[st.floats(1.0, 400.0)] * 3).map(lambda s: sorted(s, reverse=True))


@given(sides_mm=st.lists(SIDES, min_size=1, max_size=8), weight_g=st.floats(1.0, 3000.0))
def test_void_is_never_negative_and_weight_is_kept(
    sides_mm: list[list[float]], weight_g: float
) -> None:
    """Whatever is packed, no parcel is fuller than its box nor are all together too heavy."""
    kinds = [(unit(k, *s, weight_g=weight_g), 1) for k, s in enumerate(sides_mm)]
    goods = contents(*kinds)

    chosen = SmallestBySides([S, M, L]).choose(goods)

    assert all(void_ml >= 0.0 for _, void_ml in chosen.parcels)
    room_g = sum([S, M, L][box].max_weight_g for box, _ in chosen.parcels)
    assert room_g >= goods.weight_g * (1.0 - 1e-9)
    if len(chosen.parcels) == 1 and not chosen.doubt:
        box = [S, M, L][chosen.parcels[0][0]]
        assert all(fits_alone(each, box) for each, _ in kinds)


def test_a_box_rule_is_found_by_its_name() -> None:
    """Built-in rules and the planner's are found; an unknown one is told with its neighbours."""
    assert resolve_box_rule("volume_and_sides") is SmallestBySides
    assert resolve_box_rule("exact_fit").name == "exact_fit"
    assert box_rule_names()[:3] == ["volume", "volume_and_sides", "exact_fit"]
    with pytest.raises(ValueError, match="did you mean 'exact_fit'"):
        resolve_box_rule("exact")
