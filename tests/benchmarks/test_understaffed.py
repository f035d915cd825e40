"""An order costs little more when 20,000 wait before it."""

from __future__ import annotations

import pytest

from tests.benchmarks.understaffed import LINES, ORDERS, measure


@pytest.mark.benchmark
@pytest.mark.parametrize("name", LINES)
def test_a_long_line_costs_at_most_half_as_much_again(name: str) -> None:
    """With more than 20,000 in the line, CPU time for an order is at most 1.5 times as much."""
    measured = measure(name, ORDERS, rounds=3)

    assert measured.longest > 20_000
    assert measured.ratio <= 1.5
