from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.batching import BATCHING, LOOK_AHEAD, Cart, first_come, nearest_aisles, single


@dataclass
class Parcel:
    """A waiting shipment as a rule sees it."""

    volume_ml: float
    aisles: frozenset[int]
    units: int = 1
    weight_g: float = 0.0
    stops: tuple[int, ...] = ()


def waiting(*parcels: tuple[float, set[int]]) -> list[Parcel]:
    """Return waiting shipments, oldest first."""
    return [Parcel(volume, frozenset(aisles)) for volume, aisles in parcels]


lines = st.lists(
    st.builds(
        Parcel, st.floats(0.0, 50.0), st.frozensets(st.integers(0, 9), min_size=1, max_size=4)
    ),
    min_size=1,
    max_size=80,
)


def test_single_takes_the_oldest() -> None:
    """One order a tour, whatever the cart holds."""
    assert single(waiting((1.0, {1}), (1.0, {1})), Cart(8, 100.0)) == [0]


def test_first_come_fills_the_cart_in_order() -> None:
    """30 + 40 + 20 fit into 100; the fourth of 20 does not, and the fifth may not pass it."""
    line = waiting((30, {1}), (40, {2}), (20, {3}), (20, {4}), (1, {5}))

    assert first_come(line, Cart(8, 100.0)) == [0, 1, 2]


def test_first_come_stops_at_units_and_weight_too() -> None:
    """2 + 3 units of 500 g each: the third of 2 units makes 7, the fourth weighs too much."""
    line = [Parcel(1.0, frozenset({1}), units, 500.0) for units in (2, 3, 2, 1)]

    assert first_come(line, Cart(8, 100.0, units=6)) == [0, 1]
    assert first_come(line, Cart(8, 100.0, weight_g=1500.0)) == [0, 1, 2]
    assert nearest_aisles(line, Cart(8, 100.0, units=6)) == [0, 1, 3]


def test_first_come_stops_at_the_number_of_orders() -> None:
    """Three fit by volume, two by number."""
    assert first_come(waiting((1, {1}), (1, {1}), (1, {1})), Cart(2, 100.0)) == [0, 1]


def test_nearest_aisles_by_hand() -> None:
    """Seed in aisles 1 and 2; two that add no aisle go next, then the one that adds one."""
    line = waiting((1, {1, 2}), (1, {3, 4}), (1, {2}), (1, {2, 3}), (1, {1, 2}))

    assert nearest_aisles(line, Cart(3, 100.0)) == [0, 2, 4]
    assert nearest_aisles(line, Cart(4, 100.0)) == [0, 2, 3, 4]
    # with aisle 3 on the tour, {3, 4} adds one aisle only
    assert nearest_aisles(line, Cart(5, 100.0)) == [0, 1, 2, 3, 4]


def test_nearest_aisles_prefers_the_older_of_equals() -> None:
    """Two that add one aisle each: the older goes."""
    assert nearest_aisles(waiting((1, {1}), (1, {5}), (1, {2})), Cart(2, 100.0)) == [0, 1]


def test_nearest_aisles_passes_over_what_does_not_fit() -> None:
    """A large order is left behind for a smaller one that fits."""
    assert nearest_aisles(waiting((60, {1}), (50, {1}), (40, {9})), Cart(3, 100.0)) == [0, 2]


def test_nearest_aisles_looks_ahead_so_far_and_no_farther() -> None:
    """The 60 oldest are looked at; a perfect match behind them waits."""
    line = waiting((1, {1}), *[(1, {2})] * (LOOK_AHEAD - 1), (1, {1}))

    assert nearest_aisles(line, Cart(2, 100.0)) == [0, 1]


@pytest.mark.parametrize("rule", sorted(BATCHING))
@given(line=lines, orders=st.integers(1, 12), volume_ml=st.floats(1.0, 120.0))
def test_limits_hold_and_the_oldest_always_goes(
    rule: str, line: list[Parcel], orders: int, volume_ml: float
) -> None:
    """No cart overflows (a single order always goes), and the oldest is on the next tour."""
    chosen = BATCHING[rule](line, Cart(orders, volume_ml))

    assert chosen == sorted(set(chosen))
    assert chosen[0] == 0, "the oldest is starved"
    assert len(chosen) <= orders
    if len(chosen) > 1:
        assert sum(line[place].volume_ml for place in chosen) <= volume_ml * (1.0 + 1e-12)


@given(line=lines, orders=st.integers(1, 12), volume_ml=st.floats(1.0, 120.0))
def test_first_come_is_the_longest_start_of_the_line_that_fits(
    line: list[Parcel], orders: int, volume_ml: float
) -> None:
    """One order more would break a limit, or there is none."""
    count = len(first_come(line, Cart(orders, volume_ml)))

    assert first_come(line, Cart(orders, volume_ml)) == list(range(count))
    if count < min(orders, len(line)):
        assert sum(parcel.volume_ml for parcel in line[: count + 1]) > volume_ml


@pytest.mark.parametrize("rule", sorted(BATCHING))
@given(line=lines, orders=st.integers(1, 12), volume_ml=st.floats(1.0, 120.0))
def test_everybody_goes_in_at_most_their_place_of_tours(
    rule: str, line: list[Parcel], orders: int, volume_ml: float
) -> None:
    """Nobody waits longer than for those who came before them."""
    left = list(range(len(line)))
    tour = 0
    while left:
        chosen = BATCHING[rule]([line[number] for number in left], Cart(orders, volume_ml))
        gone = [left[place] for place in chosen]
        assert all(tour <= number for number in gone)
        left = [number for number in left if number not in gone]
        tour += 1
