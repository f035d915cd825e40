"""The floor wired for one replication: for each zone a line of work, tours, a routing rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sim.engine.setting import Setting, cart_of
from sim.policies.batching import LOOK_AT_AISLES, looks_at_stops, resolve_batching
from sim.policies.routing import resolve_routing
from sim.policies.sequence import SEQUENCE
from sim.scenario.schema import ROLES
from sim.stages.close_look import CloseLook
from sim.stages.full_batches import FullBatches
from sim.stages.house import PICKERS, SPECIALISTS, House, Pick
from sim.stages.narrow_aisles import NarrowAisles
from sim.stages.order import PickTask
from sim.stages.pick_methods import ByZone, Pass, pick_to_the_end, whole_orders
from sim.stages.picking import PickLine
from sim.stages.tours import TourWork
from sim.warehouse.layout import Layout, RectangularLayout

MINUTE_S = 60.0


def zones_of(setting: Setting) -> int:
    """Return the number of zones that are picked apart; 1 where orders are picked whole."""
    whole = setting.scenario.picking.method == "whole_orders"
    return 1 if whole else len(setting.layout.zone_names)


def line_of_zone(zone: int, zones: int) -> int:
    """Return the number of a zone's line among those that people serve."""
    return PICKERS if zones == 1 else len(ROLES) + zone


def role_of_line(zones: int, station_lines: int) -> list[int]:
    """Return the role whose work waits in each line: one a role, then zones, then stations."""
    return [
        *range(len(ROLES)),
        *([PICKERS] * zones if zones > 1 else []),
        *([SPECIALISTS] * station_lines),
    ]


def lines_of_picker(picker: int, zones: int, help_other_zones: bool) -> list[int]:
    """Return the lines a picker serves: their own zone first, then the nearest, left before right.

    Parameters
    ----------
    picker
        Their number among the pickers, who are shared out over the zones in turn.
    """
    own = picker % zones
    if not help_other_zones:
        return [line_of_zone(own, zones)]
    nearest = sorted(range(zones), key=lambda zone: (abs(zone - own), zone))
    return [line_of_zone(zone, zones) for zone in nearest]


def pick_lines(setting: Setting, narrow: NarrowAisles | None) -> list[PickLine]:
    """Return the lines of work before the pickers, one a zone."""
    picking = setting.scenario.picking
    cart = cart_of(picking)
    close_look = CloseLook() if looks_closely(setting) else None
    zones = zones_of(setting)
    lines: list[PickLine] = []
    for zone, floor in enumerate(zone_floors(setting)):
        work = _tour_work(setting, floor)
        lines.append(
            PickLine(
                line_of_zone(zone, zones),
                resolve_batching(picking.batching, floor, picking.routing, cart),
                cart,
                SEQUENCE[picking.sequence],
                work,
                look=_look(picking.batching, work),
                in_parts=picks_in_parts(setting),
                close_look=close_look,
                narrow=narrow,
            )
        )
    return lines


def _look(batching: str, work: TourWork) -> Callable[[PickTask], None] | None:
    """Return what notes of a task where it lies, as far as the batching rule looks at it."""
    if looks_at_stops(batching):
        return work.note_stops
    return work.note_aisles if batching in LOOK_AT_AISLES else None


def zone_floors(setting: Setting) -> list[Layout]:
    """Return the floor as the pickers of each zone see it: each drops carts in its own place."""
    zones = zones_of(setting)
    return [_with_drop_off(setting.layout, zone, zones) for zone in range(zones)]


def looks_closely(setting: Setting) -> bool:
    """Tell whether places can be other than the books say, or a scan finds mistakes."""
    scenario = setting.scenario
    lacking = scenario.picking.short_picks.share_of_lines > 0.0 and not scenario.stock.unlimited
    scans = scenario.picking.scan.of != "nothing"
    return lacking or scans or scenario.pick_faces.used or scenario.records.apart


def picks_in_parts(setting: Setting) -> bool:
    """Tell whether a shipment may be picked in more than one go, or goes by the put wall."""
    picking = setting.scenario.picking
    sorted_after = picking.sorting == "after" and picking.sort_s_per_line > 0.0
    return zones_of(setting) > 1 or looks_closely(setting) or sorted_after


def pick_method(setting: Setting) -> Pick | None:
    """Return how a shipment is picked to the end; None where one cart always does it in one go."""
    if not picks_in_parts(setting):
        return None
    picking = setting.scenario.picking
    one_pass: Pass = whole_orders
    if zones_of(setting) > 1:
        zone_of = setting.layout.zone_of
        by_zone = ByZone(picking.zones, [zone_of[place] for place in setting.location_of_sku])
        at_once = picking.method == "parallel_zones"
        one_pass = by_zone.at_once if at_once else by_zone.one_after_the_other
    return lambda house, shipment: pick_to_the_end(house, shipment, one_pass)


def open_the_lines(house: House, lines: list[PickLine]) -> None:
    """Put the lines before the pickers."""
    picking = house.scenario.picking
    for line in lines:
        line.enter(house)
        if picking.batch_min_orders > 1:
            line.full_batches = FullBatches(
                line, house.env, picking.batch_min_orders, picking.batch_wait_max_min * MINUTE_S
            )
        house.staff.sources[line.number] = line.full_batches or line


def narrow_aisles(setting: Setting) -> NarrowAisles | None:
    """Return the aisles where only one picker at a time has room in them, else None."""
    layout = setting.layout
    if setting.scenario.picking.aisles == "wide" or not isinstance(layout, RectangularLayout):
        return None
    return NarrowAisles(layout.aisles * layout.blocks)


def _with_drop_off(layout: Layout, zone: int, zones: int) -> Layout:
    """Return the floor as a zone's pickers see it: carts are dropped in front of its middle."""
    if zones == 1 or not isinstance(layout, RectangularLayout):
        return layout
    aisles = [
        aisle for aisle, of in zip(layout.aisle_of, layout.zone_of, strict=True) if of == zone
    ]
    return replace(layout, depot_aisle=(min(aisles) + max(aisles)) / 2.0)


def _tour_work(setting: Setting, layout: Layout) -> TourWork:
    scenario = setting.scenario
    cross_m = layout.cross_aisles_m[1:-1] if isinstance(layout, RectangularLayout) else ()
    return TourWork(
        scenario.picking,
        scenario.warehouse.walk_speed_m_per_s,
        resolve_routing(scenario.picking.routing, layout),
        setting.location_of_sku,
        layout,
        cross_m,
    )
