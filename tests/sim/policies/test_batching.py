from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.batching import (
    BATCHING,
    LOOK_AHEAD,
    Cart,
    Waiting,
    first_come,
    looks_at_stops,
    nearest_aisles,
    resolve_batching,
    single,
)
from sim.warehouse.layout import Layout, RectangularLayout


@dataclass
class Parcel:
    """A waiting shipment as a rule sees it."""

    volume_ml: float
    aisles: frozenset[int]
    units: int = 1
    weight_g: float = 0.0
    stops: Sequence[int] = ()


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


class Neighbours:
    """A rule of somebody else: the first of the line and the next one."""

    name: ClassVar[str] = "neighbours"
    summary: ClassVar[str] = "Two go together."

    def __init__(self, layout: Layout, routing: str, cart: Cart) -> None:
        self.made_for = (layout, routing, cart)

    def choose(self, waiting: Sequence[Waiting]) -> list[int]:
        """Return the first two."""
        return list(range(min(2, len(waiting))))


class Stubborn(Neighbours):
    """A rule that answers what it is told to."""

    answer: ClassVar[list[int]] = []

    def choose(self, waiting: Sequence[Waiting]) -> list[int]:
        """Return the same for every line."""
        assert waiting
        return list(self.answer)


def installed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Pretend that a package brings a class of this file as a rule."""
    point = EntryPoint(f"batching.{name.lower()}", f"{__name__}:{name}", "warelab.policies")
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: [point])


FLOOR = RectangularLayout(2, 5)


def test_rules_of_others_are_found_by_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """``batching.<name>`` is made for a floor, and asked like any rule."""
    installed(monkeypatch, "Neighbours")
    cart = Cart(8, 100.0)
    rule = resolve_batching("neighbours", FLOOR, "s_shape", cart)
    assert rule(waiting((1, {1}), (1, {1}), (1, {1})), cart) == [0, 1]
    assert looks_at_stops("neighbours")
    assert not any(looks_at_stops(name) for name in BATCHING)


def test_built_in_rules_are_plain_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    """They cost nothing more than before, and cannot be replaced."""
    installed(monkeypatch, "Neighbours")
    for name, rule in BATCHING.items():
        assert resolve_batching(name, FLOOR, "s_shape", Cart(8, 100.0)) is rule


def test_an_unknown_rule_is_said_with_all_that_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Built-in, the planner's, and the installed ones; and the nearest name."""
    installed(monkeypatch, "Neighbours")
    with pytest.raises(
        ValueError, match=r"unknown batching rule 'savigns'.*did you mean 'savings'"
    ):
        resolve_batching("savigns", FLOOR, "s_shape", Cart(8, 100.0))
    with pytest.raises(ValueError, match="single, first_come, nearest_aisles, savings, ruin_re"):
        resolve_batching("x", FLOOR, "s_shape", Cart(8, 100.0))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([], "expected the first of the line"),
        ([1, 2], "expected the first of the line"),
        ([0, 2, 1], "expected ascending places"),
        ([0, 0], "expected ascending places"),
        ([0, 3], "expected ascending places"),
        ([0, 1, 2], "no more than a cart holds"),
    ],
)
def test_a_wrong_answer_is_refused(
    monkeypatch: pytest.MonkeyPatch, answer: list[int], words: str
) -> None:
    """A rule that leaves the first behind or overloads the cart ends the run by its name."""
    installed(monkeypatch, "Stubborn")
    monkeypatch.setattr(Stubborn, "name", "stubborn")
    monkeypatch.setattr(Stubborn, "answer", answer)
    cart = Cart(2, 100.0)
    rule = resolve_batching("stubborn", FLOOR, "s_shape", cart)
    with pytest.raises(ValueError, match=f"batching rule 'stubborn'.*{words}"):
        rule(waiting((1, {1}), (1, {1}), (1, {1})), cart)
