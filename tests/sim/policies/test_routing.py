from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence
from importlib.metadata import EntryPoint
from itertools import pairwise, product
from math import fsum, inf
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.policies.routing import (
    ROUTING,
    AisleRouting,
    NearestRouting,
    RoutingPolicy,
    before_largest_gap,
    distance_matrix_m,
    fitting_rules,
    nearest_tour,
    resolve_routing,
    round_trip_m,
    routing_names,
    walked_m,
)
from sim.warehouse.layout import DEPOT, FreeFormLayout, Layout, RectangularLayout

AISLE_RULES = [name for name, rule in ROUTING.items() if rule.needs_aisles]
FREE_FORM = FreeFormLayout(
    ("a", "b", "c", "d"), ((0.0, 5.0), (9.0, 5.0), (9.0, 0.0), (4.0, 0.0)), (0.0, 0.0)
)


@st.composite
def floors(draw: st.DrawFn, *, most_blocks: int = 4, one_way: bool = False) -> RectangularLayout:
    """Return a small floor with the depot anywhere along its front, or a little beside it."""
    aisles = draw(st.integers(2 if one_way else 1, 7))
    positions = draw(st.integers(1, 9))
    places = [float(aisle) for aisle in range(aisles)]
    return RectangularLayout(
        aisles,
        positions,
        draw(st.sampled_from([0.7, 1.0, 2.0])),
        draw(st.sampled_from([1.0, 3.3, 5.0])),
        draw(st.sampled_from([0.0, 0.5, 1.0])),
        draw(st.one_of(st.sampled_from(places), st.floats(-0.5, aisles - 0.5))),
        blocks=draw(st.integers(1, min(most_blocks, positions))),
        one_way=one_way,
    )


@st.composite
def lists(
    draw: st.DrawFn, *, most_blocks: int = 4, one_way: bool = False
) -> tuple[RectangularLayout, list[int]]:
    """Return a floor and a pick list on it, possibly empty or with repeats."""
    floor = draw(floors(most_blocks=most_blocks, one_way=one_way))
    return floor, draw(st.lists(st.integers(0, floor.locations - 1), max_size=14))


# --- by hand --------------------------------------------------------------------------------------

# Five aisles, 10 m long between the cross-aisles, 5 m apart; offsets are 1, 2, …, 9.
FLOOR = RectangularLayout(5, 9, 1.0, 5.0, 0.5)


def at(*places: tuple[int, int]) -> list[int]:
    """Return the locations at (aisle, metres from the front), left and right side in turn."""
    return [FLOOR.location(aisle, n % 2, metres - 1) for n, (aisle, metres) in enumerate(places)]


THREE_AISLES = at((0, 4), (1, 2), (1, 9), (3, 6))


@pytest.mark.parametrize(
    ("rule", "length_m"),
    [
        # across the front and back: 2 * 3 aisles * 5 m = 30 m for every rule
        ("s_shape", 30 + 10 + 10 + 2 * 6),
        ("return", 30 + 2 * 4 + 2 * 9 + 2 * 6),
        ("midpoint", 30 + 10 + 10 + 2 * 2 + 2 * 1),
        ("largest_gap", 30 + 10 + 10 + 2 * (10 - 7)),
        ("combined", 30 + 2 * 4 + 10 + 10),
    ],
)
def test_three_aisles_by_hand(rule: str, length_m: float) -> None:
    """The lengths of a list in three aisles, added up by hand."""
    assert resolve_routing(rule, FLOOR).length_m(THREE_AISLES) == length_m


@pytest.mark.parametrize(
    ("rule", "order"),
    [
        ("s_shape", [0, 2, 1, 3]),
        ("return", [0, 1, 2, 3]),
        ("midpoint", [0, 2, 3, 1]),
        ("largest_gap", [0, 2, 3, 1]),
        ("combined", [0, 1, 2, 3]),
    ],
)
def test_the_order_of_three_aisles_by_hand(rule: str, order: list[int]) -> None:
    """The picker passes the stops in the order a person would draw."""
    expected = [THREE_AISLES[index] for index in order]
    assert resolve_routing(rule, FLOOR).visit_order(THREE_AISLES) == expected


