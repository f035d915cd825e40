"""Planned batches as rules: the first of the line goes, nobody is lost, answers are repeatable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from optimize.batching.policy import (
    PlannedBatching,
    RuinRecreateBatching,
    SavingsBatching,
)
from sim.log.facts import Fact
from sim.policies.batching import LOOK_AHEAD, Cart, resolve_batching
from sim.warehouse.layout import FreeFormLayout, Layout, RectangularLayout
from tests.sim.engine.playing import record, scenario_of

FLOOR = RectangularLayout(4, 10)
FREE = FreeFormLayout(
    tuple("abcdef"), tuple((float(n), float(n % 3)) for n in range(6)), (0.0, -1.0)
)
RULES: list[type[PlannedBatching]] = [SavingsBatching, RuinRecreateBatching]

BACKLOG = {
    "orders": {"per_day": 200.0, "channels": {"web": {"share": 1.0}}},
    "run": {"warm_up_days": 0.0, "horizon_days": 3.0, "cool_down_days": 0.0},
    "items": {"count": 60},
    "stock": {"unlimited": True},
}


@dataclass
class Waits:
    """A waiting shipment as a rule sees it."""

    stops: Sequence[int]
    volume_ml: float = 1.0
    units: int = 1
    weight_g: float = 1.0
    aisles: frozenset[int] = frozenset()


def line(count: int, places: int = FLOOR.locations) -> list[Waits]:
    """Return a line of shipments with one to three stops."""
    rng = np.random.default_rng(5)
    return [
        Waits(tuple(rng.integers(0, places, rng.integers(1, 4)).tolist())) for _ in range(count)
    ]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    ("floor", "routing"), [(FLOOR, "exact"), (FLOOR, "s_shape"), (FREE, "nearest")]
)
def test_a_line_is_served_to_its_end(
    rule: type[PlannedBatching], floor: Layout, routing: str
) -> None:
    """The first always goes, carts hold what they take, and in the end nobody is left."""
    cart = Cart(4, 100.0, units=3)
    choose = rule(floor, routing, cart).choose
    waiting = line(30, floor.locations)
    tours = 0
    while waiting:
        chosen = choose(waiting)
        assert chosen[0] == 0
        assert chosen == sorted(set(chosen))
        assert len(chosen) <= 3
        waiting = [task for place, task in enumerate(waiting) if place not in chosen]
        tours += 1
    assert tours >= 10


@pytest.mark.parametrize("rule", RULES)
def test_an_answer_does_not_depend_on_what_was_asked_before(rule: type[PlannedBatching]) -> None:
    """A rule that has served other lines says the same as a new one."""
    cart = Cart(4, 100.0)
    used = rule(FLOOR, "exact", cart)
    used.choose(line(12))
    used.choose(line(25)[::-1])
    assert used.choose(line(25)) == rule(FLOOR, "exact", cart).choose(line(25))


@pytest.mark.parametrize("rule", RULES)
def test_what_fits_on_one_cart_goes_together(rule: type[PlannedBatching]) -> None:
    """Eight that fit are one tour; one that alone is too much for the cart walks alone."""
    choose = rule(FLOOR, "exact", Cart(8, 100.0)).choose
    assert choose(line(8)) == list(range(8))
    assert choose([Waits((3,), volume_ml=500.0), *line(3)]) == [0]
    assert rule(FLOOR, "exact", Cart(1, 100.0)).choose(line(8)) == [0]


@pytest.mark.parametrize("rule", RULES)
def test_neighbours_share_a_cart(rule: type[PlannedBatching]) -> None:
    """Two corners of the floor, a cart for three: each corner is walked to once."""
    near, far = FLOOR.location(0, 0, 0), FLOOR.location(3, 1, 9)
    waiting = [Waits((place,)) for place in (near, far, near, far, near, far)]
    assert rule(FLOOR, "exact", Cart(3, 100.0)).choose(waiting) == [0, 2, 4]


def test_only_so_much_of_a_line_is_looked_at() -> None:
    """Who stands behind the look-ahead is on no cart."""
    chosen = SavingsBatching(FLOOR, "exact", Cart(500, 1e9)).choose(line(LOOK_AHEAD + 20))
    assert chosen == list(range(LOOK_AHEAD))


@pytest.mark.parametrize("rule", RULES)
def test_the_names_of_a_scenario_mean_these_rules(rule: type[PlannedBatching]) -> None:
    """``picking.batching`` finds the planner's rules by name."""
    cart = Cart(4, 100.0)
    asked = resolve_batching(rule.name, FLOOR, "exact", cart)
    assert asked(line(20), cart) == rule(FLOOR, "exact", cart).choose(line(20))


def test_ortools_walks_what_nearest_prices() -> None:
    """With a routing rule too slow for prices, the batches are those of its stand-in."""
    cart = Cart(3, 100.0)
    asked = [SavingsBatching(FREE, by, cart).choose(line(9, 6)) for by in ("ortools", "nearest")]
    assert asked[0] == asked[1]


@pytest.mark.parametrize("name", ["savings", "ruin_recreate"])
def test_a_house_with_a_backlog_walks_less(name: str) -> None:
    """Every order is picked as under first_come, in fewer metres, and twice the same bytes."""
    played = {
        rule: record(scenario_of(**BACKLOG, picking={"batching": rule, "batch_max_orders": 4}))
        for rule in ("first_come", name)
    }
    lines = {rule: one.count(Fact.LINE_PICKED) for rule, one in played.items()}
    assert lines[name] == lines["first_come"] > 0
    walked = {
        rule: sum(row.value for row in one.rows(Fact.TOUR_ENDED)) for rule, one in played.items()
    }
    assert walked[name] < walked["first_come"]
    again = record(scenario_of(**BACKLOG, picking={"batching": name, "batch_max_orders": 4}))
    assert again.bytes == played[name].bytes
