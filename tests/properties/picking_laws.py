"""What is true of every tour, checked straight from the raw log.

Tours are put together again from the facts: which shipments, or zones' parts of shipments, waited
when a tour began, and which lines were tried on it. What no fact names is not asked.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from sim.log.facts import Fact
from sim.scenario.schema import ROLES, Scenario, law_mean
from sim.warehouse.layout import RectangularLayout
from tests.sim.engine.playing import Record, Row

SMALL_S = 1e-6
ROUNDING = 1e-9
LOOK_AHEAD = 60
PLANNED = ("savings", "ruin_recreate")
MINUTE_S = 60.0


class Load(NamedTuple):
    """What is on a cart, or what it holds."""

    orders: float
    ml: float
    units: float
    g: float

    @staticmethod
    def of(loads: Iterable[Load]) -> Load:
        """Add up."""
        return Load(*map(sum, zip(*loads, strict=True)))

    def is_within(self, most: Load, rounding: float) -> bool:
        """Tell whether a cart holds it."""
        return all(on <= limit * (1.0 + rounding) for on, limit in zip(self, most, strict=True))


class Goods(NamedTuple):
    """Units of a SKU that a line asks for."""

    line: int
    sku: int
    units: int


@dataclass
class Picks:
    """How far the picking of shipments is.

    By shipment: lines not picked yet, and all that the packing check will look at; its last tour;
    when the pass and the last drop-off were; whether it must be sorted before it is packed;
    ``in_vain``: it waited for a line that was given up. By line: the shipment that carries it, was
    its place found short, was it put right by a scan. ``lacking``: line and units of SHORT_PICKED.
    """

    unpicked: dict[int, list[int]] = field(default_factory=dict)
    to_check: dict[int, list[int]] = field(default_factory=dict)
    tour_of: dict[int, int] = field(default_factory=dict)
    pick_started_s: dict[int, float] = field(default_factory=dict)
    picked_s: dict[int, float] = field(default_factory=dict)
    to_sort: dict[int, bool] = field(default_factory=lambda: defaultdict(bool))
    in_vain: set[int] = field(default_factory=set)
    carried_by: dict[int, int] = field(default_factory=dict)
    short_picked: set[int] = field(default_factory=set)
    scanned: set[int] = field(default_factory=set)
    lacking: tuple[int, int] | None = None
    promised_truck_s: dict[int, float] = field(default_factory=dict)


@dataclass(eq=False)
class Part:
    """What waits for one picker: a shipment, or a zone's part of one.

    ``units`` are those of its lines, ``reach_s`` their search and the way up to their levels;
    ``load`` is what it takes on a cart. ``key`` says who goes first; ``joined`` is a row's number.
    """

    shipment: int
    zone: int
    lines: list[int]
    units: int
    reach_s: float
    load: Load
    key: float
    joined: int = -1
    joined_s: float = 0.0
    tried: list[int] = field(default_factory=list)
    tour: Tour | None = None

    def place(self) -> tuple[float, int]:
        """Return its place in line."""
        return self.key, self.joined


@dataclass(eq=False)
class Tour:
    """A tour as the facts tell of it.

    ``own_zone`` is that of a picker who helps nobody else; ``pace`` the seconds that a standard
    second took, as far as a fact tells.
    """

    row: int
    started_s: float
    lines: int
    own_zone: int | None
    parts: list[Part] = field(default_factory=list)
    orders: int = 0
    walk_m: float = 0.0
    ended_s: float | None = None
    pace: float | None = None
    mended: int = 0
    short: int = 0
    taken_up: int = 0
    blocked_s: float = 0.0
    blocked_until_s: float = 0.0


class TourLaws:
    """Collects parts and tours while the log is read; checks them at its end.

    Where a line can be walked to ``in_vain``, because its pick face is empty, no fact tells so:
    then a tour may have more on its list than can be known.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self.scenario = record.setting.scenario
        self.picking = self.scenario.picking
        self.by_zone = self.picking.method != "whole_orders"
        self.in_vain = self.scenario.pick_faces.used
        newcomers = any(shift.new_people for shift in self.scenario.staff.values())
        people = self.scenario.people
        self.paced = newcomers or people.pace_cv > 0.0 or people.pace != 1.0
        self.tours: dict[int, Tour] = {}
        self.last: Tour | None = None
        self.parts: list[Part] = []
        self.waiting_for: dict[int, Part] = {}
        self.to_come: dict[int, list[Part]] = defaultdict(list)
        self.zones_of_pass: dict[int, int] = {}
        self.came_to_aisle_s: dict[int, float] = defaultdict(float)
        self.own_zone: dict[int, int] = {}
        if self.by_zone and not self.picking.zones.help_other_zones:
            self.own_zone = dict(_own_zones(self.scenario))

    # --- while the log is read -----------------------------------------------------------------

    def pass_begins(
        self,
        shipment: int,
        asked: list[Goods],
        travels: list[Goods],
        key: float,
        row: Row,
        number: int,
    ) -> None:
        """A shipment joins the line, or its parts do: all at once, or the first one first.

        A shipment takes up its whole room on a cart, also where only some of it is asked for.
        """
        by_work = self.picking.sequence == "shortest_first"
        by_zone: dict[int, list[Goods]] = defaultdict(list)
        for goods in asked:
            by_zone[self._zone_of(goods.sku)].append(goods)
        parts = [
            Part(
                shipment,
                zone,
                [goods.line for goods in by_zone[zone]],
                sum(goods.units for goods in by_zone[zone]),
                sum(self._reach_s(goods) for goods in by_zone[zone]),
                self._load(by_zone[zone] if self.by_zone else travels),
                self._work_s(by_zone[zone]) if by_work else key,
            )
            for zone in sorted(by_zone)
        ]
        self.zones_of_pass[shipment] = len(parts)
        if self.picking.method == "pick_and_pass":
            self.to_come[shipment] = parts[1:]
            parts = parts[:1]
        for part in parts:
            self._joins(part, row, number)

    def _zone_of(self, sku: int) -> int:
        setting = self.record.setting
        return setting.layout.zone_of[setting.location_of_sku[sku]] if self.by_zone else 0

    def _work_s(self, asked: list[Goods]) -> float:
        """Return the mean seconds at the shelf of a part."""
        picking = self.picking
        scan_s = {"nothing": 0.0, picking.scan.of: picking.scan.s_per_scan}
        line_s = law_mean(picking.search_s) + scan_s.get("lines", 0.0)
        unit_s = picking.take_s_per_unit + scan_s.get("units", 0.0)
        return line_s * len(asked) + unit_s * sum(goods.units for goods in asked)

    def _reach_s(self, goods: Goods) -> float:
        setting = self.record.setting
        access_s = setting.layout.access_s
        up_s = 0.0 if access_s is None else access_s[setting.location_of_sku[goods.sku]]
        return float(self.record.book.luck.search_s[goods.line]) + up_s

    def _load(self, goods: list[Goods]) -> Load:
        items = self.record.setting.catalogue
        return Load(
            1,
            sum(float(items.volume_ml[sku]) * units for _, sku, units in goods),
            sum(units for _, _, units in goods),
            sum(float(items.weight_g[sku]) * units for _, sku, units in goods),
        )

    def passes_on(self, shipment: int, row: Row, number: int) -> bool:
        """A tote joins the line of its next zone; False if there is none."""
        if not self.to_come[shipment]:
            return False
        self._joins(self.to_come[shipment].pop(0), row, number)
        return True

    def _joins(self, part: Part, row: Row, number: int) -> None:
        part.joined, part.joined_s = number, row.time_s
        self.parts.append(part)
        for line in part.lines:
            assert self.in_vain or line not in self.waiting_for, f"line {line} waits twice"
            self.waiting_for[line] = part

    def started(self, row: Row, number: int) -> None:
        """Somebody takes up a tour."""
        assert row.subject == len(self.tours), "tours are numbered as they begin"
        assert row.value >= 1
        own_zone = self.own_zone.get(row.other)
        self.tours[row.subject] = Tour(
            number, row.time_s, int(row.value), own_zone, blocked_until_s=row.time_s
        )

    def ended(self, row: Row) -> None:
        """A cart is dropped off: the lines told of next were tried on this tour."""
        self._nothing_left_on_the_list()
        self.last = self.tours[row.subject]
        assert self.last.ended_s is None, f"tour {row.subject} ended twice"
        assert row.other >= 1
        assert row.value >= 0.0
        self.last.orders, self.last.walk_m = row.other, row.value
        self.last.ended_s = row.time_s

    def tried(self, line: int, taken_up: int) -> None:
        """A line was picked, or its place lacked units: then nothing is taken up."""
        part = self.waiting_for.pop(line)
        assert self.last is not None
        if part.tour is None:
            part.tour = self.last
            self.last.parts.append(part)
        assert part.tour is self.last, "two tours for one part"
        part.tried.append(line)
        self.last.taken_up += taken_up

    def found_short(self) -> None:
        """A line was tried in full and left: whether a scan put it right before is not told."""
        assert self.last is not None
        self.last.short += 1

    def _nothing_left_on_the_list(self) -> None:
        tour = self.last
        if tour is None or self.in_vain:
            return
        assert len(tour.parts) == tour.orders
        assert sum(len(part.lines) for part in tour.parts) == tour.lines
        for part in tour.parts:
            assert sorted(part.tried) == sorted(part.lines), "lines were left out"

    def walked(self, tour: Tour, walk_s: float) -> None:
        """Its walk is told for each shipment: metres at the speed of the house and their pace."""
        standard_s = tour.walk_m / self.scenario.warehouse.walk_speed_m_per_s
        if not self.paced:
            assert abs(walk_s - standard_s) < SMALL_S
        elif standard_s > 0.0:
            pace = walk_s / standard_s
            assert pace > 0.0
            assert tour.pace in (None, pace)
            tour.pace = pace

    def blocked(self, row: Row) -> None:
        """A picker waited for an aisle: one at a time, while on tour, and nobody overtook them."""
        layout, tour = self.record.setting.layout, self.tours[row.subject]
        assert self.picking.aisles == "narrow"
        assert isinstance(layout, RectangularLayout)
        assert 0 <= row.other < layout.aisles * layout.blocks
        assert tour.ended_s is None
        assert row.value > 0.0
        came_s = row.time_s - row.value
        assert came_s >= tour.blocked_until_s - SMALL_S, "blocked before the tour, or twice at once"
        assert came_s >= self.came_to_aisle_s[row.other] - SMALL_S, "overtaken at the aisle's end"
        self.came_to_aisle_s[row.other] = came_s
        tour.blocked_s += row.value
        tour.blocked_until_s = row.time_s

    # --- at the end ----------------------------------------------------------------------------

    def check(self) -> None:
        """Check every tour that ended against what waited when it began."""
        self._nothing_left_on_the_list()
        coming = iter(sorted(self.parts, key=lambda part: part.joined))
        following = next(coming, None)
        lines: dict[int, list[tuple[float, int, Part]]] = defaultdict(list)
        for tour in self.tours.values():
            while following is not None and following.joined < tour.row:
                insort(lines[following.zone], (*following.place(), following))
                following = next(coming, None)
            if tour.ended_s is None or not tour.parts:
                continue
            zone = tour.parts[0].zone
            assert all(part.zone == zone for part in tour.parts), "a tour through two zones"
            assert tour.own_zone in (None, zone), "picked in another zone than their own"
            self._cart_holds_it(tour)
            self._began_in_turn(tour, [part for _, _, part in lines[zone]])
            self._took_its_time(tour)
            for part in tour.parts:
                lines[zone].remove((*part.place(), part))

    def _cart(self) -> Load:
        """Return what a cart holds."""
        picking = self.picking
        return Load(
            1 if picking.batching == "single" else picking.batch_max_orders,
            picking.cart_volume_l * 1000.0,
            inf if picking.batch_max_units is None else picking.batch_max_units,
            inf if picking.cart_weight_kg is None else picking.cart_weight_kg * 1000.0,
        )

    def _cart_holds_it(self, tour: Tour) -> None:
        load = Load.of(part.load for part in tour.parts)
        alone = len(tour.parts) == 1
        assert alone or load.is_within(self._cart(), ROUNDING), f"the cart overflows: {load}"

    def _began_in_turn(self, tour: Tour, waiting: list[Part]) -> None:
        """The first in line goes; nobody is passed over; carts leave as full as they must.

        What is still on its way when the log ends may have been on any tour.
        """
        known = [part for part in waiting if part.tour is not None]
        taken = sorted(tour.parts, key=Part.place)
        if len(taken) == tour.orders:
            assert known[0] is taken[0], "the first in line is left behind"
        if self.picking.batching in ("single", "first_come"):
            assert known[: len(taken)] == taken, "somebody is passed over"
        if len(known) == len(waiting):
            self._takes_all_it_can(taken, waiting)
        if len(waiting) < self.picking.batch_min_orders:
            longest_s = self.picking.batch_wait_max_min * MINUTE_S - SMALL_S
            assert any(tour.started_s - part.joined_s >= longest_s for part in waiting), (
                "a tour that is not full began before anybody had waited for long"
            )

    def _takes_all_it_can(self, taken: list[Part], waiting: list[Part]) -> None:
        cart = self._cart()
        if self.picking.batching in PLANNED:
            seen = waiting[:LOOK_AHEAD]
            if Load.of(part.load for part in seen).is_within(cart, -ROUNDING):
                assert len(taken) == len(seen), "two tours for what fits on one cart"
            return
        if self.picking.batching == "nearest_aisles":
            left = [part for part in waiting[:LOOK_AHEAD] if part not in taken]
        else:
            left = waiting[len(taken) : len(taken) + 1]
        load = Load.of(part.load for part in taken)
        for part in left:
            fits = Load.of([load, part.load]).is_within(cart, -ROUNDING)
            assert not fits, "somebody who fits on the cart is left behind"

    def _took_its_time(self, tour: Tour) -> None:
        """Set-up, walk, reach, units, scans, mending, sorting, and waits for aisles."""
        picking = self.picking
        if picking.time_s is not None or picking.tour_time_s is not None:
            assert tour.walk_m == 0.0
            return
        assert tour.ended_s is not None
        units = tour.taken_up
        scans = {"nothing": 0, "lines": tour.lines, "units": units}[picking.scan.of]
        due_s = (
            picking.tour_setup_s
            + tour.walk_m / self.scenario.warehouse.walk_speed_m_per_s
            + sum(part.reach_s for part in tour.parts)
            + picking.take_s_per_unit * units
            + picking.scan.s_per_scan * scans
            + picking.scan.mend_s * tour.mended
        )
        if picking.sorting == "while_picking" and len(tour.parts) > 1:
            due_s += picking.sort_s_per_line * tour.lines
        if self.paced and tour.pace is None:
            return
        due_s = due_s * (tour.pace or 1.0) + tour.blocked_s
        took_s = tour.ended_s - tour.started_s
        assert took_s >= due_s - SMALL_S, f"a tour of {due_s} s took {took_s} s"
        due_s += picking.scan.mend_s * tour.short * (tour.pace or 1.0)
        if self.scenario.people.at_shift_end == "finish" and not self.in_vain:
            assert took_s <= due_s + SMALL_S, f"a tour of {due_s} s took {took_s} s"


