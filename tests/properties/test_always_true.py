"""The laws of every run, over small random warehouses.

40 examples by default and always the same ones; ``WARELAB_EXAMPLES`` asks for more.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings

from sim.scenario.schema import Scenario
from tests.properties.law_book import LawBook
from tests.properties.worlds import scenarios
from tests.sim.engine.playing import record

EXAMPLES = int(os.environ.get("WARELAB_EXAMPLES", "40"))


@pytest.mark.slow
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(scenarios())
def test_every_unit_order_minute_and_cent_is_accounted_for(scenario: Scenario) -> None:
    """Every law of the law book holds in every warehouse."""
    LawBook(record(scenario)).check()
