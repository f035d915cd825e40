"""Whether two ways to an answer agree."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

EXACT = 1e-9
"""Largest difference, a share of the figure."""


def agree(some: Mapping[str, float], others: Mapping[str, float], rel: float = EXACT) -> None:
    """Assert that two answers are the same in all that both of them say."""
    both = [metric for metric in some if metric in others]
    assert both
    for metric in both:
        assert some[metric] == pytest.approx(others[metric], rel=rel, abs=1e-9), metric
