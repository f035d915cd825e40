"""The loop finds the cheapest staff that keeps a promise, is never dearer, and says what it did."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimize.judge.block_moves import BlockMoves
from optimize.judge.certificate import FIRST_FRESH
from optimize.judge.effort import Effort
from optimize.judge.loop import Found, cheapest_staff
from optimize.judge.points import step_rows
from optimize.judge.presence import Block, Staff
from optimize.judge.promise import Kpis
from tests.optimize.judge.shop import (
    KPI,
    PARTS,
    WAGES,
    Shop,
    concave_service,
    convex_service,
    mean_heads,
    planned_cents,
    promise,
)

ROLES = ("pickers", "packers")
CUTTING = ("start", "cut")
EVERYWHERE = Effort(
    budget=2000,
    replications=2,
    slope_replications=2,
    cut_rounds=60,
    trust_share=0.0,
    certificate_replications=2,
    most_certificate_replications=4,
)
NEAR = Effort(budget=400, replications=6, cut_rounds=4, most_certificate_replications=20)
QUICK = Effort(
    budget=120, replications=4, slope_replications=2, cut_rounds=2, most_certificate_replications=15
)

loads = st.lists(st.floats(0.3, 3.0), min_size=4, max_size=4)


def search(shop: Shop, at_least: float, effort: Effort) -> Found:
    """Run the loop on a shop."""
    return cheapest_staff(
        shop.ladder, shop.master, shop.play, promise(at_least), WAGES, roles=ROLES, effort=effort
    )


@settings(max_examples=15, deadline=None)
@given(loads=loads, at_least=st.floats(0.3, 0.8))
def test_where_service_is_concave_the_cheapest_plan_is_found(
    loads: list[float], at_least: float
) -> None:
    """Cutting planes end at the optimum that trying every plan finds, and no row is dropped."""
    shop = Shop(concave_service(loads), most=4)
    best = shop.cheapest(at_least)

    found = search(shop, at_least, EVERYWHERE)

    if best is None:
        assert found.status == "missed"
    else:
        kept = [step.cost_cents for step in found.steps if step.kept and step.kind in CUTTING]
        assert min(cents for cents in kept if cents is not None) == best
        assert found.status == "certified"
        assert found.bound_cents is None or found.bound_cents <= best
        assert found.planned.cost_cents <= best  # days and hours are no part of the plans tried
        assert not [step for step in found.steps if step.kind == "concavity"]


@settings(max_examples=10, deadline=None)
@given(at_least=st.floats(0.1, 0.95))
def test_where_service_is_not_concave_the_check_says_so(at_least: float) -> None:
    """Wrong rows are dropped and named; the plan keeps the promise and is not dearer."""
    shop = Shop(convex_service(4), most=4)

    found = search(shop, at_least, EVERYWHERE)

    assert [step for step in found.steps if step.kind == "concavity"]
    assert found.status == "certified"
    assert found.bound_cents is None
    assert found.score.slacks[0].mean >= 0.0
    assert found.planned.cost_cents <= found.start.cost_cents


@settings(max_examples=10, deadline=None)
@given(
    loads=loads, at_least=st.floats(0.3, 0.7), noise=st.floats(0.0, 0.03), own=st.floats(0, 0.01)
)
def test_the_plan_is_never_dearer_than_its_start(
    loads: list[float], at_least: float, noise: float, own: float
) -> None:
    """Whatever the luck: not dearer, within the budget, and certified only by a fresh interval."""
    shop = Shop(concave_service(loads), most=4, noise_sd=noise, own_noise_sd=own)

    found = search(shop, at_least, NEAR)

    assert found.planned.cost_cents <= found.start.cost_cents
    assert found.played == shop.played <= NEAR.budget
    assert (found.level is not None) == (found.status == "certified")
    if found.level is not None:
        assert found.score.slacks[0].lower(found.level) >= 0.0
        assert found.score.slacks[0].n >= NEAR.certificate_replications


def test_the_same_search_writes_the_same_record() -> None:
    """Two searches agree in every row, and each row names what was played until then."""
    shops = [Shop(concave_service([1.0, 2.0, 1.5, 0.5]), 4, 0.01, 0.005) for _ in range(2)]

    first, second = (search(shop, 0.6, NEAR) for shop in shops)

    rows = step_rows(first.steps, promise(0.6))
    assert rows == step_rows(second.steps, promise(0.6))
    assert first.planned == second.planned
    counts = [row["played"] for row in rows]
    assert counts == sorted(counts)
    assert counts[-1] == first.played


def test_a_failed_certificate_leads_to_a_safer_plan() -> None:
    """Luck that helps only on the search's replications is found out; the answer is safer."""
    honest = Shop(concave_service([1.0, 2.0, 1.5, 0.5]), most=4)
    lucky = Shop(honest.service, most=4)
    everybody = planned_cents((4,) * len(PARTS))

    def play(staff: Staff, replications: Sequence[int]) -> list[Kpis]:
        fair = [kpis[KPI] or 0.0 for kpis in lucky.play(staff, replications)]
        return [
            {KPI: value + (0.05 if number < FIRST_FRESH else 0.0)}
            for value, number in zip(fair, replications, strict=True)
        ]

    found = cheapest_staff(
        lucky.ladder, lucky.master, play, promise(0.7), WAGES, roles=ROLES, effort=EVERYWHERE
    )

    failed = [step for step in found.steps if step.kind == "certificate" and not step.kept]
    assert failed
    assert found.status == "not certified" or found.score.slacks[0].mean >= 0.0
    assert found.planned.cost_cents <= everybody


