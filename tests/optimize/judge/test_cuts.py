"""A plane is the row that every plan with enough service satisfies, where service is concave."""

from __future__ import annotations

import itertools
import math

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from optimize.judge.cuts import contradiction, planes_at, stay_near
from optimize.judge.points import Point, played
from optimize.judge.presence import Block, at_work
from optimize.judge.slopes import slopes_at
from optimize.judge.trial import Trials
from optimize.staffing.tours.problem import Cut
from tests.optimize.judge.shop import (
    PARTS,
    Shop,
    concave_service,
    convex_service,
    planned,
    promise,
)

BLOCKS = [Block(role, tuple(range(7)), 4 * first, 16) for first, role in PARTS]
ONE = [7, 8]


def point_of(shop: Shop, counts: tuple[int, ...], at_least: float) -> tuple[Point, Trials]:
    """Play a plan."""
    trials = Trials(shop.play, 10_000)
    return played(trials, promise(at_least), planned(counts), ONE), trials


def satisfied(cut: Cut, counts: tuple[int, ...]) -> bool:
    """Return whether a plan satisfies a row."""
    heads = planned(counts).at_work
    slots = [(t.weight, heads[t.role][t.first : t.first + t.length]) for t in cut.terms]
    return sum(weight * sum(there) for weight, there in slots) >= cut.at_least


@settings(max_examples=25, deadline=None)
@given(
    loads=st.lists(st.floats(0.3, 3.0), min_size=4, max_size=4),
    at=st.tuples(*[st.integers(0, 3)] * 4),
    at_least=st.floats(0.2, 0.9),
)
def test_no_plan_that_keeps_the_promise_is_cut_off(
    loads: list[float], at: tuple[int, ...], at_least: float
) -> None:
    """The row forbids the plan where it was found, and none that keeps the promise."""
    shop = Shop(concave_service(loads), most=3)
    point, trials = point_of(shop, at, at_least)
    assume(point.score.slacks[0].mean < -1e-3)

    (plane,) = planes_at(
        point, slopes_at(trials, promise(at_least), point.planned.staff, BLOCKS, ONE)
    )
    cut = plane.cut(0.0, "row")

    assert not satisfied(cut, at)
    for counts in itertools.product(range(4), repeat=4):
        if shop.service([float(n) for n in counts]) >= at_least:
            assert satisfied(cut, counts)


def test_a_plane_is_contradicted_where_service_is_convex() -> None:
    """With the square of the people as service, four do more than one and three times one more."""
    shop = Shop(convex_service(4), most=4)
    low, trials = point_of(shop, (1, 1, 1, 1), 0.9)
    high, _ = point_of(shop, (4, 4, 4, 4), 0.9)
    (plane,) = planes_at(low, slopes_at(trials, promise(0.9), low.planned.staff, BLOCKS, ONE))

    assert contradiction(plane, [low, high], (0.0,)) is high
    assert contradiction(plane, [low], (0.0,)) is None


def test_noise_contradicts_nothing() -> None:
    """More service than a plane allows, within the interval of the difference, is luck."""
    shop = Shop(concave_service([1.0] * 4), most=4, own_noise_sd=0.2)
    low, trials = point_of(shop, (1, 1, 1, 1), 5.0)
    high, _ = point_of(shop, (1, 1, 1, 2), 5.0)
    planes = planes_at(low, slopes_at(trials, promise(5.0), low.planned.staff, BLOCKS, ONE))

    assert [contradiction(plane, [low, high], (0.0,)) for plane in planes] == [None] * len(planes)


def test_luck_buys_hours_in_one_of_ten_cases() -> None:
    """A person who changes nothing is thought to help in a tenth of 400 cases, 5 sigma about it."""
    shop = Shop(lambda _: 0.5, most=4, own_noise_sd=0.1)
    point, trials = point_of(shop, (1, 1, 1, 1), 0.9)

    def helps(case: int) -> bool:
        numbers = range(5 * case, 5 * case + 5)
        (slope,) = slopes_at(trials, promise(0.9), point.planned.staff, BLOCKS[:1], numbers)
        return slope.sure_gain(0) > 0.0

    share = sum(map(helps, range(400))) / 400

    assert abs(share - 0.1) < 5 * math.sqrt(0.1 * 0.9 / 400)


def test_near_the_best_plan_every_day_keeps_its_share() -> None:
    """Three quarters of the hours of each day's part, rounded down, for parts with people."""
    heads = at_work(planned((3, 0, 1, 0)).staff)

    rows = stay_near(heads, BLOCKS, 0.75)

    assert [(row.terms[0].role, row.at_least) for row in rows] == (
        [("pickers", 36)] * 7 + [("packers", 12)] * 7
    )
    assert stay_near(heads, BLOCKS, 0.0) == ()
