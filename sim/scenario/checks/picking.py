"""Rules on picking: methods, carts, aisles and laws that go together."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.finding import Finding
from sim.scenario.checks.floor import AISLE_ROUTING
from sim.scenario.schema import Scenario


def check_zones(scenario: Scenario) -> Iterator[Finding]:
    """Picking by zone needs zones, somebody in each, tours to time, and orders kept apart."""
    picking, warehouse = scenario.picking, scenario.warehouse
    by_zone = picking.method != "whole_orders"
    if by_zone and warehouse.layout.locations_file is None and warehouse.zones == 1:
        yield (
            "picking.method",
            f"{picking.method} on a floor of one zone",
            "at least 2 zones",
            "set warehouse.zones",
        )
    if by_zone and not picking.zones.help_other_zones:
        pickers = sum(shift.most_heads("pickers") for shift in scenario.staff.values())
        if pickers < warehouse.zones:
            yield (
                "picking.zones.help_other_zones",
                f"{pickers} pickers on all shifts for {warehouse.zones} zones",
                "a picker for each zone",
                "more pickers, fewer zones, or let them help",
            )
    if by_zone and picking.time_s is not None:
        yield (
            "picking.time_s",
            f"a law of a whole order's picking with {picking.method}",
            "whole_orders, or tours that are walked (or picking.tour_time_s)",
            "",
        )
    if by_zone and picking.sorting == "after":
        yield (
            "picking.sorting",
            f"after, with {picking.method}",
            "while_picking",
            "parallel_zones are sorted at the put wall (picking.zones.consolidate_s_per_line)",
        )


def check_batches(scenario: Scenario) -> Iterator[Finding]:
    """A batch can be full."""
    picking = scenario.picking
    if picking.batch_min_orders > picking.batch_max_orders:
        yield (
            "picking.batch_min_orders",
            f"{picking.batch_min_orders}, but a cart takes {picking.batch_max_orders}",
            "at most picking.batch_max_orders",
            "",
        )
    release = scenario.release
    if release.policy == "wip_limit" and release.wip_max_shipments < picking.batch_min_orders:
        yield (
            "picking.batch_min_orders",
            f"{picking.batch_min_orders}, and {release.wip_max_shipments} on the floor at most",
            "at most release.wip_max_shipments",
            "no cart could ever be full",
        )
    if picking.batch_min_orders > 1 and picking.batching == "single":
        yield (
            "picking.batch_min_orders",
            f"{picking.batch_min_orders} with batching single",
            "1",
            "choose first_come or nearest_aisles to put several orders on a cart",
        )


def check_narrow_aisles(scenario: Scenario) -> Iterator[Finding]:
    """Pickers can only be in each other's way on a walk through aisles."""
    picking, layout = scenario.picking, scenario.warehouse.layout
    if picking.aisles == "wide":
        return
    if layout.locations_file is not None:
        yield "picking.aisles", "narrow on a floor from a location file", "wide", ""
    elif picking.routing not in AISLE_ROUTING:
        yield (
            "picking.aisles",
            f"narrow with routing {picking.routing!r}",
            f"a rule that thinks in aisles: {', '.join(AISLE_ROUTING)}",
            "",
        )
    if picking.time_s is not None or picking.tour_time_s is not None:
        yield (
            "picking.aisles",
            "narrow, where a law replaces the walk",
            "wide, or tours that are walked",
            "",
        )


def check_pick_laws(scenario: Scenario) -> Iterator[Finding]:
    """Laws that replace the walk are whole: one kind, and channels that exist."""
    picking = scenario.picking
    if picking.tour_time_s is not None and (picking.time_s or picking.time_s_by_channel):
        yield (
            "picking.tour_time_s",
            "beside a law for each order",
            "either a law for tours or for orders",
            "",
        )
    by_law = picking.tour_time_s is not None or picking.time_s is not None
    if by_law and picking.scan.of != "nothing":
        yield (
            "picking.scan.of",
            f"a scan of {picking.scan.of}, where a law replaces the tour's work",
            "nothing, or tours that are walked",
            "",
        )
    known = scenario.orders.channels
    for name in picking.time_s_by_channel:
        if name not in known:
            yield (
                f"picking.time_s_by_channel.{name}",
                f"{name!r} is no channel",
                f"one of orders.channels: {', '.join(known)}",
                "",
            )
    if picking.time_s_by_channel and picking.time_s is None:
        yield (
            "picking.time_s_by_channel",
            "no picking.time_s for the other channels",
            "a law for all orders",
            "set picking.time_s",
        )


def check_short_picks(scenario: Scenario) -> Iterator[Finding]:
    """Places can only lack units where stock is counted."""
    if scenario.picking.short_picks.share_of_lines and scenario.stock.unlimited:
        yield (
            "picking.short_picks.share_of_lines",
            "short picks from unlimited stock",
            "0, or stock.unlimited: false",
            "",
        )
