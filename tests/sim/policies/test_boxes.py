from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.policies.boxes import Carton, smallest_box

S, M, L = (
    Carton(usable_ml=750.0, volume_ml=1000.0, max_weight_g=500.0),
    Carton(usable_ml=3000.0, volume_ml=4000.0, max_weight_g=2000.0),
    Carton(usable_ml=9000.0, volume_ml=12000.0, max_weight_g=10000.0),
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
        lambda volume, fill, weight: Carton(volume * fill, volume, weight),
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
