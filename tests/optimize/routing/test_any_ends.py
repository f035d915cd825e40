from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimize.routing.check import CheckError, check_walk
from optimize.routing.exact import shortest_length_m, shortest_lengths_m, shortest_way
from optimize.routing.problem import Problem
from optimize.routing.solve import solve
from sim.policies.routing import Corner
from sim.warehouse.layout import RectangularLayout
from tests.optimize.routing.other_ways import by_permutations_m, without_turns_m


@st.composite
def cases(draw: st.DrawFn) -> tuple[RectangularLayout, list[int], Corner, Corner]:
    """Return a floor, up to five stops, and a start and an end anywhere on its cross-aisles."""
    aisles, positions = draw(st.integers(1, 5)), draw(st.integers(4, 9))
    floor = RectangularLayout(
        aisles, positions, 1.0, draw(st.sampled_from([0.5, 2.0, 5.0, 30.0])),
        draw(st.sampled_from([0.0, 0.5])), blocks=draw(st.integers(1, 4)),
    )  # fmt: skip
    anywhere = st.one_of(
        st.integers(0, aisles - 1).map(float),
        st.integers(0, aisles).map(lambda aisle: aisle - 0.5),
    )
    start, end = (
        Corner(draw(anywhere), draw(st.sampled_from(floor.cross_aisles_m))) for _ in range(2)
    )
    stops = draw(st.lists(st.integers(0, floor.locations - 1), min_size=1, max_size=5))
    return floor, stops, start, draw(st.sampled_from([start, end]))


@given(case=cases())
@settings(max_examples=150, deadline=None)
def test_no_way_between_any_two_places_is_shorter(
    case: tuple[RectangularLayout, list[int], Corner, Corner],
) -> None:
    """The programme and all orders of the stops agree, wherever the way starts and ends."""
    floor, stops, start, end = case
    expected_m = by_permutations_m(floor, stops, start, end)
    way = shortest_way(floor, stops, start=start, end=end)

    assert way.length_m == pytest.approx(expected_m, abs=1e-9)
    assert shortest_length_m(floor, stops, start=start, end=end) == way.length_m
    assert shortest_lengths_m(floor, [stops], start=start, end=end)[0] == way.length_m
    check_walk(Problem(floor, tuple(stops), start=start, end=end), way.corners, way.length_m)
    assert sorted(way.order) == sorted(set(stops))


@given(case=cases())
@settings(max_examples=150, deadline=None)
def test_no_way_without_turns_is_shorter(
    case: tuple[RectangularLayout, list[int], Corner, Corner],
) -> None:
    """Where carts cannot turn inside aisles, the programme and a search of all walks along whole
    aisles agree.
    """
    floor, stops, start, end = case
    expected_m = without_turns_m(floor, stops, start, end)
    found = solve(Problem(floor, tuple(stops), start=start, end=end, turns=False))

    assert found.cost_m == pytest.approx(expected_m, abs=1e-9)
    assert found.status == "optimal"
    assert found.cost_m >= shortest_length_m(floor, stops, start=start, end=end) - 1e-9


def test_a_way_starts_and_ends_on_a_cross_aisle() -> None:
    """A start inside an aisle is refused, with the places where it may be."""
    floor = RectangularLayout(2, 4)
    with pytest.raises(ValueError, match="cross-aisles are at 0, 6 m"):
        shortest_length_m(floor, [1], start=Corner(0.0, 2.5))


@pytest.mark.parametrize(
    ("walk", "claimed_m", "words"),
    [
        ([(0, 0), (0, 6), (0, 0)], 12.0, "does not pass stop"),
        ([(0, 0), (1, 0), (1, 2.5), (1, 0), (0, 0)], 14.0, "claims 14.0 m"),
        ([(0, 0), (1, 2.5), (0, 0)], 15.0, "nobody can walk straight"),
        ([(0, 0), (1, 0), (1, 2.5)], 7.5, "the walk leads from"),
    ],
)
def test_what_is_no_such_walk_is_found_out(
    walk: list[tuple[float, float]], claimed_m: float, words: str
) -> None:
    """A walk that misses a stop, is longer than claimed, goes through shelves or ends elsewhere."""
    floor = RectangularLayout(2, 4)
    stop = floor.location(1, 0, 1)
    with pytest.raises(CheckError, match=words):
        check_walk(Problem(floor, (stop,)), [Corner(*spot) for spot in walk], claimed_m)


def test_a_turn_inside_an_aisle_is_found_out() -> None:
    """The same walk is fine only where carts can turn."""
    floor = RectangularLayout(2, 4)
    stop = floor.location(1, 0, 1)
    walk = [Corner(*spot) for spot in [(0, 0), (1, 0), (1, 2.5), (1, 0), (0, 0)]]
    check_walk(Problem(floor, (stop,)), walk, 15.0)
    with pytest.raises(CheckError, match="turns round inside an aisle"):
        check_walk(Problem(floor, (stop,), turns=False), walk, 15.0)
