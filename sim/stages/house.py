"""The house: everything the stages share, wired once before the clock starts."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from sim.clock.clock import Clock
from sim.clock.staff import Staff
from sim.log.event_log import EventLog
from sim.orders.book import Floats, OrderBook
from sim.orders.draws import draw
from sim.orders.streams import next_draw
from sim.scenario.schema import Law, Scenario
from sim.stages.order import Size
from sim.warehouse.items import Catalogue

if TYPE_CHECKING:
    from sim.stages.after_sales import FollowUpDesk
    from sim.stages.customers import Ties
    from sim.stages.inbound import Inbound
    from sim.stages.invoices import Invoices
    from sim.stages.narrow_aisles import NarrowAisles
    from sim.stages.order import Line, Shipment
    from sim.stages.packing import PackingBench
    from sim.stages.pick_faces import PickFaces
    from sim.stages.picking import PickLine
    from sim.stages.release import ReleaseDesk
    from sim.stages.returns_desk import ReturnsDesk
    from sim.stages.shipping import Carrier
    from sim.stages.stations import Stations
    from sim.stages.stock import Stock
    from sim.stages.stockouts import StockoutRules

CLERKS, PICKERS, PACKERS, DISPATCHERS, RECEIVERS, RETURNS_CLERKS, REPLENISHERS, SPECIALISTS = range(
    8
)

Add = Callable[[tuple[float, int, int, int, float]], None]
Pick = Callable[["House", "Shipment"], Generator[simpy.Event, Any, bool]]


@dataclass(slots=True)
class House:
    """State and rules of one replication.

    Columns by SKU are plain lists: scalar access is on the hot path. ``pick_lines`` are those of
    the zones, left to right; a floor without zones has one. ``pick`` is how a shipment is picked to
    the end; None where one pass on one cart always does it. ``inbound`` is None where a delivery is
    one piece of work, ``pick_faces`` where all units lie within reach. ``release_desk`` is None
    where shipments go to the floor at once, ``stations`` where none passes any.
    ``looks_at_the_click``: every line is looked up in the figures that its channel shows;
    ``notes_trucks``: some service's trucks are noted; ``tells``: channels or customers are told of
    parcels that have left; ``listed_in``: in how many channels an order is listed, by its channel;
    ``told_trucks_s``: by shipment and backordered line the truck that was told last.
    ``promised_transit_s`` and ``return_factor`` (None where it is 1 for all) go by channel.
    ``authorisation_s`` is how long an authorisation holds, None: for ever. ``loyalty`` holds, for
    customers whose last order went badly, the chance that they place their next due order;
    everybody else's is 1. ``ties`` is None where nobody drops out and no contact leads to an order.
    ``leg_life`` is the life of a shipment (:func:`sim.stages.life.leg_life`), which a return may
    start anew for a replacement.
    """

    env: Clock
    scenario: Scenario
    book: OrderBook
    catalogue: Catalogue
    log: EventLog
    staff: Staff
    stock: Stock
    inbound: Inbound | None
    pick_lines: list[PickLine]
    pick: Pick | None
    pick_law_of_channel: list[Law | None]
    pick_faces: PickFaces | None
    narrow_aisles: NarrowAisles | None
    stations: Stations | None
    bench: PackingBench
    follow_up: FollowUpDesk
    returns_desk: ReturnsDesk
    carriers: list[Carrier]
    carrier_of_channel: list[int]
    promised_transit_s: list[float]
    return_factor: Floats | None
    manual_channel: list[bool]
    release_desk: ReleaseDesk | None
    volume_ml: list[float]
    weight_g: list[float]
    fragile: list[bool]
    return_rate: list[float]
    damage_rate: list[float]
    stockouts: StockoutRules
    looks_at_the_click: bool
    notes_trucks: bool
    tells: bool
    listed_in: list[int]
    authorisation_s: float | None
    invoices: Invoices
    leg_life: Callable[[House, Shipment], Generator[simpy.Event, Any, None]]
    ties: Ties | None = None
    loyalty: dict[int, float] = field(default_factory=dict)
    told_trucks_s: dict[int, dict[int, float]] = field(default_factory=dict)
    shipments: int = 0
    tours: int = 0
    lives_open: int = 0
    all_placed: bool = False
    finished: simpy.Event | None = None

    def redraw(self, law: Law, name: str, entity: int, number: int) -> float:
        """Return an entity's further draw of a law, for what only the run decides."""
        generator = next_draw(self.book.seed, name, self.book.replication, entity, number)
        return float(draw(law, generator, 1)[0])

    def redraw_uniform(self, name: str, entity: int, number: int) -> float:
        """Return an entity's further uniform draw."""
        return float(
            next_draw(self.book.seed, name, self.book.replication, entity, number).random()
        )

    def has_spare(self, sku: int) -> bool:
        """Tell whether a picker finds one unit more than is promised to others."""
        return self.stock.has_spare(sku) and (
            self.pick_faces is None or self.pick_faces.has_spare(sku)
        )

    def next_shipment_number(self) -> int:
        """Number a further shipment of an order."""
        number = self.shipments
        self.shipments += 1
        return number

    def life_begins(self) -> None:
        """Count a process that must end before the run may end."""
        self.lives_open += 1

    def life_ends(self) -> None:
        """Count it out; the last one ends the run."""
        self.lives_open -= 1
        if self.all_placed and self.lives_open == 0 and self.finished is not None:
            self.finished.succeed()
            self.finished = None


def size_of(house: House, lines: list[Line]) -> Size:
    """Return how much goods some lines are."""
    volume, weight, units, fragile, cents = 0.0, 0.0, 0, 0, 0
    for line in lines:
        sku, count = line.sku, line.units
        units += count
        volume += house.volume_ml[sku] * count
        weight += house.weight_g[sku] * count
        cents += line.price_cents * count
        if house.fragile[sku]:
            fragile += count
    return Size(units, volume, weight, fragile, cents)


def as_list(column: np.ndarray) -> list:  # type: ignore[type-arg]  # any dtype, any scalar
    """Return a column as plain Python scalars."""
    return column.tolist()  # type: ignore[no-any-return]  # numpy's stub says object