@pytest.mark.parametrize("rule", [*AISLE_RULES, "nearest"])
def test_one_aisle_is_walked_to_its_farthest_stop_and_back(rule: str) -> None:
    """Every rule turns round when all stops are in one aisle."""
    policy = resolve_routing(rule, FLOOR)
    stops = at((2, 7), (2, 3))
    assert policy.length_m(stops) == 2 * 10 + 2 * 7
    assert policy.visit_order(stops) in ([stops[1], stops[0]], [stops[0], stops[1]])


@pytest.mark.parametrize("rule", [*AISLE_RULES, "nearest"])
def test_nothing_to_pick_is_no_walk(rule: str) -> None:
    """An empty list has length 0 and no order."""
    policy = resolve_routing(rule, FLOOR)
    assert policy.length_m([]) == 0.0
    assert policy.visit_order([]) == []


@pytest.mark.parametrize("rule", [*AISLE_RULES, "nearest"])
def test_the_depot_is_not_a_stop(rule: str) -> None:
    """A stop below 0 is refused, not read from the far end of a list."""
    with pytest.raises(ValueError, match="not a location"):
        resolve_routing(rule, FLOOR).length_m([3, DEPOT])


def test_a_stop_in_the_middle_belongs_to_the_front() -> None:
    """Midpoint reaches the exact middle from the front: 5 m, not 5 m from the back."""
    policy = resolve_routing("midpoint", FLOOR)
    stops = at((0, 1), (1, 5), (2, 1))
    assert policy.visit_order(stops) == [stops[0], stops[2], stops[1]]


@pytest.mark.parametrize(
    ("offsets_m", "in_front"),
    [([2.0, 9.0], 1), ([8.0], 0), ([3.0], 1), ([5.0], 0), ([1.0, 4.0, 7.0], 1), ([6.0, 7.0], 0)],
)
def test_the_largest_gap_by_hand(offsets_m: list[float], in_front: int) -> None:
    """The stops in front of the widest gap of a 10 m aisle; the first of equal gaps."""
    assert before_largest_gap(offsets_m, 0.0, 10.0) == in_front


# Five aisles 5 m apart in two blocks, 10 m long each; offsets 1, …, 9 and 11, …, 19.
TWO_BLOCKS = RectangularLayout(5, 18, 1.0, 5.0, 0.5, blocks=2)


def in_two_blocks(*places: tuple[int, int]) -> list[int]:
    """Return the locations at (aisle, metres from the front)."""
    return [
        TWO_BLOCKS.location(aisle, 0, metres - 1 if metres < 10 else metres - 2)
        for aisle, metres in places
    ]


SIX_PICKS = in_two_blocks((0, 4), (1, 12), (1, 18), (3, 16), (2, 3), (4, 8))


@pytest.mark.parametrize(
    ("rule", "length_m", "order"),
    [
        # All: up aisle 0 past 4 m (10 m) and across to aisle 1 (5 m); every length ends at home.
        # Through 1 and 3 (10 + 10 + 10), back to 2 and through (5 + 10), into 4 (10 + 2 * 8), home.
        ("s_shape", 15 + 30 + 15 + 26 + 20, [0, 1, 2, 3, 4, 5]),
        # Into 1 and 3 (2 * 8 + 10 + 2 * 6), down 3 (10), into 2 and 4 (5 + 6 + 10 + 16), home.
        ("return", 15 + 38 + 10 + 37 + 20, [0, 1, 2, 3, 4, 5]),
        # Through 1 and 3, through 4 (5 + 10), into 2 from the front (10 + 2 * 3), home.
        ("midpoint", 15 + 30 + 15 + 16 + 10, [0, 1, 2, 3, 5, 4]),
        ("largest_gap", 15 + 30 + 15 + 16 + 10, [0, 1, 2, 3, 5, 4]),
        # Through 1 and 3, into 2 from behind (5 + 2 * 7), through 4 (10 + 10), home.
        ("combined", 15 + 30 + 19 + 20 + 20, [0, 1, 2, 3, 4, 5]),
    ],
)
def test_two_blocks_by_hand(rule: str, length_m: float, order: list[int]) -> None:
    """The walk of Roodbergen and de Koster (2001): the farthest block first, then the next."""
    policy = resolve_routing(rule, TWO_BLOCKS)
    assert policy.length_m(SIX_PICKS) == length_m
    assert policy.visit_order(SIX_PICKS) == [SIX_PICKS[index] for index in order]


