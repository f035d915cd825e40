"""What a problem of sequencing is made of, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from optimize.sequencing.check import cost_of
from optimize.sequencing.problem import Batch, Due, OrderTimes, Picker, Problem, from_orders, timed


def test_a_batch_of_orders_has_their_last_release_and_all_their_due_dates() -> None:
    """Rounded so that what is in time in the plan is so in truth."""
    orders = [OrderTimes(0.5, 100.9), OrderTimes(30.2, 80.0, 3), OrderTimes(7.0, 95.5)]
    problem = from_orders(
        [[2], [0, 1]], orders, walk_s=[10.0, 20.2], work_s=[5.0, 30.3], pickers=(Picker(),)
    )
    assert problem.batches == (
        Batch(15, (Due(95, 1),), 7),
        Batch(51, (Due(100, 1), Due(80, 3)), 31),
    )


def test_tardiness_is_that_of_the_orders_each_against_its_own_due_date() -> None:
    """A batch that ends at 90 is late for the order of 80 only, three times."""
    batch = Batch(60, (Due(100, 1), Due(80, 3)), 30)
    for objective, cost in (("tardiness", 30), ("late", 3), ("max_lateness", 10)):
        problem = Problem((batch,), objective=objective)  # type: ignore[arg-type]
        assert cost_of(problem, timed(problem, ((0,),))) == cost


ORDERS = [OrderTimes(0.0, 9.0), OrderTimes(0.0, 9.0)]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"batches": [[0]]}, "name 1 orders"),
        ({"batches": [[0], [0]], "walk_s": [1.0, 1.0], "work_s": [1.0, 1.0]}, "1 of them diff"),
        ({"batches": [[0, 1], []], "walk_s": [1.0, 1.0], "work_s": [1.0, 1.0]}, "no orders"),
        ({"walk_s": []}, "walking seconds of 0"),
        ({"walk_s": [float("nan")]}, "finite"),
        ({"work_s": [-1.0]}, "at least 0"),
        ({"orders": [OrderTimes(0.0, float("inf")), ORDERS[1]]}, "order 0"),
    ],
)
def test_orders_that_do_not_match_are_refused(given: dict[str, Any], words: str) -> None:
    """With what was found and what is needed."""
    usual = {
        "batches": [[0, 1]], "orders": ORDERS, "walk_s": [1.0], "work_s": [1.0],
        "pickers": (Picker(),),
    }  # fmt: skip
    from_orders(**usual)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=words):
        from_orders(**{**usual, **given})


GOOD = Batch(10, (Due(5),))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"batches": ()}, "0 batches"),
        ({"pickers": ()}, "0 pickers"),
        ({"objective": "makespan"}, "known are tardiness"),
        ({"batches": (GOOD, Batch(0, (Due(5),)))}, "time_s of batch 1 is 0"),
        ({"batches": (Batch(1.5, (Due(5),)),)}, "whole number"),  # type: ignore[arg-type]
        ({"batches": (Batch(1, ()),)}, "no due date"),
        ({"batches": (Batch(1, (Due(5, -1),)),)}, "a weight of batch 0"),
        ({"pickers": (Picker(5, 4),)}, "until_s of picker 0 is 4"),
        ({"batches": (Batch(1, (Due(2**60),)),)}, r"2\*\*53"),
        ({"batches": (Batch(2**30, (Due(5, 2**30),)),)}, r"2\*\*53"),
    ],
)
def test_numbers_that_cannot_be_used_are_refused(given: dict[str, Any], words: str) -> None:
    """With the batch or picker that has them."""
    with pytest.raises(ValueError, match=words):
        Problem(**{"batches": (GOOD,), **given})
