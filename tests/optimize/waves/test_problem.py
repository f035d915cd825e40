from __future__ import annotations

from collections.abc import Mapping

import pytest

from optimize.waves.check import CheckError, check, priced
from optimize.waves.problem import Problem
from tests.benchmarks.published.sbpo import problem_of

PROBLEM = Problem(({1: 2, 2: 1}, {1: 1}, {2: 3}), ({1: 3}, {2: 1}, {2: 9}), 2, 4)


def test_units_an_aisle_are_counted() -> None:
    """Units an aisle are counted."""
    assert priced(PROBLEM, (0, 1), (0, 1)) == 2


@pytest.mark.parametrize(
    ("orders", "aisles", "said"),
    [
        ((0, 0), (0, 1), "come twice"),
        ((0,), (0, 3), "are not among"),
        ((), (0,), "0 orders"),
        ((0,), (), "0 aisles"),
        ((0,), (0,), "1 units of item 2 are wanted, 0 in stock"),
        ((1,), (0,), "1 units are not within 2 to 4"),
        ((0, 2), (0, 2), "6 units are not within 2 to 4"),
    ],
)
def test_a_wave_that_cannot_be_is_refused(
    orders: tuple[int, ...], aisles: tuple[int, ...], said: str
) -> None:
    """A wave that cannot be is refused."""
    with pytest.raises(CheckError, match=said):
        priced(PROBLEM, orders, aisles)


@pytest.mark.parametrize(("claimed", "bound"), [(2.5, 9.0), (2.0, 1.9), (float("nan"), 9.0)])
def test_a_claim_that_is_not_so_is_refused(claimed: float, bound: float) -> None:
    """A claim that is not so is refused."""
    with pytest.raises(CheckError, match="units an aisle"):
        check(PROBLEM, (0, 1), (0, 1), claimed, bound)


@pytest.mark.parametrize(
    ("order", "lower", "upper", "said"),
    [
        ({1: 0}, 0, 5, "order 0 has 0 units of item 1"),
        ({}, 0, 5, "order 0 is empty"),
        ({1: 1}, 6, 5, "a wave of 6 to 5 units"),
        ({1: 1}, 0, 0, "a wave of 0 to 0 units"),
    ],
)
def test_problems_that_cannot_be_are_refused(
    order: Mapping[int, int], lower: int, upper: int, said: str
) -> None:
    """Problems that cannot be are refused."""
    with pytest.raises(ValueError, match=said):
        Problem((order,), ({1: 1},), lower, upper)


def test_the_format_of_the_challenge_is_read() -> None:
    """The format of the challenge is read."""
    text = "2 3 1\n2 0 1 2 5\n1 1 1\n2 1 4 0 7\n1 9\n"
    assert problem_of(text) == Problem(({0: 1, 2: 5}, {1: 1}), ({1: 4, 0: 7},), 1, 9)