@pytest.mark.parametrize("rule", AISLE_RULES)
def test_several_blocks_of_which_one_has_picks(rule: str) -> None:
    """One pick in the back block: up its aisle, to the pick and home, whatever the rule."""
    policy = resolve_routing(rule, TWO_BLOCKS)
    stops = in_two_blocks((2, 13))
    assert policy.length_m(stops) == 2 * 10 + 2 * 13


def test_one_way_aisles_by_hand() -> None:
    """Picks in two aisles that lead to the back: up each, and down the one between.

    Up aisle 0 (10), across (5), down aisle 1 (10), across (5), up aisle 2 (10), across (5), down
    aisle 1 (10) and home (5).
    """
    floor = RectangularLayout(3, 9, 1.0, 5.0, 0.5, one_way=True)
    stops = [floor.location(2, 1, 4), floor.location(0, 0, 7), floor.location(0, 1, 2)]
    policy = resolve_routing("s_shape", floor)
    assert policy.length_m(stops) == 60
    assert policy.visit_order(stops) == [stops[2], stops[1], stops[0]]
    assert resolve_routing("nearest", floor).length_m(stops) == 60
    assert resolve_routing("exact", floor).length_m(stops) == 60


@pytest.mark.parametrize("rule", ["return", "midpoint", "largest_gap", "combined"])
def test_rules_that_turn_round_refuse_one_way_aisles(rule: str) -> None:
    """The message says which rules do not turn."""
    floor = RectangularLayout(3, 9, one_way=True)
    with pytest.raises(ValueError, match="use s_shape, exact, nearest or ortools"):
        resolve_routing(rule, floor)
    assert list(fitting_rules(floor)) == ["s_shape", "nearest", "location_order"]


@given(case=lists(one_way=True))
@settings(max_examples=200, deadline=None)
def test_one_way_walks_never_go_against_the_direction(
    case: tuple[RectangularLayout, list[int]],
) -> None:
    """Even aisles are walked to the back, odd ones to the front, and it is as long as said."""
    floor, stops = case
    policy = ROUTING["s_shape"](floor)
    assert isinstance(policy, AisleRouting)
    corners = policy.corners(stops)
    assert corners[0] == corners[-1] == (floor.depot_aisle, 0.0)
    for start, end in pairwise(corners):
        if start.aisle == end.aisle:
            assert start.aisle in range(floor.aisles)
            assert (end.offset_m > start.offset_m) == (start.aisle % 2 == 0)
        else:
            assert start.offset_m == end.offset_m
            assert start.offset_m in floor.cross_aisles_m
    assert policy.length_m(stops) == pytest.approx(walked_m(corners, floor.aisle_pitch_m), abs=1e-9)
    assert sorted(policy.visit_order(stops)) == sorted(set(stops))


# --- always true ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", AISLE_RULES)
@given(case=lists())
@settings(max_examples=150, deadline=None)
def test_the_walk_is_walkable_and_as_long_as_the_rule_says(
    rule: str, case: tuple[RectangularLayout, list[int]]
) -> None:
    """From depot to depot on centre lines only, past every stop, and exactly that long."""
    floor, stops = case
    policy = ROUTING[rule](floor)
    assert isinstance(policy, AisleRouting)
    walk = policy.walk_xy_m(stops)
    depot = (floor.depot_aisle * floor.aisle_pitch_m, 0.0)
    assert walk[0] == walk[-1] == depot
    centre_lines = {aisle * floor.aisle_pitch_m for aisle in range(floor.aisles)}
    passed: set[int] = set()
    for (x1, y1), (x2, y2) in pairwise(walk):
        if x1 == x2:
            assert x1 in centre_lines
            aisle = round(x1 / floor.aisle_pitch_m)
            low_m, high_m = min(y1, y2), max(y1, y2)
            passed |= {
                stop for stop in stops
                if floor.aisle_of[stop] == aisle and low_m <= floor.offset_m[stop] <= high_m
            }  # fmt: skip
        else:
            assert y1 == y2
            assert y1 in floor.cross_aisles_m
    assert passed == set(stops)
    walked_m = fsum(abs(x1 - x2) + abs(y1 - y2) for (x1, y1), (x2, y2) in pairwise(walk))
    assert policy.length_m(stops) == pytest.approx(walked_m, abs=1e-9)


