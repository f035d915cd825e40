"""Rules that span several keys of a scenario; each is one function, all of them run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.scenario.checks import (
    buying,
    customers,
    demand,
    entry,
    floor,
    labour,
    packing,
    people,
    picking,
    records,
    returns,
    run,
    shipping,
    stations,
    stock,
    stockouts,
)
from sim.scenario.checks.finding import Finding
from sim.scenario.schema import Scenario

CHECKS: tuple[Callable[[Scenario], Iterator[Finding]], ...] = (
    demand.check_shares,
    demand.check_own_rates,
    demand.check_promotions,
    demand.check_profiles,
    demand.check_channels,
    demand.check_own_baskets,
    demand.check_laws,
    demand.check_counts,
    customers.check_customers,
    customers.check_experience,
    customers.check_cross_selling,
    entry.check_entry,
    entry.check_payment,
    floor.check_picking_rules,
    floor.check_routing,
    picking.check_zones,
    picking.check_batches,
    picking.check_narrow_aisles,
    picking.check_pick_laws,
    picking.check_short_picks,
    floor.check_layout,
    floor.check_storage,
    buying.check_buying,
    buying.check_stock_classes,
    buying.check_suppliers,
    stock.check_inbound,
    stock.check_pick_faces,
    records.check_records,
    records.check_sync,
    stockouts.check_answers,
    stockouts.check_classes,
    stockouts.check_waiting,
    packing.check_box_rule,
    packing.check_boxes,
    packing.check_steps,
    stations.check_station_names,
    stations.check_station_ways,
    stations.check_station_people,
    stations.check_specialists,
    stations.check_station_rules,
    people.check_shifts,
    people.check_different_days,
    people.check_people,
    labour.check_shift_windows,
    labour.check_contracts,
    labour.check_crews,
    labour.check_wishes,
    shipping.check_trucks,
    shipping.check_release,
    returns.check_returns,
    run.check_targets,
    run.check_budget,
)


def run_checks(scenario: Scenario) -> Iterator[Finding]:
    """Yield the findings of every rule."""
    for check in CHECKS:
        yield from check(scenario)
