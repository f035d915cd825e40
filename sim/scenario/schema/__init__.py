"""The pydantic model of a scenario file, one module a theme."""

from sim.scenario.schema.base import WEEKDAYS, clock_s
from sim.scenario.schema.laws import (
    CountLaw,
    Law,
    is_nothing,
    law_mean,
    law_quantile,
    law_variance,
)
from sim.scenario.schema.people import ROLES
from sim.scenario.schema.scenario import Scenario, Target

__all__ = [
    "ROLES",
    "WEEKDAYS",
    "CountLaw",
    "Law",
    "Scenario",
    "Target",
    "clock_s",
    "is_nothing",
    "law_mean",
    "law_quantile",
    "law_variance",
]
