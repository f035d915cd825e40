"""A small web shop for tests that play whole runs: three days, some forty orders a day."""

from __future__ import annotations

from pathlib import Path

from sim.scenario.loading import LoadedScenario, load

SMALL = """\
name: small
extends: baseline
run: {warm_up_days: 1, horizon_days: 2, cool_down_days: 0, replications: 2}
orders: {per_day: 40}
items: {count: 60}
warehouse: {layout: {aisles: 4, positions_per_side: 10}}
staff:
  early: {pickers: 1, packers: 1, dispatchers: 1, receivers: 1, returns_clerks: 1}
  late: {pickers: 1, packers: 1, dispatchers: 1, receivers: 1, returns_clerks: 1}
targets:
  order_lead_time_p95_h: {at_most: 1000}
  on_time_ship_rate: null
  picking_accuracy_lines_rate: null
  rate_of_return: null
"""


def small_file(folder: Path, further: str = "", name: str = "small.yaml") -> Path:
    """Write the small scenario, with further lines at its end, and return its path."""
    path = folder / name
    path.write_text(SMALL + further, encoding="utf-8")
    return path


def small(folder: Path, *settings: str) -> LoadedScenario:
    """Return the small scenario, checked."""
    return load(small_file(folder), settings=settings)