def _own_zones(scenario: Scenario) -> Iterator[tuple[int, int]]:
    """Yield the number of each picker with their zone: shared out over the house in turn."""
    person = picker = 0
    for shift in scenario.staff.values():
        for role in ROLES:
            for _ in range(shift.most_heads(role)):
                if role == "pickers":
                    yield person, picker % scenario.warehouse.zones
                    picker += 1
                person += 1


F = Fact
AFTER_PICKING_FACT: dict[Fact | None, tuple[Fact, ...]] = {
    F.RELEASED: (F.PICK_STARTED,),
    F.PICK_STARTED: (F.PICKED, F.PART_PICKED, F.ZONES_JOINED),
    F.ZONES_JOINED: (F.PICKED, F.PART_PICKED),
    F.PART_PICKED: (F.REJOINED, F.VOID),
    F.REJOINED: (F.PICK_STARTED,),
    F.PICKED: (F.TO_STATIONS, F.BENCHES_FULL, F.PACK_STARTED, F.CONSOLIDATED),
    F.CONSOLIDATED: (F.TO_STATIONS, F.BENCHES_FULL, F.PACK_STARTED),
    F.TO_STATIONS: (F.AT_STATION,),
    F.AT_STATION: (F.STATION_STARTED, F.STATION_FULL, F.STATION_LEFT),
    F.STATION_STARTED: (F.STATION_INTERRUPTED, F.STATION_ENDED),
    F.STATION_INTERRUPTED: (F.STATION_STARTED,),
    **dict.fromkeys(
        (F.STATION_ENDED, F.STATION_FULL, F.STATION_LEFT), (F.AT_STATION, F.STATIONS_PASSED)
    ),
    F.STATIONS_PASSED: (F.BENCHES_FULL, F.PACK_STARTED),
    F.REWORK: (F.PICK_STARTED,),
    F.VOID: (),
}
"""Facts of a shipment from its release to the packing bench, and those that may follow each."""
