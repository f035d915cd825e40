"""Many random problems, the slow part of the tests: named people pass the check every time."""

from __future__ import annotations

import pytest

from tests.benchmarks.roster_checks import dealt_problems


@pytest.mark.slow
def test_random_problems_pass_the_check() -> None:
    """No exception over 40 problems; ``python -m tests.benchmarks.roster_checks`` does 500."""
    counts = dealt_problems(40)
    assert counts["problems"] == 40
    assert counts["faults"] == 0