def test_a_wrong_certificate_is_as_rare_as_it_says() -> None:
    """Of 60 searches at most 5 % certify a plan that breaks the promise, 4 sigma above that.

    Each plan has luck of its own, so that every search ends with a plan that looks better than it
    is; the certificate must not believe it.
    """
    service = concave_service([1.0, 2.0, 1.5, 0.5])
    wrong = certified = 0
    for luck in range(1, 61):
        shop = Shop(service, most=3, noise_sd=0.02, own_noise_sd=0.03, luck=luck)
        found = search(shop, 0.6, QUICK)
        certified += found.status == "certified"
        mean = service(mean_heads(found.planned.at_work))
        wrong += found.status == "certified" and mean < 0.6

    assert certified > 50
    assert wrong / 60 <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / 60)


@settings(max_examples=8, deadline=None)
@given(loads=loads, at_least=st.floats(0.3, 0.75))
def test_changes_by_the_planner_end_where_nobody_can_be_spared(
    loads: list[float], at_least: float
) -> None:
    """Without cuts: the planner's own plans get cheaper until each person less misses."""
    shop = Shop(concave_service(loads), most=4)
    blocks = tuple(Block(role, tuple(range(7)), 4 * first, 16) for first, role in PARTS)

    found = cheapest_staff(
        shop.ladder,
        shop.master,
        shop.play,
        promise(at_least),
        WAGES,
        roles=ROLES,
        neighbours=BlockMoves(shop.master, blocks, WAGES),
        effort=replace(EVERYWHERE, cut_rounds=0),
    )

    if found.status != "missed":
        heads = mean_heads(found.planned.at_work)
        assert shop.service(heads) >= at_least
        for part, there in enumerate(heads):
            fewer = [n - (place == part) for place, n in enumerate(heads)]
            assert there == 0 or shop.service(fewer) < at_least


def test_a_promise_that_no_plan_keeps_is_said_so() -> None:
    """Where even the fullest house misses, nothing is certified and the search ends at once."""
    shop = Shop(concave_service([3.0, 3.0, 3.0, 3.0]), most=1)

    found = search(shop, 0.9, EVERYWHERE)

    assert (found.status, found.level) == ("missed", None)
    assert found.played == EVERYWHERE.replications


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"slope_replications": 1}, "at least 2"),
        ({"budget": 20}, "need 66"),
        ({"alpha": 0.7}, "alpha"),
        ({"certificate_replications": 40}, "certificate"),
    ],
)
def test_an_effort_that_cannot_be_is_refused(wrong: dict[str, float], words: str) -> None:
    """What is asked for must fit together; the message says what does not."""
    with pytest.raises(ValueError, match=words):
        Effort(**wrong)  # type: ignore[arg-type]
