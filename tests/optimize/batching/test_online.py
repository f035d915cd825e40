from __future__ import annotations

from math import fsum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimize.batching.online import OpenBatches
from optimize.batching.problem import CartLimits
from optimize.batching.solve import solve
from sim.policies.routing import resolve_routing
from tests.optimize.batching.small import drawn, fits


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000), looks=st.integers(0, 5), takes=st.lists(st.booleans(), max_size=30)
)
def test_each_order_is_taken_once_on_a_cart_that_holds_it(
    seed: int, looks: int, takes: list[bool]
) -> None:
    """However arrivals and free pickers alternate; batches know how long their trips are."""
    problem = drawn(seed, len(takes))
    rule = resolve_routing("exact", problem.layout)
    waiting = OpenBatches(rule, problem.limits, looks=looks)
    taken: list[tuple[int, ...]] = []
    for key, is_free in enumerate(takes):
        waiting.add(key, problem.orders[key])
        for batch in waiting.batches:
            stops = [stop for one in batch.orders for stop in problem.orders[one].stops]
            assert batch.length_m == pytest.approx(rule.length_m(stops), abs=1e-9)
        if is_free:
            oldest = min(key for batch in waiting.batches for key in batch.orders)
            taken.append(waiting.take())
            assert taken[-1][0] == oldest
    while waiting.batches:
        taken.append(waiting.take())

    assert len(waiting) == 0
    assert sorted(key for batch in taken for key in batch) == list(range(len(takes)))
    assert all(fits(problem, list(batch)) for batch in taken)


def test_waiting_orders_are_batched_better_than_as_they_come() -> None:
    """Of 40 orders that wait; and mending makes the trips no longer."""
    problem = drawn(0, 40, limits=CartLimits(items=15))
    rule = resolve_routing("exact", problem.layout)
    length_m = []
    for looks in (0, 8):
        waiting = OpenBatches(rule, problem.limits, looks=looks)
        for key, order in enumerate(problem.orders):
            waiting.add(key, order)
        length_m.append(fsum(batch.length_m for batch in waiting.batches))

    assert length_m[1] <= length_m[0] < solve(problem, method="first_come").cost_m


def test_the_picker_takes_the_batch_of_the_most_urgent_order() -> None:
    """The order that is due first goes first, though it came last."""
    problem = drawn(0, 3, limits=CartLimits(orders=1))
    waiting = OpenBatches(resolve_routing("exact", problem.layout), problem.limits)
    for key, due_s in enumerate((300.0, 200.0, 100.0)):
        waiting.add(key, problem.orders[key], due_s=due_s)

    assert [waiting.take() for _ in range(3)] == [(2,), (1,), (0,)]


def test_misuse_is_refused_in_words() -> None:
    """A key twice, a batch of nothing, and a negative number of looks."""
    problem = drawn(0, 1)
    rule = resolve_routing("exact", problem.layout)
    waiting = OpenBatches(rule, problem.limits)
    waiting.add(0, problem.orders[0])
    with pytest.raises(ValueError, match="key 0 waits"):
        waiting.add(0, problem.orders[0])
    waiting.take()
    with pytest.raises(ValueError, match="no order waits"):
        waiting.take()
    with pytest.raises(ValueError, match="looks is -1"):
        OpenBatches(rule, problem.limits, looks=-1)
