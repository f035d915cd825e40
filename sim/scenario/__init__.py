"""What a planner writes: the scenario file, its loading and its checks."""

from sim.scenario.json_schema import json_schema_text, modeline, scenario_json_schema
from sim.scenario.loading import LoadedScenario, load, load_many, scenario_hash
from sim.scenario.paths import bundled_scenarios
from sim.scenario.schema import Scenario

__all__ = [
    "LoadedScenario",
    "Scenario",
    "bundled_scenarios",
    "json_schema_text",
    "load",
    "load_many",
    "modeline",
    "scenario_hash",
    "scenario_json_schema",
]