@pytest.mark.parametrize("rule", [*AISLE_RULES, "nearest"])
@given(case=lists(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_list_does_not_matter(
    rule: str, case: tuple[RectangularLayout, list[int]], data: st.DataObject
) -> None:
    """Shuffled and with repeats, the list has bit for bit the same length and the same order."""
    floor, stops = case
    policy = ROUTING[rule](floor)
    shuffled = data.draw(st.permutations([*stops, *stops[:3]]))
    assert policy.length_m(shuffled) == policy.length_m(stops)
    assert policy.visit_order(shuffled) == policy.visit_order(stops)
    assert sorted(policy.visit_order(stops)) == sorted(set(stops))


@given(case=lists(most_blocks=1))
@settings(max_examples=200, deadline=None)
def test_what_the_rules_promise_about_each_other(
    case: tuple[RectangularLayout, list[int]],
) -> None:
    """In one block combined chooses among S-shape and return, and the largest gap is at least the
    middle one.
    """
    floor, stops = case
    length_m = {name: ROUTING[name](floor).length_m(stops) for name in AISLE_RULES}
    assert length_m["combined"] <= length_m["s_shape"] + 1e-9
    assert length_m["combined"] <= length_m["return"] + 1e-9
    assert length_m["largest_gap"] <= length_m["midpoint"] + 1e-9


@given(case=st.one_of(lists(), lists(one_way=True)))
@settings(max_examples=300, deadline=None)
def test_no_order_is_walked_in_more_metres_than_the_rule_walks(
    case: tuple[RectangularLayout, list[int]],
) -> None:
    """Whoever visits the stops in the order in which a rule passes them walks no farther."""
    floor, stops = case
    for rule in fitting_rules(floor).values():
        order = rule.visit_order(stops)
        assert sorted(order) == sorted(set(stops))
        assert round_trip_m(floor, order) <= rule.length_m(stops) + 1e-9


@given(case=lists(most_blocks=1))
@settings(max_examples=150, deadline=None)
def test_combined_is_the_best_of_all_ways_to_cross_or_return(
    case: tuple[RectangularLayout, list[int]],
) -> None:
    """Trying every choice for every aisle finds the same length as the recursion."""
    floor, stops = case
    offsets: dict[int, list[float]] = {}
    for stop in stops:
        offsets.setdefault(floor.aisle_of[stop], []).append(floor.offset_m[stop])
    aisles = sorted(offsets)
    best_m = inf if stops else 0.0
    for crossed in product((False, True), repeat=len(aisles)):
        if not stops or sum(crossed) % 2:
            continue
        walked_m, at_back = 0.0, False
        for aisle, crosses in zip(aisles, crossed, strict=True):
            if crosses:
                walked_m += floor.aisle_length_m
                at_back = not at_back
            elif at_back:
                walked_m += 2 * (floor.aisle_length_m - min(offsets[aisle]))
            else:
                walked_m += 2 * max(offsets[aisle])
        span = max(aisles[-1], floor.depot_aisle) - min(aisles[0], floor.depot_aisle)
        best_m = min(best_m, walked_m + 2 * span * floor.aisle_pitch_m)
    found_m = ROUTING["combined"](floor).length_m(stops)
    assert found_m == pytest.approx(best_m, abs=1e-9)


# --- any floor ------------------------------------------------------------------------------------


def test_nearest_walks_a_floor_without_aisles() -> None:
    """Four corners of a rectangle are walked around: 9 m and 5 m, twice."""
    policy = NearestRouting(FREE_FORM)
    assert policy.length_m([0, 1, 2, 3]) == 28.0
    assert policy.visit_order([0, 1, 2, 3]) in ([3, 2, 1, 0], [0, 1, 2, 3])


@given(case=lists())
@settings(max_examples=60, deadline=None)
def test_nearest_is_as_long_as_its_legs(case: tuple[RectangularLayout, list[int]]) -> None:
    """Its length is the sum of the shortest walks from stop to stop."""
    floor, stops = case
    policy = NearestRouting(floor)
    assert policy.length_m(stops) == round_trip_m(floor, policy.visit_order(stops))


def test_exchanges_undo_the_greedy_detour() -> None:
    """On a line the nearest-first walk zigzags (1, -1.5, 4); exchanges end it at 2 * 5.5 m."""
    floor = FreeFormLayout(("a", "b", "c"), ((1.0, 0.0), (-1.5, 0.0), (4.0, 0.0)), (0.0, 0.0))
    tour = nearest_tour(distance_matrix_m(floor, [DEPOT, 0, 1, 2]))
    assert round_trip_m(floor, [node - 1 for node in tour[1:]]) == 11.0


# --- names ----------------------------------------------------------------------------------------


def test_the_names_a_scenario_may_use() -> None:
    """Seven built-in rules and two of the planner, each with one sentence."""
    assert list(ROUTING) == [
        "s_shape", "return", "midpoint", "largest_gap", "combined", "nearest",
        "location_order",
    ]  # fmt: skip
    assert routing_names()[:9] == [*ROUTING, "exact", "ortools"]
    for rule in ROUTING.values():
        assert rule.summary.endswith(".")
        assert rule.summary.count(".") == 1


@pytest.mark.parametrize("name", ["exact", "ortools"])
def test_the_planners_rules_are_found_by_name(name: str) -> None:
    """With or without an installed distribution."""
    policy = resolve_routing(name, FLOOR)
    assert policy.name == name
    assert policy.length_m(THREE_AISLES) == 56.0


def test_an_unknown_rule_is_answered_with_the_known_ones() -> None:
    """The message lists the names and guesses what was meant."""
    with pytest.raises(ValueError, match=r"s_shape, return, .*did you mean 'largest_gap'"):
        resolve_routing("largestgap", FLOOR)


@pytest.mark.parametrize("name", [*AISLE_RULES, "exact"])
def test_rules_for_aisles_refuse_a_floor_without(name: str) -> None:
    """Found by name or built by hand, the rule says what to use instead."""
    with pytest.raises(ValueError, match=f"'{name}' needs aisles .* use nearest or ortools"):
        resolve_routing(name, FREE_FORM)
    if name in ROUTING:
        with pytest.raises(ValueError, match="needs aisles"):
            ROUTING[name](FREE_FORM)


class LongestFirst:
    """A rule somebody else wrote."""

    name: ClassVar[str] = "longest_first"
    summary: ClassVar[str] = "Walk to the farthest pick first."
    needs_aisles: ClassVar[bool] = False

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def length_m(self, stops: Sequence[int]) -> float:
        """Return the length of the round trip in metres."""
        return round_trip_m(self.layout, self.visit_order(stops))

    def visit_order(self, stops: Sequence[int]) -> list[int]:
        """Return the stops, farthest first."""
        return sorted(set(stops), key=lambda stop: -self.layout.distance_m(DEPOT, stop))


def install(monkeypatch: pytest.MonkeyPatch, *points: tuple[str, str]) -> None:
    """Pretend that a distribution brought these entry points."""
    found = [EntryPoint(name, value, "warelab.policies") for name, value in points]
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: found)


def test_rules_of_others_are_found_by_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """``routing.<name>`` in the group ``warelab.policies``; other decisions are left alone."""
    install(
        monkeypatch,
        ("routing.longest_first", f"{__name__}:LongestFirst"),
        ("batching.longest_first", "nowhere:Nothing"),
    )
    policy: RoutingPolicy = resolve_routing("longest_first", FREE_FORM)
    assert policy.visit_order([0, 1, 3]) == [1, 0, 3]
    assert "longest_first" in routing_names()


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([("routing.broken", "nowhere_at_all:Rule")], "cannot be loaded: No module"),
        ([("routing.broken", "sim.errors:Rule")], "cannot be loaded: .*Rule"),
        ([("routing.broken", "a:B"), ("routing.broken", "c:D")], "more than once: a:B, c:D"),
    ],
)
def test_a_broken_installation_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, points: list[tuple[str, str]], words: str
) -> None:
    """A rule that cannot be loaded, or is brought by two distributions, is refused."""
    install(monkeypatch, *points)
    with pytest.raises(ValueError, match=words):
        resolve_routing("broken", FLOOR)


def test_a_built_in_rule_cannot_be_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names of the literature always mean the rules of the literature."""
    install(monkeypatch, ("routing.s_shape", f"{__name__}:LongestFirst"))
    assert type(resolve_routing("s_shape", FLOOR)) is ROUTING["s_shape"]
